"""A model under decisions: what holds for the configurations that agree with a partial selection."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from ..errors import SartoError, did_you_mean, raise_all
from ..model.expression import FeatureReference, Not
from ..model.feature import Constraint
from ..model.feature_model import FeatureModel
from .analysis import analyse
from .problem import Solve

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
        Constraint(FeatureReference(name) if value else Not(FeatureReference(name)), "it was decided so", of_whole=True)
        for name, value in decisions.items()
    )
    return replace(model, constraints=(*model.constraints, *more))


def conditionally_dead(
    model: FeatureModel, decisions: Mapping[str, bool], solve: Solve | None = None
) -> tuple[str, ...]:
    """Features that no configuration with these decisions has, though some configuration has them; sorted.

    Where no configuration agrees with the decisions, these are all that are not dead. ``solve`` is an optimiser's, for
    arithmetic that only it decides.
    """
    before = frozenset(analyse(model, solve).dead)
    return tuple(name for name in analyse(under(model, decisions), solve).dead if name not in before)
