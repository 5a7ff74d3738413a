"""How often each feature of a line is chosen."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from sarto.model.expression import Value
from sarto.model.feature import Feature, is_several
from sarto.model.feature_model import FeatureModel

from .survey import Customer

__all__ = ["Choice", "Standing", "choices", "is_in"]


class Standing(StrEnum):
    """Whether customers differ in a feature, and whether they could: ``EVERY`` and ``NONE`` follow from the rules."""

    EVERY = "every"
    NONE = "none"
    ALWAYS = "always"
    NEVER = "never"
    SOME = "some"


@dataclass(frozen=True, slots=True)
class Choice:
    """A feature as written: ``count`` customers have it, ``asked`` of them asked for it in their own selection.

    ``open`` of all customers may switch it themselves; it counts as it is when the product starts. ``values`` says
    what a typed feature is, or how many instances there are of another, and for how many; the most frequent first.
    """

    name: str
    standing: Standing
    count: int
    asked: int
    open: int
    values: tuple[tuple[str, int], ...] = ()


def is_in(configuration: Mapping[str, Value], name: str) -> bool:
    """Whether the feature is in; a value, even 0 or "", means that it is."""
    return configuration.get(name, False) is not False


def choices(
    model: FeatureModel, customers: Sequence[Customer], core: frozenset[str], dead: frozenset[str]
) -> dict[str, Choice]:
    """Every feature of the model as written, in the order of its tree."""
    return {name: _choice(model.features[name], customers, core, dead) for name in model.preorder()}


def _choice(feature: Feature, customers: Sequence[Customer], core: frozenset[str], dead: frozenset[str]) -> Choice:
    name = feature.name
    having = [each for each in customers if is_in(each.configuration, name)]
    return Choice(
        name=name,
        standing=_standing(name, len(having), len(customers), core, dead),
        count=len(having),
        asked=sum(not each.asked.isdisjoint(_names(each, name)) for each in having),
        open=sum(not each.open.isdisjoint(_names(each, name)) for each in customers),
        values=_values(feature, having),
    )


def _names(customer: Customer, name: str) -> tuple[str, ...]:
    """The feature, and what stands for it where instances are written out."""
    return (name, *customer.model.features[name].copies)


def _standing(name: str, count: int, customers: int, core: frozenset[str], dead: frozenset[str]) -> Standing:
    if name in core:
        return Standing.EVERY
    if name in dead:
        return Standing.NONE
    if count == 0:
        return Standing.NEVER
    return Standing.ALWAYS if count == customers else Standing.SOME


def _values(feature: Feature, having: Sequence[Customer]) -> tuple[tuple[str, int], ...]:
    found = Counter(text for each in having for text in _said(feature, each))
    return tuple(sorted(found.items(), key=lambda each: (-each[1], len(each[0]), each[0])))


def _said(feature: Feature, customer: Customer) -> Iterator[str]:
    """The values of a typed feature, one for each instance; of one that may be there several times, how often it is."""
    copies = customer.model.features[feature.name].copies
    values = [customer.configuration[each] for each in copies or (feature.name,) if is_in(customer.configuration, each)]
    if is_several(feature):
        yield f"{len(values)} ×"
    yield from (_shown(value) for value in values if value is not True)


def _shown(value: Value) -> str:
    return f'"{value}"' if isinstance(value, str) else str(value)
