"""Unit propagation that remembers, for every literal, the clause that forced it."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType

from .formula import Formula
from .reasons import Cause, Fact, Origin, Reason, WishRule

__all__ = ["Trail"]

Told = dict[tuple[int, int], Reason | None]

NOTHING: Mapping[int, tuple[Fact, ...]] = MappingProxyType({})


class Trail:
    """The literals decided so far, in order, each with its reason.

    ``telling`` has what literals of auxiliary variables say of features, where they say it as well as these would.
    """

    def __init__(self, formula: Formula, telling: Mapping[int, tuple[Fact, ...]] = NOTHING) -> None:
        self.formula = formula
        self._telling = telling
        self._queue: deque[int] = deque()
        begun: tuple[dict[int, list[int]], dict[int, int | Reason]] | None = formula.found.get(__name__)
        self._watching, because = begun or ({}, {})
        self._because = dict(because)
        self._told = _told(formula, telling)
        if begun is None:
            self._begin()
            formula.found[__name__] = self._watching, dict(self._because)

    def _begin(self) -> None:
        """What holds before anything is decided: it is the same for every trail of the formula."""
        for index, clause in enumerate(self.formula.clauses):
            for literal in clause:
                self._watching.setdefault(-literal, []).append(index)
            if len(clause) == 1:
                self._assign(clause[0], index)
        self.propagate()

    def __contains__(self, literal: int) -> bool:
        return literal in self._because

    def is_settled(self, variable: int) -> bool:
        """Whether the variable has a truth value."""
        return variable in self._because or -variable in self._because

    def decide(self, literal: int, reason: Reason) -> None:
        """Put a literal on the trail, with all that unit propagation makes of it."""
        if not self.is_settled(abs(literal)):
            self._assign(literal, reason)
            self.propagate()

    def propagate(self) -> None:
        """Follow every clause that has one literal left."""
        queue, because, watching, clauses = self._queue, self._because, self._watching, self.formula.clauses
        while queue:
            for index in watching.get(queue.popleft(), ()):
                left = 0
                for literal in clauses[index]:
                    if literal in because:
                        break
                    if -literal not in because:
                        if left:
                            break
                        left = literal
                else:
                    if left:
                        because[left] = index
                        queue.append(left)

    def _assign(self, literal: int, because: int | Reason) -> None:
        if not self.is_settled(abs(literal)):
            self._because[literal] = because
            self._queue.append(literal)

    def facts(self, literal: int) -> tuple[Fact, ...]:
        """What a literal says of features; nothing where it is only an auxiliary one."""
        if abs(literal) in self.formula.names:
            return (self.formula.fact(literal),)
        return self._telling.get(literal, ())

    def reason(self, literal: int) -> Reason:
        """Why the literal holds: what it was decided for, or the rules and facts that force it."""
        because = self._because[literal]
        if isinstance(because, Reason):
            return because
        key = literal, because
        if key not in self._told:
            self._told[key] = self._plain_reason(literal, because)
        return self._told[key] or self._traced_reason(literal)

    def _plain_reason(self, literal: int, clause: int) -> Reason | None:
        """Why a clause forces a literal, where it does so by features alone: then by the same ones each time."""
        premises: dict[Fact, None] = {}
        for other in self.formula.clauses[clause]:
            if other != literal:
                facts = self.facts(-other)
                if not facts:
                    return None
                premises |= dict.fromkeys(facts)
        return Reason(Cause.CONSEQUENCE, (self.formula.origin_of(clause),), tuple(premises))

    def _traced_reason(self, literal: int) -> Reason:
        rules: dict[int, Origin] = {}  # by identity: a constraint may be long, and is one object
        premises: dict[Fact, None] = {}
        for origin, fact in self._causes(literal):
            rules[id(origin)] = origin
            if fact is not None:
                premises[fact] = None
        return Reason(Cause.CONSEQUENCE, tuple(rules.values()), tuple(premises))

    def _causes(self, literal: int) -> Iterator[tuple[Origin, Fact | None]]:
        """The rules by which a literal was forced and the features that took part, auxiliaries resolved."""
        work, seen = [literal], {literal}
        while work:
            because = self._because[work.pop()]
            if isinstance(because, Reason):
                for origin in because.rules:
                    if not isinstance(origin, WishRule):
                        yield origin, None
                continue
            origin = self.formula.origin_of(because)
            yield origin, None
            for other in self.formula.clauses[because]:
                if -other in self._because and -other not in seen:
                    seen.add(-other)
                    facts = self.facts(-other)
                    for fact in facts:
                        yield origin, fact
                    if not facts:
                        work.append(-other)

    def clauses_with(self, literal: int) -> Sequence[int]:
        """The indices of the clauses that have a literal."""
        return self._watching.get(-literal, ())

    def behind(self, literals: Iterable[int]) -> tuple[list[int], list[int]]:
        """What says as much as the literals without auxiliaries: rules (by number) that make these, and literals."""
        work, sources, found = list(literals), dict[int, None](), list[int]()
        seen = set(work)
        while work:
            literal = work.pop()
            because = self._because[literal]
            if isinstance(because, Reason) or self.facts(literal):
                found.append(literal)
                continue
            sources[self.formula.sources[because]] = None
            fresh = [
                -other for other in self.formula.clauses[because] if -other in self._because and -other not in seen
            ]
            seen.update(fresh)
            work += fresh
        return list(sources), sorted(found, key=abs)

    def rests_on(self, literals: Iterable[int]) -> list[int]:
        """The decided literals from which the given ones follow, in the order in which they were decided."""
        work, seen = list(literals), set(literals)
        while work:
            because = self._because.get(work.pop())
            if isinstance(because, int):
                for other in self.formula.clauses[because]:
                    if -other in self._because and -other not in seen:
                        seen.add(-other)
                        work.append(-other)
        return [
            literal for literal, because in self._because.items() if literal in seen and isinstance(because, Reason)
        ]


def _told(formula: Formula, telling: Mapping[int, tuple[Fact, ...]]) -> Told:
    """Why a clause forces a literal, as far as it was found for a trail of the formula that told the same."""
    kept: tuple[Mapping[int, tuple[Fact, ...]], Told] | None = formula.found.get(f"{__name__}: told")
    if kept is None or kept[0] is not telling:
        kept = formula.found[f"{__name__}: told"] = telling, {}
    return kept[1]
