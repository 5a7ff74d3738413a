"""How many configurations a feature model has.

A configuration is counted as the selection of features that it is: the values of typed features do not make it
another one, though constraints over them may make it impossible. Instances of one feature are told apart
by their position.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import prod
from time import monotonic

from ..errors import SartoError, did_you_mean, raise_all
from ..model.feature_model import FeatureModel
from ..model.instances import expanded
from .decomposition import WeightedClauses, solutions
from .encoding import encode_skeleton
from .formula import Clause, Formula
from .free import FreeSubtrees
from .simplifying import parts_of, simplified
from .values import domains_of
from .weight_clauses import without_weights
from .weights import literal_weights

__all__ = ["ClauseCounter", "CountingProblem", "count", "counting_problem"]

ClauseCounter = Callable[[Sequence[Clause], int, Collection[int] | None, float], int | None]
"""``counter(clauses, size, counted, seconds)``: how many solutions clauses over the variables 1..``size`` have.

Solutions that agree on the variables ``counted`` are one; None counts them all. The answer is exact, or None
where it was not found in so many seconds.
"""

EASY = 20_000
"""After so many decisions a part of the formula is left to the counter that is made for hard ones, if there is one."""


def count(
    model: FeatureModel,
    counter: ClauseCounter | None = None,
    seconds: float = 60.0,
    decisions: Mapping[str, bool] | None = None,
    subtrees: FreeSubtrees | None = None,
) -> int | None:
    """The exact number of configurations, or None where it was not found in about so many seconds.

    Only those that agree with ``decisions``, feature by feature, are counted. Where ``subtrees`` are given, the model
    need not be encoded again, and its typed features have the values of their formula. What is hard is left to the
    ``counter``. Raises SartoError for decisions on unknown features, and for arithmetic and feature cardinalities
    that cannot be written out.
    """
    end = monotonic() + seconds
    problem = counting_problem(model, decisions or {}, subtrees)
    if problem is None:
        return 0
    result = problem.outside
    for _, part in problem.parts:
        number = _count_part(part, counter, end)
        if number is None:
            return None
        result *= number
    return result


@dataclass(frozen=True, slots=True)
class CountingProblem:
    """What is left to count of a model under decisions.

    ``known`` literals hold in all solutions and the counted variables ``free`` are in no clause: together they give
    ``outside``, by which the numbers of the ``parts`` are multiplied. Beside each part are the variables of the
    formula that its own, 1 and so on, stand for.
    """

    subtrees: FreeSubtrees
    weights: Mapping[int, int]
    known: frozenset[int]
    free: tuple[int, ...]
    parts: tuple[tuple[Sequence[int], WeightedClauses], ...]
    outside: int


def counting_problem(
    model: FeatureModel, decisions: Mapping[str, bool], subtrees: FreeSubtrees | None = None
) -> CountingProblem | None:
    """What is to be counted, or None where there is no configuration; raises SartoError as :func:`count` does."""
    model = expanded(model)
    _refuse_unknown(model, decisions)
    subtrees = subtrees or FreeSubtrees(model, encode_skeleton(model, domains_of(model, {})))
    formula = subtrees.formula
    weights = literal_weights(subtrees, decisions)
    demanded = [formula.literal(name, value) for name, value in decisions.items() if name in formula.variables]
    demanded += [-literal for literal, weight in weights.items() if not weight]
    simple = simplified([*formula.clauses, *((literal,) for literal in demanded)], formula.size)
    if simple is None:
        return None
    known, clauses = simple
    counted = _counted(formula)
    parts = parts_of(clauses)
    held = known.union(variable for variables, _ in parts for variable in variables)
    free = tuple(variable for variable in sorted(counted) if variable not in held and -variable not in held)
    shared = prod(weight for literal, weight in weights.items() if literal in known)
    return CountingProblem(
        subtrees,
        weights,
        known,
        free,
        tuple(
            (variables, _renumbered(variables, part, weights, counted))
            for variables, part in parts
            if not counted.isdisjoint(variables)  # there is a solution, and no more of the others is asked
        ),
        shared * prod(1 + weights.get(variable, 1) for variable in free),
    )


def _refuse_unknown(model: FeatureModel, names: Iterable[str]) -> None:
    raise_all(
        SartoError(f"unknown feature '{name}'", hint=did_you_mean(name, model.features))
        for name in names
        if name not in model.features
    )


def _counted(formula: Formula) -> frozenset[int]:
    """The variables in whose values configurations differ: not those of typed features' values, and what follows."""
    if all(len(selectors) == 1 for selectors in formula.selectors.values()):
        return frozenset(range(1, formula.size + 1))
    return frozenset([*formula.variables.values(), *(junction.variable for junction in formula.junctions)])


def _renumbered(
    variables: Sequence[int], clauses: Sequence[Clause], weights: Mapping[int, int], counted: frozenset[int]
) -> WeightedClauses:
    """A part of the formula over variables from 1 on."""
    number = {variable: index for index, variable in enumerate(variables, 1)}
    number |= {-variable: -index for variable, index in number.items()}
    relevant = counted.intersection(variables)
    return WeightedClauses(
        len(variables),
        tuple(tuple(number[literal] for literal in clause) for clause in clauses),
        {number[variable]: weights[variable] for variable in variables if weights.get(variable, 1) > 1},
        None if len(relevant) == len(variables) else {number[variable] for variable in relevant},
    )


def _count_part(part: WeightedClauses, counter: ClauseCounter | None, end: float) -> int | None:
    made = 0

    def is_over() -> bool:
        nonlocal made
        made += 1
        return (counter is not None and made > EASY) or monotonic() > end

    number = solutions(part, is_over)
    if number is not None or counter is None:
        return number
    plain = without_weights(part)
    left = end - monotonic()
    return counter(plain.clauses, plain.size, plain.counted, left) if left > 0 else None
