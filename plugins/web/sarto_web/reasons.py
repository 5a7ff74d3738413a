"""Reasons as JSON data, for whoever says them in another language than core's sentences do."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sarto.errors import Place
from sarto.model.expression import And, FeatureReference, Implies, Not, Value, features_in
from sarto.model.feature import Constraint, Copied, Generated
from sarto.model.grammar import write
from sarto.model.selection import Wish
from sarto.solve.reasons import (
    AmountRule,
    ConstraintRule,
    Decision,
    DefaultRule,
    Fact,
    FollowRule,
    GroupRule,
    Origin,
    ParentRule,
    RootRule,
    ValueRule,
    WishRule,
)

__all__ = ["key_of", "reason_data", "rule_data"]

Named = Callable[[Place], str]
NO_WISHES: Mapping[str, Value] = {}


def key_of(place: Place) -> str:
    """Where a rule stands, without the paths of this machine."""
    return place.key


def reason_data(decision: Decision, *, by: str = "", wishes: Mapping[str, Value] = NO_WISHES) -> dict[str, Any]:
    """Why a feature is in or out: its cause, with the rules and the other features' states that it takes.

    Of what is in with a value that is wished, the value is told.

    ``detail`` is the attribute that is preferred, or the open feature for whose sake this one is in, and ``by`` who has
    decided it; else they are empty.
    """
    reason = decision.reason
    return {
        "feature": decision.feature,
        "state": "in" if decision.is_selected else "out",
        "cause": reason.cause.value,
        "detail": reason.detail,
        "by": by,
        "rules": [rule_data(rule) for rule in reason.rules],
        "premises": [_premise(fact, wishes) for fact in reason.premises],
    }


def rule_data(origin: Origin, named: Named = key_of) -> dict[str, Any]:
    """A rule by its ``kind``, with the names and values in it; ``place`` is where it stands, empty where nowhere."""
    match origin:
        case RootRule(feature):
            return {"kind": "root", "feature": feature}
        case ParentRule(feature, parent):
            return {"kind": "parent", "feature": feature, "parent": parent}
        case ValueRule(feature):
            return {"kind": "value", "feature": feature}
        case GroupRule(group):
            return {
                "kind": "group", "group": group.kind.value, "parent": group.parent, "members": list(group.members),
                "minimum": group.minimum, "maximum": group.maximum, "place": named(group.where),
            }  # fmt: skip
        case ConstraintRule(constraint):
            data = {"because": constraint.because, "place": named(constraint.where)}
            return {"kind": "constraint", **_constraint(constraint), **data}
        case WishRule(wish):
            return {"kind": "wish", **_wish(wish), "place": named(wish.where)}
        case DefaultRule(feature, value):
            return {"kind": "default", "feature": feature, "value": value}
        case FollowRule(fact, of):
            return {"kind": "follow", **_fact(fact), "of": list(of)}
        case AmountRule(words):
            return {"kind": "amount", "words": words}


def _premise(fact: Fact, wishes: Mapping[str, Value]) -> dict[str, Any]:
    return {"feature": fact.feature, "value": fact.value and wishes.get(fact.feature, True)}


def _fact(fact: Fact) -> dict[str, Any]:
    return {"feature": fact.feature, "value": fact.value}


def _wish(wish: Wish) -> dict[str, Any]:
    said = None if wish.said is None else {"feature": wish.said.feature, "times": int(wish.said.value)}
    return {"feature": wish.feature, "value": wish.value, "said": said}


def _constraint(constraint: Constraint) -> dict[str, Any]:
    """What a constraint says, by its ``form``: as it is ``written``, or what one that was added with instances says."""
    match constraint.origin, constraint.expression:
        case Copied(written, _, instance), _:
            return {"form": "written", "rule": write(written.expression), "instance": instance}
        case Generated.ORDER, Implies(FeatureReference(after), FeatureReference(before)):
            return {"form": "order", "feature": after, "before": before}
        case Generated.PRESENCE, And((Implies(FeatureReference(name), copies), _)):
            return {"form": "presence", "feature": name, "copies": list(features_in(copies))}
        case Generated.PRESENCE, Not(FeatureReference(name)):
            return {"form": "presence", "feature": name, "copies": []}
        case _:
            return {"form": "written", "rule": write(constraint.expression), "instance": ""}
