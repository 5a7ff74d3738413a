"""What can be shown of a selection that no configuration fulfils."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace

from sarto.model.expression import features_in
from sarto.model.feature_model import FeatureModel
from sarto.model.selection import Selection
from sarto.solve.configurator import Configurator
from sarto.solve.conflict import Conflict
from sarto.solve.reasons import (
    AmountRule,
    ConstraintRule,
    DefaultRule,
    FollowRule,
    GroupRule,
    Origin,
    ParentRule,
    RootRule,
    ValueRule,
    WishRule,
)

from .state import Configured, State

__all__ = ["of_conflict"]


def of_conflict(model: FeatureModel, selection: Selection, conflict: Conflict) -> Configured:
    """The features in conflict, and what follows from the wishes that take no part in it.

    Where these are impossible too, that conflict is shown as well, and so on.
    """
    rules = [*conflict.rules]
    states: dict[str, State] = {}
    conflicting = dict.fromkeys(_at_odds(conflict.rules), State.CONFLICTING)
    tried, rest = selection, _without(selection, conflict)
    while len(rest.wishes) < len(tried.wishes):
        tried = rest
        try:
            states = _decided(Configurator(model, rest))
        except Conflict as further:
            rules += further.rules
            conflicting |= dict.fromkeys(_at_odds(further.rules), State.CONFLICTING)
            rest = _without(rest, further)
    values = {wish.feature: wish.value for wish in selection.wishes.values() if not isinstance(wish.value, bool)}
    broken = tuple(rule.constraint for rule in rules if isinstance(rule, ConstraintRule))
    return Configured(states={**states, **conflicting}, values=values, broken=broken)


def _without(selection: Selection, conflict: Conflict) -> Selection:
    """The selection without the wishes that take part in a conflict."""
    at_odds = {rule.wish.feature for rule in conflict.rules if isinstance(rule, WishRule)}
    wishes = {name: wish for name, wish in selection.wishes.items() if name not in at_odds}
    return replace(selection, wishes=wishes)


def _decided(configurator: Configurator) -> dict[str, State]:
    found = {name: configurator.state(name) for name in configurator.model.preorder()}
    return {name: State.CHOSEN if state else State.EXCLUDED for name, state in found.items() if state is not None}


def _at_odds(rules: Iterable[Origin]) -> list[str]:
    """The features that the rules of a conflict disagree about.

    No rule of a minimal conflict can be left out, so a feature that matters is in two of them; the other members of
    a large group are not.
    """
    counted = Counter(name for rule in rules for name in dict.fromkeys(_features_of(rule)))
    return [name for name, rules_with_it in counted.items() if rules_with_it > 1] or list(counted)


def _features_of(rule: Origin) -> tuple[str, ...]:
    match rule:
        case RootRule() | AmountRule():
            return ()
        case ParentRule(feature, parent):
            return (feature, parent)
        case GroupRule(group):
            return (group.parent, *group.members)
        case ConstraintRule(constraint):
            return features_in(constraint.expression)
        case WishRule(wish):
            return (wish.feature,)
        case ValueRule(feature) | DefaultRule(feature):
            return (feature,)
        case FollowRule(fact, of):
            return (fact.feature, *of)
