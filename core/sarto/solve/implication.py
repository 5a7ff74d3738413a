"""What comes with a feature: the features that every configuration with it has."""

from __future__ import annotations

from collections.abc import Iterable

from ..model.feature_model import FeatureModel
from .encoding import encode
from .session import SatSession
from .values import domains_of

__all__ = ["always_with"]


def always_with(model: FeatureModel, features: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """For each of the ``features``, those among them that are in every configuration that has it, in the given order.

    A feature is among its own; one that no configuration has is left out.
    """
    asked = tuple(features)
    formula = encode(model, domains_of(model, {}))
    session = SatSession.of(formula)
    variables = [formula.variables[name] for name in asked]
    try:
        found = {name: session.consequences([formula.literal(name)], variables) for name in asked}
    finally:
        session.close()
    return {
        name: tuple(other for other in asked if formula.variables[other] in literals)
        for name, literals in found.items()
        if literals is not None
    }
