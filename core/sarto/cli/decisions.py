"""How a decision on a feature looks in a table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .output import Cell

if TYPE_CHECKING:
    from ..model.expression import Value
    from ..model.feature_model import FeatureModel

__all__ = ["decision_cell", "indented"]


DEEPEST = 40
"""Features of more levels down the tree stand as far right as those of this one."""


def indented(model: FeatureModel, name: str) -> str:
    """The feature's name, two columns further right than its parent's, as far as anybody can read that."""
    depth, parent = 0, model.parent_of(name)
    while parent is not None and depth < DEEPEST:
        depth, parent = depth + 1, model.parent_of(parent)
    return "  " * depth + name


def decision_cell(value: Value, *, is_open: bool = False) -> Cell:
    """Yes, no or the value; ``open`` with where the product starts for a feature left to the end user."""
    word = {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)
    if is_open:
        return Cell(f"open ({word})", colour="yellow")
    return Cell(word, colour="" if value is False else "green", dim=value is False)
