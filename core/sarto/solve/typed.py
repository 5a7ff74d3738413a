"""Typed features that nobody has decided, as whole numbers of an optimiser's problem.

An integer feature is an integer. A real one is an integer number of steps, so small that whatever can be
fulfilled with any decimals can be with these: comparisons of one real, or of the sum or difference of
two, with what is whole (differences: Bellman, 1958; sums of two by doubling: Miné, 2006).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor, lcm

from ..errors import Place, SartoError
from ..model.expression import AttributeReference, Compare, Expression, FeatureReference, Text, Value, exact, postorder
from ..model.feature import Feature, ValueType
from ..model.feature_model import FeatureModel, attribute_value
from ..model.grammar import write
from .difficulty import TooHard
from .linear_form import Domains, features_read, linear_form
from .reach import proved_reach
from .texts import NotFewError, few_texts
from .values import UndecidedError, any_value, number_candidates, threshold

__all__ = ["Ranges", "compares_texts", "ranges_of"]

DIGITS = 10**15
"""Decimals of so many digits are told apart by the numbers of Python."""
OWN = "give it a value, or make it an integer"
TEXTS = "give them values, or compare them and their lengths with constants and each other only"


@dataclass(frozen=True, slots=True)
class Ranges:
    """What typed features may be: one of a few values (``domains``), or ``bounds`` (least, greatest) of steps.

    A value is its number of steps divided by ``steps``.
    """

    domains: Domains
    bounds: Mapping[str, tuple[int, int]]
    steps: Mapping[str, int]


def ranges_of(model: FeatureModel, given: Mapping[str, Value], goals: Sequence[Expression]) -> Ranges:
    """The ranges of all typed features under the model's constraints, those of ``given`` decided.

    Raises SartoError for a feature without bounds that is calculated with, and for reals that are compared in
    ways for which no steps are small enough.
    """
    domains: dict[str, Sequence[Value]] = {}
    free: dict[str, Feature] = {}
    for feature in model.features.values():
        if feature.type is not None:
            if feature.name in given:
                domains[feature.name] = (given[feature.name],)
            else:
                free[feature.name] = feature
    if not free:
        return Ranges(domains, {}, {})
    uses = _uses(model, free)
    fixed = dict(domains)
    wanted = {node.name for goal in goals for node in postorder(goal) if isinstance(node, FeatureReference)}
    bounds: dict[str, tuple[int, int]] = {}
    steps: dict[str, int] = {}
    reals = [name for name, feature in free.items() if feature.type is ValueType.REAL and name in uses]
    step = _steps(model, free, reals, [use for name in reals for use in uses[name]], domains) if reals else 1
    for name, feature in free.items():
        if name not in uses and name not in wanted:
            domains[name] = (any_value(feature),)
        elif feature.type is ValueType.STRING:
            domains[name] = _texts(model, feature, uses, fixed)
        else:
            if name in wanted and feature.type is ValueType.REAL:
                raise SartoError(f"the real feature '{name}' in a goal has no best value for certain", hint=OWN)
            steps[name] = step if feature.type is ValueType.REAL else 1
            bounds[name] = _bounds(model, feature, name in wanted, steps[name], free, uses, fixed)
    return Ranges(domains, bounds, steps)


def compares_texts(model: FeatureModel, node: Compare) -> bool:
    """Whether a side of the comparison is a text."""
    return any(_is_text(model, side) for side in (node.left, node.right))


def _is_text(model: FeatureModel, side: Expression) -> bool:
    match side:
        case Text():
            return True
        case FeatureReference(name):
            return model.features[name].type is ValueType.STRING
        case AttributeReference(name, attribute):
            return isinstance(attribute_value(model.features[name], attribute), str)
        case _:
            return False


def _uses(model: FeatureModel, free: Mapping[str, Feature]) -> dict[str, list[Compare]]:
    """The comparisons that read the value of each feature."""
    uses: dict[str, list[Compare]] = {}
    for constraint in model.constraints:
        for use in postorder(constraint.expression):
            if isinstance(use, Compare):
                names = [node.name for node in postorder(use) if isinstance(node, FeatureReference)]
                for name in dict.fromkeys(names):
                    if name in free:
                        uses.setdefault(name, []).append(use)
    return uses


def _texts(
    model: FeatureModel, feature: Feature, uses: Mapping[str, Sequence[Compare]], given: Domains
) -> tuple[Value, ...]:
    if feature.name not in uses:
        return (any_value(feature),)
    try:
        return few_texts(model, feature.name, uses, given, {})
    except NotFewError as error:
        what = f"'{write(error.use)}' orders, measures or calculates with texts that are not decided yet"
        raise TooHard(what, where=_place_of(model, error.use), hint=TEXTS) from None


def _bounds(
    model: FeatureModel, feature: Feature, is_wanted: bool, steps: int,
    free: Mapping[str, Feature], uses: Mapping[str, Sequence[Compare]], given: Domains,
) -> tuple[int, int]:  # fmt: skip
    low, high = feature.minimum, feature.maximum
    if low is None or high is None:
        least, most = _reach(model, feature, is_wanted, free, uses, given)
        low, high = least if low is None else low, most if high is None else high
    first, last = ceil(Fraction(exact(low)) * steps), floor(Fraction(exact(high)) * steps)
    if steps > 1 and max(abs(first), abs(last)) >= DIGITS:
        raise TooHard(f"the values of the real feature '{feature.name}' need more than 15 digits", hint=OWN)
    return first, last


def _reach(
    model: FeatureModel, feature: Feature, is_wanted: bool,
    free: Mapping[str, Feature], uses: Mapping[str, Sequence[Compare]], given: Domains,
) -> tuple[int | float, int | float]:  # fmt: skip
    """How far a feature without bounds need go, where it is compared with constants alone or in whole numbers."""
    lacking = "minimum" if feature.minimum is None else "maximum"
    own = uses.get(feature.name, [])
    if not is_wanted and all(len(features_read(model, use)) == 1 for use in own):
        try:
            found = number_candidates(feature, [threshold(model, feature, use) for use in own])
        except UndecidedError as error:
            what = f"'{write(error.use)}' is not linear in '{feature.name}', which has no {lacking}"
            hint = f"give it a {lacking}, or give it a value"
            raise TooHard(what, where=_place_of(model, error.use), hint=hint) from None
        numbers = [value for value in found if isinstance(value, int | float)]
        return min(numbers, default=1), max(numbers, default=0)
    far = None if is_wanted else proved_reach(model, feature.name, free, uses, given)
    if far is None:
        raise TooHard(
            f"'{feature.name}' is calculated with, and has no {lacking}",
            where=feature.where, hint=f"give it a {lacking}, or give it a value",
        )  # fmt: skip
    return -far, far


def _steps(
    model: FeatureModel, free: Mapping[str, Feature], reals: Sequence[str], uses: Sequence[Compare], given: Domains
) -> int:
    """Into how many steps 1 is cut, for all reals."""
    parts = 1
    for name in reals:
        limits = (free[name].minimum, free[name].maximum)
        parts = lcm(parts, *(Fraction(exact(limit)).denominator for limit in limits if limit is not None))
    for use in dict.fromkeys(uses):
        parts = lcm(parts, *(number.denominator for number in _thresholds(model, free, reals, use, given)))
    rest = parts
    for factor in (2, 5):
        while rest % factor == 0:
            rest //= factor
    if rest > 1:
        what = f"the real feature '{reals[0]}' is compared with a number that has no end as a decimal"
        raise TooHard(what, where=_place_of(model, uses[0]), hint=OWN)
    finer = 10
    while finer < 2 * (2 * len(reals) + 3):
        finer *= 10
    return parts * finer


def _thresholds(
    model: FeatureModel, free: Mapping[str, Feature], reals: Sequence[str], use: Compare, given: Domains
) -> list[Fraction]:
    """The numbers of the comparison, divided by the factor of its reals."""
    probe: dict[str, Sequence[Value]] = {**given, **dict.fromkeys(free, (0, 1))}
    left, right = linear_form(model, probe, use.left), linear_form(model, probe, use.right)
    if left is None or right is None:
        what = f"'{write(use)}' is not linear in a real feature that is not decided yet"
        raise TooHard(what, where=_place_of(model, use), hint=OWN)
    slopes: dict[str, Fraction] = {}
    numbers = [left.constant, right.constant]
    for form, sign in ((left, 1), (right, -1)):
        for name, states in form.terms.items():
            if name in free:
                slopes[name] = slopes.get(name, Fraction(0)) + sign * (states[1] - states[0])
                numbers.append(states[0])
            else:
                numbers += states.values()
    factors = {abs(slopes[name]) for name in reals if slopes.get(name)}
    if not factors:
        return []
    if len(factors) > 1 or sum(bool(slopes.get(name)) for name in reals) > 2:
        what = f"'{write(use)}' calculates with several real features that are not decided yet"
        raise TooHard(what, where=_place_of(model, use), hint=OWN)
    (factor,) = factors
    numbers += [slope for name, slope in slopes.items() if name not in reals]
    return [number / factor for number in numbers]


def _place_of(model: FeatureModel, use: Compare) -> Place | None:
    """Where the comparison stands."""
    return next((c.where for c in model.constraints if use in postorder(c.expression)), None)
