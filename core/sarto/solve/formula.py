"""A formula in conjunctive normal form whose every clause knows the rule it comes from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from ..model.expression import Value
from ..model.feature import Group
from .reasons import Fact, Origin

__all__ = ["Clause", "Formula", "FormulaBuilder", "Junction"]

Clause = tuple[int, ...]
PAIRWISE_LIMIT = 5
NOTHING: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Junction:
    """A group that has members in the skeleton and others, ``free`` ones, outside.

    ``variable`` is true when, and only when, at least one of the free ones is selected.
    """

    group: Group
    free: tuple[str, ...]
    variable: int


@dataclass(frozen=True, slots=True)
class Formula:
    """Clauses over variables 1..``size``, in the manner of DIMACS.

    ``variables`` maps each feature to its variable; the others are auxiliary and follow from the
    features' (they are defined both ways, so that there are as many solutions as configurations).
    ``clauses[i]`` comes from ``origins[sources[i]]``. ``selectors`` maps each value that a typed
    feature may take here to the literal that says so; where these are not all of its values, ``others`` has the literal
    that it has one of the rest. Where a literal of ``loose`` holds, the clauses may allow too much, never too little.
    ``junctions`` are where free subtrees hang on. ``found`` is where it is kept what others derive from nothing but
    these clauses, by the name of who did, so that a further customer's resolution need not do it again.
    """

    size: int
    variables: dict[str, int]
    clauses: tuple[Clause, ...]
    sources: tuple[int, ...]
    origins: tuple[Origin, ...]
    selectors: dict[str, dict[Value, int]]
    junctions: tuple[Junction, ...] = ()
    others: dict[str, int] = field(default_factory=dict)
    loose: tuple[int, ...] = ()
    names: dict[int, str] = field(init=False, repr=False)
    found: dict[str, Any] = field(init=False, repr=False, compare=False, default_factory=dict)

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
    """Gathers clauses, auxiliary variables and origins; the only mutable thing about a formula.

    Unless ``is_counted``, a configuration may be several solutions, which differ in the auxiliary variables.
    ``twins`` have to each feature one that is selected when, and only when, it is: they share their variable.
    """

    def __init__(self, features: Iterable[str], *, is_counted: bool = True, twins: Mapping[str, str] = NOTHING) -> None:
        self.is_counted = is_counted
        self.twins = twins
        self.variables = {name: number for number, name in enumerate(features, 1)}
        self.size = len(self.variables)
        self.clauses: list[Clause] = []
        self.sources: list[int] = []
        self.origins: list[Origin] = []
        self.selectors: dict[str, dict[Value, int]] = {}
        self.junctions: list[Junction] = []
        self.others: dict[str, int] = {}
        self.loose: dict[int, None] = {}
        self._defined: dict[tuple[object, ...], int] = {}
        self._truth = 0

    def variable(self, name: str) -> int:
        """The variable of a feature, made where it has none yet."""
        number = self.variables.get(name)
        if number is None:
            self.variables[name] = number = self._shared(name) if name in self.twins else self.fresh()
        return number

    def _shared(self, name: str) -> int:
        """The variable that a feature has from a chain of twins, all of which get it."""
        chain: list[str] = []
        number, twin = None, self.twins.get(name)
        while twin is not None and number is None:
            chain.append(twin)
            number, twin = self.variables.get(twin), self.twins.get(twin)
        number = number or self.fresh()
        self.variables.update(dict.fromkeys(chain, number))
        return number

    def rule(self, origin: Origin) -> None:
        """From here on, clauses come from ``origin``."""
        self.origins.append(origin)
        if self._defined:  # to clear an empty one takes its time, too, and most rules define nothing
            self._defined.clear()
        self._truth = 0

    def add(self, *clause: int) -> None:
        """Add a clause of the present rule."""
        self.clauses.append(clause)
        self.sources.append(len(self.origins) - 1)

    def add_all(self, clauses: Sequence[Clause]) -> None:
        """Add clauses of the present rule."""
        self.clauses.extend(clauses)
        self.sources.extend([len(self.origins) - 1] * len(clauses))

    def add_each(self, rules: Sequence[Origin], clauses: Sequence[Clause]) -> None:
        """Add clauses, each of a rule of its own."""
        first = len(self.origins)
        self.origins.extend(rules)
        self.clauses.extend(clauses)
        self.sources.extend(range(first, len(self.origins)))

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
        return literals[0] if len(literals) == 1 else -self.any_of([-literal for literal in literals])

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

    def choose_more(self, condition: int, then: int, otherwise: int) -> int:
        """As :meth:`choose`, where ``then`` holds whenever ``otherwise`` does.

        Its clauses are shorter, and where the result is false they never blame the condition for being true (monotone
        diagrams: Abío, Nieuwenhuis, Oliveras, Rodríguez-Carbonell and Mayer-Eichberger, 2012).
        """
        if then == otherwise:
            return then
        key = ("choose more", condition, then, otherwise)
        if key not in self._defined:
            self._defined[key] = result = self.fresh()
            self.add(-result, then)
            self.add(-result, condition, otherwise)
            self.add(-otherwise, result)
            self.add(-condition, -then, result)
        return self._defined[key]

    def at_most_one(self, literals: Sequence[int], guard: Clause = ()) -> None:
        """At most one literal holds, unless one of ``guard`` does.

        Pairwise where there are few, else by a sequential counter (Sinz, 2005), whose variables are defined both ways
        where solutions are counted.
        """
        if len(literals) <= PAIRWISE_LIMIT:
            for index, first in enumerate(literals):
                for second in literals[index + 1 :]:
                    self.add(*guard, -first, -second)
            return
        seen = literals[0]
        for literal in literals[1:-1]:
            self.add(*guard, -literal, -seen)
            seen = self._seen_after(seen, literal)
        self.add(*guard, -literals[-1], -seen)

    def _seen_after(self, seen: int, literal: int) -> int:
        if self.is_counted:
            return self.any_of((seen, literal))
        result = self.fresh()
        self.add_all([(-seen, result), (-literal, result)])
        return result

    def all_true(self, clauses: Sequence[Clause]) -> int:
        """A literal that is true when, and only when, all of the clauses are."""
        literals = [self.any_of(clause) if clause else self.constant(False) for clause in clauses]
        if not literals:
            return self.constant(True)
        return self.all_of(literals)

    def enough(self, clauses: Sequence[Clause]) -> int:
        """A literal that can be true only when all of the clauses are, and where solutions are counted is true then.

        The other direction changes nothing about what is possible (Plaisted and Greenbaum, 1986), and takes most of the
        clauses.
        """
        if self.is_counted:
            return self.all_true(clauses)
        literal = self.fresh()
        self.add_all([(-literal, *clause) for clause in clauses])
        return literal

    def build(self) -> Formula:
        """The finished formula."""
        return Formula(
            self.size, self.variables, tuple(self.clauses), tuple(self.sources), tuple(self.origins), self.selectors,
            tuple(self.junctions), self.others, tuple(self.loose),
        )  # fmt: skip
