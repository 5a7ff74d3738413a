"""What still binds the features that are left open: the formula with everything decided taken out."""

from __future__ import annotations

from .formula import Formula
from .reasons import Fact, ResidualRule
from .trail import Trail

__all__ = ["residual_rules"]


def residual_rules(formula: Formula, trail: Trail) -> tuple[ResidualRule, ...]:
    """The clauses that the trail neither fulfils nor decides, without the literals that it denies.

    Auxiliary variables are named ``#1``, ``#2``, … in the order of their appearance; they follow from
    the features by unit propagation.
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
            name = formula.names.get(variable) or names.setdefault(variable, f"#{len(names) + 1}")
            facts.append(Fact(name, literal > 0))
        key = tuple(facts)
        if key not in rules:
            rules[key] = ResidualRule(key, formula.origin_of(index))
    return tuple(rules.values())
