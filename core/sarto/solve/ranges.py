"""What a typed feature may still be: the intervals of values with which decisions remain possible."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from fractions import Fraction
from math import ceil, floor

from ..model.expression import Compare, FeatureReference, Value, postorder
from ..model.feature import Feature, ValueType
from ..model.feature_model import FeatureModel
from ..model.selection import Selection, Wish
from .difficulty import TooHard
from .encoding import encode_skeleton
from .formula import Formula
from .session import SatSession
from .values import domains_of, given_values, threshold

__all__ = ["Interval", "intervals"]

Number = int | float

TRIED = 2000
"""So many values of an integer are tried one by one, at most."""


@dataclass(frozen=True, slots=True)
class Interval:
    """Numbers from ``minimum`` to ``maximum``, None where there is no bound; of reals, perhaps without the ends."""

    minimum: Number | None
    maximum: Number | None
    without_minimum: bool = False
    without_maximum: bool = False


def intervals(model: FeatureModel, wishes: Mapping[str, Value], feature: str) -> tuple[Interval, ...] | None:
    """The values of a feature that is a number with which the other wishes are possible; none where it cannot be in.

    Other typed features have the value that is wished, else their default. None where it is not known: the
    arithmetic calculates with values that nobody has decided.
    """
    known = model.features[feature]
    others = {name: Wish(name, value) for name, value in wishes.items() if name != feature}
    given = given_values(model, Selection(line="", customer="", wishes=others))
    given.pop(feature, None)
    try:
        formula, points = _formula(model, given, known, [*others, feature])
    except TooHard:
        return None
    decided = [formula.literal(name, wish.value is not False) for name, wish in others.items()]
    selectors = formula.selectors[feature]
    with closing(SatSession.of(formula)) as session:
        possible = [(value, session.is_possible([*decided, literal])) for value, literal in selectors.items()]
    if len(selectors) == 1 and not points:
        return (Interval(known.minimum, known.maximum),) if possible[0][1] else ()
    numbers = sorted((value, is_possible) for value, is_possible in possible if not isinstance(value, str))
    if known.type is ValueType.INTEGER:
        return tuple(_whole(known, numbers))
    bounds = [None if bound is None else Fraction(repr(bound)) for bound in (known.minimum, known.maximum)]
    inside = [each for each in sorted({*points, Fraction(0)}) if _is_inside(each, *bounds)]
    return tuple(_real(known, numbers, inside))


def _formula(
    model: FeatureModel, given: Mapping[str, Sequence[Value]], feature: Feature, named: Sequence[str]
) -> tuple[Formula, frozenset[Fraction]]:
    """A formula with values of the feature that tell of all others, and the numbers at which a comparison changes.

    Where the arithmetic is not linear in it alone, all of its values are tried, if these are few enough.
    """
    try:
        return encode_skeleton(model, domains_of(model, given), named), _points(model, feature)
    except TooHard:
        if feature.type is not ValueType.INTEGER or feature.minimum is None or feature.maximum is None:
            raise
        every = range(ceil(feature.minimum), floor(feature.maximum) + 1)
        if not 0 < len(every) <= TRIED:
            raise
    domains = domains_of(model, {**given, feature.name: tuple(every)})
    return encode_skeleton(model, domains, named), frozenset([Fraction(every[0])])


def _points(model: FeatureModel, feature: Feature) -> frozenset[Fraction]:
    """The numbers at which a comparison over the feature changes."""
    uses = [node for each in model.constraints for node in postorder(each.expression) if isinstance(node, Compare)]
    reference = FeatureReference(feature.name)
    return frozenset(threshold(model, feature, use) for use in uses if reference in postorder(use))


def _is_inside(point: Fraction, low: Fraction | None, high: Fraction | None) -> bool:
    return (low is None or low <= point) and (high is None or point <= high)


def _whole(feature: Feature, numbers: Sequence[tuple[Number, bool]]) -> Iterator[Interval]:
    """Runs of possible integers: between two that were tried next to each other, all others are as both are."""
    begun: Number | None = None
    for index, (value, is_possible) in enumerate(numbers):
        if is_possible and begun is None:
            begun = value
        if begun is not None and (index + 1 == len(numbers) or not numbers[index + 1][1]):
            is_first, is_last = begun == numbers[0][0], index + 1 == len(numbers)
            yield Interval(
                feature.minimum if is_first and feature.minimum is None else begun,
                feature.maximum if is_last and feature.maximum is None else value,
            )
            begun = None


def _real(feature: Feature, numbers: Sequence[tuple[Number, bool]], points: Sequence[Fraction]) -> Iterator[Interval]:
    """Runs of possible points and of the regions between them, whose every number is as the one that was tried."""
    begun: Interval | None = None
    for value, is_possible in numbers:
        if not is_possible:
            if begun:
                yield begun
            begun = None
            continue
        piece = _region(feature, value, points)
        begun = piece if begun is None else replace(
            piece, minimum=begun.minimum, without_minimum=begun.without_minimum
        )  # fmt: skip
    if begun:
        yield begun


def _region(feature: Feature, value: Number, points: Sequence[Fraction]) -> Interval:
    """The numbers around one, up to the next points, at which comparisons change; a point by itself."""
    exact = Fraction(repr(value))
    if exact in points:
        return Interval(value, value)
    below = max((point for point in points if point < exact), default=None)
    above = min((point for point in points if point > exact), default=None)
    low = feature.minimum if below is None else _number(below)
    high = feature.maximum if above is None else _number(above)
    return Interval(low, high, below is not None, above is not None)


def _number(exact: Fraction) -> Number:
    return int(exact) if exact.denominator == 1 else float(exact)
