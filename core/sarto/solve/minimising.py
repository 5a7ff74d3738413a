"""Least weighted sums of literals: exact optimisation on a SAT session."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from pysat.card import ITotalizer

from .ladder import Ladder
from .session import SatSession

__all__ = ["AtLeast", "minimise"]

SMALL_CORE = 12
"""Larger cores are used as they are found: to make them minimal takes a call for each literal."""

RUNG_LIMIT = 200_000
"""How many rungs the ladders of one question may have; what is known beyond them is left for the search to find."""


@dataclass(frozen=True, slots=True)
class AtLeast:
    """In every solution at least ``minimum`` of the literals are true where ``parent`` is."""

    parent: int
    literals: tuple[int, ...]
    minimum: int


def minimise(
    session: SatSession, weights: Mapping[int, int], hard: Sequence[int], known: Iterable[AtLeast] = ()
) -> tuple[int, list[int]] | None:
    """The least sum of the weights of true literals under the assumptions ``hard``.

    Weights are integers of any sign. Returns the optimum and literals that, assumed along with
    ``hard``, admit exactly the optimal solutions; None where ``hard`` is impossible. The method is
    core-guided with one totalizer for each core (OLL: Andres et al., 2012; Morgado et al., 2014). What is ``known``
    of counts need not be found core by core, which takes exponentially long where a count is high.
    """
    weights = {literal: weight for literal, weight in weights.items() if weight}
    counters: dict[int, tuple[ITotalizer | Ladder, int]] = {}
    counted = _counted(session, weights, known, counters)
    cost = sum(weight for weight in weights.values() if weight < 0)
    wanted = {(-lit if w > 0 else lit): abs(w) for lit, w in sorted(weights.items(), key=lambda x: abs(x[0]))}
    wanted |= counted
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
                counter, bound = counters[literal]
                _allow(session, counter, bound + 1, step, wanted, counters)
        if len(core) > 1:
            totalizer = ITotalizer(lits=[-literal for literal in core], ubound=1, top_id=session.size)
            session.size = max(session.size, totalizer.top_id)
            session.add(tuple(clause) for clause in totalizer.cnf.clauses)
            _allow(session, totalizer, 1, step, wanted, counters)
    return cost, list(wanted)


def _counted(
    session: SatSession, weights: dict[int, int], known: Iterable[AtLeast],
    counters: dict[int, tuple[ITotalizer | Ladder, int]],
) -> dict[int, int]:  # fmt: skip
    """Take out of the weights what is known to be paid: that much of each count goes to its parent.

    What is left to want of a count, no more than its minimum, is returned, with its weight.
    """
    wanted: dict[int, int] = {}
    rungs = 0
    for each in known:
        literals = [literal for literal in each.literals if weights.get(literal, 0) > 0]
        minimum = each.minimum - (len(each.literals) - len(literals))
        while 0 < minimum <= len(literals):
            rungs += (minimum + 1) * (len(literals) - minimum)
            if rungs > RUNG_LIMIT:
                return wanted
            step = min(weights[literal] for literal in literals)
            for literal in literals:
                weights[literal] -= step
                if not weights[literal]:
                    del weights[literal]
            weights[each.parent] = weights.get(each.parent, 0) + step * minimum
            if not weights[each.parent]:
                del weights[each.parent]
            _allow(session, Ladder(session, literals), minimum, step, wanted, counters)
            rest = [literal for literal in literals if literal in weights]
            minimum -= len(literals) - len(rest)
            literals = rest
    return wanted


def _allow(
    session: SatSession, counter: ITotalizer | Ladder, bound: int, weight: int, wanted: dict[int, int],
    counters: dict[int, tuple[ITotalizer | Ladder, int]],
) -> None:  # fmt: skip
    """Want at most ``bound`` of what the counter counts true, for the given weight."""
    if isinstance(counter, Ladder):
        if bound >= len(counter.literals):
            return
        output = counter.at_most(bound)
    else:
        if bound >= len(counter.lits):
            return
        if bound >= len(counter.rhs):  # it grows as far as it is needed
            counter.increase(ubound=bound, top_id=session.size)
            session.size = max(session.size, counter.top_id)
            session.add(tuple(clause) for clause in counter.cnf.clauses[-counter.nof_new :])
        output = -counter.rhs[bound]
    wanted[output] = wanted.get(output, 0) + weight
    counters[output] = (counter, bound)
