"""Whether a full configuration keeps the rules: the meaning of expressions, groups and trees, by plain evaluation."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from fractions import Fraction

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

__all__ = ["evaluate", "holds", "is_valid"]


class _No(Enum):
    """In place of a value: that of an unselected feature, and that which cannot be calculated."""

    VALUE = "absent"
    MEANING = "undefined"


@dataclass(frozen=True, slots=True)
class _Meaning:
    """What a node means where a truth is needed, and where a value is."""

    truth: bool = False
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
    return fold(expression, lambda node, parts: _meaning(node, parts, values, model)).truth


def _keeps(group: Group, configuration: Mapping[str, Value]) -> bool:
    selected = sum(_is_on(configuration, name) for name in group.members)
    if not _is_on(configuration, group.parent):
        return selected == 0
    return group.minimum <= selected <= group.maximum


def _is_on(values: Mapping[str, Value], name: str) -> bool:
    return values.get(name, False) is not False


def _meaning(
    node: Expression, parts: tuple[_Meaning, ...], values: Mapping[str, Value], model: FeatureModel | None
) -> _Meaning:
    match node:
        case FeatureReference(name):
            is_on = _is_on(values, name)
            return _Meaning(is_on, exact(values[name]) if is_on else _No.VALUE)
        case AttributeReference(name, attribute):
            value = attribute_value(model.features[name], attribute) if model and _is_on(values, name) else None
            return _Meaning(value=_No.VALUE if value is None else exact(value))
        case Aggregate(function):
            return _Meaning(value=aggregate(function, _selected_numbers(node, values, model)))
        case Number(number):
            return _Meaning(value=exact(number))
        case Text(text):
            return _Meaning(value=text)
        case Arithmetic(operator):
            return _Meaning(value=_calculated(operator, parts[0].value, parts[1].value))
        case Function(name):
            return _Meaning(value=_applied(name, parts[0].value))
        case Compare(operator):
            return _Meaning(_compared(operator, parts[0].value, parts[1].value))
        case Not() | And() | Or() | Implies() | Iff():
            return _Meaning(_connected(node, [part.truth for part in parts]))


def _connected(node: Not | And | Or | Implies | Iff, truths: list[bool]) -> bool:
    match node:
        case Not():
            return not truths[0]
        case And():
            return all(truths)
        case Or():
            return any(truths)
        case Implies():
            return not truths[0] or truths[1]
        case Iff():
            return truths[0] == truths[1]


def _selected_numbers(node: Aggregate, values: Mapping[str, Value], model: FeatureModel | None) -> Iterator[Fraction]:
    """The numbers that the attribute has in the selected features, all or those of a subtree."""
    for name in model.preorder(node.under) if model else ():
        value = attribute_value(model.features[name], node.attribute) if model and _is_on(values, name) else None
        if isinstance(value, int | float) and not isinstance(value, bool):
            yield Fraction(exact(value))


def _compared(operator: str, left: Exact | _No, right: Exact | _No) -> bool:
    if _No.MEANING in (left, right):
        return False
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
