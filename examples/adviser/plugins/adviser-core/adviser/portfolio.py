"""How a portfolio comes about, and the points at which features modify that. All shares are exact fractions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from sarto_runtime import variation_point

from .assets import BONDS, CASH, SHARES, Asset, correlation
from .client import Client

__all__ = [
    "Portfolio", "Weights", "advice", "assets", "fee", "figures", "growing", "portfolio_of", "scaled", "weights",
]  # fmt: skip

Weights = Mapping[str, Fraction]
"""What part of the whole each kind of asset is, by its name; together they are 1."""


@variation_point(collect=True)
def assets(client: Client) -> list[Asset]:
    """The kinds of assets to choose from; each feature can add one."""
    return [CASH, BONDS, SHARES]


@variation_point
def figures(asset: Asset, client: Client) -> Asset:
    """What a kind of asset is like for this client."""
    return asset


@variation_point
def growing(client: Client) -> Fraction:
    """What part of the whole is for growth, at the risk of losing some of it: a half."""
    return Fraction(1, 2)


@variation_point
def weights(client: Client, growth: Fraction) -> Weights:
    """How the whole is divided, where so much of it is for growth."""
    return {"cash": Fraction(0), "bonds": 1 - growth, "shares": growth}


@variation_point
def fee(client: Client, portfolio: Portfolio) -> Fraction:
    """What the portfolio costs in a year, as a share of it."""
    return sum((weight * asset.fee for asset, weight in portfolio.parts), Fraction(0))


@variation_point(collect=True)
def advice(client: Client, portfolio: Portfolio) -> list[str]:
    """Sentences that go with the proposal; each feature can add one."""
    return []


@dataclass(frozen=True, slots=True)
class Portfolio:
    """Assets with their weights, which are not negative and add up to 1; those without weight are left out.

    Raises ValueError for others.
    """

    parts: tuple[tuple[Asset, Fraction], ...]

    def __post_init__(self) -> None:
        if sum(weight for _, weight in self.parts) != 1 or any(weight <= 0 for _, weight in self.parts):
            told = ", ".join(f"{asset.name} {weight}" for asset, weight in self.parts)
            raise ValueError(f"these weights are no whole: {told}")

    @property
    def gain(self) -> Fraction:
        """What is expected of it in a year, before its fee."""
        return sum((weight * asset.gain for asset, weight in self.parts), Fraction(0))

    @property
    def paid(self) -> Fraction:
        """What it pays out in a year."""
        return sum((weight * asset.paid for asset, weight in self.parts), Fraction(0))

    @property
    def variance(self) -> Fraction:
        """The square of its risk (Markowitz, 1952)."""
        return sum(
            (
                one_weight * one.risk * other_weight * other.risk * correlation(one.name, other.name)
                for one, one_weight in self.parts
                for other, other_weight in self.parts
            ),
            Fraction(0),
        )

    @property
    def risk(self) -> Decimal:
        """The standard deviation of its gain in a year."""
        return (Decimal(self.variance.numerator) / Decimal(self.variance.denominator)).sqrt()


def portfolio_of(client: Client) -> Portfolio:
    """What is proposed to the client. Raises ValueError where features leave no whole, or a part without figures."""
    found = dict(weights(client, growing(client)))
    parts = [(figures(each, client), found.pop(each.name, Fraction(0))) for each in assets(client)]
    if any(found.values()):
        raise ValueError(f"there are no figures for {', '.join(sorted(found))}")
    return Portfolio(tuple((each, weight) for each, weight in parts if weight != 0))


def scaled(found: Weights, name: str, share: Fraction) -> Weights:
    """The whole with ``share`` of it given to ``name``, in addition to what that keeps, all parts giving alike."""
    left = {each: weight * (1 - share) for each, weight in found.items()}
    return {**left, name: left.get(name, Fraction(0)) + share}
