"""Four fifths of the money in what grows."""

from __future__ import annotations

from fractions import Fraction

from adviser import Client, growing
from sarto_runtime import replace


@replace(growing)
def four_fifths(client: Client) -> Fraction:
    """In place of a half."""
    return Fraction(4, 5)
