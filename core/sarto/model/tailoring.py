"""Transparent customization: which of a line's rules fire for a customer's facts, and what they select."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from ..errors import Place, SartoError, did_you_mean, raise_all
from .evaluation import evaluate
from .expression import (
    And,
    Expression,
    FeatureReference,
    Iff,
    Implies,
    Not,
    Or,
    Value,
    children,
    features_in,
    postorder,
)
from .kinds import Kind, kind_faults, kind_of_value
from .line import Rule
from .values import shown

__all__ = ["MissingFact", "Skipped", "Tailored", "Tailoring", "tailor"]

_NO_NOTES: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Tailored:
    """One decision that a rule makes; ``evidence`` are the facts that it looked at, with their values."""

    feature: str
    value: Value
    rule: Rule
    evidence: tuple[tuple[str, Value], ...]


@dataclass(frozen=True, slots=True)
class MissingFact:
    """A fact that a rule asks for and nobody gave; ``hint`` names one that may be meant."""

    name: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Skipped:
    """A rule that was not tried because facts are missing."""

    rule: Rule
    missing: tuple[MissingFact, ...]


@dataclass(frozen=True, slots=True)
class Tailoring:
    """What the rules make of the facts.

    ``decisions`` has an entry for each fired rule and feature, in the order of the rules; rules that
    speak of the same feature all stand there. Rules whose condition is false are in neither part.
    """

    decisions: tuple[Tailored, ...]
    skipped: tuple[Skipped, ...] = ()

    @property
    def select(self) -> dict[str, Value]:
        """What the fired rules select; where they disagree, what the first of them does."""
        return {decision.feature: decision.value for decision in reversed(self.decisions)}


MOST_HINTS = 20
"""For so many missing facts the nearest that is there is looked for."""


def tailor(rules: Sequence[Rule], facts: Mapping[str, Value], notes: Mapping[str, str] = _NO_NOTES) -> Tailoring:
    """Apply the rules to the facts.

    A rule fires where its condition holds; one that asks for a fact which is missing is skipped. Which of the rules
    that fire can hold together is another question (:mod:`sarto.solve.proposing`). Raises SartoError for each rule that
    puts a fact where its kind does not fit (a text beside a number, a number where true or false is needed); what the
    ``notes`` say of such a fact stands in the hint.
    """
    hints: dict[str, str] = {}

    def missing_fact(name: str) -> MissingFact:
        if name not in hints:
            hints[name] = did_you_mean(name, facts) if len(hints) < MOST_HINTS else ""
        return MissingFact(name, hints[name])

    decisions: list[Tailored] = []
    skipped: list[Skipped] = []
    errors: list[SartoError] = []
    for rule in rules:
        asked = features_in(rule.when)
        missing = tuple(missing_fact(name) for name in asked if name not in facts)
        faults = [] if missing else list(_faults(rule.when, facts))
        if missing:
            skipped.append(Skipped(rule, missing))
        elif faults:
            errors += (SartoError(what, where=_when(rule), hint=_values(asked, facts, notes)) for what in faults)
        elif evaluate(rule.when, facts):
            evidence = tuple((name, facts[name]) for name in asked)
            decisions += (Tailored(feature, value, rule, evidence) for feature, value in rule.select.items())
    raise_all(errors)
    return Tailoring(tuple(decisions), tuple(skipped))


def _when(rule: Rule) -> Place:
    return rule.where.at("when")


def _values(names: Sequence[str], facts: Mapping[str, Value], notes: Mapping[str, str]) -> str:
    said = ["the facts say " + ", ".join(f"{name} = {shown(facts[name])}" for name in names)] if names else []
    return "; ".join([*said, *(f"of '{name}' {notes[name]}" for name in names if name in notes)])


def _faults(when: Expression, facts: Mapping[str, Value]) -> Iterator[str]:
    """Each place of the condition where the fact that is given has the wrong kind."""
    for name in _truths(when):
        if name in facts and not isinstance(facts[name], bool):
            yield f"'{name}' is {kind_of_value(facts[name])}, where true or false is needed"
    yield from kind_faults(when, lambda node: _kind_of(node, facts))


def _kind_of(node: object, facts: Mapping[str, Value]) -> Kind | None:
    return kind_of_value(facts[node.name]) if isinstance(node, FeatureReference) and node.name in facts else None


def _truths(when: Expression) -> dict[str, None]:
    """The names that stand where a truth value is needed."""
    logical = [when] + [
        child
        for node in postorder(when)
        if isinstance(node, Not | And | Or | Implies | Iff)
        for child in children(node)
    ]
    return {node.name: None for node in logical if isinstance(node, FeatureReference)}
