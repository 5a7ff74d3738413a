"""The standard analyses of a feature model (Benavides, Segura and Ruiz-Cortés, 2010)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ..model.feature import Constraint, GroupKind
from ..model.feature_model import FeatureModel
from .encoding import encode, encode_switchable
from .explaining import Explainer
from .reasons import Origin
from .session import SatSession
from .values import domains_of

__all__ = ["Analysis", "analyse", "redundant_constraints", "why_dead", "why_false_optional", "why_void"]


@dataclass(frozen=True, slots=True)
class Analysis:
    """What holds for all configurations of a model; names sorted.

    In a void model no feature is core and every feature is dead.
    """

    features: int
    constraints: int
    void: bool
    core: tuple[str, ...]
    dead: tuple[str, ...]
    false_optional: tuple[str, ...]


def analyse(model: FeatureModel) -> Analysis:
    """Void, core, dead and false-optional features."""
    formula = encode(model, domains_of(model, {}))
    session = SatSession.of(formula)
    try:
        found = session.consequences((), formula.variables.values())
        if found is None:
            return Analysis(len(model.features), len(model.constraints), True, (), tuple(sorted(model.features)), ())
        core = {formula.names[literal] for literal in found if literal > 0}
        dead = {formula.names[-literal] for literal in found if literal < 0}
        optional = {
            formula.variables[name]: formula.variables[parent]
            for name in model.features
            if name not in dead and (parent := _optional_parent(model, name))
        }
        false_optional = [formula.names[variable] for variable in _never_alone(session, optional)]
    finally:
        session.close()
    return Analysis(
        len(model.features), len(model.constraints), False,
        tuple(sorted(core)), tuple(sorted(dead)), tuple(sorted(false_optional)),
    )  # fmt: skip


def _optional_parent(model: FeatureModel, name: str) -> str | None:
    """The parent of a feature that the tree does not make mandatory."""
    group = model.group_of(name)
    return group.parent if group is not None and group.kind is not GroupKind.MANDATORY else None


def _never_alone(session: SatSession, parents: Mapping[int, int]) -> list[int]:
    """The variables that are true in every solution in which their parent is."""
    candidates, found = dict(parents), []
    while candidates:
        variable, parent = next(iter(candidates.items()))
        session.prefer([-candidate for candidate in candidates])
        if session.is_possible([parent, -variable]):
            solution = session.solution()
            candidates = {v: p for v, p in candidates.items() if not solution[p] or solution[v]}
        else:
            found.append(variable)
            del candidates[variable]
    return found


def redundant_constraints(model: FeatureModel) -> tuple[Constraint, ...]:
    """Constraints that the tree and the others already imply, each one looked at alone.

    Of two equal constraints both are named: either may go. In a void model none is.
    """
    formula, switches = encode_switchable(model, domains_of(model, {}))
    session = SatSession.of(formula)
    try:
        if not session.is_possible(switches):
            return ()
        return tuple(
            constraint
            for index, constraint in enumerate(model.constraints)
            if not session.is_possible([*switches[:index], *switches[index + 1 :], -switches[index]])
        )
    finally:
        session.close()


def why_dead(model: FeatureModel, feature: str) -> tuple[Origin, ...]:
    """A minimal set of the model's rules for which no configuration has the feature."""
    formula = encode(model, domains_of(model, {}))
    return Explainer(formula).impossible([], [formula.literal(feature)])[0]


def why_void(model: FeatureModel) -> tuple[Origin, ...]:
    """A minimal set of the model's rules that contradict one another."""
    return why_dead(model, model.root)


def why_false_optional(model: FeatureModel, feature: str) -> tuple[Origin, ...]:
    """A minimal set of the model's rules for which the feature's parent never goes without it."""
    formula = encode(model, domains_of(model, {}))
    parent = model.parent_of(feature)
    given = [formula.literal(parent)] if parent is not None else []
    return Explainer(formula).impossible([], [*given, formula.literal(feature, False)])[0]
