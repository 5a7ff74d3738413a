"""Whether a selection fits its line: features, values, what may be left open, attributes and brand."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from typing import Any

from ..errors import Place, SartoError, did_you_mean, raise_all
from .brand_check import brand_faults
from .expression import Value
from .feature import Binding, Feature, Stage
from .feature_model import FeatureModel
from .instance_wishes import count_fault
from .instances import is_counted
from .line import LineDescription
from .selection import Count, Selection
from .values import in_words, misfit

__all__ = ["attribute_names", "check_selection"]


def check_selection(selection: Selection, line: LineDescription) -> None:
    """Raise SartoError with everything in the selection that does not fit the line.

    A selection may decide features of every stage. It may leave open those that are bound after the
    build and that the vendor does not decide: ``binding = "start"`` or ``"run"``, ``stage``
    ``"customer"`` or ``"user"``. A typed feature with a default may be selected with true. Instances are written out
    in the line's model, and numbers of them in the selection.
    """
    raise_all(
        [
            *_unknown_features(selection, line),
            *_misfits(selection, line.model),
            *_not_open(selection, line),
            *_unknown_attributes(selection, line),
            *brand_faults(selection, line),
        ]
    )


def _unknown_features(selection: Selection, line: LineDescription) -> Iterator[SartoError]:
    """The features that the line does not have; as one error where the selection seems to be of another line."""
    known = line.model.features
    named = {name: wish.where for name, wish in selection.wishes.items()} | dict(selection.open)
    unknown = [name for name in named if name not in known]
    foreign = [name for name in unknown if not difflib.get_close_matches(name, known, n=1)]
    if len(foreign) >= 2 and len(foreign) * 2 > len(named):
        yield _of_another_line(selection, line, list(named), unknown)
        return
    for name in unknown:
        yield SartoError(f"unknown feature '{name}'", where=named[name], hint=_hint(name, line.model))


def _hint(name: str, model: FeatureModel) -> str:
    head = name.rpartition("#")[0]
    if head not in model.features:
        return did_you_mean(name, model.features)
    copies = model.features[head].copies
    if not copies:
        return f"'{head}' is not below a feature with several instances"
    return (
        f"'{head}' can have no more instances than '{copies[-1]}'"
        if is_counted(model, head)
        else did_you_mean(name, copies)
    )


def _of_another_line(selection: Selection, line: LineDescription, named: list[str], unknown: list[str]) -> SartoError:
    some = "none" if len(unknown) == len(named) else f"only {len(named) - len(unknown)}"
    listed = ", ".join(unknown[:3]) + (", …" if len(unknown) > 3 else "")
    return SartoError(
        f"{some} of the {len(named)} features that this selection names is in the line '{line.name}'; not {listed}",
        where=Place(selection.file), hint=f"does it belong to another line? It says line = \"{selection.line}\"",
    )  # fmt: skip


def _misfits(selection: Selection, model: FeatureModel) -> Iterator[SartoError]:
    for wish in selection.wishes.values():
        feature = model.features.get(wish.feature)
        fault = count_fault(wish, model)
        if fault:
            yield SartoError(fault[0], where=wish.where, hint=fault[1])
        elif feature and isinstance(wish.value, Count):
            what = f"'{wish.feature}' is there once at most, so it takes no list"
            yield SartoError(what, where=wish.where, hint=f"write {in_words(feature)}")
        elif feature and (what := _misfit(feature, wish.value)):
            yield SartoError(what, where=wish.where, hint=f"write {in_words(feature)}")


def _misfit(feature: Feature, value: Value) -> str:
    return "" if value is True and feature.default is not None else misfit(feature, value)


def _not_open(selection: Selection, line: LineDescription) -> Iterator[SartoError]:
    for name, where in selection.open.items():
        feature = line.model.features.get(name)
        if feature is None:
            continue
        if feature.stage is Stage.VENDOR:
            hint = 'give it stage = "user" in the line, or decide it under [select]'
            yield SartoError(f"'{name}' is the vendor's to decide and cannot be left open", where=where, hint=hint)
        if feature.delivery.binding is Binding.BUILD:
            hint = 'give it binding = "start" in the line, or decide it under [select]'
            yield SartoError(f"'{name}' is bound in the build and cannot be left open", where=where, hint=hint)


def _unknown_attributes(selection: Selection, line: LineDescription) -> Iterator[SartoError]:
    asked = (*selection.minimise, *selection.maximise)
    known = attribute_names(line) if asked else ()
    for name in asked:
        if name not in known:
            what = f"no feature has a number as attribute '{name}'"
            yield SartoError(what, where=selection.place_of("prefer"), hint=did_you_mean(name, known))


def attribute_names(line: LineDescription) -> tuple[str, ...]:
    """The attributes of the line's features that are numbers, nested ones with dots."""
    found: dict[str, None] = {}
    for feature in line.model.features.values():
        found.update(dict.fromkeys(_numbers(feature.written_attributes, "")))
    return tuple(found)


def _numbers(attributes: Mapping[str, Any], path: str) -> Iterator[str]:
    for key, value in attributes.items():
        if isinstance(value, Mapping):
            yield from _numbers(value, f"{path}{key}.")
        elif isinstance(value, int | float) and not isinstance(value, bool):
            yield path + key
