"""The one place where reasons become sentences."""

from __future__ import annotations

from collections.abc import Iterable

from ..errors import Place
from ..model.expression import Value
from ..model.feature import Group, GroupKind
from ..model.grammar import write
from ..model.values import shown as shown_value
from .reasons import (
    Cause,
    ConstraintRule,
    DefaultRule,
    Fact,
    GroupRule,
    Origin,
    ParentRule,
    Reason,
    RootRule,
    ValueRule,
    WishRule,
)

__all__ = ["joined", "rule_sentence", "sentence", "shown"]


def sentence(value: Value, reason: Reason) -> str:
    """Why a feature has this value, as one sentence without its full stop."""
    match reason.cause:
        case Cause.WISH:
            return "; ".join(rule_sentence(rule) for rule in reason.rules)
        case Cause.PREFERENCE:
            return f"the selection prefers it this way ({reason.detail})"
        case Cause.DEFAULT:
            return "the line's default" if value is not False else "left out by the line's default"
        case Cause.CLOSURE if value is False:
            return "nothing asks for it"
        case Cause.CLOSURE if reason.rules:
            return f"the smallest way to fulfil this: {_because(reason)}"
        case Cause.CLOSURE:
            return "it keeps the number of features smallest"
        case Cause.CONSEQUENCE:
            return _because(reason)


def _because(reason: Reason) -> str:
    rules = "; ".join(rule_sentence(rule) for rule in reason.rules)
    facts = reason.premises
    if not facts or all(isinstance(rule, ParentRule | RootRule) for rule in reason.rules):
        return rules
    return f"{rules} ({joined(_fact(fact) for fact in facts)})"


def _fact(fact: Fact) -> str:
    return f"{shown(fact.feature)} is {'selected' if fact.value else 'left out'}"


def rule_sentence(origin: Origin) -> str:
    """What a rule says, with where it stands."""
    match origin:
        case RootRule(feature):
            return f"{shown(feature)} is the root: every product has it"
        case ParentRule(feature, parent):
            return f"{shown(feature)} is part of {shown(parent)}"
        case ValueRule(feature):
            return f"{shown(feature)} has one value, inside its bounds"
        case GroupRule(group):
            return _located(_group(group), group.where)
        case ConstraintRule(constraint):
            text = _located(f"the constraint {write(constraint.expression)}", constraint.where)
            return f"{text}: {constraint.because}" if constraint.because else text
        case WishRule(wish):
            verb = (
                {True: "is selected", False: "is deselected"}.get(wish.value) if isinstance(wish.value, bool) else None
            )
            return _located(f"{shown(wish.feature)} {verb or f'is set to {wish.value!r}'}", wish.where)
        case DefaultRule(feature, value):
            return f"{shown(feature)} has its default, {shown_value(value)}"


def _wish(value: Value) -> str:
    if isinstance(value, bool):
        return "is selected" if value else "is deselected"
    return f"is set to {shown_value(value)}"


def _group(group: Group) -> str:
    parent, members = shown(group.parent), [shown(name) for name in group.members]
    match group.kind:
        case GroupKind.MANDATORY:
            return f"{parent} always has {joined(members)}"
        case GroupKind.OPTIONAL:
            return f"{parent} may have {joined(members)}"
        case GroupKind.OR:
            return f"{parent} has at least one of {joined(members)}"
        case GroupKind.ALTERNATIVE:
            return f"{parent} has exactly one of {joined(members)}"
        case GroupKind.CARDINALITY:
            return f"{parent} has {group.minimum} to {group.maximum} of {joined(members)}"


MANY = 6


def joined(names: Iterable[str]) -> str:
    """``a, b and c``; of many only the first few, with the number of the others."""
    parts = list(names)
    if len(parts) > MANY:
        parts = [*parts[: MANY - 1], f"{len(parts) - MANY + 1} more"]
    return " and ".join([", ".join(parts[:-1]), parts[-1]]) if len(parts) > 1 else "".join(parts)


def shown(name: str) -> str:
    """A feature's name in a sentence."""
    return f"'{name}'"


def _located(text: str, where: Place) -> str:
    return f"{text} ({where})" if str(where) else text
