"""Why a feature is decided as it is, as data; the words for it are made in ``words``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from ..model.expression import Value
from ..model.feature import Constraint, Group
from ..model.selection import Wish

__all__ = [
    "AmountRule", "Cause", "ConstraintRule", "Decision", "DefaultRule", "Fact", "FollowRule", "GroupRule", "Origin",
    "ParentRule", "Reason", "ResidualRule", "Resolution", "RootRule", "ValueRule", "WishRule",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Fact:
    """A feature with its decision: selected (``value`` True) or not."""

    feature: str
    value: bool


@dataclass(frozen=True, slots=True)
class RootRule:
    """The root is in every configuration."""

    feature: str


@dataclass(frozen=True, slots=True)
class ParentRule:
    """A feature needs its parent."""

    feature: str
    parent: str


@dataclass(frozen=True, slots=True)
class ValueRule:
    """A selected typed feature has exactly one value, inside its bounds."""

    feature: str


@dataclass(frozen=True, slots=True)
class GroupRule:
    """How many members of a group a selected parent has."""

    group: Group


@dataclass(frozen=True, slots=True)
class ConstraintRule:
    """A cross-tree constraint of the model."""

    constraint: Constraint


@dataclass(frozen=True, slots=True)
class WishRule:
    """A decision of the selection."""

    wish: Wish


@dataclass(frozen=True, slots=True)
class DefaultRule:
    """A typed feature takes the line's default, because the selection gives it no value."""

    feature: str
    value: Value


@dataclass(frozen=True, slots=True)
class FollowRule:
    """A decision that goes with features that are left open: it holds where all of them are on."""

    fact: Fact
    of: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AmountRule:
    """A bound on a goal's amount, in ``words``: ``less of price than 100``."""

    words: str


Origin = (
    RootRule | ParentRule | ValueRule | GroupRule | ConstraintRule | WishRule | DefaultRule | FollowRule | AmountRule
)


class Cause(StrEnum):
    """The kinds of reason: what made the decision."""

    WISH = "wish"
    CONSEQUENCE = "consequence"
    PREFERENCE = "preference"
    DEFAULT = "default"
    CLOSURE = "closure"


@dataclass(frozen=True, slots=True)
class Reason:
    """Why one feature is decided.

    For a CONSEQUENCE, ``rules`` are the model's rules that force it and ``premises`` the other
    decisions from which they do; a WISH carries the wish as its one rule. ``detail`` is the
    attribute of a PREFERENCE, or the open feature for whose sake a CLOSURE selects another.
    """

    cause: Cause
    rules: tuple[Origin, ...] = ()
    premises: tuple[Fact, ...] = ()
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Decision:
    """A feature's place in a configuration: True, False, or a typed feature's value; and why."""

    feature: str
    value: Value
    reason: Reason

    @property
    def is_selected(self) -> bool:
        """Whether the feature is in the configuration (a typed value, even 0 or "", means it is)."""
        return self.value is not False


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolution:
    """A selection resolved: a decision on every feature, in the order of the tree.

    ``open`` names the features that are left to the end user and can still go both ways, in the order of the
    tree; their decisions are where the product starts. ``follows`` are those that are on or off with
    open ones, by unit propagation. ``residual`` is what binds them: clauses of
    facts, at least one of which must hold, with the rule they come from; the names of
    auxiliary variables in it begin with ``#``.
    """

    decisions: Mapping[str, Decision]
    open: tuple[str, ...] = ()
    follows: tuple[str, ...] = ()
    residual: tuple[ResidualRule, ...] = field(default=())

    @property
    def configuration(self) -> dict[str, Value]:
        """Feature to True, False or value."""
        return {name: decision.value for name, decision in self.decisions.items()}

    @property
    def selected(self) -> tuple[str, ...]:
        """The selected features, in the order of the tree."""
        return tuple(name for name, decision in self.decisions.items() if decision.is_selected)


@dataclass(frozen=True, slots=True)
class ResidualRule:
    """At least one of ``any`` holds in every valid product, because of ``origin``."""

    any: tuple[Fact, ...]
    origin: Origin
