"""What value a symbol has in which case, and the ranges that bind it; a value may be that of another symbol."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from sarto.errors import SartoError

from .language import k
from .logic import Formula, both, chosen, either, equivalent, implies, negated
from .values import Amount, Constant, Decided, compared, number_in, said_in, unclear

if TYPE_CHECKING:
    from .meaning import Meaning

__all__ = ["cases_of", "extent_of", "value_rules"]

Cases = dict[Amount, Formula]
"""The values that a symbol can have, and when it has each; exactly one of them holds at a time."""

_MOST_CASES = 200
_KINDS = {k.INT: "an int", k.HEX: "a hex", k.STRING: "a string"}


def cases_of(meaning: Meaning, symbol: Any) -> Cases:
    """The value of a symbol or constant: an undefined one has its name. Raises SartoError for what cannot be said."""
    if symbol.orig_type in (k.BOOL, k.TRISTATE):
        if symbol.is_constant or not symbol.nodes:
            return {Constant(symbol.name, k.TRISTATE): True}
        states = meaning.item(symbol).states()
        return {Constant("nmy"[state], k.TRISTATE): given for state, given in states}
    if not symbol.nodes or symbol.orig_type == k.UNKNOWN:
        return {Constant(symbol.name, k.UNKNOWN): True}
    if symbol not in meaning.values:
        is_always = meaning.visibility(symbol).some is True
        present = True if is_always and symbol in meaning.names else meaning.present(symbol)
        found: Cases = {}
        if present is not False:
            _add(symbol, found, _decided(meaning, symbol), present)
        for amount, given in () if present is True else _unset(meaning, symbol).items():
            _add(symbol, found, amount, both(negated(present), given))
        meaning.values[symbol] = found
    return meaning.values[symbol]


def value_rules(meaning: Meaning, symbol: Any) -> Iterator[Formula]:
    """What a symbol with a value is bound by: it is there when it is visible, and in the range that holds.

    Where that range is empty nothing can be set: the value is its default, moved to the bound that it is beyond.
    """
    own = meaning.present(symbol)
    yield equivalent(own, meaning.visibility(symbol).some)
    decided = _decided(meaning, symbol)
    before: Formula = False
    for low, high, condition in symbol.ranges:
        given = meaning.level(condition).some
        for least, most, case in _bounds(meaning, symbol, low, high):
            here = both(own, given, negated(before), case)
            is_empty = _is_so(k.LESS, most, least)
            inside = both(_is_so(k.GREATER_EQUAL, decided, least), _is_so(k.LESS_EQUAL, decided, most))
            yield implies(both(here, negated(is_empty)), inside)
            if both(here, is_empty) is False:
                continue
            at_least, at_most = _is_so(k.EQUAL, decided, least), _is_so(k.EQUAL, decided, most)
            for amount, when in _defaults(meaning, symbol).items():
                moved = chosen(_is_so(k.LESS, number_in(amount), least), at_least, at_most)
                yield implies(both(here, is_empty, when), moved)
        before = either(before, given)


def extent_of(symbol: Any) -> tuple[int | None, int | None]:
    """The least and the greatest number that a visible symbol can have, as far as some range always holds."""
    low, high = _extent(symbol, _ranges_where_visible(symbol))
    ends = [bound for least, most, _ in symbol.ranges for bound in (least, most)]
    if low is None and symbol.orig_type == k.HEX and not any(end.nodes for end in ends):
        return min([0, *(said_in(end.name, k.HEX) or 0 for end in ends)]), high  # what is set is never less than 0
    return low, high


def _decided(meaning: Meaning, symbol: Any) -> Decided:
    return Decided(meaning.names[symbol], symbol.orig_type, *extent_of(symbol))


def _extent(symbol: Any, ranges: Sequence[tuple[Any, Any, Any]]) -> tuple[int | None, int | None]:
    bounds: list[int | None] = []
    for low, high, condition in ranges:
        for bound in (low, high):
            if bound.nodes:
                bounds += _extent(bound, bound.ranges) if bound.orig_type == symbol.orig_type else (None,)
            else:
                bounds.append(said_in(bound.name, symbol.orig_type) or 0)
        if condition is symbol.kconfig.y:
            known = [bound for bound in bounds if bound is not None]
            return (min(known), max(known)) if len(known) == len(bounds) else (None, None)
    return None, None


def _ranges_where_visible(symbol: Any) -> Sequence[tuple[Any, Any, Any]]:
    """The ranges of a number; one that is defined once is not visible where what it depends on does not hold."""
    if symbol.orig_type not in (k.INT, k.HEX):
        return ()
    return symbol.orig_ranges if len(symbol.nodes) == 1 else symbol.ranges  # type: ignore[no-any-return]  # a list


def _unset(meaning: Meaning, symbol: Any) -> Cases:
    """The value where the user has none set: the first default that holds, moved into the range that holds."""
    found: Cases = {}
    for amount, given in _defaults(meaning, symbol).items():
        free = given
        for low, high, condition in symbol.ranges if symbol.orig_type in (k.INT, k.HEX) else ():
            active = both(free, meaning.level(condition).some)
            for least, most, case in _bounds(meaning, symbol, low, high):
                below = _is_so(k.LESS, number_in(amount), least)
                above = both(negated(below), _is_so(k.LESS, most, number_in(amount)))
                _add(symbol, found, _standard(symbol, least), both(active, case, below))
                _add(symbol, found, _standard(symbol, most), both(active, case, above))
                _add(symbol, found, amount, both(active, case, negated(below), negated(above)))
            free = both(free, negated(meaning.level(condition).some))
        _add(symbol, found, amount, free)
    return found


def _defaults(meaning: Meaning, symbol: Any) -> Cases:
    found: Cases = {}
    otherwise: Formula = True
    for value, condition in symbol.defaults:
        given = meaning.level(condition).some
        for amount, case in cases_of(meaning, value).items():
            here = both(otherwise, given, case)
            if here is False:
                continue
            if isinstance(amount, Decided) and amount.type != symbol.orig_type:
                raise _of_another_type(symbol, "the default", value)
            _add(
                symbol, found, amount if isinstance(amount, Decided) else Constant(amount.text, symbol.orig_type), here
            )
        otherwise = both(otherwise, negated(given))
    _add(symbol, found, Constant("", symbol.orig_type), otherwise)
    return found


def _bounds(
    meaning: Meaning, symbol: Any, low: Any, high: Any
) -> Iterator[tuple[int | Decided, int | Decided, Formula]]:
    """The two ends of a range, and when it has these; texts are numbers in the way of the symbol's own type."""
    for least, first in cases_of(meaning, low).items():
        for most, second in cases_of(meaning, high).items():
            ends = [
                (bound, number_in(Constant(bound.text, symbol.orig_type) if isinstance(bound, Constant) else bound))
                for bound in (least, most)
            ]
            for (end, _), named in zip(ends, (low, high), strict=True):
                if isinstance(end, Decided) and end.type != symbol.orig_type:
                    raise _of_another_type(symbol, "a bound of the range", named)
            yield ends[0][1], ends[1][1], both(first, second)


def _is_so(operator: Any, left: int | Decided, right: int | Decided) -> Formula:
    """The comparison of two numbers, which can always be said."""
    truth = compared(operator, left, right)
    assert truth is not None, "numbers compare"
    return truth


def _standard(symbol: Any, bound: int | Decided) -> Amount:
    """A bound as the value of a symbol, in the spelling that Kconfig gives it."""
    if isinstance(bound, Decided):
        return bound
    return Constant(hex(bound) if symbol.orig_type == k.HEX else str(bound), symbol.orig_type)


def _add(symbol: Any, found: Cases, amount: Amount, given: Formula) -> None:
    if given is False:
        return
    found[amount] = either(found.get(amount, False), given)
    if len(found) > _MOST_CASES:
        what = f"'{symbol.name}' has more than {_MOST_CASES} values, depending on others, that are not the user's"
        raise unclear(symbol, what, "fewer defaults and ranges, or a prompt that is always visible")


def _of_another_type(symbol: Any, role: str, other: Any) -> SartoError:
    kinds = _KINDS[other.orig_type], _KINDS[symbol.orig_type]
    what = f"{role} of '{symbol.name}' is the value of '{other.name}', {kinds[0]} where '{symbol.name}' is {kinds[1]}"
    return unclear(symbol, what, "give both the same type")
