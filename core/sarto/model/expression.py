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
from decimal import Decimal
from fractions import Fraction
from operator import attrgetter
from typing import Any, TypeVar

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


class _Inner:
    """An expression with operands: compared, hashed and pickled at any depth.

    To recurse is quickest, and what is too deep for that is gone through step by step.
    """

    __slots__ = ()

    def __eq__(self, other: object) -> bool:
        if type(self) is not type(other):
            return NotImplemented
        fields = _FIELDS[type(self)]
        try:
            return bool(fields(self) == fields(other))
        except RecursionError:
            return _rows(self) == _rows(other)

    def __hash__(self) -> int:
        try:
            return _hash(self, tuple(map(hash, children(self))))  # type: ignore[arg-type]  # as every inner node is one
        except RecursionError:
            return fold(self, _hash)  # type: ignore[arg-type]  # as every inner node is one

    def __reduce__(self) -> tuple[Callable[..., Expression], tuple[list[_Row]]]:
        return _put_together, (_rows(self),)


@dataclass(frozen=True, slots=True, eq=False)
class Not(_Inner):
    """The operand does not hold."""

    operand: Expression


@dataclass(frozen=True, slots=True, eq=False)
class And(_Inner):
    """All operands hold."""

    operands: tuple[Expression, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Or(_Inner):
    """At least one operand holds."""

    operands: tuple[Expression, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Implies(_Inner):
    """Where ``left`` holds, so does ``right``."""

    left: Expression
    right: Expression


@dataclass(frozen=True, slots=True, eq=False)
class Iff(_Inner):
    """Both sides hold, or neither."""

    left: Expression
    right: Expression


@dataclass(frozen=True, slots=True, eq=False)
class Compare(_Inner):
    """``operator`` is one of ``== != < > <= >=``."""

    operator: str
    left: Expression
    right: Expression


@dataclass(frozen=True, slots=True, eq=False)
class Arithmetic(_Inner):
    """``operator`` is one of ``+ - * /``."""

    operator: str
    left: Expression
    right: Expression


@dataclass(frozen=True, slots=True, eq=False)
class Function(_Inner):
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

_Row = Expression | tuple[type, tuple[str, ...], int]
_FIELDS: dict[type, Callable[[object], object]] = {
    each: attrgetter(*each.__slots__) for each in (Not, And, Or, Implies, Iff, Compare, Arithmetic, Function)
}
_BELOW: dict[type, Callable[[Any], tuple[Expression, ...]]] = {
    Not: lambda node: (node.operand,),
    Function: lambda node: (node.operand,),
    And: attrgetter("operands"),
    Or: attrgetter("operands"),
    **dict.fromkeys((Implies, Iff, Compare, Arithmetic), attrgetter("left", "right")),
}
T = TypeVar("T")


def _own(node: _Inner) -> tuple[str, ...]:
    """What an inner node has besides its operands."""
    match node:
        case Compare(operator) | Arithmetic(operator):
            return (operator,)
        case Function(name):
            return (name,)
        case _:
            return ()


def _hash(node: Expression, below: tuple[int, ...]) -> int:
    return hash((type(node).__name__, _own(node), below)) if isinstance(node, _Inner) else hash(node)


def _rows(expression: _Inner) -> list[_Row]:
    """The nodes, children before their parents: a leaf as it is, of others what they are and how many are theirs."""
    nodes = postorder(expression)  # type: ignore[arg-type]  # as every inner node is one
    return [(type(node), _own(node), len(children(node))) if isinstance(node, _Inner) else node for node in nodes]


def _put_together(rows: Iterable[_Row]) -> Expression:
    """The expression whose nodes, children before their parents, are told by rows."""
    done: list[Expression] = []
    for row in rows:
        if not isinstance(row, tuple):
            done.append(row)
            continue
        kind, own, count = row
        operands = tuple(done[len(done) - count :])
        del done[len(done) - count :]
        done.append(kind(operands) if kind in (And, Or) else kind(*own, *operands))
    return done[0]


def children(expression: Expression) -> tuple[Expression, ...]:
    """The operands of an expression, in the order in which they are written."""
    below = _BELOW.get(type(expression))
    return below(expression) if below else ()


def fold(expression: Expression, combine: Callable[[Expression, tuple[T, ...]], T]) -> T:
    """``combine(node, results of its children)`` from the leaves up, at any depth without recursion."""
    results: list[T] = []
    for node in postorder(expression):
        below = _BELOW.get(type(node))
        start = len(results) - len(below(node)) if below else len(results)
        operands = tuple(results[start:])
        del results[start:]
        results.append(combine(node, operands))
    return results[0]


def postorder(expression: Expression) -> Iterator[Expression]:
    """Every node of the expression, children before their parents."""
    nodes: list[Expression] = []
    work = [expression]
    while work:
        node = work.pop()
        nodes.append(node)
        below = _BELOW.get(type(node))
        if below:
            work += below(node)
    return reversed(nodes)  # each was met before its operands, the last of which came first


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


def exact(value: Value | Decimal) -> Exact:
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
