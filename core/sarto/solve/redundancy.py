"""Redundant constraints: those without which a model has the same configurations."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import isqrt

from ..model.feature import Constraint
from ..model.feature_model import FeatureModel
from .encoding import encode_switchable
from .session import SatSession
from .values import domains_of

__all__ = ["redundant_constraints"]


def redundant_constraints(model: FeatureModel) -> tuple[Constraint, ...]:
    """Constraints that the tree and the others already imply, each one looked at alone.

    Of two equal constraints both are named: either may go. In a void model none is.
    """
    formula, switches = encode_switchable(model, domains_of(model, {}))
    session = SatSession.of(formula)
    try:
        found = set(_implied(session, switches)) if session.is_possible(switches) else set[int]()
    finally:
        session.close()
    return tuple(constraint for index, constraint in enumerate(model.constraints) if index in found)


def _implied(session: SatSession, switches: Sequence[int]) -> Iterator[int]:
    """The indices of the switches that follow from all others.

    One literal stands for each block of switches, so that a search assumes few.
    """
    width = isqrt(len(switches)) + 1
    blocks = [(session.fresh(), range(at, min(at + width, len(switches)))) for at in range(0, len(switches), width)]
    session.add((-whole, switches[index]) for whole, block in blocks for index in block)
    for whole, block in blocks:
        outside = [other for other, _ in blocks if other != whole]
        for index in block:
            others = [switches[other] for other in block if other != index]
            if not session.is_possible([*outside, *others, -switches[index]]):
                yield index
