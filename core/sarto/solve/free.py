"""Free subtrees: features that no constraint reaches, decided by the tree rules alone, in linear time."""

from __future__ import annotations

from collections.abc import Callable

from ..model.feature import Group
from ..model.feature_model import FeatureModel
from .formula import Formula

__all__ = ["State", "free_states"]

State = bool | None
"""Selected in all configurations (True), in none (False), or in some (None)."""


def free_states(model: FeatureModel, formula: Formula, state: Callable[[int], State]) -> dict[str, State]:
    """The states of all features, those of the formula's variables given by ``state``."""
    states: dict[str, State] = {}
    junctions = {id(junction.group): junction for junction in formula.junctions}
    for name in model.preorder():
        variable = formula.variables.get(name)
        if variable is not None:
            states[name] = state(variable)
            continue
        group = model.group_of(name)
        if group is None:
            raise ValueError("the root is always in the skeleton")
        junction = junctions.get(id(group))
        if junction is None:
            states[name] = _below(states[group.parent], group)
        else:
            together = state(junction.variable)
            states[name] = None if together and len(junction.free) > 1 else together
    return states


def _below(parent: State, group: Group) -> State:
    """The state of each member of a group none of which is in the skeleton, from that of its parent."""
    if parent is False or group.maximum == 0:
        return False
    return parent if group.minimum == len(group.members) else None
