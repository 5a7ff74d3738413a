"""Certificates of optima: that no configuration is better, goal by goal, or that there is none at all.

The bound on a goal's amount is written as clauses, a diagram over partial sums (Eén and Sörensson, 2006), beside those
of the model, and refuted. Nothing of this comes from the optimiser that found the optimum.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from ..errors import SartoError
from ..model.expression import Compare, Number, Value
from ..model.feature_model import FeatureModel
from ..model.selection import Wish
from .arithmetic import comparison
from .certificates import Certificate, certificate
from .diagrams import linear
from .difficulty import TooHard
from .encoding import encode_skeleton
from .formula import Formula, FormulaBuilder
from .goals import Goal, linear_goal
from .linear_form import LinearForm
from .optimising import Optimum
from .problem import Status
from .reasons import AmountRule
from .typed import Ranges, ranges_of
from .words import joined, wish_sentence

__all__ = ["Provable", "provable"]

CONFLICTS = 300_000
"""So many conflicts the solver may need for a proof; more would make files that nobody checks."""
SMALLER = "leave out goals, or weigh them in fewer and rounder numbers"


@dataclass(frozen=True, slots=True)
class Provable:
    """A question whose answer can be proved: the best configuration in which the wishes hold."""

    model: FeatureModel
    wishes: Mapping[str, Value]
    goals: Sequence[Goal]
    _ranges: Ranges
    _forms: Sequence[LinearForm]

    def certify(self, optimum: Optimum, conflicts: int = CONFLICTS) -> Iterator[Certificate]:
        """For each goal the proof that none is better where the goals before it are kept, or that nothing is possible.

        Raises SartoError where the optimum is not known to be one, and where a proof would be too large:
        its diagram, or more than about so many ``conflicts`` of the solver.
        """
        if optimum.status is Status.IMPOSSIBLE:
            yield self._certified("impossible", "no configuration keeps the wishes and the bounds", (), conflicts)
            return
        if optimum.status is not Status.OPTIMAL:
            raise SartoError("there is nothing to prove: the best is not known", hint="give it more time")
        kept: list[tuple[str, LinearForm, str]] = []
        for index, (reached, form) in enumerate(zip(optimum.reached, self._forms, strict=True)):
            goal, amount = reached.goal, _decimal(reached.amount)
            less, equal = (">", ">=") if goal.maximise else ("<", "<=")
            less_words, equal_words = ("more", "at least") if goal.maximise else ("less", "at most")
            from_amount = LinearForm(form.constant - reached.amount, form.terms)
            claim = f"no configuration has {less_words} of {goal.words} than {amount}"
            if kept:
                claim += f" where it has {joined(words for _, _, words in kept)}"
            bounds = [(less, from_amount, f"{less_words} of {goal.words} than {amount}"), *kept]
            yield self._certified(f"goal-{index + 1}", claim, bounds, conflicts)
            kept.append((equal, from_amount, f"{equal_words} {amount} of {goal.words}"))

    def _certified(
        self, name: str, claim: str, bounds: Sequence[tuple[str, LinearForm, str]], conflicts: int
    ) -> Certificate:
        wishes = [Wish(feature, value) for feature, value in self.wishes.items()]
        if wishes:
            claim += f", if {joined(map(wish_sentence, wishes))}"
        try:
            formula = self._formula(bounds)
            units = [(formula.literal(wish.feature, wish.value is not False),) for wish in wishes]
            return certificate(name, claim, formula, formula.clauses, formula.sources, units, conflicts=conflicts)
        except TimeoutError:
            what = f"the proof that {claim} takes more than {conflicts} conflicts of the solver"
            raise SartoError(what, hint=SMALLER) from None

    def _formula(self, bounds: Sequence[tuple[str, LinearForm, str]]) -> Formula:
        """The clauses of the model and of the bounds."""

        def comparing(builder: FormulaBuilder) -> Callable[[Compare], int]:
            for operator, form, words in bounds:
                for feature in form.terms:
                    builder.variable(feature)
                builder.rule(AmountRule(words))
                try:
                    builder.add(linear(builder, form, Compare(operator, Number(0), Number(0))))
                except TooHard:
                    raise SartoError(f"a proof about '{words}' would be too large", hint=SMALLER) from None
            return lambda node: comparison(builder, self.model, self._ranges.domains, node)

        return encode_skeleton(self.model, self._ranges.domains, self.wishes, comparing)


def provable(model: FeatureModel, wishes: Mapping[str, Value], goals: Sequence[Goal]) -> Provable:
    """The question, if it is purely Boolean: no typed feature is compared or weighed, and the goals are sums.

    Raises SartoError where it is not, for only then there are proofs.
    """
    given = {name: value for name, value in wishes.items() if not isinstance(value, bool)}
    ranges = ranges_of(model, given, [goal.expression for goal in goals if goal.expression is not None])
    if ranges.bounds:
        named = joined(f"'{name}'" for name in ranges.bounds)
        raise SartoError(
            f"only Boolean problems have proofs, and this one asks for the values of {named}",
            hint="give these features values, or leave out --proof",
        )
    return Provable(model, wishes, goals, ranges, [_form(model, ranges, goal) for goal in goals])


def _form(model: FeatureModel, ranges: Ranges, goal: Goal) -> LinearForm:
    amount = linear_goal(model, goal.expression, ranges.domains, {})
    if amount is None:
        what = f"only sums have proofs, and '{goal.words}' is none"
        raise SartoError(what, where=goal.where, hint="leave out --proof")
    states = {name: ranges.domains.get(name, (True,)) for name in amount.weights}
    return LinearForm(amount.constant, {n: dict.fromkeys(states[n], weight) for n, weight in amount.weights.items()})


def _decimal(amount: Fraction) -> str:
    """The number in all its digits, or as a fraction where those have no end."""
    decimal = float(amount)
    if amount.denominator == 1:
        return str(amount.numerator)
    return repr(decimal) if Fraction(repr(decimal)) == amount else str(amount)
