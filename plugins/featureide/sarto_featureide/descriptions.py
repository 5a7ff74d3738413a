"""Descriptions of features and rules: texts that FeatureIDE lays out anew."""

from __future__ import annotations

from .elements import Element

__all__ = ["PRESERVE", "has_plain_layout", "read_description"]

PRESERVE = ("xml:space", "preserve")


def read_description(element: Element) -> str:
    """The text without its indentation, or as it stands between two line breaks where ``xml:space`` asks for that."""
    text = element.text
    key, value = PRESERVE
    if element.attributes.get(key) == value:
        return text.removeprefix("\n").removesuffix("\n")
    return _laid_out(text)


def has_plain_layout(text: str) -> bool:
    """Whether the text survives being laid out."""
    return _laid_out(text) == text


def _laid_out(text: str) -> str:
    return "\n".join(line.strip() for line in text.strip().split("\n"))
