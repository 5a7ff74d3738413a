"""Constraints from their texts: parsed, named as the whole model names things, every reference settled."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace

from sarto.errors import Place, SartoError, SartoErrors, did_you_mean
from sarto.model.expression import (
    Aggregate,
    AttributeReference,
    Expression,
    FeatureReference,
    Function,
    Number,
    fold,
    postorder,
)
from sarto.model.feature import Constraint, Feature
from sarto.model.feature_model import attribute_value
from sarto.model.grammar import parse, write
from sarto.model.kinds import constraint_faults
from sarto.model.notation import shortened
from sarto.model.propositional import PropositionalReader

from .composition import Composition, Instance
from .cursor import Positions
from .document import Rule
from .faults import Faults
from .levels import check_levels
from .own_words import read_remarks
from .rebuilding import rebuilt
from .spelling import NAME, read_name, read_number, read_text

__all__ = ["read_constraints"]

_SPELLED = re.compile(
    rf"""(?P<function>(?:len|floor|ceil|sum|avg)[ \t\n]*\()|(?P<name>{NAME}|"[^"\n]*")|(?P<text>'[^'\n]*')
    |(?P<number>[0-9]*\.[0-9]+|[0-9]+)""",
    re.VERBOSE,
)
_MOST_HINTS = 10


def read_constraints(composition: Composition, faults: Faults) -> list[Constraint]:
    """All constraints of a composition, file by file; what is wrong with one goes into ``faults``."""
    attributes: dict[str, bool] = {}
    constraints: list[Constraint] = []
    for instance in composition.instances:
        reader = _RuleReader(instance, composition.features, attributes, faults)
        found = [Constraint(read, "", rule.where) for rule in instance.document.rules if (read := reader.read(rule))]
        check_levels(instance.document, found, faults)
        constraints += reader.with_reasons(found)
    return constraints


class _RuleReader:
    """Reads the rules of one file. ``attributes`` remembers which of them any feature of the model has."""

    def __init__(
        self, instance: Instance, features: Mapping[str, Feature], attributes: dict[str, bool], faults: Faults
    ) -> None:
        self.document = instance.document
        self.names = instance.names
        self.prefix = instance.names.prefix
        self.features = features
        self.attributes = attributes
        self.faults = faults
        self.quick = PropositionalReader(features, self.prefix)

    def read(self, rule: Rule) -> Expression | None:
        """The rule as an expression; None where it is none, which is reported."""
        return self.quick.read(rule.text) or self._read_any(rule)

    def _read_any(self, rule: Rule) -> Expression | None:
        text, where = rule.text, rule.where
        try:
            expression = parse(text, where, self.names, hints=max(0, _MOST_HINTS - self.faults.count))
        except SartoError as error:
            self.faults.add(error if "\n" not in text else SartoErrors(_located(error, Positions(text, where))))
            return None
        self._check_spelling(text, where)
        if any(
            isinstance(node, Function) and not isinstance(node.operand, _REFERENCE) for node in postorder(expression)
        ):
            self.faults.oddity("function", "UVL has functions of a feature or an attribute alone", where)
        settled = fold(expression, lambda node, operands: self._settled(rebuilt(node, operands), where))
        for what in constraint_faults(settled, self.features):
            self.faults.warning("kinds", what, where)
        return settled

    def _check_spelling(self, text: str, where: Place) -> None:
        positions = Positions(text, where)
        for match in _SPELLED.finditer(text):
            place = positions.place(match.start())
            if match.lastgroup == "name":
                read_name(match[0], place, self.faults)
            elif match.lastgroup == "text":
                read_text(match[0], place, self.faults)
            elif match.lastgroup == "number":
                read_number(match[0], place, self.faults)

    def _settled(self, node: Expression, where: Place) -> Expression:
        """The node under the names of the whole model; what it says of attributes that are not there is decided."""
        match node:
            case FeatureReference(name):
                return FeatureReference(self.prefix + name)
            case AttributeReference(name, attribute):
                return self._attribute(self.prefix + name, attribute, where)
            case Aggregate():
                return self._aggregate(node, where)
            case Function("len", operand) if operand is _NOTHING:
                return _NOTHING
            case _:
                return node

    def _attribute(self, name: str, attribute: str, where: Place) -> Expression:
        feature = self.features.get(name)
        if feature is None or attribute_value(feature, attribute) is not None:
            return AttributeReference(name, attribute)
        what = f"the feature '{shortened(name)}' has no attribute '{shortened(attribute)}', which counts as 0"
        self.faults.warning("attribute", what, where, did_you_mean(attribute, feature.attributes))
        return _NOTHING

    def _aggregate(self, node: Aggregate, where: Place) -> Expression:
        """A sum in an imported file is over that file; one over a single value is that value."""
        path = node.attribute
        if path not in self.attributes:
            self.attributes[path] = any(
                attribute_value(feature, path) is not None for feature in self.features.values() if feature.attributes
            )
        under = node.under if node.under is not None else self.document.root if self.prefix else None
        own = replace(node, under=None if under is None else self.prefix + under)
        if self.attributes[path]:
            return own
        value = self._value(path) if node.under is None else None
        meaning = "the value of that name itself" if value else "0"
        what = f"no feature has an attribute '{shortened(path)}', so '{shortened(write(node))}' is {meaning}"
        self.faults.warning("aggregate", what, where)
        return value or own

    def _value(self, path: str) -> Expression | None:
        """The feature, or attribute of a feature, that a path leads to."""
        if self.prefix + path in self.features:
            return FeatureReference(self.prefix + path)
        parts = path.split(".")
        for length in range(len(parts) - 1, 0, -1):
            name, attribute = self.prefix + ".".join(parts[:length]), ".".join(parts[length:])
            if name in self.features and attribute_value(self.features[name], attribute) is not None:
                return AttributeReference(name, attribute)
        return None

    def with_reasons(self, constraints: list[Constraint]) -> list[Constraint]:
        """The constraints with the reasons that the root's own words give them."""
        words = self.document.words.get(self.document.root)
        remarks = read_remarks(words, self.faults) if words else []
        if not remarks:
            return constraints
        waiting: dict[str, list[int]] = {}
        for index, constraint in enumerate(constraints):
            waiting.setdefault(write(constraint.expression), []).append(index)
        for remark in remarks:
            expression = self.quick.read(remark.rule) or self._silent()._read_any(Rule(remark.rule, remark.where))
            found = waiting.get(write(expression), []) if expression else []
            if remark.number <= len(found):
                index = found[remark.number - 1]
                constraints[index] = replace(constraints[index], because=remark.because)
            else:
                what = f"a reason for '{shortened(remark.rule)}', which is no constraint here"
                self.faults.warning("remark", what, remark.where)
        return constraints

    def _silent(self) -> _RuleReader:
        return _RuleReader(Instance(self.document, self.names), self.features, self.attributes, Faults(strict=False))


_NOTHING = Number(0)
_REFERENCE = (FeatureReference, AttributeReference)


def _located(error: SartoError, positions: Positions) -> Iterator[SartoError]:
    """The errors of a text of several lines, whose columns count through from the place where it begins."""
    for single in error.errors:
        column = single.where.column if isinstance(single.where, Place) else None
        where = positions.place((column or 1) - (positions.start.column or 1))
        yield SartoError(single.what, where=where, hint=single.hint)
