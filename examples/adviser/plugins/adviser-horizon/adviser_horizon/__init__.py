"""What is needed back soon is not in what grows."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from adviser import Client, growing
from sarto_runtime import around


@around(growing)
def no_more_than_the_years_allow(proceed: Callable[[Client], Fraction], client: Client) -> Fraction:
    """At most six hundredths for each year that there is."""
    return min(proceed(client), Fraction(6 * client.number("horizon"), 100))
