"""How a decision on a feature looks in a table."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from ..model.instances import is_any, is_counted
from .output import Cell

if TYPE_CHECKING:
    from ..model.expression import Value
    from ..model.feature_model import FeatureModel

__all__ = ["decision_cell", "indented", "listed"]


def listed(model: FeatureModel, configuration: Mapping[str, Value]) -> list[str]:
    """The features for a list of decisions, in the order of the tree.

    Not in it are those that only say whether any instance has a feature, what is in instances that are not there, and
    of such instances all but the first.
    """
    hidden: set[str | None] = set()
    shown: list[str] = []
    for name in configuration:
        parent = model.parent_of(name)
        siblings = model.features[parent].copies if parent is not None else ()
        is_left_out = name in siblings and configuration[name] is False
        if parent in hidden or is_any(model, name) or (is_left_out and not _is_first(name, siblings, configuration)):
            hidden.add(name)
        else:
            shown.append(name)
            if configuration[name] is False and (is_left_out or is_counted(model, name)):
                hidden |= {member for group in model.groups_under(name) for member in group.members}
    return [name for name in shown if name not in hidden]


def _is_first(name: str, siblings: tuple[str, ...], configuration: Mapping[str, Value]) -> bool:
    """Whether an instance is the first that is not there."""
    return not any(configuration[other] is False for other in siblings[: siblings.index(name)])


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
