"""Names that two features, or one and the core, both register: options, settings and commands of one command line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, replace
from itertools import combinations

from ..model.interaction import constraints_of
from ..model.line import LineDescription
from ..solve.company import Apart, Company, Meeting, Ordered
from ..solve.reasons import ConstraintRule
from ..solve.soundness import Finding, Severity
from ..solve.words import joined, rule_sentence, shown
from .interaction_words import hint_to_settle, selection_in_words
from .trial import Kind, Outcome, Step

__all__ = ["NameClash", "clashes_of_names", "name_finding"]

COMMAND = "command"


@dataclass(frozen=True, slots=True)
class Registrant:
    """A feature whose plugin registers something, and where: the hook's implementation. The core has no feature."""

    feature: str
    step: Step
    at: str


@dataclass(frozen=True, slots=True)
class NameClash:
    """What two features both register, as (kind, name), and whether some product has both; first the core, if it is
    one of them.
    """

    names: tuple[tuple[str, str], ...]
    sides: tuple[Registrant, Registrant]
    verdict: Apart | Ordered | Meeting


def clashes_of_names(line: LineDescription, outcomes: Mapping[str, Outcome]) -> Iterator[NameClash]:
    """The pairs with such names, by the outcomes of trying the core and the features' plugins, as for interactions."""
    pairs = _pairs(outcomes)
    if not pairs:
        return
    root = line.model.root
    asked = dict.fromkeys(side.feature or root for pair in pairs for side in pair)
    with closing(Company(line.model, asked)) as company:
        for (one, other), names in pairs.items():
            yield NameClash(tuple(names), (one, other), company.between(one.feature or root, other.feature))


def _pairs(outcomes: Mapping[str, Outcome]) -> dict[tuple[Registrant, Registrant], dict[tuple[str, str], None]]:
    brought: dict[tuple[str, ...], set[str]] = {}
    by_name: dict[tuple[str, str], dict[Registrant, None]] = {}
    for feature, outcome in outcomes.items():
        for tried in outcome.tried:
            if tried.step.kind is not Kind.PLUGIN and feature:
                continue
            brought.setdefault(_key(tried.step), set()).add(feature)
            places = {each.hook: each.at for each in tried.implementations}
            for each in tried.registrations:
                side = Registrant(feature, tried.step, places.get(each.hook, ""))
                beside = by_name.setdefault((each.kind, each.name), {})
                if feature or all(other.feature for other in beside):
                    beside[side] = None
    pairs: dict[tuple[Registrant, Registrant], dict[tuple[str, str], None]] = {}
    for name, sides in by_name.items():
        for one, other in combinations(sides, 2):
            if not brought[_key(one.step)] & brought[_key(other.step)]:
                pairs.setdefault((one, other), {})[name] = None
    return pairs


def _key(step: Step) -> tuple[str, ...]:
    return step.part.sha256, step.name, step.value


def name_finding(line: LineDescription, found: NameClash) -> Finding:
    """Such names as a finding: an error where a product can have both features, for no order makes room for two.

    A command that only takes the place of the core's is a warning: it may be meant to.
    """
    first, second = (side.feature for side in found.sides)
    kinds: dict[str, list[str]] = {}
    for kind, name in found.names:
        kinds.setdefault(kind, []).append(f"'{name}'")
    named = joined([f"the {kind}{'s' * (len(names) > 1)} {joined(names)}" for kind, names in kinds.items()])
    if not first:
        return _with_core(line, found, named)
    what = f"features {shown(first)} and {shown(second)} both define {named}"
    sides = tuple(_side(side) for side in found.sides)
    settled = next((each for each in line.interactions if each.is_between(first, second)), None)
    where = settled.where if settled else line.model.features[second].where
    if isinstance(found.verdict, Apart):
        because = (*sides, *found.verdict.because)
        return Finding(Severity.NOTE, "interaction", f"{what}, and no product has both", where, because)
    if settled and settled.resolved_by:
        rule = next(constraints_of([replace(settled, between=(first, second))]))
        said = rule_sentence(ConstraintRule(rule))
        what = f"{what}, and {shown(settled.resolved_by)} resolves it"
        return Finding(Severity.NOTE, "interaction", what, where, (*sides, said))
    selection = found.verdict.selection if isinstance(found.verdict, Meeting) else {}
    because = (*sides, selection_in_words(selection))
    hint = hint_to_settle(first, second, with_order=False)
    return Finding(Severity.ERROR, "interaction", f"{what}, and a product can have both", where, because, hint)


def _with_core(line: LineDescription, found: NameClash, named: str) -> Finding:
    side = found.sides[1]
    where = line.model.features[side.feature].where
    what = f"feature {shown(side.feature)} defines {named}, which the core has already"
    selection = found.verdict.selection if isinstance(found.verdict, Meeting) else {}
    because = (_side(side), selection_in_words(selection))
    if any(kind != COMMAND for kind, _ in found.names):
        hint = "take a version of the part that does not, or take the feature out"
        return Finding(Severity.ERROR, "interaction", f"{what}, and a product can have it", where, because, hint)
    hint = "where that is not meant, take the feature out"
    return Finding(Severity.WARNING, "interaction", f"{what}, and takes its place", where, because, hint)


def _side(side: Registrant) -> str:
    at = f" in {side.at}" if side.at else ""
    return f"{shown(side.feature)} does it with part '{side.step.part.name}' {side.step.part.version}{at}"
