"""How the groups of a feature become FeatureIDE's one group, and rules for what that cannot say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from sarto.hooks import Gathered
from sarto.model.expression import Expression, FeatureReference, Implies, Or
from sarto.model.feature import Group, GroupKind
from sarto.model.notation import shortened

__all__ = ["Grouping", "Rule", "grouping_of"]


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule that a group became: at least one of the members, at most one, or both."""

    group: Group
    is_at_least_one: bool
    is_at_most_one: bool

    @property
    def at_least_one(self) -> Expression:
        """The parent needs one of the members."""
        return Implies(FeatureReference(self.group.parent), Or(tuple(map(FeatureReference, self.group.members))))


@dataclass(slots=True)
class Grouping:
    """The element of a feature, which of its children are mandatory, and what is left to rules."""

    tag: str
    children: list[tuple[str, bool]] = field(default_factory=list)
    rules: list[Rule] = field(default_factory=list)


def grouping_of(groups: Sequence[Group], faults: Gathered) -> Grouping:
    """The grouping that says the same as the groups; one that cannot be said goes into ``faults``."""
    filled = [group for group in groups if group.members or group.minimum]
    kinds = [_kind(group) for group in filled]
    if len(filled) == 1 and kinds[0] in (GroupKind.OR, GroupKind.ALTERNATIVE):
        tag = "or" if kinds[0] is GroupKind.OR else "alt"
        return Grouping(tag, [(name, False) for name in filled[0].members])
    grouping = Grouping("and" if filled else "feature")
    for group, kind in zip(filled, kinds, strict=True):
        grouping.children += ((name, kind is GroupKind.MANDATORY) for name in group.members)
        if kind in (GroupKind.OR, GroupKind.ALTERNATIVE):
            grouping.rules.append(Rule(group, True, kind is GroupKind.ALTERNATIVE))
        elif kind is GroupKind.CARDINALITY and (group.minimum, group.maximum) == (0, 1):
            grouping.rules.append(Rule(group, False, True))
        elif kind is GroupKind.CARDINALITY:
            what = (
                f"FeatureIDE cannot say that '{shortened(group.parent)}' has between {group.minimum} and "
                f"{group.maximum} of {len(group.members)} features"
            )
            faults.error(what, group.where, hint="it has and, or and alternative groups alone")
    return grouping


def _kind(group: Group) -> GroupKind:
    """The simplest kind of the same meaning."""
    size = len(group.members)
    match (group.minimum, group.maximum):
        case (0, high) if high == size:
            return GroupKind.OPTIONAL
        case (low, _) if low == size > 0:
            return GroupKind.MANDATORY
        case (1, 1) if size:
            return GroupKind.ALTERNATIVE
        case (1, high) if high == size > 0:
            return GroupKind.OR
    return GroupKind.CARDINALITY
