"""Which features of a configuration people are shown, where instances are written out."""

from __future__ import annotations

from collections.abc import Mapping

from .expression import Value
from .feature_model import FeatureModel
from .instances import is_any, is_counted

__all__ = ["listed"]


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
