"""Tautologies: constraints that say nothing."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from itertools import chain
from operator import neg

from ..model.feature import Constraint
from ..model.feature_model import FeatureModel
from ..model.instances import expanded, written
from .encoding import encode_apart, encode_switchable
from .formula import Clause
from .session import SatSession
from .values import domains_of

__all__ = ["tautologies"]


def tautologies(model: FeatureModel) -> tuple[Constraint, ...]:
    """Constraints, as they are written, that hold whatever features are selected together, even without the tree.

    What values typed features can have is taken into account. Raises SartoError for arithmetic and feature
    cardinalities that a formula cannot express.
    """
    model = expanded(model, is_cut_off=True)
    formula, apart = encode_apart(model, domains_of(model, {}))
    features = set(formula.variables.values())
    suspects = [
        pair
        for pair, clauses in zip(written(model.constraints), apart, strict=True)
        if not any(_can_fail(clause, features) for clause in clauses)  # which spares nearly all the solver
    ]
    if not suspects:
        return ()
    suspected = replace(model, constraints=tuple(chain.from_iterable(copies for _, copies in suspects)))
    formula, switches = encode_switchable(suspected, domains_of(suspected, {}), with_tree=False)
    with closing(SatSession.of(formula)) as session:
        pairs = zip(suspects, switches, strict=True)
        return tuple(constraint for (constraint, _), switch in pairs if not session.is_possible([-switch]))


def _can_fail(clause: Clause, features: set[int]) -> bool:
    """Whether all literals of a clause are those of features, and can be false together."""
    return features.issuperset(map(abs, clause)) and set(clause).isdisjoint(map(neg, clause))
