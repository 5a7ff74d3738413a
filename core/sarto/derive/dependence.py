"""Which features cannot be without one that may fail: the rules among all that are on, or can be switched on.

A residual model takes what was decided for granted, so that it cannot say what goes when that fails.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from fractions import Fraction
from functools import partial
from itertools import combinations
from math import comb

from ..model.evaluation import holds
from ..model.expression import Compare, FeatureReference, Value
from ..model.feature import Constraint, Group, OnFailure
from ..model.feature_model import FeatureModel
from ..solve.arithmetic import comparison
from ..solve.clauses import ClauseMaker
from ..solve.diagrams import linear
from ..solve.falling import may_become_false
from ..solve.formula import Clause, FormulaBuilder
from ..solve.linear_form import LinearForm, features_read
from ..solve.primes import prime_clauses
from ..solve.reasons import ConstraintRule, Fact, GroupRule, Origin, ParentRule, ResidualRule, Resolution
from ..solve.residual import residual_rules
from ..solve.trail import Trail

__all__ = ["MOST_CLAUSES", "MOST_FEATURES", "rules_of_failure"]

MOST_FEATURES = 8
"""A constraint over more features that are on or open is said with auxiliary names, one over fewer by itself."""

MOST_CLAUSES = 200
"""And so is a group that takes more clauses than that by itself."""

Bound = tuple[ResidualRule, ...]
"""A clause of features, or clauses with auxiliary names, which say something together."""


def rules_of_failure(model: FeatureModel, resolution: Resolution) -> tuple[ResidualRule, ...]:
    """What holds among the features that are on or open, as far as one that may fail can make others go off.

    Those that may fail have a policy by which the product goes on. A valid state in which features go off and none goes
    on stays valid if it keeps these rules. What is decided to be off is taken to stay so. The names of auxiliary
    variables begin with ``#`` and follow from the features by unit propagation, as in a residual model, but are none of
    that.
    """
    moving = {*resolution.selected, *resolution.open, *resolution.follows}
    fail, features = OnFailure.FAIL, model.features
    work = sorted(name for name in moving if features[name].delivery.on_failure is not fail)
    if not work:
        return ()
    reading = _Reading(model, resolution, moving)
    found: dict[tuple[Fact, ...], ResidualRule] = {}
    seen = set(work)
    for name in work:  # grows while it is gone through
        for bound in reading.bounds_on(name):
            if all(rule.any in found for rule in bound):
                continue
            for rule in bound:
                found.setdefault(rule.any, rule)
            facts = dict.fromkeys(fact for rule in bound for fact in rule.any)
            going = [fact.feature for fact in facts if not fact.value and fact.feature in moving]
            work += [each for each in going if each not in seen]
            seen.update(going)
    return tuple(found.values())


class _Reading:
    """The rules of a model, over the features that are on or open, as clauses."""

    def __init__(self, model: FeatureModel, resolution: Resolution, moving: set[str]) -> None:
        self.model = model
        self.moving = moving
        values = {name: self._when_on(name, decision.value) for name, decision in resolution.decisions.items()}
        self.domains: dict[str, tuple[Value, ...]] = {
            name: (value,) if name in moving else () for name, value in values.items()
        }
        self.constraints: dict[str, list[Constraint]] = {}
        for constraint in model.constraints:
            for name in sorted(moving.intersection(features_read(model, constraint.expression))):
                self.constraints.setdefault(name, []).append(constraint)
        self.known: dict[int, Sequence[Bound]] = {}
        self.auxiliaries: set[str] = set()

    def _when_on(self, name: str, decided: Value) -> Value:
        """What a feature's value is where it is on."""
        feature = self.model.features[name]
        value = feature.default if decided is False else decided
        return True if feature.type is None or value is None else value

    def bounds_on(self, name: str) -> Iterator[Bound]:
        """Every rule that can be broken where the feature goes off."""
        for group in self.model.groups_under(name):
            for child in (name for name in group.members if name in self.moving):
                yield (ResidualRule((Fact(child, False), Fact(name, True)), ParentRule(child, name)),)
        bounds: list[Bound] = []
        own = self.model.group_of(name)
        if own is not None and own.parent in self.moving:
            bounds += self._once(own, partial(self._enough, own))
        for constraint in self.constraints.get(name, ()):
            bounds += self._once(constraint, partial(self._kept, constraint))
        yield from (bound for bound in bounds if len(bound) > 1 or any(Fact(name, True) in rule.any for rule in bound))

    def _once(self, rule: Group | Constraint, read: Callable[[], Iterator[Bound]]) -> Sequence[Bound]:
        if id(rule) not in self.known:
            self.known[id(rule)] = tuple(read())
        return self.known[id(rule)]

    def _enough(self, group: Group) -> Iterator[Bound]:
        """That the parent has as many members as it needs."""
        members = [name for name in group.members if name in self.moving]
        size = len(members) - group.minimum + 1  # among so many, at least one is on
        if not 0 < size <= len(members):
            return
        if comb(len(members), size) > MOST_CLAUSES:
            yield self._with_auxiliaries(GroupRule(group), lambda builder: _counted(builder, group, members))
            return
        for some in combinations(members, size):
            facts = Fact(group.parent, False), *(Fact(name, True) for name in some)
            yield (ResidualRule(facts, GroupRule(group)),)

    def _kept(self, constraint: Constraint) -> Iterator[Bound]:
        """That the constraint stays true, where that is in question."""
        expression = constraint.expression
        if not may_become_false(self.model, self.domains, expression):
            return
        names = sorted(self.moving.intersection(features_read(self.model, expression)))
        if len(names) <= MOST_FEATURES:
            for clause in prime_clauses(names, lambda state: holds(self.model, self._valued(state), expression)):
                yield (ResidualRule(clause, ConstraintRule(constraint)),)
            return

        def clauses(builder: FormulaBuilder) -> Sequence[Clause]:
            made = ClauseMaker(builder, lambda node: comparison(builder, self.model, self.domains, node))
            return made.clauses(expression)

        yield self._with_auxiliaries(ConstraintRule(constraint), clauses)

    def _valued(self, state: Mapping[str, bool]) -> dict[str, Value]:
        return {name: is_on and self.domains[name][0] for name, is_on in state.items()}

    def _with_auxiliaries(self, origin: Origin, clauses: Callable[[FormulaBuilder], Sequence[Clause]]) -> Bound:
        """Clauses, and what they define, without the features that are off."""
        builder = FormulaBuilder(())
        builder.rule(origin)
        builder.add_all(clauses(builder))
        for name, variable in builder.variables.items():
            if name not in self.moving:
                builder.add(-variable)
        formula = builder.build()
        trail = Trail(formula)
        sides = (
            formula.literal(name, is_on) for name in formula.variables if name in self.moving for is_on in (True, False)
        )
        always = [ResidualRule((formula.fact(literal),), origin) for literal in sides if literal in trail]
        rules = *always, *residual_rules(formula, trail, len(self.auxiliaries) + 1)
        self.auxiliaries.update(fact.feature for rule in rules for fact in rule.any if fact.feature.startswith("#"))
        return rules


def _counted(builder: FormulaBuilder, group: Group, members: Sequence[str]) -> Sequence[Clause]:
    count = LinearForm(Fraction(-group.minimum), {name: {True: Fraction(1)} for name in members})
    parent = FeatureReference(group.parent)
    return [(-builder.variable(group.parent), linear(builder, count, Compare(">=", parent, parent)))]
