"""The deposit for a home is set aside in cash."""

from __future__ import annotations

from fractions import Fraction

from adviser import Client, Portfolio, Weights, advice, scaled, weights
from sarto_runtime import add, after


@after(weights)
def set_aside(result: Weights, client: Client, growth: Fraction) -> Weights:
    """All else gives its part."""
    return scaled(result, "cash", client.twentieths("deposit"))


@add(advice)
def waiting(client: Client, portfolio: Portfolio) -> str:
    """What the cash is for."""
    return f"{5 * client.number('deposit')} % wait in cash for the deposit on a home."
