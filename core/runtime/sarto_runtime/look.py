"""The looks of a product: its texts in the user's language, its colours, its files."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from .build import Look
from .errors import ProductError, did_you_mean

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["brand_file", "languages_of_user", "text_of", "wider"]

VARIABLES = ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG")
"""Where a system says which language its user reads, the first that says it outranks the others (gettext)."""
NO_LANGUAGE = ("C", "POSIX")
FILES = ("image", "icon", "file", "template")


def languages_of_user(environment: Mapping[str, str] | None = None) -> tuple[str, ...]:
    """The languages that the user's system says they read, as tags (``it-CH``), the best first; often one, or none.

    It is what gettext goes by; where no variable says anything, it is the language of the process (Windows, macOS).
    """
    said = os.environ if environment is None else environment
    for variable in VARIABLES:
        if said.get(variable):
            several = said[variable].split(":") if variable == "LANGUAGE" else [said[variable]]
            return tuple(tag for each in several if (tag := _tag(each)))
    if environment is None:
        import locale

        return tuple(tag for each in (locale.getlocale()[0],) if each and (tag := _tag(each)))
    return ()


def _tag(locale_name: str) -> str:
    """``it_CH.UTF-8@euro`` as ``it-CH``; empty where it names no language."""
    tag = locale_name.partition(".")[0].partition("@")[0].replace("_", "-")
    return "" if tag in NO_LANGUAGE else tag


def text_of(brand: Mapping[str, str], look: Look, slot: str, languages: Sequence[str]) -> str:
    """The text in ``slot`` in the first of the languages in which there is one, else in the line's first language.

    Of each language it is also the one without script and region that will do: ``it`` for ``it-CH``.
    Raises :class:`ProductError` where the brand has no such slot, and where a file fills it.
    """
    if slot not in brand:
        raise ProductError(f"the brand has no slot '{slot}'", hint=did_you_mean(slot, list(brand)))
    if look.types.get(slot) in FILES:
        raise ProductError(f"a file fills '{slot}'", hint="brand_file gives its path")
    texts = {language.lower(): text for language, text in look.texts.get(slot, {}).items()}
    return next((texts[each] for each in wider(languages) if each in texts), brand[slot])


def brand_file(brand: Mapping[str, str], look: Look, folder: Path, slot: str, variant: str | int) -> Path:
    """The file in ``slot``. Of an icon the ``variant`` is a width in pixels, of a template's file a language.

    Where there is no such variant, it is the next larger icon, or the file in the line's first language.
    Raises :class:`ProductError` where no file fills the slot.
    """
    value = brand.get(slot, "")
    if not value.startswith("brand/"):
        raise ProductError(
            f"the brand has no file for '{slot}'", hint=did_you_mean(slot, [other for other in brand if other != slot])
        )
    variants = look.variants.get(slot, {})
    if isinstance(variant, int):
        sizes = sorted(int(size) for size in variants if size.isdigit() and int(size) >= variant)
        value = variants[str(sizes[0])] if sizes else value
    elif variant:
        by_tag = {language.lower(): path for language, path in variants.items()}
        value = next((by_tag[each] for each in wider((variant,)) if each in by_tag), value)
    return folder.joinpath(*value.split("/"))


def wider(languages: Sequence[str]) -> Iterator[str]:
    """Each of the ``languages`` in small letters, and after it the wider ones that will do: ``it`` after ``it-ch``."""
    for language in languages:
        tag = language.lower().replace("_", "-")
        while tag:
            yield tag
            tag = tag.rpartition("-")[0]
