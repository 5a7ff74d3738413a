"""Constraint expressions as values: what UVL's expression grammar can say, and their meaning.

Presence and values are kept apart: a feature's name in a logical position means "is selected", in
an arithmetic position its value. An unselected feature, and every attribute of one, counts as 0 in
arithmetic and as "" among texts, and is left out of ``sum`` and ``avg``; ``avg`` over nothing is 0.
A comparison whose arithmetic divides by zero is false.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeVar

__all__ = [
    "Aggregate", "And", "Arithmetic", "AttributeReference", "Compare", "Exact", "Expression", "FeatureReference",
    "Function", "Iff", "Implies", "Not", "Number", "Or", "Text", "Value", "aggregate", "apply", "calculate", "children",
    "compare", "exact", "features_in", "fold", "postorder",
]  # fmt: skip

Value = bool | int | float | str
Exact = Fraction | str


@dataclass(frozen=True, slots=True)
class FeatureReference:
    """A feature by name: its presence, or in arithmetic its value."""

    name: str


@dataclass(frozen=True, slots=True)
class AttributeReference:
    """``feature.attribute``; nested attributes have a dotted ``attribute``."""

    feature: str
    attribute: str


@dataclass(frozen=True, slots=True)
class Number:
    """A number, as it was written."""

    value: int | float


@dataclass(frozen=True, slots=True)
class Text:
    """A text, without its quotes."""

    value: str


@dataclass(frozen=True, slots=True)
class Not:
    """The operand does not hold."""

    operand: Expression


@dataclass(frozen=True, slots=True)
class And:
    """All operands hold."""

    operands: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Or:
    """At least one operand holds."""

    operands: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Implies:
    """Where ``left`` holds, so does ``right``."""

    left: Expression
    right: Expression


@dataclass(frozen=True, slots=True)
class Iff:
    """Both sides hold, or neither."""

    left: Expression
    right: Expression


@dataclass(frozen=True, slots=True)
class Compare:
    """``operator`` is one of ``== != < > <= >=``."""

    operator: str
    left: Expression
    right: Expression


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """``operator`` is one of ``+ - * /``."""

    operator: str
    left: Expression
    right: Expression


@dataclass(frozen=True, slots=True)
class Function:
    """``floor`` or ``ceil`` of a number, ``len`` of a text."""

    name: str
    operand: Expression


@dataclass(frozen=True, slots=True)
class Aggregate:
    """``sum`` or ``avg`` of an attribute over the selected features, all or those below ``under``."""

    function: str
    attribute: str
    under: str | None = None


Expression = (
    FeatureReference | AttributeReference | Number | Text | Not | And | Or | Implies | Iff
    | Compare | Arithmetic | Function | Aggregate
)  # fmt: skip

T = TypeVar("T")


def children(expression: Expression) -> tuple[Expression, ...]:
    """The operands of an expression, in the order in which they are written."""
    match expression:
        case Not(operand) | Function(_, operand):
            return (operand,)
        case And(operands) | Or(operands):
            return operands
        case Implies(left, right) | Iff(left, right) | Compare(_, left, right) | Arithmetic(_, left, right):
            return (left, right)
        case _:
            return ()


def fold(expression: Expression, combine: Callable[[Expression, tuple[T, ...]], T]) -> T:
    """``combine(node, results of its children)`` from the leaves up, at any depth without recursion."""
    results: list[T] = []
    work: list[tuple[Expression, bool]] = [(expression, False)]
    while work:
        node, is_open = work.pop()
        below = children(node)
        if below and not is_open:
            work.append((node, True))
            work.extend((child, False) for child in reversed(below))
        else:
            start = len(results) - len(below)
            operands = tuple(results[start:])
            del results[start:]
            results.append(combine(node, operands))
    return results[0]


def postorder(expression: Expression) -> Iterator[Expression]:
    """Every node of the expression, children before their parents."""
    nodes: list[Expression] = []
    fold(expression, lambda node, _: nodes.append(node))
    return iter(nodes)


def features_in(expression: Expression) -> tuple[str, ...]:
    """The features that the expression names, each once, in order. Aggregates name only ``under``."""
    names: dict[str, None] = {}
    for node in postorder(expression):
        match node:
            case FeatureReference(name) | AttributeReference(name):
                names[name] = None
            case Aggregate(under=str(name)):
                names[name] = None
    return tuple(names)


def exact(value: Value) -> Exact:
    """A value as exact arithmetic sees it: decimals as they are written, true as 1."""
    return value if isinstance(value, str) else Fraction(repr(value)) if isinstance(value, float) else Fraction(value)


def compare(operator: str, left: Exact, right: Exact) -> bool:
    """Compare two exact values; a text and a number are never equal and never ordered."""
    if isinstance(left, str) and isinstance(right, str):
        return _ordered(operator, (left > right) - (left < right))
    if isinstance(left, str) or isinstance(right, str):
        return operator == "!="
    return _ordered(operator, (left > right) - (left < right))


def _ordered(operator: str, sign: int) -> bool:
    return {
        "==": sign == 0, "!=": sign != 0, "<": sign < 0, ">": sign > 0, "<=": sign <= 0, ">=": sign >= 0,
    }[operator]  # fmt: skip


def calculate(operator: str, left: Fraction, right: Fraction) -> Fraction:
    """Exact arithmetic. Raises ZeroDivisionError."""
    match operator:
        case "+":
            return left + right
        case "-":
            return left - right
        case "*":
            return left * right
        case _:
            return left / right


def apply(function: str, operand: Exact) -> Fraction:
    """``floor``, ``ceil`` or ``len`` of an exact value."""
    if isinstance(operand, str):
        return Fraction(len(operand))
    return Fraction({"floor": math.floor, "ceil": math.ceil}.get(function, Fraction)(operand))


def aggregate(function: str, values: Iterable[Fraction]) -> Fraction:
    """``sum`` or ``avg`` of exact values; the average of nothing is 0."""
    found = list(values)
    total = sum(found, Fraction(0))
    return total if function == "sum" else total / len(found) if found else Fraction(0)
