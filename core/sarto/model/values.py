"""What values a feature can take, and the words for a value that does not fit."""

from __future__ import annotations

import math
from decimal import Decimal
from typing import TypeGuard

from .expression import Value
from .feature import Feature, ValueType

__all__ = ["in_words", "is_number", "misfit", "shown"]

KINDS = {ValueType.INTEGER: "an integer", ValueType.REAL: "a number", ValueType.STRING: "a text"}


def misfit(feature: Feature, value: Value) -> str:
    """Why the feature cannot be decided as ``value``, or an empty text where it can.

    False always fits. A plain feature takes only true beside it; a typed one takes values of its type
    within its bounds (a real feature also integers), never true.
    """
    if value is False:
        return ""
    if feature.type is None:
        return "" if value is True else f"{shown(value)} is not true or false, and '{feature.name}' has no type"
    if not _is_of(feature.type, value):
        return f"{shown(value)} is not {KINDS[feature.type]}, as '{feature.name}' needs"
    if isinstance(value, str):
        return ""
    if feature.minimum is not None and value < feature.minimum:
        return f"{shown(value)} is below the minimum of '{feature.name}', {shown(feature.minimum)}"
    if feature.maximum is not None and value > feature.maximum:
        return f"{shown(value)} is above the maximum of '{feature.name}', {shown(feature.maximum)}"
    return ""


def _is_of(kind: ValueType, value: Value) -> bool:
    match kind:
        case ValueType.INTEGER:
            return is_number(value) and isinstance(value, int)
        case ValueType.REAL:
            return is_number(value)
        case ValueType.STRING:
            return isinstance(value, str)


def is_number(value: object) -> TypeGuard[int | float]:
    """Whether the value is a number as TOML has them: an integer of 64 bits or a finite real, and no truth value."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return -(2**63) <= value < 2**63 if isinstance(value, int) else math.isfinite(value)


def in_words(feature: Feature) -> str:
    """What the feature can be decided as: ``an integer from 10 to 1000, or false``."""
    if feature.type is None:
        return "true or false"
    words = KINDS[feature.type]
    if feature.minimum is not None and feature.maximum is not None:
        words += f" from {shown(feature.minimum)} to {shown(feature.maximum)}"
    elif feature.minimum is not None:
        words += f" from {shown(feature.minimum)} up"
    elif feature.maximum is not None:
        words += f" up to {shown(feature.maximum)}"
    return f"{words}, or false"


def shown(value: object) -> str:
    """A TOML value in a message: as it is written, shortened where it is long."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return f"'{value if len(value) <= 60 else value[:57] + '...'}'"
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, int | float):
        return str(value) if is_number(value) or isinstance(value, float) else "an integer of more than 64 bits"
    return "a list" if isinstance(value, list) else "a table" if isinstance(value, dict) else "a date or time"
