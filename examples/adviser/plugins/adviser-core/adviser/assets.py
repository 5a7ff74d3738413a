"""Kinds of assets with their figures, ALL OF WHICH ARE MADE UP: no market was looked at, and nothing is advised."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

__all__ = ["BONDS", "CASH", "SHARES", "Asset", "asset", "correlation"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asset:
    """A kind of asset: each figure is a share of what is invested, in a year.

    ``gain`` is expected, with everything paid out in it; ``risk`` is its standard deviation; ``paid`` what it pays out;
    ``fee`` what it costs. A ``foreign`` one is priced in other currencies.
    """

    name: str
    gain: Fraction
    risk: Fraction
    paid: Fraction
    fee: Fraction
    foreign: bool = False


def asset(name: str, *, gain: str, risk: str, paid: str, fee: str, foreign: bool = False) -> Asset:
    """An asset with its figures in percent, as exact decimals."""
    percent = {
        key: Fraction(text) / 100 for key, text in {"gain": gain, "risk": risk, "paid": paid, "fee": fee}.items()
    }
    return Asset(name=name, foreign=foreign, **percent)


CASH = asset("cash", gain="1.0", risk="0", paid="1.0", fee="0.05")
BONDS = asset("bonds", gain="2.5", risk="5", paid="2.5", fee="0.10")
SHARES = asset("shares", gain="6.0", risk="16", paid="2.0", fee="0.10", foreign=True)

_TOGETHER: Mapping[frozenset[str], Fraction] = {
    frozenset(("bonds", "shares")): Fraction(1, 10),
    frozenset(("bonds", "property")): Fraction(2, 10),
    frozenset(("shares", "property")): Fraction(6, 10),
    frozenset(("bonds", "indexed bonds")): Fraction(6, 10),
    frozenset(("shares", "gold")): Fraction(0),
}
"""How much two kinds move together; made up as well."""


def correlation(one: str, other: str) -> Fraction:
    """How much two kinds of assets move together: 1 where they are one, 0 where nothing is known."""
    return Fraction(1) if one == other else _TOGETHER.get(frozenset((one, other)), Fraction(0))
