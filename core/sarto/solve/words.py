"""The one place where reasons become sentences."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from ..errors import Place
from ..model.expression import And, FeatureReference, Implies, Not, Value, features_in
from ..model.feature import Constraint, Copied, Generated, Group, GroupKind
from ..model.grammar import write
from ..model.selection import Wish
from ..model.values import shown as shown_value
from .reasons import (
    AmountRule,
    Cause,
    ConstraintRule,
    Decision,
    DefaultRule,
    Fact,
    FollowRule,
    GroupRule,
    Origin,
    ParentRule,
    Reason,
    RootRule,
    ValueRule,
    WishRule,
)

__all__ = ["Named", "facts_in_words", "joined", "rule_sentence", "sentence", "shown", "wish_sentence"]

Named = Callable[[Place], str]
"""How a place is named in a sentence; ``str`` gives the file as it was opened."""

MANY = 6


def sentence(decision: Decision, named: Named = str) -> str:
    """Why a feature is decided as it is, as one sentence without its full stop."""
    reason = decision.reason
    match reason.cause:
        case Cause.WISH:
            return "; ".join(rule_sentence(rule, named) for rule in reason.rules)
        case Cause.PREFERENCE:
            return f"the selection's preference over {shown(reason.detail)}"
        case Cause.DEFAULT:
            return "the line's default" if decision.is_selected else "left out by the line's default"
        case Cause.CLOSURE if not decision.is_selected:
            return "nothing asks for it"
        case Cause.CLOSURE if reason.detail:
            return f"{shown(reason.detail)}, which is left open, needs it: {rule_sentence(reason.rules[0], named)}"
        case Cause.CLOSURE if reason.rules:
            return f"nothing else does this with fewer features: {_because(decision.feature, reason, named)}"
        case Cause.CLOSURE:
            return "it keeps the number of features smallest"
        case Cause.CONSEQUENCE:
            return _because(decision.feature, reason, named)


def _because(feature: str, reason: Reason, named: Named) -> str:
    match reason.rules:
        case (ParentRule(child, parent),) if child == feature:
            return f"it is part of {shown(parent)}, which is left out"
        case (ParentRule(child, _),):
            return f"{shown(child)}, which is selected, is part of it"
        case (GroupRule(group),) if group.kind is GroupKind.MANDATORY and feature in group.members:
            return _located(f"{shown(group.parent)} always has it", group.where, named)
    rules = "; ".join(rule_sentence(rule, named) for rule in reason.rules)
    parents = {rule.group.parent for rule in reason.rules if isinstance(rule, GroupRule)}
    telling = [fact for fact in reason.premises if not (fact.value and fact.feature in parents)]
    if not telling or all(isinstance(rule, RootRule) for rule in reason.rules):
        return rules
    return f"{rules} — {facts_in_words(telling)}"


def facts_in_words(facts: Iterable[Fact]) -> str:
    """``'a' and 'b' are selected, 'c' is left out``."""
    given = list(facts)
    parts = []
    for value, verb in ((True, "selected"), (False, "left out")):
        names = [shown(fact.feature) for fact in given if fact.value is value]
        if names:
            parts.append(f"{joined(names)} {'is' if len(names) == 1 else 'are'} {verb}")
    return ", ".join(parts)


def rule_sentence(origin: Origin, named: Named = str) -> str:
    """What a rule says, with where it stands."""
    match origin:
        case RootRule(feature):
            return f"{shown(feature)} is the root: every product has it"
        case ParentRule(feature, parent):
            return f"{shown(feature)} is part of {shown(parent)}"
        case ValueRule(feature):
            return f"{shown(feature)} has one value, inside its bounds"
        case GroupRule(group):
            return _located(_group(group), group.where, named)
        case ConstraintRule(constraint):
            text = _located(_constraint(constraint), constraint.where, named)
            return f"{text}: {constraint.because.rstrip('.')}" if constraint.because else text
        case WishRule(wish):
            return _located(wish_sentence(wish), wish.where, named)
        case DefaultRule(feature, value):
            return f"{shown(feature)} has its default, {shown_value(value)}"
        case FollowRule(fact, of):
            return f"{shown(fact.feature)} is {'in' if fact.value else 'out'} wherever {joined(map(shown, of))} is on"
        case AmountRule(words):
            return words


def _constraint(constraint: Constraint) -> str:
    """A constraint as it is written, with the instance in which it is demanded; or what one that was added says."""
    match constraint.origin, constraint.expression:
        case Copied(written, _, instance), _:
            return f"the constraint {write(written.expression)}{f' in {shown(instance)}' if instance else ''}"
        case Generated.ORDER, Implies(FeatureReference(after), FeatureReference(before)):
            return f"{shown(after)} is there only together with {shown(before)}"
        case Generated.PRESENCE, And((Implies(FeatureReference(name), copies), _)):
            return f"{shown(name)} is there where {_any(features_in(copies))} is, and only there"
        case Generated.PRESENCE, Not(FeatureReference(name)):
            return f"{shown(name)} can have no instance"
        case _:
            return f"the constraint {write(constraint.expression)}"


def _any(copies: Iterable[str]) -> str:
    """``'a#1', 'a#2' or 'a#3'``; of many only the first few."""
    names = [shown(name) for name in copies]
    if len(names) > MANY:
        names = [*names[:2], "another of them"]
    return " or ".join([", ".join(names[:-1]), names[-1]]) if len(names) > 1 else names[0]


def wish_sentence(wish: Wish) -> str:
    """What a wish says: ``'maps' is selected``; one that follows from a number of instances says the number."""
    if wish.said is None:
        return f"{shown(wish.feature)} {_wish(wish.value)}"
    times = "once" if wish.said.value == 1 else f"{wish.said.value} times"
    return f"{shown(wish.said.feature)} is wanted {times}, so {shown(wish.feature)} {_wish(wish.value)}"


def _wish(value: Value) -> str:
    if isinstance(value, bool):
        return "is selected" if value else "is deselected"
    return f"is set to {shown_value(value)}"


def _group(group: Group) -> str:
    parent, members = shown(group.parent), joined(shown(name) for name in group.members)
    match group.kind:
        case GroupKind.MANDATORY:
            return f"{parent} always has {members}"
        case GroupKind.OPTIONAL:
            return f"{parent} may have {members}"
        case GroupKind.OR:
            return f"{parent} has at least one of {members}"
        case GroupKind.ALTERNATIVE:
            return f"{parent} has exactly one of {members}"
        case GroupKind.CARDINALITY:
            return f"{parent} has {group.minimum} to {group.maximum} of {members}"


def joined(names: Iterable[str]) -> str:
    """``a, b and c``; of many only the first few, with the number of the others."""
    parts = list(names)
    if len(parts) > MANY:
        parts = [*parts[: MANY - 1], f"{len(parts) - MANY + 1} more"]
    return " and ".join([", ".join(parts[:-1]), parts[-1]]) if len(parts) > 1 else "".join(parts)


def shown(name: str) -> str:
    """A feature's name in a sentence."""
    return f"'{name}'"


def _located(text: str, where: Place, named: Named) -> str:
    place = named(where)
    return f"{text} ({place})" if place else text
