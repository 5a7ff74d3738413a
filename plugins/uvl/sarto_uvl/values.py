"""What UVL can write of names, attributes and expressions, and what is wrong with the rest."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from typing import Any

from sarto.errors import Place
from sarto.model.expression import (
    Aggregate,
    AttributeReference,
    FeatureReference,
    Function,
    Number,
    Text,
    postorder,
)
from sarto.model.feature_model import FeatureModel, attribute_value
from sarto.model.kinds import is_sum_of_values
from sarto.model.notation import decimal, quoted, shortened

from .attributes import MOST_LEVELS
from .faults import Faults

__all__ = ["ValueWriter", "check_expressions"]

_BREAKS = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")
_MOST_DIGITS = 4000


class ValueWriter:
    """Writes the values of one place; what cannot be written is reported there."""

    def __init__(self, where: Place, faults: Faults) -> None:
        self.where = where
        self.faults = faults

    def check_name(self, name: str) -> None:
        """Report a feature's name that UVL cannot have; one with dots is written like a reference."""
        if not all(_is_id(part) for part in name.split(".")):
            hint = "UVL's names have no double quotes or line breaks, and no dots at their ends"
            self.faults.error(f"'{shortened(name)}' cannot name a feature in UVL", self.where, hint)

    def text(self, value: Any, level: int = 1) -> str:
        """A value of an attribute as UVL has it."""
        if level > MOST_LEVELS:
            self.faults.error(f"attributes are nested deeper than {MOST_LEVELS} levels", self.where)
            return ""
        match value:
            case bool():
                return "true" if value else "false"
            case int() | float():
                return self._number(value)
            case str():
                self.check_text(value)
                return f"'{value}'"
            case Mapping():
                return "{" + ", ".join(self._entry(key, item, level) for key, item in value.items()) + "}"
            case list() | tuple():
                return "[" + ", ".join(self.text(item, level + 1) for item in value) + "]"
        self.faults.error(f"UVL has no values like {shortened(str(value))}", self.where, hint="write it as a text")
        return ""

    def check_text(self, text: str) -> None:
        """Report a text that UVL cannot write."""
        if not text:
            self.faults.error("UVL has no empty texts", self.where)
        elif "'" in text or _BREAKS.search(text):
            what = f"the text '{shortened(text)}' cannot be written in UVL"
            self.faults.error(what, self.where, hint="UVL's texts have no single quotes and no line breaks")

    def check_number(self, number: int | float) -> None:
        """Report a number that UVL cannot write."""
        if not math.isfinite(number) if isinstance(number, float) else abs(number) >= 10**_MOST_DIGITS:
            self.faults.error("UVL has no infinite numbers", self.where)

    def _number(self, number: int | float) -> str:
        self.check_number(number)
        return decimal(number)

    def _entry(self, key: str, value: Any, level: int) -> str:
        if "." in key or not _is_id(key):
            hint = "UVL's names have no double quotes, line breaks or dots"
            self.faults.error(f"'{shortened(key)}' cannot name an attribute in UVL", self.where, hint)
        return f"{quoted(key)} {self.text(value, level + 1)}"


def _is_id(name: str) -> bool:
    return bool(name) and '"' not in name and not _BREAKS.search(name)


def check_expressions(model: FeatureModel, faults: Faults) -> None:
    """Report what constraints say and UVL cannot."""
    for constraint in model.constraints:
        values = ValueWriter(constraint.where, faults)
        for node in postorder(constraint.expression):
            match node:
                case Text(text):
                    values.check_text(text)
                case Number(number):
                    values.check_number(number)
                case Function(name, operand) if not isinstance(operand, FeatureReference | AttributeReference):
                    what = f"UVL has '{name}' of a feature or an attribute alone"
                    faults.error(what, constraint.where, hint="compare both sides without it")
                case Aggregate() if is_sum_of_values(node, model.features):
                    pass
                case Aggregate(name, path, None) if _is_feature(path, model) and not _is_had(path, model):
                    what = f"'{name}' of '{shortened(path)}', which is no attribute, would be read as its value"
                    faults.error(what, constraint.where)


def _is_feature(path: str, model: FeatureModel) -> bool:
    """Whether a path names a feature, or could name an attribute of one."""
    parts = path.split(".")
    return any(".".join(parts[:length]) in model.features for length in range(1, len(parts) + 1))


def _is_had(path: str, model: FeatureModel) -> bool:
    return any(attribute_value(feature, path) is not None for feature in model.features.values())
