"""Redundant constraints: those without which a model has the same configurations."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing
from itertools import chain

from ..model.feature import Constraint
from ..model.feature_model import FeatureModel
from ..model.instances import expanded, written
from .encoding import encode_switchable
from .formula import Formula
from .session import SatSession
from .values import domains_of

__all__ = ["redundant_constraints"]

BLOCK = 200
"""How many constraints are looked at with one solver."""


def redundant_constraints(model: FeatureModel) -> tuple[Constraint, ...]:
    """Constraints, as they are written, that the tree and the others already imply, each one looked at alone.

    Of two equal constraints both are named: either may go. In a void model none is.
    """
    model = expanded(model, is_cut_off=True)
    formula, switches = encode_switchable(model, domains_of(model, {}))
    with closing(SatSession.of(formula)) as session:
        if not session.is_possible(switches):
            return ()
    found = set(_implied(formula, switches))
    return tuple(constraint for index, (constraint, _) in enumerate(written(model.constraints)) if index in found)


def _implied(formula: Formula, switches: Sequence[int]) -> Iterator[int]:
    """The indices of the switches that follow from all others.

    Each block of switches has a solver of its own, in which those outside it are clauses: a search that has
    to assume thousands of literals is slow.
    """
    for start in range(0, len(switches), BLOCK):
        block = range(start, min(start + BLOCK, len(switches)))
        outside = ((switch,) for index, switch in enumerate(switches) if index not in block)
        with closing(SatSession(chain(formula.clauses, outside), formula.size)) as session:
            for index in block:
                others = [switches[other] for other in block if other != index]
                if not session.is_possible([*others, -switches[index]]):
                    yield index
