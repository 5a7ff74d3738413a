"""Problems of Sarto as models of CP-SAT (OR-Tools), and its answers.

The protocol classes are used as they are, without OR-Tools' modelling layer, which imports pandas and takes longer
to load than most models to solve.
"""

from __future__ import annotations

import math
import threading
from typing import TYPE_CHECKING, Any

from ortools.sat.python import cp_model_helper as cp_sat
from sarto.errors import SartoError
from sarto.solve.problem import Answer, Linear, Problem, Status

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["solve"]

LIMIT = 1 << 62
MOST_PATIENCE = 10
"""Seconds that an interrupted search may take to end: one that had no time to begin never does."""
STATUS = {
    cp_sat.OPTIMAL: Status.OPTIMAL,
    cp_sat.FEASIBLE: Status.FEASIBLE,
    cp_sat.INFEASIBLE: Status.IMPOSSIBLE,
    cp_sat.UNKNOWN: Status.UNKNOWN,
}


def solve(problem: Problem, seconds: float, workers: int = 1) -> Answer:
    """What CP-SAT finds, as :data:`sarto.solve.problem.Solve` promises it.

    With one worker and a fixed seed, the answer depends on the problem alone unless time runs out. An interrupt ends
    the search at once.
    """
    if seconds <= 0:
        return Answer(Status.UNKNOWN)
    parameters = cp_sat.SatParameters()
    parameters.max_time_in_seconds = seconds
    parameters.num_workers = workers
    parameters.random_seed = 1
    parameters.catch_sigint_signal = False
    parameters.linearization_level = 1
    response = _answer_to(_model(problem), parameters)
    if response.status not in STATUS:
        raise SartoError("CP-SAT does not accept the problem", hint="give typed features narrower bounds")
    status = STATUS[response.status]
    if status in (Status.IMPOSSIBLE, Status.UNKNOWN):
        return Answer(status)
    values = list(response.solution)
    value = sum(amount * values[_index(problem, variable)] for amount, variable in problem.minimise)
    bound = value if status is Status.OPTIMAL else _bound(response)
    return Answer(
        status,
        tuple(value > 0 for value in values[: problem.size]),
        tuple(values[problem.size :]),
        value,
        bound,
    )


def _bound(response: Any) -> int | None:
    """The greatest whole number that is surely no more than the least sum."""
    found = float(response.best_objective_bound)
    if not math.isfinite(found) or abs(found) > LIMIT:
        return None
    return math.ceil(found - 1e-6 * max(1.0, abs(found)))


def _answer_to(model: Any, parameters: Any) -> Any:
    """Solve in a thread of its own, so that an interrupt reaches this one while it waits."""
    solver: Any = cp_sat.SolveWrapper()
    solver.set_parameters(parameters)
    answers: list[Any] = []
    ended = threading.Event()

    def search() -> None:
        try:
            answers.append(solver.solve(model))
        finally:
            ended.set()

    try:
        threading.Thread(target=search, daemon=True).start()  # in which an interrupt may come, too
        while not ended.wait(0.1):
            pass
    except BaseException:
        solver.stop_search()
        ended.wait(MOST_PATIENCE)
        raise
    return answers[0]


def _model(problem: Problem) -> Any:
    model = cp_sat.CpModelProto()
    for low, high in [(0, 1)] * problem.size + list(problem.integers):
        model.variables.add().domain.extend([low, high])
    for clause in problem.clauses:
        model.constraints.add().bool_or.literals.extend(_literals(clause))
    for linear in problem.linear:
        _add_linear(model, problem, linear)
    for product in problem.products:
        arguments = model.constraints.add().int_prod
        _add_variable(arguments.target, problem.size + product.result - 1)
        for factor in (product.left, product.right):
            _add_variable(arguments.exprs.add(), problem.size + factor - 1)
    if problem.minimise:
        model.objective.vars.extend([_index(problem, variable) for _, variable in problem.minimise])
        model.objective.coeffs.extend([amount for amount, _ in problem.minimise])
    if problem.hints:
        model.solution_hint.vars.extend([variable - 1 for variable in problem.hints])
        model.solution_hint.values.extend([int(value) for value in problem.hints.values()])
    return model


def _add_linear(model: Any, problem: Problem, linear: Linear) -> None:
    constraint = model.constraints.add()
    constraint.enforcement_literal.extend(_literals(linear.when))
    constraint.linear.vars.extend([_index(problem, variable) for _, variable in linear.terms])
    constraint.linear.coeffs.extend([amount for amount, _ in linear.terms])
    low = -LIMIT if linear.low is None else linear.low
    constraint.linear.domain.extend([low, LIMIT if linear.high is None else linear.high])


def _add_variable(expression: Any, index: int) -> None:
    expression.vars.append(index)
    expression.coeffs.append(1)


def _literals(clause: Iterable[int]) -> list[int]:
    """CP-SAT's literals: the index of the variable, or for its negation -1 - index."""
    return [literal - 1 if literal > 0 else literal for literal in clause]


def _index(problem: Problem, variable: int) -> int:
    return variable - 1 if variable > 0 else problem.size - variable - 1
