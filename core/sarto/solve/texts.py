"""The texts that make a difference to comparisons of texts and of their lengths: few stand for all there are.

Whatever texts some features have, others out of the few give every comparison the same truth: texts that are named
stand for themselves, and in every gap that named ones leave, of order or of length, there are as many others as there
are features that can meet in it (small models; compare Pnueli, Rodeh, Strichman and Siegel, 1999).
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from ..model.expression import (
    Arithmetic,
    AttributeReference,
    Compare,
    Expression,
    FeatureReference,
    Function,
    Number,
    Text,
    Value,
    calculate,
    exact,
    postorder,
)
from ..model.feature import ValueType
from ..model.feature_model import FeatureModel, attribute_value

__all__ = ["NotFewError", "few_texts"]

LONGEST = 10_000
"""Characters of the longest text that is made up."""
MOST = 2_000
"""The most texts that are told apart for one feature."""
Told = Mapping[str, Sequence[Value]]


class NotFewError(Exception):
    """A comparison that no few texts are enough for."""

    def __init__(self, use: Compare) -> None:
        self.use = use
        super().__init__(use)


@dataclass(slots=True)
class _Company:
    """The features whose texts meet in comparisons, and what these name: texts, and numbers of characters."""

    names: dict[str, None]
    texts: dict[str, None] = field(default_factory=dict)
    lengths: set[int] = field(default_factory=set)
    ordering: Compare | None = None
    measuring: Compare | None = None
    meet: bool = False
    """Whether texts of different features are compared."""
    meet_in_length: bool = False


def few_texts(
    model: FeatureModel, name: str, uses: Mapping[str, Sequence[Compare]], given: Told, told: Told
) -> tuple[Value, ...]:
    """The texts to tell apart for one feature; the same for all undecided ones that it is compared with.

    ``uses`` are the comparisons of each undecided feature, ``given`` the values of decided ones, and ``told`` further
    texts that are to stand for themselves. Raises NotFewError for texts that are both ordered and measured, for
    lengths that are calculated with (other than by numbers) or compared with what is no length, and for lengths of
    more than ``LONGEST``.
    """
    company = _Company({name: None})
    waiting, seen = [name], set[Compare]()
    while waiting:
        own = waiting.pop()
        company.texts |= dict.fromkeys(str(value) for value in (model.features[own].default, "") if value is not None)
        company.texts |= dict.fromkeys(str(value) for value in told.get(own, ()))
        for use in uses.get(own, ()):
            if use not in seen and FeatureReference(own) in postorder(use):
                seen.add(use)
                others = _text(model, use, company, given) or _length(model, use, company, given)
                waiting += [other for other in others if other not in company.names]
                company.names |= dict.fromkeys(others)
    return _told_apart(company)


def _text(model: FeatureModel, use: Compare, company: _Company, given: Told) -> list[str]:
    """Notes a comparison of texts; the undecided features in it, none where it is no such comparison."""
    names: list[str] = []
    for side in (use.left, use.right):
        match side:
            case FeatureReference(name) if model.features[name].type is ValueType.STRING and name not in given:
                names.append(name)
            case _ if (texts := _named(model, side, given)) is not None:
                company.texts |= dict.fromkeys(texts)
            case _:
                return []
    company.meet |= len(set(names)) > 1
    if names and use.operator not in ("==", "!="):
        company.ordering = use
    return names


def _named(model: FeatureModel, side: Expression, given: Told) -> list[str] | None:
    """The texts that a side without undecided features can be, except the empty one; None where it is no text."""
    match side:
        case Text(text):
            return [text]
        case FeatureReference(name) if model.features[name].type is ValueType.STRING and name in given:
            return [str(value) for value in given[name]]
        case AttributeReference(name, attribute):
            value = attribute_value(model.features[name], attribute)
            return [value] if isinstance(value, str) else None
        case _:
            return None


def _length(model: FeatureModel, use: Compare, company: _Company, given: Told) -> list[str]:
    """Notes a comparison of lengths with numbers or with each other; the undecided features in it."""
    factors, constants = _sum_of_lengths(model, use, Arithmetic("-", use.left, use.right), given)
    names = [name for name, factor in factors.items() if factor]
    if len(names) == 1:
        limits = [-constant / factors[names[0]] for constant in constants]
    elif len(names) == 2 and not factors[names[0]] + factors[names[1]] and constants == {0}:
        company.meet_in_length = True
        limits = []
    elif names:
        raise NotFewError(use)
    else:
        return list(factors)
    if any(limit > LONGEST for limit in limits):
        raise NotFewError(use)
    company.measuring = use
    company.lengths |= {round_(limit) for limit in limits if limit >= 0 for round_ in (math.floor, math.ceil)}
    return list(factors)


def _sum_of_lengths(
    model: FeatureModel, use: Compare, side: Expression, given: Told
) -> tuple[dict[str, Fraction], set[Fraction]]:
    """A linear expression over lengths: the factor of each undecided feature, and what the rest can come to."""
    match side:
        case Number(value):
            return {}, {Fraction(exact(value))}
        case Function("len", FeatureReference(name)) if (
            model.features[name].type is ValueType.STRING and name not in given
        ):
            return {name: Fraction(1)}, {Fraction(0)}
        case Function("len", operand) if (texts := _named(model, operand, given)) is not None:
            unselected = [] if isinstance(operand, Text) else [""]
            return {}, {Fraction(len(text)) for text in (*texts, *unselected)}
        case Arithmetic(operator, left, right):
            (first, one), (second, other) = (_sum_of_lengths(model, use, part, given) for part in (left, right))
            if operator in "+-":
                sign = Fraction(f"{operator}1")
                factors = {n: first.get(n, Fraction(0)) + sign * second.get(n, Fraction(0)) for n in first | second}
                return factors, {a + sign * b for a in one for b in other}
            if operator == "*" and first:
                first, one, second, other = second, other, first, one
            if first and operator == "/":
                first, one, second, other = second, other, first, one
            if not first and len(one) == 1 and (operator == "*" or one != {0}):
                (number,) = one
                factor = calculate(operator, Fraction(1), number)
                return {n: factor * f for n, f in second.items()}, {factor * constant for constant in other}
    raise NotFewError(use)


def _told_apart(company: _Company) -> tuple[Value, ...]:
    count = len(company.names) if company.meet else 1
    if company.ordering is not None:
        if company.measuring is not None:
            raise NotFewError(company.ordering)
        texts = [*company.texts, *_in_gaps(sorted(company.texts), count)]
    elif company.measuring is None:
        texts = [*company.texts, *_others(1, company.texts, count)]
    else:
        texts = [*company.texts]
        for length in _lengths(company):
            texts += _others(length, company.texts, count)
    if len(texts) > MOST:
        raise NotFewError(company.ordering or company.measuring or Compare("==", Text(""), Text("")))
    return tuple(dict.fromkeys(texts))


def _lengths(company: _Company) -> list[int]:
    """The numbers of characters that make a difference: in every gap as many as features can have."""
    named = {0, *company.lengths}
    apart = 1
    if company.meet_in_length:
        named |= {len(text) for text in company.texts}
        apart = len(company.names)
    return sorted({number + more for number in named for more in range(apart + 1)} - {0})


def _others(length: int, texts: Collection[str], count: int) -> Iterable[str]:
    """So many texts of a length, none of the given ones."""
    found: list[str] = []
    for letter in _letters():
        if (text := letter * length) not in texts:
            found.append(text)
            if len(found) == count:
                break
    return found


def _letters() -> Iterator[str]:
    """Characters that can be printed: a to z first."""
    yield from "abcdefghijklmnopqrstuvwxyz"
    yield from (letter for code in range(0xA1, 0x110000) if (letter := chr(code)).isprintable())


def _in_gaps(texts: Sequence[str], count: int) -> Iterator[str]:
    """Between each text and the next of them, and after the last, so many others, or all that there are."""
    for low, high in zip(texts, (*texts[1:], None), strict=True):
        yield from _between(low, high, count)


def _between(low: str, high: str | None, count: int) -> list[str]:
    """Texts between two in the order of their characters, such as can be printed where there are any."""
    if high is None or not high.startswith(low):
        return [low + "a" * size for size in range(1, count + 1)]
    found: list[str] = []
    for end in range(len(low), len(high)):
        start = high[:end]
        if end > len(low):
            found.append(start)
        for letter in "a0! ":
            if letter < high[end]:
                return found + [start + letter * size for size in range(1, count + 1)]
    first = next((end for end in range(len(low), len(high)) if high[end] > "\0"), None)
    if first is None or len(found) >= count:
        return found
    return found + [high[:first] + chr(ord(high[first]) - 1) * size for size in range(1, count + 1)]
