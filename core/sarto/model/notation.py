"""How expressions and names are written: UVL's syntax, the other way round from the grammar."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from decimal import Decimal

from .expression import (
    Aggregate,
    And,
    Arithmetic,
    AttributeReference,
    Compare,
    Expression,
    FeatureReference,
    Function,
    Iff,
    Implies,
    Not,
    Number,
    Or,
    Text,
    fold,
)

__all__ = ["PRECEDENCE", "RESERVED", "decimal", "quoted", "shortened", "spelled", "write"]

PRECEDENCE = {
    "<=>": 1, "=>": 2, "|": 3, "&": 4, "!": 5,
    "==": 6, "!=": 6, "<": 6, ">": 6, "<=": 6, ">=": 6,
    "+": 7, "-": 7, "*": 8, "/": 8,
}  # fmt: skip
_BARE = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
RESERVED = frozenset({
    "include", "features", "imports", "namespace", "as", "constraint", "constraints", "cardinality", "String",
    "Boolean", "Integer", "Real", "len", "sum", "avg", "floor", "ceil", "Type", "Arithmetic", "or", "alternative",
    "optional", "mandatory", "true", "false",
})  # fmt: skip


def spelled(name: str) -> str:
    """A name as a rule writes it, in a line and in messages: bare, or whole in double quotes where it needs them."""
    if _BARE.fullmatch(name) and name not in RESERVED:  # nearly all are
        return name
    return name if all(map(_is_bare, name.split("."))) else f'"{name}"'


def quoted(name: str) -> str:
    """A name as a UVL file writes it, which has no dots inside of quotes: each part between dots by itself."""
    parts = name.split(".")
    return ".".join(map(spelled, parts)) if len(parts) > 1 and all(parts) else spelled(name)


def _is_bare(part: str) -> bool:
    return part not in RESERVED and _BARE.fullmatch(part) is not None


def decimal(value: int | float) -> str:
    """A number in decimal digits, without an exponent, that reads back equal."""
    digits = format(Decimal(repr(value) if isinstance(value, float) else value), "f")
    return f"{digits}.0" if isinstance(value, float) and "." not in digits else digits


def shortened(text: str) -> str:
    """A text in a message, cut where it is long."""
    return text if len(text) <= 60 else text[:57] + "..."


def write(expression: Expression, spell: Callable[[str], str] = spelled) -> str:
    """The expression in UVL's syntax, with the fewest brackets that keep its meaning; ``spell`` writes names."""
    return _clause(expression, spell) or fold(expression, lambda node, parts: _write_node(spell, node, parts))[0]


def _clause(expression: Expression, spell: Callable[[str], str]) -> str:
    """What joins nothing but features and negated ones, as most constraints of large models do; else nothing."""
    if not isinstance(expression, (And, Or)):
        return ""
    texts = []
    for operand in expression.operands:
        sign, node = ("!", operand.operand) if isinstance(operand, Not) else ("", operand)
        if not isinstance(node, FeatureReference):
            return ""
        texts.append(sign + spell(node.name))
    return (" & " if isinstance(expression, And) else " | ").join(texts)


def _write_node(spell: Callable[[str], str], node: Expression, parts: tuple[tuple[str, int], ...]) -> tuple[str, int]:
    """The text of a node and how tightly its outermost operator binds (9: needs no brackets)."""
    match node:
        case FeatureReference(name):
            return spell(name), 9
        case AttributeReference(feature, attribute):
            return f"{spell(feature)}.{_attribute(attribute)}", 9
        case Number(value):
            return decimal(value), 9
        case Text(value):
            return f"'{value}'", 9
        case Aggregate(function, attribute, under):
            inside = _attribute(attribute) + (f", {spell(under)}" if under is not None else "")
            return f"{function}({inside})", 9
        case Function(name):
            return f"{name}({parts[0][0]})", 9
        case Not():
            return f"!{_within(parts[0], 5)}", 5
        case And() | Or():
            operator = "&" if isinstance(node, And) else "|"
            return f" {operator} ".join(_chained(parts, PRECEDENCE[operator])), PRECEDENCE[operator]
        case Implies() | Iff():
            operator = "=>" if isinstance(node, Implies) else "<=>"
        case Compare(operator) | Arithmetic(operator):
            pass
    level = PRECEDENCE[operator]
    return f"{_within(parts[0], level)} {operator} {_within(parts[1], level + 1)}", level


def _chained(parts: tuple[tuple[str, int], ...], level: int) -> Iterator[str]:
    return (_within(part, level + 1) for part in parts)


def _within(part: tuple[str, int], least: int) -> str:
    text, level = part
    return text if level >= least else f"({text})"


def _attribute(path: str) -> str:
    return ".".join(spelled(key) for key in path.split("."))
