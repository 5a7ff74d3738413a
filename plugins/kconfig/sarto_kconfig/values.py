"""Integers, hexadecimals and texts of Kconfig: how they compare, and their ranges."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sarto.errors import Place, SartoError
from sarto.model.expression import Compare, Expression, FeatureReference, Number, Text

from .language import k

__all__ = ["TURNED", "comparison", "holds", "number_of", "place_of", "settled", "unclear", "within"]

TURNED = {
    k.EQUAL: k.EQUAL, k.UNEQUAL: k.UNEQUAL, k.LESS: k.GREATER, k.GREATER: k.LESS,
    k.LESS_EQUAL: k.GREATER_EQUAL, k.GREATER_EQUAL: k.LESS_EQUAL,
}  # fmt: skip
_WRITTEN = {
    k.EQUAL: "==", k.UNEQUAL: "!=", k.LESS: "<", k.GREATER: ">", k.LESS_EQUAL: "<=", k.GREATER_EQUAL: ">=",
}  # fmt: skip


def place_of(item: Any) -> Place:
    """Where a symbol, a choice or a menu stands."""
    node = item.nodes[0] if hasattr(item, "nodes") else item
    return Place(str(Path(node.kconfig.srctree) / node.filename), line=node.linenr)


def unclear(symbol: Any, what: str) -> SartoError:
    """An error for what a feature model cannot say of a symbol."""
    return SartoError(what, where=place_of(symbol))


def holds(operator: Any, left: int | str, right: int | str) -> bool:
    """Whether a comparison holds: of numbers where both are some, else of texts, levels being 0 to 2."""
    try:
        difference = _number(left) - _number(right)
    except ValueError:
        first, second = (_LEVELS[side] if isinstance(side, int) else side for side in (left, right))
        difference = (first > second) - (first < second)
    return bool({
        k.EQUAL: difference == 0, k.UNEQUAL: difference != 0, k.LESS: difference < 0, k.GREATER: difference > 0,
        k.LESS_EQUAL: difference <= 0, k.GREATER_EQUAL: difference >= 0,
    }[operator])  # fmt: skip


_LEVELS = ("n", "m", "y")


def _number(value: int | str) -> int:
    return value if isinstance(value, int) else int(value, 0)


def number_of(symbol: Any, text: str) -> int | None:
    """The number that a text is for an integer or hexadecimal symbol, or None."""
    try:
        return int(text, 16 if symbol.orig_type == k.HEX else 10)
    except ValueError:
        return None


def comparison(symbol: Any, name: str, operator: Any, other: str, text: str) -> Expression:
    """The comparison of a visible symbol's value with a constant. Raises SartoError where it is of another kind."""
    own = FeatureReference(name)
    if symbol.orig_type == k.STRING:
        if operator in (k.EQUAL, k.UNEQUAL) and _is_no_number(other):
            return Compare(_WRITTEN[operator], own, Text(other))
    elif not _is_no_number(other):
        return Compare(_WRITTEN[operator], own, Number(_number(other)))
    raise unclear(symbol, f"'{text}' compares '{symbol.name}' in a way that a feature model has no words for")


def _is_no_number(text: str) -> bool:
    try:
        int(text, 0)
    except ValueError:
        return True
    return False


def settled(symbol: Any, default: str, low: Any = None, high: Any = None) -> int | str:
    """The value of an invisible symbol with this default, moved between the bounds where they are given."""
    if symbol.orig_type == k.STRING:
        return default
    number = number_of(symbol, default)
    if low is not None:
        inside = max(_bound(symbol, low), min(number or 0, _bound(symbol, high)))
        return default if inside == (number or 0) and number is None else inside
    return default if number is None else number


def within(symbol: Any, name: str, low: Any, high: Any) -> Iterator[Expression]:
    """The bounds of a range, as comparisons."""
    yield Compare(">=", FeatureReference(name), Number(_bound(symbol, low)))
    yield Compare("<=", FeatureReference(name), Number(_bound(symbol, high)))


def _bound(symbol: Any, bound: Any) -> int:
    number = None if bound.nodes else number_of(symbol, bound.name)
    if number is None:
        raise unclear(symbol, f"the range of '{symbol.name}' has a bound that is another symbol's value")
    return number
