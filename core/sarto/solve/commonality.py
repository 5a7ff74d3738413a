"""Which part of all configurations has each feature, as far as it is found in the time.

Parts of the formula that share no variable are looked at one by one: a feature's commonality (Benavides, Segura and
Ruiz-Cortés, 2010) asks only of its own. A part is compiled; where that takes too long, a counter counts its
solutions, and again those with each of its features.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import prod
from time import monotonic

from ..model.feature_model import FeatureModel
from ..model.instances import expanded
from .atomic_sets import leaders
from .compiled import numbers_of_features
from .counting import ClauseCounter, CountingProblem, counting_problem
from .decomposition import WeightedClauses, compiled
from .session import SatSession
from .weight_clauses import without_weights
from .weights import ways_of

__all__ = ["Commonality", "commonality"]

PATIENCE = 0.5
"""The part of the time that compiling may take where there is a counter for what it does not finish."""


@dataclass(frozen=True, slots=True)
class Commonality:
    """``count`` is the number of configurations, None where it is unknown; so is the share of each feature.

    Shares are exact, from 0 to 1. Of a model without any configuration no feature has a share.
    """

    count: int | None
    shares: Mapping[str, Fraction | None]

    @property
    def homogeneity(self) -> Fraction | None:
        """The mean of the shares (Duran, Benavides, Segura, Trinidad and Ruiz-Cortés, 2017): 1 where all products are
        the same. None where the number or a share is unknown, and of a model without any configuration.
        """
        shares = [share for share in self.shares.values() if share is not None]
        if not self.count or len(shares) < len(self.shares):
            return None
        had = sum(share.numerator * (self.count // share.denominator) for share in shares)
        return Fraction(had, self.count * len(shares))


def commonality(
    model: FeatureModel,
    counter: ClauseCounter | None = None,
    seconds: float = 60.0,
    decisions: Mapping[str, bool] | None = None,
    *,
    patience: float = PATIENCE,
) -> Commonality:
    """The share of each feature among the configurations that agree with ``decisions``, and their number.

    It takes about so many seconds at most. ``patience`` is the part of them after which what is not compiled is left
    to the counter, if there is one. Raises SartoError as :func:`sarto.solve.counting.count` does.
    """
    start = monotonic()
    end = start + seconds
    model = expanded(model)
    decided = decisions or {}
    problem = counting_problem(model, decided)
    if problem is None:
        return Commonality(0, {})
    search = _Search(problem, counter, end if counter is None else start + seconds * patience, end)
    search.run()
    numbers = numbers_of_features(problem.subtrees, ways_of(problem.subtrees, decided), search.numbers)
    wholes = {name: search.wholes.get(problem.subtrees.variable_of(name)) for name in model.features}
    return Commonality(search.count, {name: _share(numbers[name], whole) for name, whole in wholes.items()})


def _share(number: int, whole: int | None) -> Fraction | None:
    """The share; a number that is 0 is so for any whole, as that of a dead feature."""
    if whole is None:
        return None if number else Fraction(0)
    return Fraction(number, whole)


class _Search:
    """The search for how many of ``wholes[variable]`` cases make each variable true, ``numbers[variable]``.

    The cases are those of the variable's own part. A variable without any is unknown, and what stands for its number
    says only that it is not 0.
    """

    def __init__(self, problem: CountingProblem, counter: ClauseCounter | None, patient: float, end: float) -> None:
        self.problem = problem
        self.counter = counter
        self.patient = patient
        self.end = end
        self.numbers: dict[int, int] = {}
        self.wholes: dict[int, int] = {}
        self.count: int | None = None

    def run(self) -> None:
        """Find what can be found in time: first how many there are, then feature by feature."""
        weights = self.problem.weights
        for literal in self.problem.known:
            weight = weights.get(literal, 1) if literal > 0 else 0
            self._take(abs(literal), weight, weight or 1)
        for variable in self.problem.free:
            weight = weights.get(variable, 1)
            self._take(variable, weight, 1 + weight)
        self.numbers |= {v: weights.get(v, 1) for variables, _ in self.problem.parts for v in variables}
        counts, hard = [], []
        for variables, part in self.problem.parts:
            circuit = compiled(part, lambda: monotonic() > self.patient)
            if circuit is None:
                hard.append((variables, part))
                continue
            numbers = circuit.numbers()
            counts.append(circuit.count)
            for number, variable in enumerate(variables, 1):
                self._take(variable, numbers.get(number, 0), circuit.count)
        totals = [self._counted(part) for _, part in hard]
        known = [total for total in totals if total is not None]
        if len(known) == len(totals):
            self.count = self.problem.outside * prod(counts) * prod(known)
        for (variables, part), total in zip(hard, totals, strict=True):
            if total is not None:
                self._count_each(variables, part, total)

    def _take(self, variable: int, number: int, whole: int) -> None:
        self.numbers[variable] = number
        self.wholes[variable] = whole

    def _count_each(self, variables: Sequence[int], part: WeightedClauses, total: int) -> None:
        """Count for each set of variables that go together the solutions that have them, until the time is over."""
        for together in _together(part, [n for n, v in enumerate(variables, 1) if v in self._asked()]):
            of_first = self._counted(part, together[0])
            if of_first is None:
                return
            for number in together:
                # all of them are true in the same solutions, each of which counts by the weights of them all
                self._take(variables[number - 1], of_first, total)

    def _asked(self) -> frozenset[int]:
        """The variables by which features are known: their own, and those that switch free subtrees."""
        subtrees = self.problem.subtrees
        return frozenset([*subtrees.formula.variables.values(), *(anchor.on for anchor in subtrees.anchors)])

    def _counted(self, part: WeightedClauses, *true: int) -> int | None:
        left = self.end - monotonic()
        if self.counter is None or left <= 0:
            return None
        plain = without_weights(part)
        return self.counter((*plain.clauses, *((each,) for each in true)), plain.size, plain.counted, left)


def _together(part: WeightedClauses, variables: Sequence[int]) -> list[list[int]]:
    """The variables in sets that have the same value in each solution."""
    session = SatSession(part.clauses, part.size)
    try:
        leader = leaders(session, variables)
    finally:
        session.close()
    sets: dict[int, list[int]] = {}
    for variable in variables:
        sets.setdefault(leader.get(variable, variable), []).append(variable)
    return list(sets.values())
