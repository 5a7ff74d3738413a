"""What mends an impossible selection: minimal sets of changes, what weighs least first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from ..model.expression import Value
from ..model.names import key_text
from ..model.values import shown
from .formula import Formula
from .minimising import minimise
from .reasons import DefaultRule
from .session import SatSession
from .wants import Want
from .words import joined

__all__ = ["Change", "Repair", "repairs"]


@dataclass(frozen=True, slots=True)
class Change:
    """One changed wish, or another value than a typed feature's default; ``value`` None takes the wish back."""

    of: Want
    value: Value | None

    def __str__(self) -> str:
        if isinstance(self.of, DefaultRule):
            value = shown(False if self.value is None else self.value)
            return f"add select.{key_text(self.of.feature)} = {value} (the default is {shown(self.of.value)})"
        wish = self.of.wish.said or self.of.wish
        name = wish.where.key or f"select.{key_text(wish.feature)}"
        place = f" ({wish.where.file})" if wish.where.file else ""
        if self.value is None:
            return f"take back {name} = {shown(wish.value)}{place}"
        return f"change {name} from {shown(wish.value)} to {shown(self.value)}{place}"


@dataclass(frozen=True, slots=True)
class Repair:
    """Changes of wishes which, made together, resolve a conflict; no part of them does.

    ``weight`` adds up what is given up, by who decided it.
    """

    changes: tuple[Change, ...]
    weight: int = 0

    @property
    def sentence(self) -> str:
        """The repair in words."""
        return joined(str(change) for change in self.changes)


def repairs(
    formula: Formula, wants: Mapping[Want, frozenset[int]], weights: Mapping[Want, int], most: int
) -> list[Repair]:
    """Minimal sets of changes that make the rest possible, the least weight first, at most so many.

    Of the same weight those come first that keep more wishes, if with another value, and then those that change
    what was wanted earlier. Minimal correction sets in the order of their weight (Liffiton and
    Sakallah, 2008), each blocked after it is found. Nothing where even no wish at all is possible. Where the formula
    is loose, nothing is proposed, so that each repair is one.
    """
    place = {want: number for number, want in enumerate(wants)}

    def ease(repair: Repair) -> tuple[int, int, int, list[int]]:
        taken_back = sum(change.value is None for change in repair.changes)
        return repair.weight, len(repair.changes), taken_back, [place[change.of] for change in repair.changes]

    return sorted(_by_weight(formula, wants, weights, most), key=ease)


def _by_weight(
    formula: Formula, wants: Mapping[Want, frozenset[int]], weights: Mapping[Want, int], most: int
) -> Iterator[Repair]:
    session = SatSession.of(formula)
    try:
        granted = {session.fresh(): want for want in wants}
        session.add((-grant, literal) for grant, want in granted.items() for literal in wants[want])
        session.add((-literal,) for literal in formula.loose)
        for _ in range(most):
            optimum = minimise(session, {-grant: weights[want] for grant, want in granted.items()}, [])
            if optimum is None:
                return
            weight, face = optimum
            session.is_possible(face)
            solution = session.solution()
            broken = [grant for grant in granted if solution[grant] < 0]
            kept = [grant for grant in granted if solution[grant] > 0]
            yield Repair(tuple(_changes(formula, session, [granted[grant] for grant in broken], kept)), weight)
            session.add([tuple(broken)])
    finally:
        session.close()


def _changes(formula: Formula, session: SatSession, wants: Iterable[Want], kept: list[int]) -> Iterator[Change]:
    """What to say instead of each want while the ``kept`` assumptions hold: the nearest value that goes, or nothing."""
    for want in wants:
        wanted = want.value if isinstance(want, DefaultRule) else want.wish.value
        feature = want.feature if isinstance(want, DefaultRule) else want.wish.feature
        if wanted is False and feature in formula.selectors:
            yield _instead_of_none(formula, session, want, feature, kept)
            continue
        if isinstance(wanted, bool):
            yield Change(want, None)
            continue
        for value, literal in _others(formula, feature, wanted):
            if session.is_possible([*kept, literal]):
                kept.append(literal)
                yield Change(want, value)
                break


def _instead_of_none(formula: Formula, session: SatSession, want: Want, feature: str, kept: list[int]) -> Change:
    """What to say in place of a typed feature's absence: nothing where its default, the first value, goes, else one."""
    for number, (value, literal) in enumerate(formula.selectors[feature].items()):
        if session.is_possible([*kept, literal]):
            kept.append(literal)
            return Change(want, value if number else None)
    return Change(want, None)


def _others(formula: Formula, feature: str, wanted: Value) -> list[tuple[Value, int]]:
    """The other values of a typed feature, the nearest first, and last its absence."""
    others = [(value, literal) for value, literal in formula.selectors[feature].items() if value != wanted]
    others.sort(key=lambda other: _distance(other[0], wanted))
    return [*others, (False, formula.literal(feature, False))]


def _distance(value: Value, wanted: Value) -> float:
    return 0.0 if isinstance(value, str) or isinstance(wanted, str) else abs(value - wanted)
