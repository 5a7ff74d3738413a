"""Minimal explanations: the fewest-by-inclusion rules and facts that force, or forbid, something."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property

from .formula import Clause, Formula
from .reasons import Origin
from .session import SatSession

__all__ = ["Explainer"]


class Explainer:
    """Finds minimal sets of a formula's rules that, with some literals, are impossible."""

    def __init__(self, formula: Formula) -> None:
        self.formula = formula

    def is_possible(self, literals: Sequence[int]) -> bool:
        """Whether all rules and the literals can hold together."""
        session, switches = self._guarded
        return session.is_possible([*switches, *literals])

    def impossible(
        self, literals: Sequence[int], always: Sequence[int] = ()
    ) -> tuple[tuple[Origin, ...], tuple[int, ...]]:
        """A minimal set of rules and of ``literals`` that cannot hold together with ``always``.

        Literals are given up before rules, the last ones first. Raises ValueError where all is possible.
        """
        session, switches = self._guarded
        if session.is_possible([*always, *switches, *literals]):
            raise ValueError("the rules and the literals are possible")
        present = set(session.core())
        rules = sorted(literal - switches[0] for literal in present if literal >= switches[0]) if switches else []
        return self.minimal(rules, [literal for literal in literals if literal in present], always)

    def minimal(
        self, rules: Sequence[int], literals: Sequence[int], always: Sequence[int]
    ) -> tuple[tuple[Origin, ...], tuple[int, ...]]:
        """As :meth:`impossible`, for rules (by number) that are few, in a solver of their own, which is quick."""
        small = _Renumbered()
        switch_of = {small.variable(("rule", source)): source for source in rules}
        clauses = [
            (*small.clause(clause), -switch) for switch, source in switch_of.items() for clause in self.by_rule[source]
        ]
        literal_of = {small.literal(literal): literal for literal in literals}
        held = [small.literal(literal) for literal in always]
        session = SatSession(clauses, small.size)
        try:
            core = session.minimal_core([*switch_of, *literal_of], held)
        finally:
            session.close()
        found = tuple(self.formula.origins[switch_of[literal]] for literal in core if literal in switch_of)
        return found, tuple(literal_of[literal] for literal in core if literal not in switch_of)

    @cached_property
    def _guarded(self) -> tuple[SatSession, list[int]]:
        """The formula with a switch for each rule."""
        size = self.formula.size
        switches = [size + 1 + index for index in range(len(self.formula.origins))]
        sources = zip(self.formula.clauses, self.formula.sources, strict=True)
        clauses = ((*clause, -switches[source]) for clause, source in sources)
        return SatSession(clauses, size + len(switches)), switches

    @cached_property
    def by_rule(self) -> list[list[Clause]]:
        """The clauses of each rule, by its number."""
        found: list[list[Clause]] = [[] for _ in self.formula.origins]
        for clause, source in zip(self.formula.clauses, self.formula.sources, strict=True):
            found[source].append(clause)
        return found

    def close(self) -> None:
        """Free the solver, where one was needed."""
        if "_guarded" in self.__dict__:
            self._guarded[0].close()


class _Renumbered:
    """Variables numbered anew from 1, in the order in which they are met."""

    def __init__(self) -> None:
        self._numbers: dict[object, int] = {}

    @property
    def size(self) -> int:
        return len(self._numbers)

    def variable(self, key: object) -> int:
        return self._numbers.setdefault(key, len(self._numbers) + 1)

    def literal(self, literal: int) -> int:
        return self.variable(literal) if literal > 0 else -self.variable(-literal)

    def clause(self, clause: Iterable[int]) -> Iterator[int]:
        return map(self.literal, clause)
