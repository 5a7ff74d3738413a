"""The best configurations: by goals in order, or all that no other one outdoes (a Pareto front)."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from ..errors import Place, SartoError, raise_all
from ..model.expression import Value
from ..model.feature import Constraint
from ..model.feature_model import FeatureModel
from ..model.grammar import parse
from ..model.kinds import constraint_faults, sum_faults
from .goals import Goal
from .problem import Answer, Linear, Problem, Solve, Status, Terms
from .space import Objective, Space

__all__ = ["Front", "Optimum", "Reached", "optimise", "pareto", "with_bounds"]


@dataclass(frozen=True, slots=True)
class Reached:
    """How good a configuration is by one goal, and how good one could be at best; None where that is not known."""

    goal: Goal
    amount: Fraction
    best: Fraction | None

    @property
    def is_proved(self) -> bool:
        """Whether nothing better is possible, the goals before this one kept."""
        return self.best == self.amount


@dataclass(frozen=True, slots=True)
class Optimum:
    """What was found: with ``OPTIMAL`` or ``FEASIBLE`` a configuration, and what it reaches goal by goal."""

    status: Status
    configuration: Mapping[str, Value]
    reached: tuple[Reached, ...] = ()


@dataclass(frozen=True, slots=True)
class Front:
    """Optima of which none outdoes another, the best by the first goal first.

    ``is_complete`` says that no other configuration reaches anything that these do not outdo or equal.
    """

    optima: tuple[Optimum, ...]
    is_complete: bool


def optimise(
    model: FeatureModel, wishes: Mapping[str, Value], goals: Sequence[Goal], solve: Solve, seconds: float
) -> Optimum:
    """The best configuration in which the wishes hold; a goal counts only among what is best by those before it.

    Raises SartoError for goals and arithmetic that cannot be expressed.
    """
    end = time.monotonic() + seconds
    space = Space(model, wishes, goals)
    best = solve(space.problem(), seconds) if not goals else Answer(Status.UNKNOWN)
    bounds: list[Fraction | None] = []
    held: list[Linear] = []
    for objective in space.objectives:
        hints = dict(enumerate(best.booleans, 1))
        answer = solve(space.problem(objective.terms, held, hints), max(0.0, end - time.monotonic()))
        if answer.status is Status.IMPOSSIBLE or not bounds or answer.booleans:
            best = answer
        if not answer.booleans:
            break
        bounds.append(None if answer.bound is None else objective.amount(answer.bound))
        if answer.status is not Status.OPTIMAL:
            break
        held.append(Linear(objective.terms, high=answer.value))
    if not best.booleans:
        return Optimum(best.status, {})
    reached = _reached(space.objectives, best, bounds)
    is_proved = all(each.is_proved for each in reached)
    return Optimum(Status.OPTIMAL if is_proved else Status.FEASIBLE, space.configuration(best), reached)


def pareto(
    model: FeatureModel, wishes: Mapping[str, Value], goals: Sequence[Goal], solve: Solve, seconds: float
) -> Front:
    """All that is reached by configurations which no other one outdoes, with one configuration for each.

    Each round finds the least sum of all goals among what no optimum so far outdoes or equals, which
    nothing can outdo. Raises SartoError for goals and arithmetic that cannot be expressed.
    """
    end = time.monotonic() + seconds
    space = Space(model, wishes, goals, is_whole=True)
    together = _together(space.objectives)
    found: list[tuple[tuple[int, ...], Optimum]] = []
    while True:
        problem = _beyond(space.problem(together), space.objectives, [totals for totals, _ in found])
        answer = solve(problem, max(0.0, end - time.monotonic()))
        if answer.status is not Status.OPTIMAL:
            break
        totals = tuple(_total(objective.terms, answer) for objective in space.objectives)
        bounds = [o.amount(total) for o, total in zip(space.objectives, totals, strict=True)]
        reached = _reached(space.objectives, answer, bounds)
        found.append((totals, Optimum(Status.OPTIMAL, space.configuration(answer), reached)))
    found.sort(key=lambda each: each[0])
    return Front(tuple(optimum for _, optimum in found), answer.status is Status.IMPOSSIBLE)


def with_bounds(model: FeatureModel, bounds: Iterable[str]) -> FeatureModel:
    """The model under more constraints, written as in a features.toml.

    Raises SartoError for each that cannot be read, or speaks of what the model does not have: the sum of an attribute
    that is misspelt would be 0 and bound nothing.
    """
    errors: list[SartoError] = []
    constraints: list[Constraint] = []
    for text in bounds:
        place = Place(key=f"bound '{text}'")
        try:
            expression = parse(text, place, model.features)
        except SartoError as error:
            errors.append(error)
            continue
        faults = (*constraint_faults(expression, model.features), *sum_faults(expression, model.features))
        errors += (SartoError(what, where=place) for what in dict.fromkeys(faults))
        constraints.append(Constraint(expression, "a bound", place))
    raise_all(errors)
    return replace(model, constraints=(*model.constraints, *constraints))


def _reached(objectives: Sequence[Objective], answer: Answer, bounds: Sequence[Fraction | None]) -> tuple[Reached, ...]:
    padded = [*bounds, *[None] * (len(objectives) - len(bounds))]
    return tuple(
        Reached(objective.goal, objective.amount(_total(objective.terms, answer)), bound)
        for objective, bound in zip(objectives, padded, strict=True)
    )


def _total(terms: Terms, answer: Answer) -> int:
    """The sum of the terms in a solution."""
    return sum(
        amount * (answer.booleans[variable - 1] if variable > 0 else answer.integers[-variable - 1])
        for amount, variable in terms
    )


def _together(objectives: Iterable[Objective]) -> Terms:
    amounts: dict[int, int] = {}
    for objective in objectives:
        for amount, variable in objective.terms:
            amounts[variable] = amounts.get(variable, 0) + amount
    return tuple((amount, variable) for variable, amount in amounts.items() if amount)


def _beyond(problem: Problem, objectives: Sequence[Objective], found: Sequence[tuple[int, ...]]) -> Problem:
    """The problem without all that is outdone or equalled: each solution is better by some goal than each one found."""
    size, linear, clauses = problem.size, list(problem.linear), list(problem.clauses)
    for totals in found:
        better = range(size + 1, size + 1 + len(objectives))
        size += len(objectives)
        clauses.append(tuple(better))
        for literal, objective, total in zip(better, objectives, totals, strict=True):
            linear.append(Linear(objective.terms, high=total - 1, when=(literal,)))
    return replace(problem, size=size, linear=tuple(linear), clauses=tuple(clauses))
