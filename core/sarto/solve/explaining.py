"""Minimal explanations: the fewest-by-inclusion rules and facts that force, or forbid, something."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

from .formula import Formula
from .reasons import Origin
from .session import SatSession

__all__ = ["Explainer"]


class Explainer:
    """Finds minimal sets of a formula's rules that, with some literals, are impossible."""

    def __init__(self, formula: Formula) -> None:
        self.formula = formula

    @cached_property
    def _guarded(self) -> tuple[SatSession, list[int]]:
        """The formula with a switch for each rule."""
        size = self.formula.size
        switches = [size + 1 + index for index in range(len(self.formula.origins))]
        session = SatSession((), size + len(switches))
        session.add(
            (*clause, -switches[source])
            for clause, source in zip(self.formula.clauses, self.formula.sources, strict=True)
        )
        return session, switches

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
        of_switch = {switch: self.formula.origins[index] for index, switch in enumerate(switches)}
        core = session.minimal_core([*switches, *literals], always)
        rules = tuple(of_switch[literal] for literal in core if literal in of_switch)
        return rules, tuple(literal for literal in core if literal not in of_switch)

    def close(self) -> None:
        """Free the solver, where one was needed."""
        if "_guarded" in self.__dict__:
            self._guarded[0].close()
