"""Least weighted sums of literals: exact optimisation on a SAT session."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pysat.card import ITotalizer

from .session import SatSession

__all__ = ["minimise"]

SMALL_CORE = 12
"""Larger cores are used as they are found: to make them minimal takes a call for each literal."""


def minimise(session: SatSession, weights: Mapping[int, int], hard: Sequence[int]) -> tuple[int, list[int]] | None:
    """The least sum of the weights of true literals under the assumptions ``hard``.

    Weights are integers of any sign. Returns the optimum and literals that, assumed along with
    ``hard``, admit exactly the optimal solutions; None where ``hard`` is impossible. The method is
    core-guided with one totalizer for each core (OLL: Andres et al., 2012; Morgado et al., 2014).
    """
    cost = sum(weight for weight in weights.values() if weight < 0)
    wanted = {(-lit if w > 0 else lit): abs(w) for lit, w in sorted(weights.items(), key=lambda x: abs(x[0])) if w}
    counters: dict[int, tuple[ITotalizer, int]] = {}
    while not session.is_possible([*hard, *wanted]):
        core = [literal for literal in session.core() if literal in wanted]
        if not core:
            return None
        if len(core) <= SMALL_CORE:
            core = session.minimal_core(sorted(core, key=abs), hard)
            if not core:
                return None
        step = min(wanted[literal] for literal in core)
        cost += step
        for literal in core:
            wanted[literal] -= step
            if not wanted[literal]:
                del wanted[literal]
            if literal in counters:
                totalizer, bound = counters[literal]
                _allow(session, totalizer, bound + 1, step, wanted, counters)
        if len(core) > 1:
            totalizer = ITotalizer(lits=[-literal for literal in core], ubound=1, top_id=session.size)
            session.size = max(session.size, totalizer.top_id)
            session.add(tuple(clause) for clause in totalizer.cnf.clauses)
            _allow(session, totalizer, 1, step, wanted, counters)
    return cost, list(wanted)


def _allow(
    session: SatSession, totalizer: ITotalizer, bound: int, weight: int, wanted: dict[int, int],
    counters: dict[int, tuple[ITotalizer, int]],
) -> None:  # fmt: skip
    """Want at most ``bound`` of the totalizer's inputs true, for the given weight."""
    if bound >= len(totalizer.lits):
        return
    if bound >= len(totalizer.rhs):  # it grows as far as it is needed
        totalizer.increase(ubound=bound, top_id=session.size)
        session.size = max(session.size, totalizer.top_id)
        session.add(tuple(clause) for clause in totalizer.cnf.clauses[-totalizer.nof_new :])
    output = -totalizer.rhs[bound]
    wanted[output] = wanted.get(output, 0) + weight
    counters[output] = (totalizer, bound)
