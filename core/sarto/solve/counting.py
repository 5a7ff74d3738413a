"""How many configurations a feature model has.

A configuration is counted as the selection of features that it is: the values of typed features do not make it
another one, though constraints over them may make it impossible. Instances of one feature are told apart
by their position.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from math import prod
from time import monotonic

from ..errors import SartoError, did_you_mean, raise_all
from ..model.feature_model import FeatureModel
from ..model.instances import expanded
from .decomposition import WeightedClauses, solutions
from .encoding import encode_skeleton
from .formula import Clause, Formula
from .free import FreeSubtrees
from .simplifying import Part, parts_of, simplified
from .values import domains_of
from .weight_clauses import without_weights
from .weights import literal_weights

__all__ = ["ClauseCounter", "count"]

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
) -> int | None:
    """The exact number of configurations, or None where it was not found in about so many seconds.

    Only those that agree with ``decisions``, feature by feature, are counted. What is hard is left to the
    ``counter``. Raises SartoError for decisions on unknown features, and for arithmetic and
    feature cardinalities that cannot be written out.
    """
    end = monotonic() + seconds
    decided = decisions or {}
    model = expanded(model)
    _refuse_unknown(model, decided)
    formula = encode_skeleton(model, domains_of(model, {}))
    weights = literal_weights(FreeSubtrees(model, formula), decided)
    demanded = [formula.literal(name, value) for name, value in decided.items() if name in formula.variables]
    demanded += [-literal for literal, weight in weights.items() if not weight]
    simple = simplified([*formula.clauses, *((literal,) for literal in demanded)], formula.size)
    if simple is None:
        return 0
    known, clauses = simple
    counted = _counted(formula)
    parts = parts_of(clauses)
    result = _number_outside(known, parts, weights, counted)
    for variables, part in parts:
        if counted.isdisjoint(variables):
            continue  # there is a solution, and no more of it is asked
        number = _count_part(_renumbered(variables, part, weights, counted), counter, end)
        if number is None:
            return None
        result *= number
    return result


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


def _number_outside(
    known: frozenset[int], parts: Sequence[Part], weights: Mapping[int, int], counted: frozenset[int]
) -> int:
    """What the literals give that all solutions share, and the variables that no clause holds."""
    held = known.union(variable for variables, _ in parts for variable in variables)
    free = [variable for variable in counted if variable not in held and -variable not in held]
    shared = prod(weight for literal, weight in weights.items() if literal in known)
    return shared * prod(1 + weights.get(variable, 1) for variable in free)


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
