"""How names and numbers are spelt: what the grammar allows, and what is understood beside it."""

from __future__ import annotations

import math
import re

from sarto.errors import Place, SartoError
from sarto.model.notation import RESERVED, shortened

from .faults import Faults

__all__ = ["NAME", "read_cardinality", "read_name", "read_number", "read_text"]

NAME = r"[0-9]*(?:[^\W\d]|[^\x00-\x7f\s])(?:[\w#§%?\\;']|[^\x00-\x7f\s])*"
_STRICT_NAME = re.compile(r"[a-zA-Z][a-zA-Z0-9_#§%?\\'äüöß;]*")
_QUANTITY = re.compile(r"[0-9]+[a-zA-Z]")
_CARDINALITY = re.compile(r"\[[ \t]*([0-9]+)[ \t]*(?:\.\.[ \t]*([0-9]+|\*)[ \t]*)?\]")
_STRICT_CARDINALITY = re.compile(r"\[(0|[1-9][0-9]*)(\.\.(0|[1-9][0-9]*|\*))?\]")
_STRICT_NUMBER = re.compile(r"-?[0-9]*\.[0-9]+|0|-?[1-9][0-9]*")
_MOST_INSTANCES = 10**9


def read_name(token: str, where: Place, faults: Faults) -> str:
    """The name that a token, bare or in double quotes, stands for; what is odd about it is noted."""
    if token[0] == '"':
        name = token[1:-1]
        if not name:
            faults.error("a name cannot be empty", where)
        elif "." in name:
            what = f"the name '{shortened(name)}' has a dot in it, which UVL keeps for references"
            faults.oddity("dot", what, where, hint="use another character")
        return name
    hint = f'put it in double quotes: "{shortened(token)}"'
    if token in RESERVED:
        faults.oddity("word", f"'{token}' is a word of UVL, not a name", where, hint)
    elif _QUANTITY.fullmatch(token):
        faults.error(f"'{token}' is a quantity, not a name", where, hint)
    elif token[0].isdigit():
        faults.oddity("digit", f"the name '{shortened(token)}' begins with a digit", where, hint)
    elif not _STRICT_NAME.fullmatch(token):
        what = f"the name '{shortened(token)}' has characters that UVL takes only between double quotes"
        faults.oddity("letters", what, where, hint)
    return token


def read_text(token: str, where: Place, faults: Faults) -> str:
    """The text that a token in single or double quotes stands for."""
    if token[0] == '"':
        faults.oddity("quotes", "a text in double quotes", where, hint="UVL's texts stand in 'single quotes'")
    elif len(token) == 2:
        faults.oddity("empty", "an empty text, which UVL does not have", where)
    return token[1:-1]


def read_number(token: str, where: Place, faults: Faults) -> int | float:
    """The number that a token stands for. Raises SartoError for one that is too large."""
    if not _STRICT_NUMBER.fullmatch(token):
        faults.oddity("zeros", f"the number {shortened(token)} begins with a needless 0", where)
    try:
        value = float(token) if "." in token else int(token)
        is_too_large = math.isinf(value)
    except (ValueError, OverflowError):  # more digits than Python reads, or more than any real number has
        is_too_large = True
    if is_too_large:
        raise SartoError(f"the number {shortened(token)} is too large", where=where)
    return value


def read_cardinality(token: str, where: Place, faults: Faults) -> tuple[int, int | None]:
    """``[n]``, ``[n..m]`` or ``[n..*]`` as least and most, None for no limit. Raises SartoError."""
    found = _CARDINALITY.fullmatch(token)
    if found is None:
        what = f"'{shortened(token)}' is not a cardinality"
        raise SartoError(what, where=where, hint="write [n], [n..m] or [n..*]")
    if not _STRICT_CARDINALITY.fullmatch(token):
        faults.oddity("cardinality", f"blanks or needless zeros in the cardinality {shortened(token)}", where)
    low, high = (_bound(text, where) for text in (found[1], found[2] or found[1]))
    if low is None or (high is not None and low > high):
        raise SartoError(f"no number is in {shortened(token)}", where=where, hint="the smaller one comes first")
    return low, high


def _bound(text: str, where: Place) -> int | None:
    if text == "*":
        return None
    if len(text) > len(str(_MOST_INSTANCES)):
        raise SartoError(f"the number {shortened(text)} is too large", where=where)
    return int(text)
