"""Is a feature model sound? Its defects as findings, each with the minimal explanation in words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from ..errors import Place
from ..model.feature_model import FeatureModel
from ..model.grammar import write
from .analysis import Analysis, analyse, redundant_constraints
from .arithmetic import TooHard
from .encoding import encode
from .explaining import Explainer
from .problem import Solve
from .values import domains_of
from .words import rule_sentence, shown

__all__ = ["Finding", "Severity", "model_findings"]


class Severity(StrEnum):
    """An ``ERROR`` makes a line unsound; a ``WARNING`` is worth a look."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong with a line: what, where, the sentences that say why, and what would mend it."""

    severity: Severity
    kind: str
    what: str
    where: Place
    because: tuple[str, ...] = ()
    hint: str = ""


def model_findings(model: FeatureModel, solve: Solve | None = None) -> Iterator[Finding]:
    """Void models, dead features (errors), false-optional features and redundant constraints (warnings).

    Of a void model only that is said, since everything else follows from it. Where ``solve``, an optimiser's, has
    to decide the arithmetic, the findings come without reasons, and redundant constraints are not looked for.
    """
    analysis = analyse(model, solve)
    try:
        formula = encode(model, domains_of(model, {}))
    except TooHard:
        yield from _bare_findings(model, analysis)
        return
    explainer = Explainer(formula)

    def why(*literals: int) -> tuple[str, ...]:
        return tuple(rule_sentence(rule) for rule in explainer.impossible([], literals)[0])

    def place(name: str) -> Place:
        return model.features[name].where

    if analysis.void:
        what = "the feature model is void: no selection at all is possible"
        yield Finding(Severity.ERROR, "void", what, place(model.root), why(formula.literal(model.root)))
        return
    for name in analysis.dead:
        what = f"feature {shown(name)} is dead: no configuration has it"
        yield Finding(Severity.ERROR, "dead", what, place(name), why(formula.literal(name)))
    for name in analysis.false_optional:
        parent = model.parent_of(name) or model.root
        what = f"feature {shown(name)} is false-optional: every configuration with {shown(parent)} has it"
        because = why(formula.literal(parent), formula.literal(name, False))
        yield Finding(Severity.WARNING, "false-optional", what, place(name), because)
    for constraint in redundant_constraints(model):
        what = f"the constraint {write(constraint.expression)} is redundant: the rest of the model already implies it"
        yield Finding(Severity.WARNING, "redundant", what, constraint.where)
    explainer.close()


def _bare_findings(model: FeatureModel, analysis: Analysis) -> Iterator[Finding]:
    """The same findings without what explains them."""
    if analysis.void:
        what = "the feature model is void: no selection at all is possible"
        yield Finding(Severity.ERROR, "void", what, model.features[model.root].where)
        return
    for name in analysis.dead:
        what = f"feature {shown(name)} is dead: no configuration has it"
        yield Finding(Severity.ERROR, "dead", what, model.features[name].where)
    for name in analysis.false_optional:
        parent = model.parent_of(name) or model.root
        what = f"feature {shown(name)} is false-optional: every configuration with {shown(parent)} has it"
        yield Finding(Severity.WARNING, "false-optional", what, model.features[name].where)
