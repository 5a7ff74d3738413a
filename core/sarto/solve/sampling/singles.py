"""Few solutions in which each literal of some variables occurs that can: samples of the strength 1.

Each solution is made to have as many literals that are still open as it can: a clause demands one more of them
beside those it has, until none can be added. What no solution has, core and dead features, comes out on the way.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from random import Random
from time import monotonic

from ..session import SatSession
from .sparing import Tally

__all__ = ["single_sample"]

Signs = bytes
"""A solution, kept small: 1 at the index of each true variable, 0 elsewhere."""


def single_sample(
    session: SatSession, variables: Sequence[int], random: Random, report: Callable[[str], None], end: float
) -> tuple[list[Signs], bool]:
    """Solutions that have each possible literal, and whether it was all of them: not where the time was over before.

    There is at least one; none can be spared. The formula must have a solution.
    """
    literals = [v * sign for v in variables if v not in session.fixed and -v not in session.fixed for sign in (1, -1)]
    random.shuffle(literals)
    left = dict.fromkeys(literals)
    found: list[Signs] = []
    while left and not (found and monotonic() > end):
        literal = next(iter(left))
        _lean_to(session, left)
        if not session.is_possible([literal]):
            del left[literal]
            continue
        solution = _grown(session, left, session.solution(), end)
        found.append(bytes(each > 0 for each in solution))
        left = {each: None for each in left if solution[abs(each)] != each}
        report(f"{len(found)} configurations, {1 - len(left) / len(literals):.2%} covered")
    if not found:
        session.is_possible()
        found.append(bytes(each > 0 for each in session.solution()))
    return _needed(found, variables), not left


def _lean_to(session: SatSession, literals: Collection[int]) -> None:
    """Let the next solution have these literals where it can, the positive one where both are among them."""
    session.prefer(literal for literal in literals if literal < 0)
    session.prefer(literal for literal in literals if literal > 0)


def _grown(session: SatSession, left: Collection[int], solution: list[int], end: float) -> list[int]:
    """A solution with all the literals left that this one has, and no other with more of them, unless time is over."""
    while monotonic() <= end:
        held = [literal for literal in left if solution[abs(literal)] == literal]
        having = set(held)
        others = [literal for literal in left if literal not in having and -literal not in having]
        if not others:
            break
        is_asked = session.fresh()
        session.add([(-is_asked, *others)])
        is_more = session.is_possible([is_asked, *held])
        if is_more:
            solution = session.solution()
        session.add([(-is_asked,)])
        if not is_more:
            break
    return solution


def _needed(found: Sequence[Signs], variables: Sequence[int]) -> list[Signs]:
    """The solutions without those all of whose literals others have, too."""
    rows = []
    tally = Tally(2)
    for signs in found:
        true = bytes(signs[variable] for variable in variables)
        having = [int.from_bytes(true, "little"), int.from_bytes(true.translate(b"\1\0" + bytes(254)), "little")]
        rows.append(having)
        for row, bits in enumerate(having):
            tally.add([row], bits)
    kept = []
    for signs, having in zip(found, rows, strict=True):
        if all(tally.can_spare([row], bits) for row, bits in enumerate(having)):
            for row, bits in enumerate(having):
                tally.take([row], bits)
        else:
            kept.append(signs)
    return kept
