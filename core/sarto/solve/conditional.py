"""A model under decisions: what holds for the configurations that agree with a partial selection."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace

from ..errors import SartoError, did_you_mean, raise_all
from ..model.expression import FeatureReference, Not
from ..model.feature import Constraint
from ..model.feature_model import FeatureModel
from .analysis import core_and_dead

__all__ = ["conditionally_dead", "under"]


def under(model: FeatureModel, decisions: Mapping[str, bool]) -> FeatureModel:
    """The model with one more constraint for each decision; every analysis of it is one under the decisions.

    Raises SartoErrors for decisions on unknown features.
    """
    raise_all(
        SartoError(f"unknown feature '{name}'", hint=did_you_mean(name, model.features))
        for name in decisions
        if name not in model.features
    )
    more = tuple(
        Constraint(FeatureReference(name) if value else Not(FeatureReference(name)), "it was decided so")
        for name, value in decisions.items()
    )
    return replace(model, constraints=(*model.constraints, *more))


def conditionally_dead(model: FeatureModel, decisions: Mapping[str, bool]) -> Collection[str]:
    """Features that no configuration with these decisions has, though some configuration has them; sorted.

    Where no configuration agrees with the decisions, these are all that are not dead.
    """
    found = core_and_dead(under(model, decisions))
    gone = frozenset(model.features) if found is None else found[1]
    before = core_and_dead(model)
    return tuple(sorted(gone - before[1])) if before else ()
