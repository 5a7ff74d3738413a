"""All minimal conflicts between assumptions of a session, one after the other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

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
    positions = {literal: number for number, literal in enumerate(assumptions, 1)}
    unexplored = SatSession([], len(assumptions))
    waited = 0
    try:
        while unexplored.is_possible():
            seed = _largest(unexplored, assumptions)
            if session.is_possible(seed):
                waited += 1
                if waited > patience:
                    raise Unfinished
                inside = set(seed)
                unexplored.add([tuple(number for literal, number in positions.items() if literal not in inside)])
            else:
                waited = 0
                found = tuple(session.minimal_core(seed))
                yield found
                unexplored.add([tuple(-positions[literal] for literal in found)])
    finally:
        unexplored.close()


def _largest(unexplored: SatSession, assumptions: Sequence[int]) -> list[int]:
    """A subset that is not explained yet and to which nothing can be added."""
    solution = unexplored.solution()
    held = [number for number in range(1, len(assumptions) + 1) if solution[number] > 0]
    for number in range(1, len(assumptions) + 1):
        if solution[number] > 0:
            continue
        if unexplored.is_possible([*held, number]):
            held.append(number)
    return [assumptions[number - 1] for number in sorted(held)]
