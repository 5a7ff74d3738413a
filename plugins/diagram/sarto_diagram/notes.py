"""The cross-tree constraints, listed below the tree."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sarto.model.expression import features_in
from sarto.model.feature import Constraint
from sarto.model.grammar import write

from .boxes import state_sign
from .label import DETAIL_SIZE, LINE, NAME_SIZE, TILE
from .state import State
from .svg import element, text_at
from .text import printable, wrap

__all__ = ["about", "notes"]

_LINES = 4
_APART = 6


def about(constraints: Sequence[Constraint], shown: Collection[str]) -> list[Constraint]:
    """The constraints that say something of the shown features, or name none at all (a sum over everything)."""
    named = [(constraint, features_in(constraint.expression)) for constraint in constraints]
    return [constraint for constraint, names in named if not names or any(name in shown for name in names)]


def notes(
    constraints: Sequence[Constraint], broken: Collection[Constraint], omitted: int, left: int, top: int, wide: int
) -> tuple[str, int]:
    """A heading and each constraint with the sentence that says why it is there, and their height.

    ``broken`` ones carry the sign of a conflict; ``omitted`` says how many are left out.
    """
    if not constraints and not omitted:
        return "", 0
    written = [text_at(left, top + LINE, "Constraints", "heading")]
    y = top + LINE + 10
    for constraint in constraints:
        markup, height = _note(constraint, left, y, wide, is_broken=any(constraint is one for one in broken))
        written.append(markup)
        y += height + _APART
    if omitted:
        y += LINE
        written.append(text_at(left, y, f"and {omitted} about features that are not shown", "detail"))
    return "".join(written), y - top


def _note(constraint: Constraint, left: int, top: int, wide: int, *, is_broken: bool) -> tuple[str, int]:
    indent = TILE + 8 if is_broken else 0
    lines = wrap(printable(write(constraint.expression)), NAME_SIZE, wide - indent, _LINES)
    reasons = wrap(printable(constraint.because), DETAIL_SIZE, wide - indent, _LINES) if constraint.because else ()
    written = [
        text_at(left + indent, top + LINE * number - 3, line, class_)
        for number, (line, class_) in enumerate([*((x, "") for x in lines), *((x, "detail") for x in reasons)], start=1)
    ]
    height = LINE * len(written)
    if not is_broken:
        return "".join(written), height
    return element("g", state_sign(State.CONFLICTING, left, top, height), *written, class_="conflicting"), height
