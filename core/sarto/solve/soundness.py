"""Is a feature model sound? Its defects as findings, each with the minimal explanation in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice

from ..errors import Place
from ..model.feature import Constraint
from ..model.feature_model import FeatureModel
from ..model.grammar import write
from ..model.instance_bounds import scopes_of
from ..model.instances import expanded, reached
from ..model.selection import Selection
from .analysis import Analysis, analyse, redundant_constraints
from .difficulty import TooHard
from .encoding import encode_skeleton
from .explaining import Explainer
from .problem import Solve
from .relaxing import relaxations
from .tautologies import tautologies
from .values import domains_of
from .words import joined, rule_sentence, shown

__all__ = ["Finding", "Severity", "defects", "model_findings"]

MOST_HINTS = 5


class Severity(StrEnum):
    """An ``ERROR`` makes a line unsound; a ``WARNING`` is worth a look; a ``NOTE`` says what was proved to be well."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


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
    """Void models, dead features (errors); false-optional features, tautologies and redundant constraints (warnings).

    Of a void model only that is said, since everything else follows from it. Tautologies are not called redundant.
    Where ``solve``, an optimiser's, has to decide the arithmetic, neither of the two is looked for.
    """
    found = list(defects(model, solve))
    yield from found
    if any(finding.kind == "void" for finding in found):
        return
    try:
        empty, redundant = tautologies(model), redundant_constraints(model)
    except TooHard:
        return
    for constraint in empty:
        what = f"the constraint {write(constraint.expression)} is a tautology: it holds whatever is selected"
        yield Finding(Severity.WARNING, "tautology", what, constraint.where)
    for constraint in redundant:
        if constraint not in empty:
            what = (
                f"the constraint {write(constraint.expression)} is redundant: the rest of the model already implies it"
            )
            yield Finding(Severity.WARNING, "redundant", what, constraint.where)


def defects(model: FeatureModel, solve: Solve | None = None) -> Iterator[Finding]:
    """A void model, dead features (errors) and false-optional ones (warnings), each with its minimal explanation.

    Where ``solve``, an optimiser's, has to decide the arithmetic, they come without explanations.
    """
    analysis = analyse(model, solve)
    model, written_model = expanded(model, is_cut_off=True), model
    defective = (
        () if analysis.void else (*analysis.dead, *(c for n in analysis.false_optional for c in reached(model, n)))
    )
    try:
        formula = encode_skeleton(model, domains_of(model, {}), defective)
    except TooHard:
        yield from _bare_findings(written_model, analysis)
        return
    explainer = Explainer(formula)

    def why(*literals: int) -> tuple[str, ...]:
        return tuple(rule_sentence(rule) for rule in explainer.impossible([], literals)[0])

    def place(name: str) -> Place:
        return model.features[name].where

    if analysis.void:
        what = "the feature model is void: no selection at all is possible"
        yield Finding(
            Severity.ERROR, "void", what, place(model.root), why(formula.literal(model.root)), _mending(model)
        )
        explainer.close()
        return
    for name in analysis.dead:
        what = f"feature {shown(name)} is dead: no configuration has it"
        yield Finding(Severity.ERROR, "dead", what, place(name), why(formula.literal(name)))
    scopes = scopes_of(written_model)  # once: it goes through the whole tree
    for name in analysis.false_optional:
        what = _false_optional(written_model, name, scopes)
        because = next(
            why(formula.literal(parent), formula.literal(copy, False))
            for copy in reached(model, name)
            if explainer.is_possible([formula.literal(parent := model.parent_of(copy) or model.root)])
        )
        yield Finding(Severity.WARNING, "false-optional", what, place(name), because)
    explainer.close()


def _mending(model: FeatureModel) -> str:
    """Which single constraints make a model void, or the fewest that do together; nothing where the tree alone does."""
    found = list(islice(relaxations(model, Selection(line="", customer="")), MOST_HINTS))
    alone = [constraints[0] for constraints in found if len(constraints) == 1]
    if alone:
        return f"it would not be, without {' or without '.join(map(_named, alone))}"
    return f"it would not be, without {joined(map(_named, found[0]))}" if found else ""


def _false_optional(model: FeatureModel, name: str, scopes: Mapping[str, Sequence[object]]) -> str:
    parent = model.parent_of(name) or model.root
    whose = f"every instance of {shown(parent)}" if scopes[name] else f"every configuration with {shown(parent)}"
    return f"feature {shown(name)} is false-optional: {whose} has it"


def _named(constraint: Constraint) -> str:
    return f"the constraint {write(constraint.expression)}"


def _bare_findings(model: FeatureModel, analysis: Analysis) -> Iterator[Finding]:
    """The same findings without what explains them."""
    if analysis.void:
        what = "the feature model is void: no selection at all is possible"
        yield Finding(Severity.ERROR, "void", what, model.features[model.root].where)
        return
    for name in analysis.dead:
        what = f"feature {shown(name)} is dead: no configuration has it"
        yield Finding(Severity.ERROR, "dead", what, model.features[name].where)
    scopes = scopes_of(model)
    for name in analysis.false_optional:
        what = _false_optional(model, name, scopes)
        yield Finding(Severity.WARNING, "false-optional", what, model.features[name].where)
