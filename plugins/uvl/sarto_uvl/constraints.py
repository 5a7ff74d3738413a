"""Constraints from their texts: parsed, named as the whole model names things, every reference settled."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace

from sarto.errors import Place, SartoError, SartoErrors
from sarto.model.expression import (
    AttributeReference,
    Expression,
    FeatureReference,
    Function,
    postorder,
)
from sarto.model.feature import Constraint, Feature
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
from .references import References
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
    attributes: dict[str, bool] = {}  # that any feature of the model has, as far as that was asked
    constraints: list[Constraint] = []
    for instance in composition.instances:
        reader = _RuleReader(instance, composition.features, attributes, faults)
        found = [Constraint(read, "", rule.where) for rule in instance.document.rules if (read := reader.read(rule))]
        check_levels(instance.document, found, faults)
        constraints += reader.with_reasons(found)
    return constraints


class _RuleReader:
    """Reads the rules of one file."""

    def __init__(
        self, instance: Instance, features: Mapping[str, Feature], attributes: dict[str, bool], faults: Faults
    ) -> None:
        self.document = instance.document
        self.names = instance.names
        self.features = features
        self.faults = faults
        self.quick = PropositionalReader(features, self.names.prefix)
        self.references = References(instance, features, attributes, faults)

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
        functions = [node for node in postorder(expression) if isinstance(node, Function)]
        if not all(isinstance(function.operand, FeatureReference | AttributeReference) for function in functions):
            self.faults.oddity("function", "UVL has functions of a feature or an attribute alone", where)
        settled = self.references.settled(expression, where)
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

    def with_reasons(self, constraints: list[Constraint]) -> list[Constraint]:
        """The constraints with the reasons that the root's own words give them."""
        words = self.document.words.get(self.document.root)
        remarks = read_remarks(words, self.faults) if words else []
        if not remarks:
            return constraints
        silent = _RuleReader(Instance(self.document, self.names), self.features, {}, Faults(strict=False))
        waiting: dict[str, list[int]] = {}
        for index, constraint in enumerate(constraints):
            waiting.setdefault(write(constraint.expression), []).append(index)
        for remark in remarks:
            expression = self.quick.read(remark.rule) or silent.read(Rule(remark.rule, remark.where))
            found = waiting.get(write(expression), []) if expression else []
            if remark.number <= len(found):
                index = found[remark.number - 1]
                constraints[index] = replace(constraints[index], because=remark.because)
            else:
                what = f"a reason for '{shortened(remark.rule)}', which is no constraint here"
                self.faults.warning("remark", what, remark.where)
        return constraints


def _located(error: SartoError, positions: Positions) -> Iterator[SartoError]:
    """The errors of a text of several lines, whose columns count through from the place where it begins."""
    for single in error.errors:
        column = single.where.column if isinstance(single.where, Place) else None
        where = positions.place((column or 1) - (positions.start.column or 1))
        yield SartoError(single.what, where=where, hint=single.hint)
