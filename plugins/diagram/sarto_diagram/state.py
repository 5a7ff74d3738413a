"""How a configuration stands towards each feature: what a diagram shows of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from sarto.model.expression import Value
from sarto.model.feature import Constraint
from sarto.solve.reasons import Resolution

__all__ = ["Configured", "State", "of_resolution"]


class State(StrEnum):
    """What a configuration makes of a feature; a feature without a state is undecided."""

    CHOSEN = "chosen"
    EXCLUDED = "excluded"
    OPEN = "open"
    CONFLICTING = "conflicting"


@dataclass(frozen=True, slots=True, kw_only=True)
class Configured:
    """A configuration as it is drawn: the state of each decided feature, and the values of typed ones.

    ``broken`` are the constraints that take part in a conflict.
    """

    states: Mapping[str, State]
    values: Mapping[str, Value] = field(default_factory=dict)
    broken: tuple[Constraint, ...] = ()


def of_resolution(resolution: Resolution) -> Configured:
    """The states of a resolved selection: open features first, then what is in and what is not."""
    left = frozenset(resolution.open)
    states = {
        name: State.OPEN if name in left else State.CHOSEN if decision.is_selected else State.EXCLUDED
        for name, decision in resolution.decisions.items()
    }
    values = {name: one.value for name, one in resolution.decisions.items() if not isinstance(one.value, bool)}
    return Configured(states=states, values=values)
