"""Interactions in words: which features do what to which hook, where, and what the line says of it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import replace
from itertools import pairwise

from ..model.interaction import constraints_of
from ..model.line import LineDescription
from ..solve.company import Apart, Company, Meeting, Ordered
from ..solve.reasons import ConstraintRule
from ..solve.soundness import Finding, Severity
from ..solve.words import rule_sentence, shown
from .interacting import Effect, InteractionFound, RankedApart, Side
from .order import said_order

__all__ = ["hint_to_settle", "interaction_finding", "order_findings", "selection_in_words"]

KIND = "interaction"


def interaction_finding(line: LineDescription, found: InteractionFound) -> Finding:
    """An interaction as a finding: a note where it is settled or cannot occur.

    Else a warning, and an error where one of the two does nothing at all.
    """
    first, second = (side.feature for side in found.sides)
    what = f"features {shown(first)} and {shown(second)} both {_deed(found)}"
    sides = tuple(map(_side, found.sides))
    settled = next((each for each in line.interactions if each.is_between(first, second)), None)
    where = settled.where if settled else line.model.features[second].where
    match found.verdict:
        case Apart(because):
            return Finding(Severity.NOTE, KIND, f"{what}, and no product has both", where, (*sides, *because))
        case Ordered(paths):
            how = tuple(_steps(line, paths))
            return Finding(Severity.NOTE, KIND, f"{what}, and the line orders them", where, (*sides, *how))
        case RankedApart(leading, marks):
            said = f"{shown(leading)} {_marked(marks[0])}, the other {_marked(marks[1])}"
            return Finding(Severity.NOTE, KIND, f"{what}, and pluggy orders them", where, (*sides, said))
        case Meeting() if settled and settled.resolved_by:
            rule = next(constraints_of([replace(settled, between=(first, second))]))
            more = f"{what}, and {shown(settled.resolved_by)} resolves it"
            return Finding(Severity.NOTE, KIND, more, where, (*sides, rule_sentence(ConstraintRule(rule))))
        case Meeting(selection):
            severity = Severity.ERROR if found.is_lost else Severity.WARNING
            more = f"{what}, and nothing says {_question(found)}"
            return Finding(
                severity, KIND, more, where, (*sides, selection_in_words(selection)), hint_to_settle(first, second)
            )


def order_findings(line: LineDescription) -> Iterator[Finding]:
    """Orders that go round in some product, which therefore cannot be planned, with all that makes them so."""
    said = said_order(line.model, line.model.features, line.interactions)
    if not said:
        return
    with closing(Company(line.model, (), said)) as company:
        for cycle, meeting in company.going_round():
            whole = (*cycle, cycle[0])
            how = tuple(_steps(line, (whole,)))
            what = f"the order of the plugins goes round: {' -> '.join(whole)}"
            where = line.model.features[cycle[0]].where
            because = (*how, selection_in_words(meeting.selection))
            yield Finding(Severity.ERROR, "order", what, where, because, "take out one of these")


def selection_in_words(selection: Mapping[str, bool]) -> str:
    """The selection in which something occurs, as a selection's file has it."""
    if not selection:
        return "it is so in every product"
    wishes = ", ".join(f"{_key(name)} = {str(value).lower()}" for name, value in selection.items())
    return f"it is so with the selection {{ {wishes} }}"


def _key(name: str) -> str:
    return name if name.replace("_", "").replace("-", "").isalnum() and name.isascii() else json.dumps(name)


def _deed(found: InteractionFound) -> str:
    if Effect.ANSWER in found.effects:
        return f"answer the hook '{found.hook}', whose answers count in their order"
    if Effect.BODY not in found.effects:
        return f"change the {' and the '.join(found.effects)} of the hook '{found.hook}'"
    if all(side.implementation.kind == "replace" for side in found.sides):
        return f"replace '{found.hook}'"
    return f"give the one result of the hook '{found.hook}'"


def _question(found: InteractionFound) -> str:
    return "whose result it is" if Effect.BODY in found.effects else "which is called first"


def _side(side: Side) -> str:
    how = side.implementation.kind or ("wrapper" if side.implementation.is_wrapper else "")
    marked = f" ({how})" if how else ""
    at = f" in {side.implementation.at}" if side.implementation.at else ""
    return f"{shown(side.feature)} does it with part '{side.step.part.name}' {side.step.part.version}{at}{marked}"


def _marked(rank: str) -> str:
    return f"is marked {rank}" if rank else "is not marked"


def _steps(line: LineDescription, paths: tuple[tuple[str, ...], ...]) -> Iterator[str]:
    said = said_order(line.model, line.model.features, line.interactions)
    given: dict[str, None] = {}
    for path in paths:
        for first, second in pairwise(path):
            where, how = said[first, second]
            given[f"{how} ({where})"] = None
    yield from given


def hint_to_settle(first: str, second: str, *, with_order: bool = True) -> str:
    """What can be written into the line to settle an interaction."""
    names, order = json.dumps([first, second], ensure_ascii=False), "order, " if with_order else ""
    return f"settle it: [[interactions]] between = {names}, with {order}exclude = true or resolved_by, and because"
