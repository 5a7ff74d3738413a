"""Wishes about features with several instances: a number of them, or a list with a table for each."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from ..errors import SartoError
from .feature import GroupKind
from .feature_model import FeatureModel
from .instances import is_counted, reached
from .names import key_text
from .selection import Count, Selection, Wish
from .values import shown

__all__ = ["count_fault", "in_instance", "instance_of", "numbered_name", "of_instances", "owner_of", "with_instances"]

_NUMBERED = re.compile(r"(?P<name>.+)#(?P<number>[0-9]+(\.[0-9]+)*)")


def numbered_name(name: str) -> tuple[str, list[int]]:
    """A feature's name apart from the numbers of the instances in which it is: ``pin#1.2`` is ``pin`` in 1 and 2."""
    found = _NUMBERED.fullmatch(name)
    return (found["name"], [int(number) for number in found["number"].split(".")]) if found else (name, [])


def in_instance(name: str, suffix: str) -> str:
    """A feature's name inside an instance: ``pin`` in ``#1`` is ``pin#1``, and ``pin#2`` there is ``pin#1.2``."""
    found = _NUMBERED.fullmatch(name) if suffix else None
    return f"{found['name']}{suffix}.{found['number']}" if found else name + suffix


def instance_of(name: str, number: int) -> str:
    """The so-manieth instance of a feature: of ``port`` ``port#2``, and of ``pin#1`` ``pin#1.2``."""
    return f"{name}{'.' if _NUMBERED.fullmatch(name) else '#'}{number}"


def owner_of(name: str) -> str:
    """What the feature is an instance of: of ``port#2`` that is ``port``, of ``pin#1.2`` it is ``pin#1``."""
    head, _, number = name.rpartition("#")
    return f"{head}#{number.rpartition('.')[0]}" if "." in number else head


def with_instances(selection: Selection, model: FeatureModel) -> Selection:
    """The selection over the features of a written-out model: of each number of instances what it says of which.

    ``room = 2`` is a wish for ``room#2`` and one against ``room#3``. What does not fit the model is left as it is, for
    :func:`~sarto.model.selection_check.check_selection`. Nothing changes where it is done again. Raises SartoError
    where a number and another wish contradict each other.
    """
    if not any(feature.copies for feature in model.features.values()):
        return selection
    wishes: dict[str, Wish] = {}
    for wish in selection.wishes.values():
        for each in _of_copies(wish, model):
            earlier = wishes.setdefault(each.feature, each)
            if (earlier.value is False) is not (each.value is False):
                raise _contradiction(*((earlier, each) if each.said else (each, earlier)))
            if each.said is None:
                wishes[each.feature] = each
    return replace(selection, wishes=wishes)


def _contradiction(wish: Wish, number: Wish) -> SartoError:
    said = number.said or number
    return SartoError(
        f"{said.feature} = {said.value} ({said.where}) contradicts {wish.feature} = {shown(wish.value)}",
        where=wish.where, hint="keep one of the two",
    )  # fmt: skip


def _of_copies(wish: Wish, model: FeatureModel) -> Iterator[Wish]:
    number = wish.value
    if isinstance(number, bool) or not isinstance(number, int) or count_fault(wish, model) != ("", ""):
        yield wish
        return
    copies = model.features[wish.feature].copies
    if number == 0:
        yield replace(wish, value=False)
        return
    said = Wish(wish.feature, number, wish.where)
    yield Wish(copies[number - 1], True, wish.where, said)
    if number < len(copies):
        yield Wish(copies[number], False, wish.where, said)


def of_instances(model: FeatureModel, name: str) -> tuple[int, int] | None:
    """How many instances a feature of a written-out model can have where it is there; None for one without."""
    if name not in model.features or not is_counted(model, name):
        return None
    copies = model.features[name].copies
    group = model.group_of(copies[0])
    return len(group.members) if group and group.kind is GroupKind.MANDATORY else 1, len(copies)


def count_fault(wish: Wish, model: FeatureModel) -> tuple[str, str] | None:
    """What is wrong with a number as the value of a wish, and a hint; empty texts where it is a number of instances.

    None where the feature has no instances, so that the number is a value or no value at all.
    """
    feature = model.features.get(wish.feature)
    if feature is None or not feature.copies or isinstance(wish.value, bool):
        return None
    bounds = of_instances(model, wish.feature)
    first = feature.copies[0]
    if bounds is None:
        first = next(iter(reached(model, wish.feature)))
        what = f"'{wish.feature}' is there in each instance of another feature, so this does not say in which"
        return what, f'name the instance, as in "{first}" = …, or give a list with a table for each'
    least, most = bounds
    if model.features[first].type is not None and not isinstance(wish.value, Count):
        what = f"'{wish.feature}' may be there several times, each with a value of its own"
        return what, f"write a list with the value of each: {key_text(wish.feature)} = [{shown(wish.value)}, …]"
    number = wish.value
    if isinstance(number, int) and (number == 0 or least <= number <= most):
        return "", ""
    if isinstance(number, int) and 0 < number < least:
        return f"'{wish.feature}' has at least {least} instances, not {number}", f"write {least}, true or false"
    numbers = str(least) if least == most else f"{least} to {most}"
    times = f"{numbers} instance{'' if numbers == '1' else 's'}"
    return (
        f"'{wish.feature}' can have {times}, not {shown(number)}",
        f"write a number from {least} to {most}, true or false",
    )
