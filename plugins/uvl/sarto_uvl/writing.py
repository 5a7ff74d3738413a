"""From a feature model to the text of a UVL file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from sarto.model.feature import Feature, Group, GroupKind, ValueType
from sarto.model.feature_model import FeatureModel
from sarto.model.notation import quoted
from sarto.model.notation import write as write_rule
from sarto.model.toml_writing import model_to_toml

from .composition import check_ambiguity
from .faults import Faults
from .own_words import RULES, WORDS, escaped
from .values import ValueWriter, check_expressions

__all__ = ["write"]

_TYPES = {ValueType.INTEGER: "Integer ", ValueType.REAL: "Real ", ValueType.STRING: "String "}


def write(model: FeatureModel) -> str:
    """The model as UVL, which reads back equal.

    What UVL has no word for stands in an attribute ``sarto``. Raises SartoError with everything that
    cannot be written at all: names with quotes, line breaks or nothing between dots; texts that are
    empty or have single quotes or line breaks; functions of anything but a feature or an attribute.
    """
    faults = Faults(strict=True)
    text = _Writer(model, faults).write()
    faults.raise_found()
    return text


class _Writer:
    """The model in hand, and what its features.toml would say."""

    def __init__(self, model: FeatureModel, faults: Faults) -> None:
        self.model = model
        self.faults = faults
        self.tables: dict[str, dict[str, Any]] = model_to_toml(model)["features"]
        self.rules = [(write_rule(each.expression, quoted), each) for each in model.constraints]

    def write(self) -> str:
        check_ambiguity(self.model.features, self.faults)
        check_expressions(self.model, self.faults)
        lines = ["features", *self._tree()]
        if self.rules:
            lines += ["", "constraints", *(f"\t{rule}" for rule, _ in self.rules)]
        return "\n".join(lines) + "\n"

    def _tree(self) -> Iterator[str]:
        work: list[tuple[Group | str, int]] = [(self.model.root, 1)]
        while work:
            entry, depth = work.pop()
            if isinstance(entry, Group):
                yield "\t" * depth + _group(entry)
                work += ((name, depth + 1) for name in reversed(entry.members))
            else:
                yield "\t" * depth + self._feature(self.model.features[entry])
                work += ((group, depth + 1) for group in reversed(self.model.groups_under(entry)))

    def _feature(self, feature: Feature) -> str:
        values = ValueWriter(feature.where, self.faults)
        values.check_name(feature.name)
        kind = _TYPES[feature.type] if feature.type else ""
        attributes = self._attributes(feature)
        braces = f" {values.text(attributes)}" if attributes else ""
        return f"{kind}{quoted(feature.name)}{_instances(feature)}{braces}"

    def _attributes(self, feature: Feature) -> dict[str, Any]:
        """All that stands in the feature's braces; its own attributes have no meaning for the language."""
        for key, value in feature.attributes.items():
            if key == "sarto" or (key == "abstract" and isinstance(value, bool)):
                what = f"the attribute '{key}' of '{feature.name}' would be read as something else than an attribute"
                self.faults.error(what, feature.where, hint="rename it")
        abstract = {"abstract": True} if feature.abstract else {}
        words = self._words(feature.name)
        return {**abstract, **feature.attributes, **({"sarto": words} if words else {})}

    def _words(self, name: str) -> dict[str, Any]:
        """What only Sarto has words for: those of the feature's table, and on the root the constraints' reasons."""
        table = self.tables.get(name, {})
        words: dict[str, Any] = {key: table[key] for key in WORDS if key in table}
        if name == self.model.root and (remarks := list(self._remarks())):
            words[RULES] = remarks
        return {key: escaped(value) for key, value in words.items()}

    def _remarks(self) -> Iterator[dict[str, Any]]:
        numbers: Counter[str] = Counter()
        for rule, constraint in self.rules:
            numbers[rule] += 1
            if constraint.because:
                number = numbers[rule]
                yield {"rule": rule, **({"number": number} if number > 1 else {}), "because": constraint.because}


def _group(group: Group) -> str:
    return f"[{group.minimum}..{group.maximum}]" if group.kind is GroupKind.CARDINALITY else group.kind.value


def _instances(feature: Feature) -> str:
    if feature.instances is None:
        return ""
    low, high = feature.instances
    return f" cardinality [{low}..{'*' if high is None else high}]"
