"""Of several solutions the one that selects the earliest variables."""

from __future__ import annotations

from collections.abc import Sequence

from .session import SatSession

__all__ = ["earliest"]


def earliest(session: SatSession, assumptions: Sequence[int], order: Sequence[int]) -> list[int]:
    """The solution under possible assumptions that has the first variable true where one has, then the second, ….

    At each variable's index stands its literal. What the solution in hand selects is kept without a question; only
    where it does not is another one asked for, which tries to select as much as it can.
    """
    session.prefer(order)
    if not session.is_possible(assumptions):
        raise ValueError("the assumptions are impossible")
    found, kept, known = session.solution(), list(assumptions), session.implied(assumptions)
    for variable in order:
        if found[variable] > 0:
            kept.append(variable)
        elif -variable not in known:
            if session.is_possible([*kept, variable]):
                found = session.solution()
                kept.append(variable)
                known = session.implied(kept)
            else:
                kept.append(-variable)
    return found
