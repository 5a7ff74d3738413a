"""Whether a full configuration keeps the rules: the meaning of expressions, groups and trees, by plain evaluation."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from functools import partial
from typing import Protocol

from .expression import (
    Aggregate,
    And,
    Arithmetic,
    AttributeReference,
    Compare,
    Exact,
    Expression,
    FeatureReference,
    Function,
    Iff,
    Implies,
    Not,
    Number,
    Or,
    Text,
    Value,
    aggregate,
    apply,
    calculate,
    compare,
    exact,
    fold,
)
from .feature import Group
from .feature_model import FeatureModel, attribute_value
from .values import misfit

__all__ = ["Scene", "Undefined", "amount_in", "evaluate", "holds", "is_valid", "truth_in"]


class _No(Enum):
    """In place of a value: that of an unselected feature, and that which cannot be calculated."""

    VALUE = "absent"
    MEANING = "undefined"


class Undefined(Exception):
    """What an expression comes to cannot be said: it divides by zero, or uses a value that is not known."""


class Scene(Protocol):
    """Where an expression is looked at: what its names stand for there."""

    def value(self, name: str) -> Value | Decimal | None:
        """A feature's value: False where it is not selected, None where it is and has a value that is not known."""

    def attribute(self, name: str, attribute: str) -> Value | None:
        """An attribute of a feature; None where it is not selected, or has no such attribute."""

    def numbers(self, aggregate: Aggregate) -> Iterable[Fraction] | None:
        """What is summed up, or of what the average is taken; None where one of these numbers is not known."""


@dataclass(frozen=True, slots=True)
class _Plain:
    """One configuration, of whose features the model, if there is one, knows attributes and subtrees."""

    values: Mapping[str, Value]
    model: FeatureModel | None

    def value(self, name: str) -> Value:
        return self.values.get(name, False)

    def attribute(self, name: str, attribute: str) -> Value | None:
        if self.model is None or not _is_on(self.values, name):
            return None
        return attribute_value(self.model.features[name], attribute)

    def numbers(self, aggregate: Aggregate) -> Iterator[Fraction]:
        """The numbers that the attribute has in the selected features, all or those of a subtree."""
        for name in self.model.preorder(aggregate.under) if self.model else ():
            value = self.attribute(name, aggregate.attribute)
            if isinstance(value, int | float) and not isinstance(value, bool):
                yield Fraction(exact(value))


@dataclass(frozen=True, slots=True)
class _Meaning:
    """What a node means where a truth is needed, and where a value is; of a truth that is not known, None."""

    truth: bool | None = False
    value: Exact | _No = _No.MEANING


def is_valid(model: FeatureModel, configuration: Mapping[str, Value]) -> bool:
    """Whether the configuration is one of the model's: its tree, groups, values and constraints.

    Features map to True, False or their value; one that is missing is not selected. A typed feature
    that is selected needs a value that fits it. Feature cardinalities are not looked at.
    """
    return (
        configuration.keys() <= model.features.keys()
        and _is_on(configuration, model.root)
        and not any(misfit(model.features[name], value) for name, value in configuration.items())
        and all(_keeps(group, configuration) for group in model.groups)
        and all(holds(model, configuration, constraint.expression) for constraint in model.constraints)
    )


def holds(model: FeatureModel, configuration: Mapping[str, Value], expression: Expression) -> bool:
    """Whether the expression, over the model's features and attributes, is true in the configuration."""
    return evaluate(expression, configuration, model)


def evaluate(expression: Expression, values: Mapping[str, Value], model: FeatureModel | None = None) -> bool:
    """Whether the expression is true where its names have these values.

    A name that is missing or False is not selected: it counts as 0 beside numbers and as "" beside
    texts, and so do its attributes. A comparison that divides by zero or calculates with texts is
    false. The model gives attributes and subtrees; without it no feature has an attribute.
    """
    return bool(fold(expression, partial(_meaning, _Plain(values, model), False)).truth)


def truth_in(expression: Expression, scene: Scene) -> bool:
    """Whether the expression is true in the scene. Raises Undefined where that depends on what cannot be said.

    A comparison is unknown where one of its sides is, and ``&``, ``|``, ``!``, ``=>`` and ``<=>`` of what is unknown
    are as in the strong logic of three values (Kleene, 1938): ``false & unknown`` is false.
    """
    meaning: _Meaning = fold(expression, partial(_meaning, scene, None))
    if meaning.truth is None:
        raise Undefined
    return meaning.truth


def amount_in(expression: Expression, scene: Scene) -> Fraction:
    """What an arithmetic expression comes to in the scene, exact. Raises Undefined where that cannot be said."""
    value = fold(expression, partial(_meaning, scene, None)).value
    if value is _No.VALUE:
        return Fraction(0)
    if not isinstance(value, Fraction):
        raise Undefined
    return value


def _keeps(group: Group, configuration: Mapping[str, Value]) -> bool:
    selected = sum(_is_on(configuration, name) for name in group.members)
    if not _is_on(configuration, group.parent):
        return selected == 0
    return group.minimum <= selected <= group.maximum


def _is_on(values: Mapping[str, Value], name: str) -> bool:
    return values.get(name, False) is not False


def _meaning(scene: Scene, undefined: bool | None, node: Expression, parts: tuple[_Meaning, ...]) -> _Meaning:
    """What a node means, where a comparison that has no meaning counts as ``undefined``."""
    match node:
        case FeatureReference(name):
            value = scene.value(name)
            if value is None:
                return _Meaning(True)
            return _Meaning(value is not False, _No.VALUE if value is False else exact(value))
        case AttributeReference(name, attribute):
            found = scene.attribute(name, attribute)
            return _Meaning(value=_No.VALUE if found is None else exact(found))
        case Aggregate(function):
            numbers = scene.numbers(node)
            return _Meaning(value=_No.MEANING if numbers is None else aggregate(function, numbers))
        case Number(number):
            return _Meaning(value=exact(number))
        case Text(text):
            return _Meaning(value=text)
        case Arithmetic(operator):
            return _Meaning(value=_calculated(operator, parts[0].value, parts[1].value))
        case Function(name):
            return _Meaning(value=_applied(name, parts[0].value))
        case Compare(operator):
            return _Meaning(_compared(operator, parts[0].value, parts[1].value, undefined))
        case Not() | And() | Or() | Implies() | Iff():
            return _Meaning(_connected(node, [part.truth for part in parts]))


def _connected(node: Not | And | Or | Implies | Iff, truths: list[bool | None]) -> bool | None:
    match node:
        case Not():
            return _negated(truths[0])
        case And():
            return False if False in truths else None if None in truths else True
        case Or():
            return True if True in truths else None if None in truths else False
        case Implies():
            left = _negated(truths[0])
            return True if True in (left, truths[1]) else None if None in (left, truths[1]) else False
        case Iff():
            return None if None in truths else truths[0] == truths[1]


def _negated(truth: bool | None) -> bool | None:
    return None if truth is None else not truth


def _compared(operator: str, left: Exact | _No, right: Exact | _No, undefined: bool | None) -> bool | None:
    if _No.MEANING in (left, right):
        return undefined
    return compare(operator, _beside(left, right), _beside(right, left))


def _beside(value: Exact | _No, other: Exact | _No) -> Exact:
    if isinstance(value, _No):
        return "" if isinstance(other, str) else Fraction(0)
    return value


def _calculated(operator: str, left: Exact | _No, right: Exact | _No) -> Exact | _No:
    left, right = (Fraction(0) if operand is _No.VALUE else operand for operand in (left, right))
    if not isinstance(left, Fraction) or not isinstance(right, Fraction):
        return _No.MEANING
    try:
        return calculate(operator, left, right)
    except ZeroDivisionError:
        return _No.MEANING


def _applied(function: str, operand: Exact | _No) -> Exact | _No:
    if operand is _No.VALUE:
        return Fraction(0)
    is_text = isinstance(operand, str)
    return _No.MEANING if isinstance(operand, _No) or is_text != (function == "len") else apply(function, operand)
