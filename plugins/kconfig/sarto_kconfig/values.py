"""Values of Kconfig's symbols, constant or decided by the user, and how they compare."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sarto.errors import Place, SartoError
from sarto.model.expression import Compare, Expression, FeatureReference, Number, Text

from .language import k
from .logic import Formula

__all__ = ["Amount", "Constant", "Decided", "compared", "number_in", "place_of", "said_in", "unclear"]

_TURNED = {
    k.EQUAL: k.EQUAL, k.UNEQUAL: k.UNEQUAL, k.LESS: k.GREATER, k.GREATER: k.LESS,
    k.LESS_EQUAL: k.GREATER_EQUAL, k.GREATER_EQUAL: k.LESS_EQUAL,
}  # fmt: skip
_WRITTEN = {
    k.EQUAL: "==", k.UNEQUAL: "!=", k.LESS: "<", k.GREATER: ">", k.LESS_EQUAL: "<=", k.GREATER_EQUAL: ">=",
}  # fmt: skip
_LEVELS = ("n", "m", "y")
_BASES = {k.INT: 10, k.HEX: 16}


@dataclass(frozen=True, slots=True)
class Constant:
    """A text that stands in the file, and the type of the symbol that has it as its value."""

    text: str
    type: Any


@dataclass(frozen=True, slots=True)
class Decided:
    """What the user sets a visible symbol to: the value of its feature, between the bounds that it has, if any."""

    name: str
    type: Any
    least: int | None = None
    most: int | None = None


Amount = Constant | Decided


def place_of(item: Any) -> Place:
    """Where a symbol, a choice or a menu stands."""
    node = item.nodes[0] if hasattr(item, "nodes") else item
    return Place(node.kconfig.path_of(node.filename), line=node.linenr)


def unclear(symbol: Any, what: str, hint: str) -> SartoError:
    """An error for what a feature model cannot say of a symbol."""
    return SartoError(what, where=place_of(symbol), hint=hint)


def said_in(text: str, kind: Any) -> int | None:
    """The number that a text is for a symbol of this type, or None."""
    try:
        return _LEVELS.index(text) if kind in (k.BOOL, k.TRISTATE) else int(text, _BASES.get(kind, 0))
    except ValueError:
        return None


def number_in(amount: Amount) -> int | Decided:
    """An amount as the bound of a range or as what is moved into one: a text that is no number counts as 0."""
    return amount if isinstance(amount, Decided) else said_in(amount.text, amount.type) or 0


def compared(operator: Any, left: Amount | int, right: Amount | int) -> Formula | None:
    """When a comparison holds, or None where a feature model cannot say it.

    Two strings compare as texts, all else as numbers where both are some, and as texts where not.
    """
    if isinstance(left, Decided):
        return _decided(operator, left, right)
    if isinstance(right, Decided):
        return _decided(_TURNED[operator], right, left)
    return _is_so(operator, *_comparable(left, right))


def _comparable(left: Constant | int, right: Constant | int) -> tuple[int | str, int | str]:
    numbers = [side if isinstance(side, int) else said_in(side.text, side.type) for side in (left, right)]
    kinds = {side.type for side in (left, right) if isinstance(side, Constant)}
    if kinds != {k.STRING} and numbers[0] is not None and numbers[1] is not None:
        return numbers[0], numbers[1]
    return tuple(str(side) if isinstance(side, int) else side.text for side in (left, right))  # type: ignore[return-value]  # two of them


def _is_so(operator: Any, left: int | str, right: int | str) -> bool:
    difference = (left > right) - (left < right)  # type: ignore[operator]  # both are numbers, or both are texts
    return bool({
        k.EQUAL: difference == 0, k.UNEQUAL: difference != 0, k.LESS: difference < 0, k.GREATER: difference > 0,
        k.LESS_EQUAL: difference <= 0, k.GREATER_EQUAL: difference >= 0,
    }[operator])  # fmt: skip


def _decided(operator: Any, own: Decided, other: Amount | int) -> Formula | None:
    """The comparison of what the user sets; how a number was spelled is not known, nor what number a text is."""
    if isinstance(other, Decided):
        if (own.type == k.STRING) != (other.type == k.STRING):
            return None
        return _unless_sure(operator, own, other, FeatureReference(other.name))
    number = other if isinstance(other, int) else said_in(other.text, other.type)
    if own.type == k.STRING:
        is_text = isinstance(other, Constant) and (other.type == k.STRING or number is None)
        return _stated(operator, own, Text(other.text)) if is_text and isinstance(other, Constant) else None
    if number is None:
        return _beside_text(operator, own, other)
    return _unless_sure(operator, own, Decided("", k.INT, number, number), Number(number))


def _unless_sure(operator: Any, own: Decided, other: Decided, side: Expression) -> Formula:
    """The comparison, or its truth where that follows from the bounds of both."""
    is_below = own.most is not None and other.least is not None and own.most < other.least
    is_above = own.least is not None and other.most is not None and own.least > other.most
    if is_below or is_above:
        return _is_so(operator, 0 if is_below else 1, 1 if is_below else 0)
    is_at_most = own.most is not None and other.least is not None and own.most <= other.least
    is_at_least = own.least is not None and other.most is not None and own.least >= other.most
    if is_at_most and operator in (k.LESS_EQUAL, k.GREATER):
        return bool(operator == k.LESS_EQUAL)
    if is_at_least and operator in (k.GREATER_EQUAL, k.LESS):
        return bool(operator == k.GREATER_EQUAL)
    return _stated(operator, own, side)


def _stated(operator: Any, own: Decided, side: Expression) -> Expression:
    return Compare(_WRITTEN[operator], FeatureReference(own.name), side)


def _beside_text(operator: Any, own: Decided, other: Constant | int) -> Formula | None:
    """The comparison of a number's digits with a text: with an empty one, or whether they are the same."""
    text = str(other) if isinstance(other, int) else other.text
    if not text:
        return operator in (k.UNEQUAL, k.GREATER, k.GREATER_EQUAL)
    if operator in (k.EQUAL, k.UNEQUAL) and said_in(text, own.type) is None:
        return bool(operator == k.UNEQUAL)
    return None
