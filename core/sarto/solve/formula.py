"""A formula in conjunctive normal form whose every clause knows the rule it comes from."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import product
from math import prod

from ..model.expression import Value
from .reasons import Fact, Origin

__all__ = ["Clause", "Formula", "FormulaBuilder"]

Clause = tuple[int, ...]
DISTRIBUTION_LIMIT = 16
PAIRWISE_LIMIT = 5


@dataclass(frozen=True, slots=True)
class Formula:
    """Clauses over variables 1..``size``, in the manner of DIMACS.

    ``variables`` maps each feature to its variable; the others are auxiliary and follow from the
    features' (they are defined both ways, so that there are as many solutions as configurations).
    ``clauses[i]`` comes from ``origins[sources[i]]``. ``selectors`` maps each value that a typed
    feature may take here to the literal that says so.
    """

    size: int
    variables: dict[str, int]
    clauses: tuple[Clause, ...]
    sources: tuple[int, ...]
    origins: tuple[Origin, ...]
    selectors: dict[str, dict[Value, int]]
    names: dict[int, str] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "names", {variable: name for name, variable in self.variables.items()})

    def literal(self, feature: str, value: bool = True) -> int:
        """The literal that says whether the feature is selected."""
        return self.variables[feature] if value else -self.variables[feature]

    def fact(self, literal: int) -> Fact:
        """What a literal over a feature's variable says."""
        return Fact(self.names[abs(literal)], literal > 0)

    def origin_of(self, clause: int) -> Origin:
        """The rule from which the clause with this index comes."""
        return self.origins[self.sources[clause]]


class FormulaBuilder:
    """Gathers clauses, auxiliary variables and origins; the only mutable thing about a formula."""

    def __init__(self, features: Iterable[str]) -> None:
        self.variables = {name: number for number, name in enumerate(features, 1)}
        self.size = len(self.variables)
        self.clauses: list[Clause] = []
        self.sources: list[int] = []
        self.origins: list[Origin] = []
        self.selectors: dict[str, dict[Value, int]] = {}
        self._defined: dict[tuple[object, ...], int] = {}
        self._truth = 0

    def rule(self, origin: Origin) -> None:
        """From here on, clauses come from ``origin``."""
        self.origins.append(origin)
        self._defined.clear()
        self._truth = 0

    def add(self, *clause: int) -> None:
        """Add a clause of the present rule."""
        self.clauses.append(clause)
        self.sources.append(len(self.origins) - 1)

    def fresh(self) -> int:
        """A new auxiliary variable."""
        self.size += 1
        return self.size

    def constant(self, value: bool) -> int:
        """A literal that is always true, or always false."""
        if not self._truth:
            self._truth = self.fresh()
            self.add(self._truth)
        return self._truth if value else -self._truth

    def any_of(self, literals: Sequence[int]) -> int:
        """A literal that is true when, and only when, one of the literals is."""
        if len(literals) == 1:
            return literals[0]
        key = ("any", *sorted(set(literals)))
        if key not in self._defined:
            self._defined[key] = result = self.fresh()
            self.add(-result, *literals)
            for literal in literals:
                self.add(-literal, result)
        return self._defined[key]

    def all_of(self, literals: Sequence[int]) -> int:
        """A literal that is true when, and only when, all of the literals are."""
        return -self.any_of([-literal for literal in literals])

    def choose(self, condition: int, then: int, otherwise: int) -> int:
        """A literal that is ``then`` where the condition holds and ``otherwise`` where it does not."""
        if then == otherwise:
            return then
        key = ("choose", condition, then, otherwise)
        if key not in self._defined:
            self._defined[key] = result = self.fresh()
            self.add(-condition, -then, result)
            self.add(-condition, then, -result)
            self.add(condition, -otherwise, result)
            self.add(condition, otherwise, -result)
        return self._defined[key]

    def at_most_one(self, literals: Sequence[int], guard: Clause = ()) -> None:
        """At most one literal holds, unless one of ``guard`` does.

        Pairwise where there are few, else by a sequential counter (Sinz, 2005), whose
        variables are defined both ways.
        """
        if len(literals) <= PAIRWISE_LIMIT:
            for index, first in enumerate(literals):
                for second in literals[index + 1 :]:
                    self.add(*guard, -first, -second)
            return
        seen = literals[0]
        for literal in literals[1:]:
            self.add(*guard, -literal, -seen)
            seen = self.any_of((seen, literal))

    def build(self) -> Formula:
        """The finished formula."""
        return Formula(
            self.size, self.variables, tuple(self.clauses), tuple(self.sources), tuple(self.origins), self.selectors
        )


@dataclass(frozen=True, slots=True)
class Logical:
    """A conjunction of clauses, or (``negated``) its opposite: the value of a logical expression."""

    clauses: tuple[Clause, ...]
    negated: bool = False

    def opposite(self) -> Logical:
        """This value denied."""
        return Logical(self.clauses, not self.negated)


def conjunction(builder: FormulaBuilder, values: Iterable[Logical]) -> Logical:
    """All of the values hold."""
    return Logical(tuple(clause for value in values for clause in normal(builder, value)))


def disjunction(builder: FormulaBuilder, values: Iterable[Logical]) -> Logical:
    """At least one of the values holds."""
    return conjunction(builder, [value.opposite() for value in values]).opposite()


def normal(builder: FormulaBuilder, value: Logical) -> tuple[Clause, ...]:
    """The clauses of a value, multiplied out where they stay few, else with definitions (Tseitin, 1968)."""
    if not value.negated:
        return value.clauses
    parts = [tuple(-literal for literal in clause) for clause in value.clauses]
    many = sorted((index for index, part in enumerate(parts) if len(part) > 1), key=lambda i: -len(parts[i]))
    count = prod(len(parts[index]) for index in many)
    for index in many:
        if count <= DISTRIBUTION_LIMIT:
            break
        count //= len(parts[index])
        parts[index] = (builder.all_of(parts[index]),)
    return tuple(clause for clause in map(_merged, product(*parts)) if clause is not None)


def _merged(literals: Iterable[int]) -> Clause | None:
    unique = dict.fromkeys(literals)
    return None if any(-literal in unique for literal in unique) else tuple(unique)


def as_literal(builder: FormulaBuilder, value: Logical) -> int:
    """A literal that is true when, and only when, the value is."""
    literals = [builder.any_of(clause) if clause else builder.constant(False) for clause in value.clauses]
    literal = builder.all_of(literals) if literals else builder.constant(True)
    return -literal if value.negated else literal
