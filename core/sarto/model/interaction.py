"""Interactions between features that a line settles: which of them are meant, and what becomes of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import combinations

from ..errors import Place
from .expression import And, FeatureReference, Implies, Not
from .feature import NOWHERE, Constraint

__all__ = ["Interaction", "constraints_of", "settled_order"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Interaction:
    """What the line says of features that change the same function: one of the three ways to settle it.

    ``order`` has all the features ``between`` which it is, the one that is called first in front; with ``exclude`` no
    two of them are in one product; ``resolved_by`` is a feature that is there wherever two of them are. ``because``
    is the reason that people read.
    """

    between: tuple[str, ...]
    order: tuple[str, ...] = ()
    exclude: bool = False
    resolved_by: str = ""
    because: str = ""
    where: Place = field(default=NOWHERE, compare=False)

    def is_between(self, first: str, second: str) -> bool:
        """Whether it settles what there is between these two."""
        return first in self.between and second in self.between


def constraints_of(interactions: Sequence[Interaction]) -> Iterator[Constraint]:
    """What they demand of the feature model: each pair apart, or together only with the feature that resolves it."""
    for each in interactions:
        if not (each.exclude or each.resolved_by):
            continue
        where = each.where.at("exclude" if each.exclude else "resolved_by")
        for first, second in combinations(each.between, 2):
            one, other = FeatureReference(first), FeatureReference(second)
            rule = Implies(one, Not(other)) if each.exclude else Implies(And((one, other)), _glue(each))
            yield Constraint(rule, each.because, where=where, of_whole=True)


def _glue(interaction: Interaction) -> FeatureReference:
    return FeatureReference(interaction.resolved_by)


def settled_order(interactions: Sequence[Interaction]) -> Iterator[tuple[str, str, Place]]:
    """Each two features that follow one another in an order, with the place that says so.

    Where one between them is not there, the others still follow one another: every pair is given.
    """
    for each in interactions:
        for first, second in combinations(each.order, 2):
            yield first, second, each.where.at("order")
