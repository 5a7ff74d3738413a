"""What Sarto says of arithmetic that is beyond its own means, and what helps."""

from __future__ import annotations

from ..errors import SartoError
from ..model.expression import Expression
from ..model.grammar import write

__all__ = ["WITH_PLUGIN", "TooHard", "too_hard"]

WITH_PLUGIN = "the plugin sarto-optimise decides such arithmetic, in sarto optimise, analyse and check"
"""What helps beside other words, whether the plugin is installed or not: nothing is known of that here."""


class TooHard(SartoError):
    """Arithmetic that Sarto does not decide on its own, and an optimiser may."""


def too_hard(node: Expression) -> TooHard:
    """The error for a comparison that is neither a sum nor small enough for a table."""
    return TooHard(
        f"the arithmetic of '{write(node)}' is beyond what Sarto decides on its own",
        hint=f"write it as a sum, or over fewer features; {WITH_PLUGIN}",
    )
