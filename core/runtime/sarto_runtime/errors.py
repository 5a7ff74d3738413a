"""The one error with which a product says that it cannot do what was asked."""

from __future__ import annotations

__all__ = ["ProductError", "did_you_mean"]


class ProductError(Exception):
    """What is wrong, in one sentence, and a ``hint`` that mends it (or an empty text)."""

    def __init__(self, what: str, *, hint: str = "") -> None:
        self.what = what
        self.hint = hint
        super().__init__(what)

    def __str__(self) -> str:
        return f"{self.what}\n  hint: {self.hint}" if self.hint else self.what


def did_you_mean(name: str, known: list[str]) -> str:
    """``did you mean 'maps'?`` for the nearest of the ``known`` names, or an empty text."""
    import difflib

    nearest = difflib.get_close_matches(name, known, n=1, cutoff=0.6)
    return f"did you mean '{nearest[0]}'?" if nearest else ""
