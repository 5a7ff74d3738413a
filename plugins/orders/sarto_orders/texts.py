"""The texts that a book takes: what both databases can keep, and no more than what an order needs."""

from __future__ import annotations

import unicodedata

from sarto.errors import SartoError

__all__ = ["customer_text", "kept_text", "searched_text"]

LONGEST_NAME = 200
LONGEST_TEXT = 4_000_000
"""In characters; a pylock.toml of a thousand parts has about a fifth of that."""


def customer_text(text: str) -> str:
    """The name of a customer, as it is compared: one line, composed, without spaces around it."""
    name = unicodedata.normalize("NFC", kept_text("the customer", text, LONGEST_NAME)).strip()
    if not name or not name.isprintable():
        raise SartoError("the customer's name has to be one line of text without control characters")
    return name


def kept_text(what: str, text: str, longest: int = LONGEST_TEXT) -> str:
    """The text as it is. Raises SartoError for one that is too long or cannot be kept."""
    if len(text) > longest:
        raise SartoError(f"{what} has {len(text):,} characters, more than the {longest:,} that an order book keeps")
    if "\0" in text or not _is_encodable(text):
        raise SartoError(f"{what} has characters that an order book cannot keep", hint="it has to be plain text")
    return text


def searched_text(text: str) -> str:
    """What is searched for, or "\\0", which is found nowhere, where no book can have it."""
    return text if "\0" not in text and len(text) <= LONGEST_NAME and _is_encodable(text) else "\0"


def _is_encodable(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
