"""The most frequent whole configurations."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sarto.model.expression import Value
from sarto.model.feature_model import FeatureModel

from .choices import is_in
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


def wholes(model: FeatureModel, customers: Sequence[Customer]) -> tuple[Whole, ...]:
    """All configurations, values included, the most frequent first; among equals the one that was met first."""
    found: dict[tuple[tuple[str, Value], ...], list[str]] = {}
    for each in customers:
        found.setdefault(tuple(_chosen(model, each.configuration)), []).append(each.name)
    common = frozenset.intersection(*map(frozenset, found)) if found else frozenset()
    ranked = sorted(found.items(), key=lambda item: -len(item[1]))
    return tuple(
        Whole(tuple(names), tuple(each for each in chosen if each not in common), len(common))
        for chosen, names in ranked
    )


def _chosen(model: FeatureModel, configuration: Mapping[str, Value]) -> list[tuple[str, Value]]:
    """What is in, one instance after the other; of a feature with copies, they speak for it."""
    names = [name for name in configuration if name not in model.features or not model.features[name].copies]
    return [(name, configuration[name]) for name in names if is_in(configuration, name)]
