"""The constraint grammar: UVL's expressions from text to values, with positions."""

from __future__ import annotations

import math
from collections.abc import Collection
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
)
from .notation import PRECEDENCE, shortened, write
from .tokens import PLAIN_NAME, Token, scan

__all__ = ["parse", "parse_amount", "write"]

MOST_HINTS = 10
MOST_PARTS = 200
LONG = 1000
FUNCTIONS = ("len", "floor", "ceil")
AGGREGATES = ("sum", "avg")


@dataclass(slots=True)
class _Chain:
    """An ``And`` or ``Or`` that is still growing, so that a long one is read in linear time."""

    operator: str
    operands: list[Expression]


_Operand = Expression | _Chain


def parse(text: str, where: Place, features: Collection[str] | None = None, *, hints: int = MOST_HINTS) -> Expression:
    """Read one constraint.

    ``features`` are the names that may stand in it; None takes any. Raises SartoError for the first
    syntax error, or for every unknown name, each with its column (counted on from ``where.column``
    where that is given); the first ``hints`` different unknown names come with the nearest known one.
    The method is operator precedence with explicit stacks (Dijkstra, 1961), so nesting has no limit.
    """
    return _flat(text, () if features is None else features) or _Parser(text, where, features, hints).parse()


def parse_amount(text: str, where: Place, features: Collection[str], *, hints: int = MOST_HINTS) -> Expression:
    """Read an arithmetic expression, as it stands on either side of a comparison. Raises as :func:`parse` does."""
    parser = _Parser(text, where, features, hints)
    node = _finished(parser.whole())
    if isinstance(node, Not | And | Or | Implies | Iff | Compare):
        raise parser._error(f"'{shortened(write(node))}' is true or false, where an amount is needed", parser.first)
    return node


def _flat(text: str, features: Collection[str]) -> Expression | None:
    """A long text of nothing but plain known names between one operator, `|` or `&`; None for every other."""
    operator, kind = ("|", Or) if "|" in text else ("&", And)
    if text.count(operator) < LONG:
        return None
    parts = list(map(str.strip, text.split(operator)))
    known = {name: FeatureReference(name) for name in set(parts) if name in features and PLAIN_NAME.fullmatch(name)}
    operands = tuple(filter(None, map(known.get, parts)))
    return kind(operands) if len(operands) == len(parts) else None


class _Parser:
    """Two stacks over the tokens of one constraint, of which the next is known."""

    def __init__(self, text: str, where: Place, features: Collection[str] | None, hints: int) -> None:
        self.where = where
        self.features = features
        self.hints = hints
        self.hint_of: dict[str, str] = {}
        self.tokens = scan(text)
        self.next = self.first = next(self.tokens)
        self.operands: list[_Operand] = []
        self.operators: list[Token] = []
        self.unknown: list[SartoError] = []

    def parse(self) -> Expression:
        return self._logical(self.whole(), self.first)

    def whole(self) -> _Operand:
        wants_operand = True
        while self.next.kind != "end":
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
            raise self._expected("a feature or a value", self.next)
        self._reduce(0)
        if self.operators:
            raise self._error("this bracket is never closed", self.operators[-1])
        raise_all(self.unknown)
        return self.operands[0]

    def _operand(self, token: Token) -> bool:
        """Read one operand, or what may precede it; True where the operand is still to come."""
        following = self.next
        match token.kind:
            case "symbol" if token.text in ("!", "("):
                self.operators.append(token)
                return True
            case "symbol" if token.text == "-" and following.kind == "number":
                self._take()
                self.operands.append(Number(-self._number(following)))
            case "number":
                self.operands.append(Number(self._number(token)))
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

    def _number(self, token: Token) -> int | float:
        try:
            value = float(token.text) if "." in token.text else int(token.text)
            is_too_large = math.isinf(value)
        except (ValueError, OverflowError):  # more digits than Python reads, or more than any real number has
            is_too_large = True
        if is_too_large:
            raise self._error(f"the number {shortened(token.text)} is too large", token)
        return value

    def _path(self, first: Token) -> list[str]:
        path = [first.name]
        while self.next.text == "." and self.next.kind == "symbol":
            self._take()
            token = self._take()
            if token.kind not in ("name", "quoted"):
                raise self._expected("a name after '.'", token)
            path.append(token.name)
        return path

    def _reference(self, path: list[str], token: Token) -> Expression:
        name = ".".join(path)
        if self.features is None or name in self.features:
            return FeatureReference(name)
        for length in range(min(len(path) - 1, MOST_PARTS), 0, -1):
            feature = ".".join(path[:length])
            if feature in self.features:
                return AttributeReference(feature, ".".join(path[length:]))
        self._unknown(path[0] if len(path) > 1 else name, token)
        return FeatureReference(name)

    def _aggregate(self, token: Token) -> Expression:
        arguments: list[tuple[str, Token]] = []
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

    def _close(self, token: Token) -> None:
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

    def _binary(self, token: Token, left: _Operand, right: _Operand) -> _Operand:
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

    def _logical(self, operand: _Operand, token: Token) -> Expression:
        node = _finished(operand)
        if isinstance(node, AttributeReference):
            return Compare("!=", node, Number(0))
        if isinstance(node, Number | Text | Arithmetic | Function | Aggregate):
            what = f"'{shortened(write(node))}' is a value, where something true or false is needed"
            raise self._error(what, token, hint="compare it: ==, !=, <, >, <=, >=")
        return node

    def _value(self, operand: _Operand, token: Token) -> Expression:
        node = _finished(operand)
        if isinstance(node, Not | And | Or | Implies | Iff | Compare):
            what = f"'{shortened(write(node))}' is true or false, where '{token.text}' needs a value"
            raise self._error(what, token, hint="put brackets around the comparison")
        return node

    def _take(self) -> Token:
        token = self.next
        self.next = next(self.tokens, token)
        return token

    def _unknown(self, name: str, token: Token) -> None:
        if name not in self.hint_of and len(self.hint_of) < self.hints:
            self.hint_of[name] = did_you_mean(name, () if self.features is None else self.features)
        what = f"unknown feature '{shortened(name)}'"
        self.unknown.append(self._error(what, token, hint=self.hint_of.get(name, "")))

    def _expected(self, what: str, token: Token) -> SartoError:
        found = f"'{shortened(token.text)}'" if token.kind != "end" else "the end"
        return self._error(f"expected {what}, but found {found}", token)

    def _error(self, what: str, token: Token, hint: str = "") -> SartoError:
        column = token.column + (self.where.column - 1 if self.where.column is not None else 0)
        return SartoError(what, where=self.where.at(column=column), hint=hint)


def _finished(operand: _Operand) -> Expression:
    if not isinstance(operand, _Chain):
        return operand
    return (And if operand.operator == "&" else Or)(tuple(operand.operands))
