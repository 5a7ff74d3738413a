"""The constraint grammar: UVL's expressions from text to values and back, with positions."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from ..errors import Place, SartoError, did_you_mean, raise_all
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

__all__ = ["parse", "quoted", "write"]

PRECEDENCE = {
    "<=>": 1, "=>": 2, "|": 3, "&": 4, "!": 5,
    "==": 6, "!=": 6, "<": 6, ">": 6, "<=": 6, ">=": 6,
    "+": 7, "-": 7, "*": 8, "/": 8,
}  # fmt: skip
FUNCTIONS = ("len", "floor", "ceil")
AGGREGATES = ("sum", "avg")
_NAME = r"[^\W\d][\w#§%?\\;']*|\d+[^\W\d][\w#§%?\\;']*"
_TOKEN = re.compile(
    rf"""(?P<skip>\s+|//[^\r\n]*|/\*.*?\*/)
    |(?P<quoted>"[^"\r\n]*")
    |(?P<name>{_NAME})
    |(?P<number>\d*\.\d+(?!\w)|\d+)
    |(?P<text>'[^'\r\n]*')
    |(?P<symbol><=>|=>|==|!=|<=|>=|[-<>!&|()+*/,.])
    |(?P<bad>.)""",
    re.VERBOSE | re.DOTALL,
)
_BARE = re.compile(r"[^\W\d]\w*")
_RESERVED = frozenset(
    "include features imports namespace as constraint constraints cardinality String Boolean Integer Real len sum avg "
    "floor ceil Type Arithmetic or alternative optional mandatory true false".split()
)


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    column: int


@dataclass(slots=True)
class _Chain:
    """An ``And`` or ``Or`` that is still growing, so that a long one is read in linear time."""

    operator: str
    operands: list[Expression]


_Operand = Expression | _Chain


def parse(text: str, where: Place, features: Collection[str] | None = None) -> Expression:
    """Read one constraint.

    ``features`` are the names that may stand in it; None takes any. Raises SartoError for the first
    syntax error, or for every unknown name, each with its column (counted on from ``where.column``
    where that is given). The method is operator precedence with explicit stacks (Dijkstra, 1961), so
    nesting has no limit.
    """
    return _Parser(text, where, features).parse()


class _Parser:
    """Two stacks and a position in the tokens of one constraint."""

    def __init__(self, text: str, where: Place, features: Collection[str] | None) -> None:
        self.where = where
        self.features = features
        self.tokens = [
            _Token(match.lastgroup or "", match.group(), match.start() + 1)
            for match in _TOKEN.finditer(text)
            if match.lastgroup != "skip"
        ]
        self.end = _Token("end", "", len(text) + 1)
        self.next = 0
        self.operands: list[_Operand] = []
        self.operators: list[_Token] = []
        self.unknown: list[SartoError] = []

    def parse(self) -> Expression:
        wants_operand = True
        while self.next < len(self.tokens):
            token = self._take()
            if wants_operand:
                wants_operand = self._operand(token)
            elif token.text == ")" and token.kind == "symbol":
                self._close(token)
            elif token.kind == "symbol" and token.text in PRECEDENCE and token.text != "!":
                self._reduce(PRECEDENCE[token.text])
                self.operators.append(token)
                wants_operand = True
            else:
                raise self._expected("an operator", token)
        if wants_operand:
            raise self._expected("a feature or a value", self.end)
        self._reduce(0)
        if self.operators:
            raise self._error("this bracket is never closed", self.operators[-1])
        raise_all(self.unknown)
        return self._logical(self.operands[0], self.tokens[0])

    def _operand(self, token: _Token) -> bool:
        """Read one operand, or what may precede it; True where the operand is still to come."""
        following = self._peek()
        match token.kind:
            case "symbol" if token.text in ("!", "("):
                self.operators.append(token)
                return True
            case "symbol" if token.text == "-" and following.kind == "number":
                self._take()
                self.operands.append(Number(-_number(following.text)))
            case "number":
                self.operands.append(Number(_number(token.text)))
            case "text":
                self.operands.append(Text(token.text[1:-1]))
            case "name" if token.text in FUNCTIONS and following.text == "(":
                self._take()
                self.operators.append(token)
                return True
            case "name" if token.text in AGGREGATES and following.text == "(":
                self._take()
                self.operands.append(self._aggregate(token))
            case "name" | "quoted":
                self.operands.append(self._reference(self._path(token), token))
            case _:
                raise self._expected("a feature or a value", token)
        return False

    def _path(self, first: _Token) -> list[str]:
        path = [_unquoted(first)]
        while self._peek().text == "." and self._peek().kind == "symbol":
            self._take()
            token = self._take()
            if token.kind not in ("name", "quoted"):
                raise self._expected("a name after '.'", token)
            path.append(_unquoted(token))
        return path

    def _reference(self, path: list[str], token: _Token) -> Expression:
        name = ".".join(path)
        if self.features is None or name in self.features:
            return FeatureReference(name)
        for length in range(len(path) - 1, 0, -1):
            feature = ".".join(path[:length])
            if feature in self.features:
                return AttributeReference(feature, ".".join(path[length:]))
        self._unknown(path[0] if len(path) > 1 else name, token)
        return FeatureReference(name)

    def _aggregate(self, token: _Token) -> Expression:
        arguments: list[tuple[str, _Token]] = []
        while True:
            start = self._take()
            if start.kind not in ("name", "quoted"):
                raise self._expected("an attribute", start)
            arguments.append((".".join(self._path(start)), start))
            closing = self._take()
            if closing.text == ")":
                break
            if closing.text != "," or len(arguments) == 2:
                raise self._expected("')'", closing)
        if len(arguments) == 1:
            return Aggregate(token.text, arguments[0][0])
        (first, first_token), (second, second_token) = arguments
        known = self.features
        if known is not None and second not in known and first in known:
            return Aggregate(token.text, second, first)
        if known is not None and second not in known:
            self._unknown(second, second_token if first_token.text else first_token)
        return Aggregate(token.text, first, second)

    def _close(self, token: _Token) -> None:
        self._reduce(0)
        if not self.operators:
            raise self._error("this bracket was never opened", token)
        opening = self.operators.pop()
        inner = self.operands.pop()
        if opening.text == "(":
            self.operands.append(_finished(inner))
        else:
            self.operands.append(Function(opening.text, self._value(inner, opening)))

    def _reduce(self, least: int) -> None:
        """Apply the operators on the stack that bind at least as tightly as ``least``."""
        while self.operators:
            token = self.operators[-1]
            if token.kind != "symbol" or token.text == "(" or PRECEDENCE[token.text] < least:
                return
            self.operators.pop()
            right = self.operands.pop()
            if token.text == "!":
                self.operands.append(Not(self._logical(right, token)))
            else:
                self.operands.append(self._binary(token, self.operands.pop(), right))

    def _binary(self, token: _Token, left: _Operand, right: _Operand) -> _Operand:
        match token.text:
            case "&" | "|":
                if not (isinstance(left, _Chain) and left.operator == token.text):
                    left = _Chain(token.text, [self._logical(left, token)])
                left.operands.append(self._logical(right, token))
                return left
            case "=>":
                return Implies(self._logical(left, token), self._logical(right, token))
            case "<=>":
                return Iff(self._logical(left, token), self._logical(right, token))
            case "+" | "-" | "*" | "/":
                return Arithmetic(token.text, self._value(left, token), self._value(right, token))
            case _:
                return Compare(token.text, self._value(left, token), self._value(right, token))

    def _logical(self, operand: _Operand, token: _Token) -> Expression:
        node = _finished(operand)
        if isinstance(node, AttributeReference):
            return Compare("!=", node, Number(0))
        if isinstance(node, Number | Text | Arithmetic | Function | Aggregate):
            what = f"'{write(node)}' is a value, where something true or false is needed"
            raise self._error(what, token, hint="compare it: ==, !=, <, >, <=, >=")
        return node

    def _value(self, operand: _Operand, token: _Token) -> Expression:
        node = _finished(operand)
        if isinstance(node, Not | And | Or | Implies | Iff | Compare):
            what = f"'{write(node)}' is true or false, where '{token.text}' needs a value"
            raise self._error(what, token, hint="put brackets around the comparison")
        return node

    def _take(self) -> _Token:
        token = self._peek()
        self.next += 1
        return token

    def _peek(self) -> _Token:
        return self.tokens[self.next] if self.next < len(self.tokens) else self.end

    def _unknown(self, name: str, token: _Token) -> None:
        hint = did_you_mean(name, self.features or ())
        self.unknown.append(self._error(f"unknown feature '{name}'", token, hint=hint))

    def _expected(self, what: str, token: _Token) -> SartoError:
        found = f"'{token.text}'" if token.kind != "end" else "the end"
        return self._error(f"expected {what}, but found {found}", token)

    def _error(self, what: str, token: _Token, hint: str = "") -> SartoError:
        column = token.column + (self.where.column - 1 if self.where.column is not None else 0)
        return SartoError(what, where=self.where.at(column=column), hint=hint)


def _finished(operand: _Operand) -> Expression:
    if not isinstance(operand, _Chain):
        return operand
    return (And if operand.operator == "&" else Or)(tuple(operand.operands))


def _number(text: str) -> int | float:
    return float(text) if "." in text else int(text)


def _unquoted(token: _Token) -> str:
    return token.text[1:-1] if token.kind == "quoted" else token.text


def quoted(name: str) -> str:
    """A name as the grammar reads it back: bare, or in double quotes where it needs them."""
    return name if _BARE.fullmatch(name) and name not in _RESERVED else f'"{name}"'


def write(expression: Expression) -> str:
    """The expression in UVL's syntax, with the fewest brackets that keep its meaning."""
    return fold(expression, _write_node)[0]


def _write_node(node: Expression, parts: tuple[tuple[str, int], ...]) -> tuple[str, int]:
    """The text of a node and how tightly its outermost operator binds (9: needs no brackets)."""
    match node:
        case FeatureReference(name):
            return quoted(name), 9
        case AttributeReference(feature, attribute):
            return f"{quoted(feature)}.{_attribute(attribute)}", 9
        case Number(value):
            return (format(value, "f") if isinstance(value, float) and "e" in repr(value) else repr(value)), 9
        case Text(value):
            return f"'{value}'", 9
        case Aggregate(function, attribute, under):
            inside = _attribute(attribute) + (f", {quoted(under)}" if under is not None else "")
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
    return ".".join(quoted(key) for key in path.split("."))
