"""What still binds the features that are left open: the formula with everything decided taken out."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass

from .formula import Clause, Formula
from .reasons import ConstraintRule, Fact, FollowRule, Origin, Reason, ResidualRule
from .session import SatSession
from .trail import Trail

__all__ = ["Following", "follow_rule", "residual_rules", "turning_rules"]


@dataclass(frozen=True, slots=True)
class Following:
    """A literal that holds where all the open variables ``of`` are on, and only there."""

    literal: int
    of: tuple[int, ...]
    reason: Reason

    @property
    def clause(self) -> Clause:
        """That it holds where these are on."""
        return (*(-variable for variable in self.of), self.literal)


def residual_rules(formula: Formula, trail: Trail, first: int = 1) -> tuple[ResidualRule, ...]:
    """The clauses that the trail neither fulfils nor decides, without the literals that it denies.

    Auxiliary variables are named ``#1``, ``#2``, …, beginning with the number ``first``, in the order of their
    appearance; they follow from the features by unit propagation.
    """
    names: dict[int, str] = {}
    rules: dict[tuple[Fact, ...], ResidualRule] = {}
    for index, clause in enumerate(formula.clauses):
        if any(literal in trail for literal in clause):
            continue
        facts = []
        for literal in clause:
            if -literal in trail:
                continue
            variable = abs(literal)
            name = formula.names.get(variable) or names.setdefault(variable, f"#{first + len(names)}")
            facts.append(Fact(name, literal > 0))
        key = tuple(facts)
        if key not in rules:
            rules[key] = ResidualRule(key, formula.origin_of(index))
    return tuple(rules.values())


def follow_rule(formula: Formula, trail: Trail, each: Following) -> ResidualRule:
    """That a literal holds where the features are on that it follows."""
    of = [formula.fact(variable) for variable in each.of if variable not in trail]
    fact = formula.fact(each.literal)
    rule = FollowRule(fact, tuple(other.feature for other in of))
    return ResidualRule((*(Fact(other.feature, False) for other in of), fact), rule)


def turning_rules(
    formula: Formula, trail: Trail, following: Sequence[Following], why: Callable[[Sequence[int]], Sequence[Origin]]
) -> Iterator[ResidualRule]:
    """That a literal does not hold where a feature is off that it follows, if unit propagation does not say so.

    ``why`` gives the rules for which literals cannot hold together.
    """
    if not following:
        return
    sides = (side for variable in range(1, formula.size + 1) for side in (variable, -variable))
    settled = [(side,) for side in sides if side in trail]
    clauses = [*formula.clauses, *settled, *(each.clause for each in following)]
    with closing(SatSession(clauses, formula.size)) as session:
        for each in following:
            for variable in each.of:
                if variable in trail or -each.literal in session.implied([-variable]):
                    continue
                rules = why([each.literal, -variable])
                origin = next((rule for rule in rules if isinstance(rule, ConstraintRule)), rules[0])
                yield ResidualRule((formula.fact(variable), formula.fact(-each.literal)), origin)
