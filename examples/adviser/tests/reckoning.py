"""What the line means, reckoned once more without it: its rules, its points, and the weights of a configuration."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from itertools import product

from sarto.model.expression import Value

GROWING = {"cautious": Fraction(1, 5), "balanced": Fraction(1, 2), "bold": Fraction(4, 5)}
STYLES = ("index", "value", "sustainable")
GOALS = ("growth", "income", "retirement", "home")
EXTRAS = ("reserve", "rebalancing", "gold", "hedging")

POINTS = {  # fee, risk, yield
    "cautious": (10, 450, 230), "balanced": (10, 850, 225), "bold": (10, 1300, 210),
    "value": (35, 60, 60), "sustainable": (25, 0, 0),
    "growth": (0, 150, -10), "income": (8, 60, 45), "retirement": (1, -20, -30), "home": (-1, -170, -20),
    "reserve": (0, -80, -15), "rebalancing": (2, -30, 0), "gold": (1, -40, -10), "hedging": (8, -160, 0),
}  # fmt: skip


def weights(chosen: Mapping[str, Value]) -> dict[str, Fraction]:
    """The share of each kind of asset that has one."""

    def has(feature: str) -> bool:
        return chosen.get(feature, False) is not False

    (growing,) = (share for tolerance, share in GROWING.items() if has(tolerance))
    growing = min(growing, Fraction(6 * int(chosen["horizon"]), 100)) + (Fraction(1, 10) if has("growth") else 0)
    growing = min(growing, Fraction(1))
    fixed = 1 - growing
    let = Fraction(1, 4) if has("income") else Fraction(0)
    fixed_now, indexed = (fixed / 2, fixed / 2) if has("retirement") else (fixed, Fraction(0))
    deposit = Fraction(int(chosen["deposit"]), 20) if has("home") else Fraction(0)
    reserve = Fraction(int(chosen["reserve"]), 20) if has("reserve") else Fraction(0)
    invested = (1 - deposit) * (1 - reserve)
    gold = Fraction(1, 20) if has("gold") else Fraction(0)
    rest = invested * (1 - gold)
    found = {
        "cash": 1 - invested,
        "gold": invested * gold,
        "shares": rest * growing * (1 - let),
        "bonds": rest * fixed_now * (1 - let),
        "property": rest * let * (growing + fixed_now),
        "indexed bonds": rest * indexed,
    }
    return {name: share for name, share in found.items() if share}


def is_allowed(on: frozenset[str], horizon: int) -> bool:
    """Whether some plain features go together, over so many years."""
    return not (
        ("bold" in on and horizon < 5)
        or ("retirement" in on and horizon < 8)
        or ({"home", "bold"} <= on)
        or ({"growth", "cautious"} <= on)
        or ({"gold", "cautious"} <= on and "hedging" not in on)
        or ({"sustainable", "gold"} <= on)
    )


def choices(longest: int = 40) -> Iterator[frozenset[str]]:
    """All that goes together over some years, not more than the longest; deposit and reserve are as small as can be."""
    goals = [each for each in _subsets(GOALS) if each]
    for tolerance, style, wanted, extras in product(GROWING, STYLES, goals, _subsets(EXTRAS)):
        on = frozenset((tolerance, style, *wanted, *extras))
        if any(is_allowed(on, horizon) for horizon in range(1, longest + 1)):
            yield on


def points(on: frozenset[str]) -> tuple[int, int, int]:
    """Fee, risk and yield of what is chosen, in hundredths of a percent."""
    found = [POINTS[each] for each in on if each in POINTS]
    fee, risk, paid = (sum(each) for each in zip(*found, strict=True))
    return fee, risk, paid


def _subsets(of: tuple[str, ...]) -> list[tuple[str, ...]]:
    return [
        tuple(each for each, is_in in zip(of, chosen, strict=True) if is_in)
        for chosen in product((False, True), repeat=len(of))
    ]
