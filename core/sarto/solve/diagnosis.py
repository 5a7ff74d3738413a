"""All minimal conflicts between assumptions of a session, one after the other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from .session import SatSession

__all__ = ["PATIENCE", "Unfinished", "minimal_conflicts"]

PATIENCE = 500
"""How many possible combinations may come between one conflict and the next before the search is given up."""


class Unfinished(Exception):
    """The search was given up: there may be more minimal conflicts."""


def minimal_conflicts(
    session: SatSession, assumptions: Sequence[int], patience: int = PATIENCE
) -> Iterator[tuple[int, ...]]:
    """Every subset of the assumptions that is impossible and no part of which is, each once, as they are found.

    MARCO (Liffiton, Previti, Malik and Marques-Silva, 2016): a second session knows which subsets are not
    explained yet. A maximal one of these either is possible, then so are all its parts, or has a new minimal
    conflict in it. There may be exponentially many of either; raises :class:`Unfinished` where more than
    ``patience`` possible ones come in a row.
    """
    numbers = {literal: number for number, literal in enumerate(assumptions, 1)}
    contested: dict[int, None] = {}
    unexplored = SatSession([], len(assumptions))
    waited = 0
    try:
        while unexplored.is_possible():
            left_out = _fewest_left_out(unexplored, contested)
            seed = [literal for literal, number in numbers.items() if number not in left_out]
            if session.is_possible(seed):
                waited += 1
                if waited > patience:
                    raise Unfinished
                unexplored.add([tuple(sorted(left_out))])
            else:
                waited = 0
                found = tuple(session.minimal_core(seed))
                yield found
                unexplored.add([tuple(-numbers[literal] for literal in found)])
                contested |= dict.fromkeys(numbers[literal] for literal in found)
    finally:
        unexplored.close()


def _fewest_left_out(unexplored: SatSession, contested: Iterable[int]) -> set[int]:
    """What to leave out for a subset that is not explained yet and to which nothing can be added.

    Only what is in some conflict ever needs to be left out.
    """
    solution = unexplored.solution()
    held = [number for number in contested if solution[number] > 0]
    left_out = set()
    for number in contested:
        if solution[number] < 0:
            if unexplored.is_possible([*held, number]):
                held.append(number)
            else:
                left_out.add(number)
    return left_out
