"""The sentences about edits and migrations: what one does to the products, why something is not there any more."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from ...model.expression import Value
from ...model.feature import GroupKind
from ...model.feature_model import FeatureModel
from ...model.instance_bounds import scopes_of
from ...model.instance_wishes import numbered_name, owner_of
from ...model.values import misfit
from ...model.values import shown as shown_value
from ..reasons import ConstraintRule, Fact, GroupRule, Origin, RootRule, ValueRule
from ..words import Named, facts_in_words, joined, rule_sentence, shown
from .comparison import Edit
from .migration import Added, Carried
from .moves import Spot
from .products import Witness

__all__ = [
    "against_in_words",
    "decisions_in_words",
    "edit_in_words",
    "setting_in_words",
    "spot_in_words",
    "why_lacking",
]

EDITS = {
    Edit.REFACTORING: "a refactoring: the products are the same",
    Edit.GENERALISATION: "a generalisation: all products are still there, and there are new ones",
    Edit.SPECIALISATION: "a specialisation: some products are gone, and there are no new ones",
    Edit.ARBITRARY: "an arbitrary edit: some products are gone, and there are new ones",
}

GROUPS = {
    GroupKind.MANDATORY: "mandatory in {}",
    GroupKind.OPTIONAL: "optional in {}",
    GroupKind.OR: "in an or group of {}",
    GroupKind.ALTERNATIVE: "an alternative of {}",
}


def edit_in_words(edit: Edit) -> str:
    """What an edit does to the products."""
    return EDITS[edit]


def decisions_in_words(decisions: Mapping[str, Value]) -> str:
    """``'a' is selected, 'b' is left out, 'c' is 5``."""
    parts = [facts_in_words(Fact(name, value) for name, value in decisions.items() if isinstance(value, bool))]
    parts += [f"{shown(name)} is {shown_value(v)}" for name, v in decisions.items() if not isinstance(v, bool)]
    return ", ".join(filter(None, parts)) or "every product"


def why_lacking(witness: Witness, lacking: FeatureModel) -> tuple[str, ...]:
    """Why the other model has no product with what tells: its rules in words, the telling ones first."""
    for name, value in witness.telling.items():
        base, numbers = numbered_name(name)
        feature = lacking.features.get(name) or lacking.features.get(base)
        if feature is None:
            return (f"there is no feature {shown(name)}",)
        most = 1 if feature.instances is None else feature.instances[1]
        if numbers and most is not None and numbers[-1] > most and is_said_of(lacking, base, numbers):
            owner = shown(owner_of(name))
            return (f"{owner} has {most} instances at most" if most != 1 else f"{owner} is there once at most",)
        if witness.rules == (ValueRule(name),):
            return (misfit(replace(feature, name=name), value),)
    order = {ConstraintRule: 0, GroupRule: 1}
    return tuple(rule_sentence(rule) for rule in sorted(_telling(witness.rules), key=lambda r: order.get(type(r), 2)))


def is_said_of(model: FeatureModel, name: str, numbers: Sequence[int]) -> bool:
    """Whether the last of the numbers is that of an instance of the feature, not of one in which it is."""
    return len(numbers) == len(scopes_of(model, (name,))[name]) + 1


def _telling(rules: Sequence[Origin]) -> Sequence[Origin]:
    """The rules without those that go without saying, where others are left."""
    return [rule for rule in rules if not isinstance(rule, ValueRule | RootRule)] or rules


def against_in_words(decision: Carried | Added, named: Named = str) -> tuple[str, ...]:
    """Why a decision is not carried over as it was: a sentence for each reason."""
    problem = (decision.problem,) if isinstance(decision, Carried) and decision.problem else ()
    return (*problem, *(rule_sentence(rule, named) for rule in _telling(decision.against)))


def spot_in_words(spot: Spot) -> str:
    """Where a feature stands: ``optional in 'shop'``."""
    if spot.parent is None or spot.kind is None:
        return "the root"
    if spot.bounds is not None:
        return "one of {} to {} in {}".format(*spot.bounds, shown(spot.parent))
    return GROUPS[spot.kind].format(shown(spot.parent))


def setting_in_words(value: Any, key: str = "") -> str:
    """What a key of a feature's table says, or that it says nothing."""
    if key == "instances" and value is not None:
        return f"{value[0]} or more" if value[1] is None else f"{value[0]} to {value[1]}"
    if value is None:
        return "nothing"
    if isinstance(value, list | tuple):
        return joined(setting_in_words(item) for item in value) or "nothing"
    return shown_value(value)
