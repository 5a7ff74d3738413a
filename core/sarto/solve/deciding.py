"""The analyses of models whose arithmetic is beyond Sarto's own means, by asking an optimiser."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from ..errors import SartoError
from ..model.feature import GroupKind
from ..model.feature_model import FeatureModel
from .problem import Problem, Solve, Status
from .space import Space

__all__ = ["SECONDS", "always_and_never", "false_optional"]

SECONDS = 60.0
"""How long one question may take."""


def always_and_never(model: FeatureModel, solve: Solve) -> tuple[frozenset[str], frozenset[str]] | None:
    """The features of all and of no configurations; None where there is no configuration.

    Raises SartoError where an answer is not found in time.
    """
    space = Space(model, {}, is_whole=True)
    problem = space.problem()
    variables = {variable: name for name, variable in space.formula.variables.items()}
    settled = _settled(problem, variables, solve)
    if settled is None:
        return None
    core = frozenset(variables[literal] for literal in settled if literal > 0)
    return core, frozenset(variables[-literal] for literal in settled if literal < 0)


def false_optional(model: FeatureModel, dead: Iterable[str], solve: Solve) -> list[str]:
    """Features that the tree does not make mandatory, yet are there whenever their parent is; none that is dead.

    Raises SartoError where an answer is not found in time.
    """
    space = Space(model, {}, is_whole=True)
    problem = space.problem()
    variables = space.formula.variables
    is_dead = frozenset(dead)
    alone: dict[int, str] = {}
    clauses = list(problem.clauses)
    size = problem.size
    for group in model.groups:
        for name in group.members if group.kind is not GroupKind.MANDATORY else ():
            if name not in is_dead:
                size += 1  # true only where the parent is there without the feature
                alone[size] = name
                clauses += [(-size, variables[group.parent]), (-size, -variables[name])]
    settled = _settled(replace(problem, size=size, clauses=tuple(clauses)), alone, solve, signs=(True,))
    return [alone[-literal] for literal in settled or ()]


def _settled(
    problem: Problem, asked: Mapping[int, str], solve: Solve, signs: Sequence[bool] = (True, False)
) -> list[int] | None:
    """The literals over ``asked`` that all solutions share; of a variable that is ``signs`` in none, its negation.

    Each round looks for the solution that shows most literals that none has shown so far.
    """
    unseen = {variable if sign else -variable for variable in asked for sign in signs}
    is_possible = False
    while True:
        terms = tuple((-1 if literal > 0 else 1, abs(literal)) for literal in sorted(unseen, key=lambda x: (abs(x), x)))
        amounts: dict[int, int] = {}
        for amount, variable in terms:
            amounts[variable] = amounts.get(variable, 0) + amount
        either = tuple(sorted(unseen, key=lambda x: (abs(x), x)))
        answer = solve(
            replace(
                problem,
                clauses=(*problem.clauses, either) if is_possible else problem.clauses,
                minimise=tuple((amount, variable) for variable, amount in amounts.items() if amount),
            ),
            SECONDS,
        )
        if answer.status is Status.IMPOSSIBLE:
            return [-literal for literal in either] if is_possible else None
        if answer.status is Status.UNKNOWN:
            raise SartoError(f"the model's arithmetic was not decided in {SECONDS:g} s", hint="narrow its ranges")
        is_possible = True
        unseen -= {v if value else -v for v, value in enumerate(answer.booleans, 1)}
        if not unseen:
            return []
