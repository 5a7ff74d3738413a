"""The most frequent whole configurations."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sarto.model.expression import Value
from sarto.model.feature import Feature

from .survey import Customer

__all__ = ["Whole", "wholes"]


@dataclass(frozen=True, slots=True)
class Whole:
    """A configuration that these ``customers`` have.

    ``features`` are those of it that not all customers have, with its value where one is typed; ``shared`` is how many
    others it has.
    """

    customers: tuple[str, ...]
    features: tuple[tuple[str, Value], ...]
    shared: int


def wholes(customers: Sequence[Customer]) -> tuple[Whole, ...]:
    """All configurations, values included, the most frequent first; among equals the one that was met first."""
    found: dict[tuple[tuple[str, Value], ...], list[str]] = {}
    for each in customers:
        found.setdefault(tuple(_chosen(each)), []).append(each.name)
    common = frozenset.intersection(*map(frozenset, found)) if found else frozenset()
    ranked = sorted(found.items(), key=lambda item: -len(item[1]))
    return tuple(
        Whole(tuple(names), tuple(each for each in chosen if each not in common), len(common))
        for chosen, names in ranked
    )


def _chosen(customer: Customer) -> list[tuple[str, Value]]:
    """What is in, one instance after the other; of a feature with copies, they speak for it."""
    features = customer.model.features
    return [(name, value) for name, value in customer.configuration.items() if _is_told(features[name], value)]


def _is_told(feature: Feature, value: Value) -> bool:
    return value is not False and not feature.copies
