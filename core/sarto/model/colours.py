"""Colours and how well one can be read on another, by the Web Content Accessibility Guidelines (WCAG) 2.2."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from math import floor

__all__ = ["contrast_ratio", "is_colour", "luminance", "nearest_shade", "shown_ratio"]

BLACK, WHITE = (0, 0, 0), (255, 255, 255)
STEPS = 255


def is_colour(text: str) -> bool:
    """Whether the text is a colour as Sarto takes it: ``#rrggbb``."""
    return len(text) == 7 and text[0] == "#" and all(digit in "0123456789abcdefABCDEF" for digit in text[1:])


def luminance(colour: str) -> float:
    """The relative luminance of ``#rrggbb`` from 0, black, to 1, white, as WCAG 2.2 defines it."""
    red, green, blue = (_linear(share) for share in _channels(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(channel: int) -> float:
    share = channel / 255
    return share / 12.92 if share <= 0.04045 else float(((share + 0.055) / 1.055) ** 2.4)


def contrast_ratio(one: str, other: str) -> float:
    """The contrast of two colours, from 1, the same, to 21, black and white."""
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def shown_ratio(ratio: float) -> str:
    """``4.49:1``: two digits, never more than it is."""
    return f"{floor(ratio * 100) / 100:g}:1"


def nearest_shade(colour: str, wanted: Iterable[tuple[str, float]]) -> str:
    """The colour mixed with as little black or white as gives every contrast that is wanted; empty where none does.

    ``wanted`` are other colours, each with the contrast that is needed on it. Of a lighter and a darker one, the one
    whose channels differ less.
    """
    needs = tuple(wanted)
    found = (next(_passing(colour, towards, needs), "") for towards in (BLACK, WHITE))
    return min(filter(None, found), key=lambda shade: _distance(colour, shade), default="")


def _passing(colour: str, towards: tuple[int, int, int], needs: tuple[tuple[str, float], ...]) -> Iterator[str]:
    channels = _channels(colour)
    for step in range(STEPS + 1):
        mixed = [round(own + (end - own) * step / STEPS) for own, end in zip(channels, towards, strict=True)]
        shade = "#" + "".join(f"{channel:02x}" for channel in mixed)
        if all(contrast_ratio(shade, other) >= ratio for other, ratio in needs):
            yield shade


def _distance(one: str, other: str) -> int:
    return sum((a - b) ** 2 for a, b in zip(_channels(one), _channels(other), strict=True))


def _channels(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)
