"""Unit propagation that remembers, for every literal, the clause that forced it."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType

from .formula import Clause, Formula
from .reasons import Cause, Fact, Origin, Reason, WishRule

__all__ = ["Trail"]

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
        while self._queue:
            literal = self._queue.popleft()
            for index in self._watching.get(literal, ()):
                unit = self._unit(self.formula.clauses[index])
                if unit:
                    self._assign(unit, index)

    def _unit(self, clause: Clause) -> int:
        left = 0
        for literal in clause:
            if literal in self._because:
                return 0
            if -literal not in self._because:
                if left:
                    return 0
                left = literal
        return left

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
