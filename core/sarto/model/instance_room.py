"""How many instances a selection speaks of, where there may be any number of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from ..errors import SartoError
from .expression import Aggregate, Expression, Value, postorder
from .feature import is_endless, is_several
from .feature_model import FeatureModel, attribute_value
from .instance_bounds import bounded, scopes_of
from .instance_sums import enough_for_sums
from .instance_wishes import numbered_name
from .selection import Selection

__all__ = ["check_ends", "check_goals", "instances_said", "sums_fault", "without_sums"]


def instances_said(model: FeatureModel, selection: Selection) -> Mapping[str, int]:
    """Of each feature of which there may be any number, how many instances the selection speaks of.

    These are the numbers that it gives and those in the names of instances, also under the name of an earlier
    version (``was``). Nothing is said of a feature that has an upper bound or is not named.
    """
    if not any(map(is_endless, model.features.values())):
        return {}
    scopes = scopes_of(model)
    names = {former: name for name, feature in model.features.items() for former in feature.delivery.was}
    names |= {name: name for name in model.features}
    said: dict[str, int] = {}
    for written, value in _mentioned(selection):
        base, numbers = numbered_name(written)
        name = names.get(base)
        if name is None:
            continue
        path = (*scopes[name], name) if is_several(model.features[name]) else scopes[name]
        if isinstance(value, int) and not isinstance(value, bool) and is_several(model.features[name]):
            numbers = [*numbers, value]
        for owner, number in zip(path, numbers, strict=False):
            if is_endless(model.features[owner]):
                said[owner] = max(said.get(owner, 0), number)
    return said


def _mentioned(selection: Selection) -> Iterator[tuple[str, Value]]:
    """What is said of features; of wishes that come from a number of instances that number, so that it is said once."""
    for wish in selection.wishes.values():
        said = wish.said or wish
        yield said.feature, said.value
    for name in selection.open:
        yield name, True


def check_goals(model: FeatureModel, selection: Selection) -> None:
    """Raise SartoError where a preference of the selection has no end: ever more instances would meet it better."""
    for attributes, sign, word in ((selection.maximise, 1, "maximise"), (selection.minimise, -1, "minimise")):
        for attribute in attributes:
            name = _endless(model, selection, attribute, sign)
            if name is not None:
                raise SartoError(
                    f"there is no best way to {word} '{attribute}': '{name}' may be there any number of times",
                    where=selection.place_of("prefer"), hint="say under [select] how many there are",
                )  # fmt: skip


def sums_fault(model: FeatureModel, selection: Selection) -> SartoError | None:
    """What is to be said where no configuration was found and that is not all there are; None where it is.

    More than those instances that are written out were not looked at, and a sum over them may need more.
    """
    looked_at = bounded(model, is_cut_off=True, said=instances_said(model, selection))
    for name, feature in model.features.items():
        if is_endless(feature) and not _is_numbered(selection, name) and enough_for_sums(model, name) is None:
            _, most = looked_at.features[name].instances or (1, 1)
            return SartoError(
                f"no configuration with up to {most} instances of '{name}' fits; more were not looked at, and a sum "
                "counts each of them", where=feature.where,
                hint="say under [select] how many there are, or give its cardinality an upper bound",
            )  # fmt: skip
    return None


def without_sums(model: FeatureModel) -> FeatureModel:
    """The model without the constraints that have sums or averages, so that each of its conflicts is one of the model.

    What is looked at of it is enough, however many instances there may be.
    """
    return replace(model, constraints=tuple(rule for rule in model.constraints if not _has_sum(rule.expression)))


def _has_sum(expression: Expression) -> bool:
    return any(isinstance(node, Aggregate) for node in postorder(expression))


def check_ends(model: FeatureModel, selection: Selection, *, is_of_sums: bool = False) -> None:
    """Raise SartoError where there may be any number of instances of a feature and the selection does not say how many.

    Where it does, all that the selection leaves can be looked at. With ``is_of_sums``, only of features of which no
    number is enough for the sums: of others enough are looked at to know what can be there together.
    """
    for name, feature in model.features.items():
        if not is_endless(feature) or (is_of_sums and enough_for_sums(model, name) is not None):
            continue
        if not _is_numbered(selection, name):
            raise SartoError(
                f"feature '{name}' may have any number of instances, so not all cases can be looked at",
                where=feature.where,
                hint="say in a selection how many there are, or give its cardinality an upper bound",
            )


def _endless(model: FeatureModel, selection: Selection, attribute: str, sign: int) -> str | None:
    """A feature of which every further instance, of which the selection gives no number, can add to a sum."""
    for name, feature in model.features.items():
        if is_endless(feature) and not _is_numbered(selection, name) and _adds(model, name, attribute, sign):
            return name
    return None


def _is_numbered(selection: Selection, name: str) -> bool:
    wishes: Sequence[tuple[str, Value]] = list(_mentioned(selection))
    return any(
        of == name and (value is False or (isinstance(value, int) and not isinstance(value, bool)))
        for of, value in wishes
    )


def _adds(model: FeatureModel, name: str, attribute: str, sign: int) -> bool:
    values = (attribute_value(model.features[each], attribute) for each in model.preorder(name))
    return any(isinstance(value, int | float) and value * sign > 0 for value in values)
