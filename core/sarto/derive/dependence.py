"""Which decided features cannot be without one that may fail: rules that a residual model, of open ones, has not."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations, product
from math import comb

from ..model.evaluation import holds
from ..model.expression import Aggregate, Value, features_in, postorder
from ..model.feature import Constraint, Group, OnFailure
from ..model.feature_model import FeatureModel
from ..solve.reasons import ConstraintRule, Fact, GroupRule, ParentRule, ResidualRule, Resolution

__all__ = ["MOST_FEATURES", "rules_of_failure"]

MOST_FEATURES = 8
"""Of a constraint over more features that are on or open, or one with sums, failures are not thought through."""

MOST_CLAUSES = 200
"""Nor are they for a group that takes more clauses than that."""


def rules_of_failure(model: FeatureModel, resolution: Resolution) -> tuple[ResidualRule, ...]:
    """What holds among the features that were decided, as far as a feature that may fail can make others go off.

    Those that may fail have a policy by which the product goes on. Only rules with a decided feature are given: those
    over open ones alone are in the residual model. What is decided to be off is taken to stay so.
    """
    moving = {*resolution.selected, *resolution.open, *resolution.follows}
    decided = moving.difference(resolution.open, resolution.follows)
    starts = [name for name in decided if model.features[name].delivery.on_failure is not OnFailure.FAIL]
    if not starts:
        return ()
    reading = _Reading(model, resolution, moving)
    found: dict[tuple[Fact, ...], ResidualRule] = {}
    work, seen = sorted(starts), set(starts)
    for name in work:  # grows while it is gone through
        for rule in reading.rules_with(name):
            going = [fact.feature for fact in rule.any if not fact.value]
            if Fact(name, True) not in rule.any or decided.isdisjoint(fact.feature for fact in rule.any):
                continue
            found.setdefault(rule.any, rule)
            work += [each for each in going if each not in seen]
            seen.update(going)
    return tuple(found.values())


class _Reading:
    """The rules of a model, over the features that are on or open, as clauses."""

    def __init__(self, model: FeatureModel, resolution: Resolution, moving: set[str]) -> None:
        self.model = model
        self.moving = moving
        self.values = {name: decision.value for name, decision in resolution.decisions.items()}
        self.constraints: dict[str, list[Constraint]] = {}
        for constraint in model.constraints:
            for name in sorted(moving.intersection(features_in(constraint.expression))):
                self.constraints.setdefault(name, []).append(constraint)

    def rules_with(self, name: str) -> Iterator[ResidualRule]:
        """Every rule that speaks of the feature."""
        for group in self.model.groups_under(name):
            for child in (name for name in group.members if name in self.moving):
                yield ResidualRule((Fact(child, False), Fact(name, True)), ParentRule(child, name))
        own = self.model.group_of(name)
        if own is not None and own.parent in self.moving:
            yield from self._enough(own)
        for constraint in self.constraints.get(name, ()):
            yield from self._clauses(constraint)

    def _enough(self, group: Group) -> Iterator[ResidualRule]:
        """That the parent has as many members as it needs."""
        members = [name for name in group.members if name in self.moving]
        size = len(members) - group.minimum + 1  # among so many, at least one is on
        if 0 < size <= len(members) and comb(len(members), size) <= MOST_CLAUSES:
            for some in combinations(members, size):
                yield ResidualRule((Fact(group.parent, False), *(Fact(name, True) for name in some)), GroupRule(group))

    def _clauses(self, constraint: Constraint) -> Iterator[ResidualRule]:
        """The constraint's prime clauses (Quine, 1952), read off its truth table."""
        names = sorted(self.moving.intersection(features_in(constraint.expression)))
        counts_others = any(isinstance(node, Aggregate) for node in postorder(constraint.expression))
        if len(names) > MOST_FEATURES or counts_others:
            return
        wrong = {
            frozenset(zip(names, row, strict=True))
            for row in product((False, True), repeat=len(names))
            if not holds(self.model, self._with(dict(zip(names, row, strict=True))), constraint.expression)
        }
        for each in sorted(_primes(wrong), key=lambda case: sorted(case)):
            facts = tuple(Fact(name, not is_on) for name, is_on in sorted(each, key=lambda one: (not one[1], one[0])))
            yield ResidualRule(facts, ConstraintRule(constraint))

    def _with(self, state: dict[str, bool]) -> dict[str, Value]:
        values = dict(self.values)
        for name, is_on in state.items():
            features = self.model.features
            given = values[name] if values[name] is not False else features[name].default
            values[name] = (
                (given if features[name].type is not None and given is not None else True) if is_on else False
            )
        return values


Case = frozenset[tuple[str, bool]]


def _primes(cases: set[Case]) -> set[Case]:
    """The shortest partial cases of which all that agree with them are among ``cases``."""
    primes: set[Case] = set()
    level = cases
    while level:
        shorter: set[Case] = set()
        merged: set[Case] = set()
        for case in level:
            for name, is_on in case:
                other = case - {(name, is_on)} | {(name, not is_on)}
                if other in level:
                    shorter.add(case - {(name, is_on)})
                    merged |= {case, other}
        primes |= level - merged
        level = shorter
    return primes
