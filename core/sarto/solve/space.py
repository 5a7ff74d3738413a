"""All configurations of a model under decisions, as a problem for an optimiser, and the way back."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import lcm

from ..errors import SartoError
from ..model.expression import Compare, Value
from ..model.feature import ValueType
from ..model.feature_model import FeatureModel
from .amounts import Arithmetics
from .arithmetic import comparison
from .cheapest import Cheapest, Cost
from .difficulty import TooHard
from .encoding import encode_skeleton
from .formula import FormulaBuilder
from .free import FreeSubtrees
from .goals import Goal, LinearGoal, linear_goal
from .linear_form import features_read
from .problem import Answer, Linear, Problem, Terms
from .reasons import RootRule
from .sums import Sum, terms_of
from .typed import Ranges, compares_texts, ranges_of

__all__ = ["Objective", "Space"]


@dataclass(frozen=True, slots=True)
class Objective:
    """A goal as a sum to make least: the goal's amount is ``sign`` · (sum + ``constant``) / ``scale``."""

    goal: Goal
    terms: Terms
    constant: int
    scale: int

    def amount(self, total: int) -> Fraction:
        """The goal's own amount where the sum is ``total``."""
        return Fraction(-1 if self.goal.maximise else 1) * Fraction(total + self.constant, self.scale)


class Space:
    """The configurations of ``model`` in which the ``wishes`` hold: features decided as True, False or a value.

    Free subtrees are no part of the problem: what they cost at best is a weight, unless ``is_whole`` is set, as
    it must be where goals are weighed against each other. Raises SartoError for arithmetic that cannot be
    expressed; nothing is left out.
    """

    def __init__(
        self, model: FeatureModel, wishes: Mapping[str, Value], goals: Sequence[Goal] = (), *, is_whole: bool = False
    ) -> None:
        self.model = model
        self.ranges = ranges_of(
            model,
            {name: value for name, value in wishes.items() if not isinstance(value, bool)},
            [goal.expression for goal in goals if goal.expression is not None],
        )
        self._amounts: list[Sum | LinearGoal] = []
        self._arithmetics: Arithmetics | None = None
        self._goals = goals
        also = [*(model.preorder() if is_whole else ()), *self.ranges.domains, *self.ranges.bounds, *wishes]
        self.formula = encode_skeleton(model, self.ranges.domains, also, self._comparing)
        units = [(self.formula.literal(name, value is not False),) for name, value in wishes.items()]
        self.clauses = (*self.formula.clauses, *units)
        self.subtrees = FreeSubtrees(model, self.formula)
        self._scales = tuple(_scale(amount) for amount in self._amounts)
        self._cheapest = Cheapest(self.subtrees, self._costs(), len(goals))
        self.objectives = tuple(self._objective(index, goal) for index, goal in enumerate(goals))

    @property
    def arithmetics(self) -> Arithmetics:
        """The integers and sums of the problem."""
        if self._arithmetics is None:
            raise RuntimeError("the formula has not been made yet")
        return self._arithmetics

    def problem(
        self, minimise: Terms = (), extra: Iterable[Linear] = (), hints: Mapping[int, bool] | None = None
    ) -> Problem:
        """The problem of finding a configuration, with more conditions and a sum to make least."""
        arithmetics = self.arithmetics
        return Problem(
            size=self.formula.size,
            clauses=self.clauses,
            integers=tuple(arithmetics.integers),
            linear=(*arithmetics.linear, *extra),
            products=tuple(arithmetics.products),
            minimise=minimise,
            hints=hints or {},
        )

    def configuration(self, answer: Answer) -> dict[str, Value]:
        """The configuration of a solution, in the order of the tree."""
        true = dict(enumerate(answer.booleans, 1))
        free = set(self._cheapest.selected(true))
        return {
            name: self._value(name, answer) if self._is_on(name, true, free) else False
            for name in self.model.preorder()
        }

    def _is_on(self, name: str, true: Mapping[int, bool], free: set[str]) -> bool:
        variable = self.formula.variables.get(name)
        return name in free if variable is None else true[variable]

    def _value(self, name: str, answer: Answer) -> Value:
        if name in self.ranges.bounds:
            ((variable, _),) = self.arithmetics.values[name].terms.items()
            value = Fraction(answer.integers[-variable - 1], self.ranges.steps[name])
            return float(value) if self.model.features[name].type is ValueType.REAL else int(value)
        selectors = self.formula.selectors.get(name)
        if selectors is None:
            return True
        return next(value for value, literal in selectors.items() if answer.booleans[literal - 1])

    def _comparing(self, builder: FormulaBuilder) -> Callable[[Compare], int]:
        """Makes the integers and the goals that are not linear, and gives the literals of comparisons."""
        builder.rule(RootRule(self.model.root))
        arithmetics = self._arithmetics = Arithmetics(builder, self.model)
        for name, selectors in builder.selectors.items():
            if self.model.features[name].type is not ValueType.STRING:
                ((value, selector),) = selectors.items()
                arithmetics.values[name] = Sum().plus(Sum(terms={selector: Fraction(repr(value))}))
        for name, bounds in self.ranges.bounds.items():
            arithmetics.values[name] = _integer(arithmetics, builder.variable(name), bounds, self.ranges.steps[name])
        for goal in self._goals:
            linear = linear_goal(self.model, goal.expression, self.ranges.domains, self.ranges.bounds)
            self._amounts.append(linear or _amount(arithmetics, goal))

        def literal(node: Compare) -> int:
            if compares_texts(self.model, node):
                return _of_texts(builder, self.model, self.ranges, node)
            return arithmetics.comparison(node)

        return literal

    def _costs(self) -> dict[str, Cost]:
        """What each feature costs, goal by goal, in whole numbers: the amount that is to be least, times its scale."""
        columns: list[dict[str, int]] = []
        for goal, amount, scale in zip(self._goals, self._amounts, self._scales, strict=True):
            weights = amount.weights if isinstance(amount, LinearGoal) else {}
            factor = -scale if goal.maximise else scale
            columns.append({name: w.numerator * (factor // w.denominator) for name, w in weights.items()})
        names = dict.fromkeys(name for column in columns for name in column)
        return {name: tuple(column.get(name, 0) for column in columns) for name in names}

    def _objective(self, index: int, goal: Goal) -> Objective:
        amount = self._amounts[index]
        sign = Fraction(-1 if goal.maximise else 1)
        if isinstance(amount, Sum):
            total = amount.times(sign)
        else:
            scale = self._scales[index]
            below = {v: Fraction(cost[index], scale) for v, cost in self._cheapest.on().items()}
            total = Sum(sign * amount.constant, below)
            variables = self.formula.variables
            total = total.plus(Sum(terms={variables[n]: w for n, w in amount.weights.items() if n in variables}), sign)
            for name, factor in amount.factors.items():
                total = total.plus(self.arithmetics.values[name], sign * factor)
        whole = total.times(Fraction(total.scale))
        return Objective(goal, terms_of(whole), int(whole.constant), total.scale)


def _integer(arithmetics: Arithmetics, variable: int, bounds: tuple[int, int], steps: int) -> Sum:
    """The value of a typed feature: within its bounds where it is selected, 0 where it is not."""
    least, most = bounds
    if least > most:  # no value fits, so that nothing can have the feature
        arithmetics.builder.add(-variable)
        least = most = 0
    number = arithmetics.integer(min(least, 0), max(most, 0))
    value = Sum(terms={number: Fraction(1)})
    arithmetics.require(value, least, most, [variable])
    arithmetics.require(value, 0, 0, [-variable])
    return value.times(Fraction(1, steps))


def _scale(amount: Sum | LinearGoal) -> int:
    """The least whole number by which all weights of features become whole."""
    return lcm(*{weight.denominator for weight in amount.weights.values()}) if isinstance(amount, LinearGoal) else 1


def _amount(arithmetics: Arithmetics, goal: Goal) -> Sum:
    """A goal that is not linear, through integers of its own."""
    if goal.expression is None:
        raise RuntimeError("the number of features is linear")
    try:
        amount = arithmetics.amount(goal.expression)
    except SartoError as error:
        raise SartoError(error.what, where=error.where or goal.where, hint=error.hint) from None
    if amount.below.terms or amount.defined:
        what = f"'{goal.words}' divides by what is not decided, so that its best value cannot be found"
        raise SartoError(what, where=goal.where, hint="use sums, products and divisions by numbers")
    return amount.above.times(1 / amount.below.constant)


def _of_texts(builder: FormulaBuilder, model: FeatureModel, ranges: Ranges, node: Compare) -> int:
    if any(name in ranges.bounds for name in features_read(model, node)):
        raise TooHard("a text is compared with a number that is not decided yet", hint="give the number a value")
    return comparison(builder, model, ranges.domains, node)
