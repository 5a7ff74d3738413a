"""What of a product may be presented differently: slots with their types and bounds, and texts by language."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

__all__ = ["BrandValue", "Contrast", "Cosmetic", "CosmeticType", "languages_in_order", "missing_languages", "text_in"]

BrandValue = str | Mapping[str, str]
"""What fills a slot: a text, or texts by their languages."""


class CosmeticType(StrEnum):
    """What fills a slot.

    A line of ``TEXT``, in one language or several; a ``COLOUR`` (``#rrggbb``); an ``IMAGE``, an ``ICON`` (an image in
    several sizes) or another ``FILE`` beside the selection; the name of the ``COMMAND`` that starts the product. A
    ``TEMPLATE`` is a file of the line, which the build gets with the other slots filled in.
    """

    TEXT = "text"
    COLOUR = "colour"
    IMAGE = "image"
    ICON = "icon"
    FILE = "file"
    TEMPLATE = "template"
    COMMAND = "command"

    @property
    def is_file(self) -> bool:
        """Whether a path fills the slot."""
        return self in FILES


FILES = (CosmeticType.IMAGE, CosmeticType.ICON, CosmeticType.FILE, CosmeticType.TEMPLATE)
"""The types whose slots a path fills; here, for a class looks its members up anew for each slot of each build."""


@dataclass(frozen=True, slots=True)
class Contrast:
    """The contrast, at least ``ratio`` (1 to 21), that a colour needs on another slot's or on a fixed ``#rrggbb``."""

    on: str
    ratio: float = 4.5


@dataclass(frozen=True, slots=True)
class Cosmetic:
    """A slot of the product's appearance that a selection's ``[brand]`` may fill.

    A text has from ``shortest`` to ``longest`` characters, a file at most ``largest_kb`` times 1024 bytes; None is the
    type's own bound. ``kinds`` are those of pictures that may fill an image or an icon (none: all), ``sizes`` the
    widths, in pixels, in which an icon is wanted.
    """

    name: str
    type: CosmeticType = CosmeticType.TEXT
    default: BrandValue = ""
    summary: str = ""
    shortest: int = 0
    longest: int | None = None
    contrast: tuple[Contrast, ...] = ()
    kinds: tuple[str, ...] = ()
    largest_kb: int | None = None
    sizes: tuple[int, ...] = ()


def languages_in_order(language: str, languages: Sequence[str]) -> Iterator[str]:
    """The languages in which a text is looked for: the one that is asked for, the same without script and region,
    then the line's in their order.
    """
    while language:
        yield language
        language = language.rpartition("-")[0]
    yield from languages


def text_in(value: BrandValue, language: str, languages: Sequence[str]) -> str:
    """The text of a slot in a language; a single text is that of every language.

    Where there is none in it, the first of :func:`languages_in_order` that there is.
    """
    if isinstance(value, str):
        return value
    return next((value[each] for each in languages_in_order(language, languages) if each in value), "")


def missing_languages(value: BrandValue, languages: Sequence[str]) -> tuple[str, ...]:
    """The languages of the line in which a slot has no text of its own."""
    return () if isinstance(value, str) else tuple(each for each in languages if each not in value)
