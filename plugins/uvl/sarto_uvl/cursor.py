"""A position in one statement of a file: what stands there, token by token, and where that is."""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass

from sarto.errors import Place, SartoError
from sarto.model.notation import shortened

from .faults import Faults
from .spelling import NAME, read_name

__all__ = ["Cursor", "Positions", "Token"]

_TOKEN = re.compile(
    rf"""[ \t\n\x0b]*(?:(?P<name>{NAME})|(?P<quoted>"[^"\n]*")|(?P<text>'[^'\n]*')
    |(?P<number>-?[0-9]*\.[0-9]+|-?[0-9]+)|(?P<symbol>[{{}}\[\],.])|(?P<other>.)|(?P<end>\Z))""",
    re.VERBOSE | re.DOTALL,
)
_NESTED = re.compile(rf"""(?:"[^"\n]*"|'[^'\n]*'|{NAME})|(?P<open>[\[({{])|(?P<close>[\])}}])|(?P<comma>,)""")

MOST_PARTS = 200


@dataclass(frozen=True, slots=True)
class Token:
    """``kind`` is name, quoted, text, number, symbol, other or end; ``position`` counts from 0."""

    kind: str
    text: str
    position: int


class Positions:
    """Where the characters of a text stand that begins at ``start`` and goes on over any number of lines."""

    def __init__(self, text: str, start: Place) -> None:
        self.start = start
        self._breaks = [match.start() for match in re.finditer("\n", text)] if "\n" in text else []

    def place(self, position: int) -> Place:
        """The place of a position, which counts from 0."""
        lines = bisect_left(self._breaks, position)
        column = position - self._breaks[lines - 1] if lines else position + (self.start.column or 1)
        return Place(self.start.file, "", (self.start.line or 1) + lines, column)


class Cursor:
    """Reads the tokens of one statement, whose text begins at a column of a line, from a position in it."""

    def __init__(self, text: str, file: str, line: int, position: int = 0, column: int = 1) -> None:
        self.text = text
        self.positions = Positions(text, Place(file, "", line, column))
        self.position = position
        self._next: Token | None = None

    def place(self, token: Token) -> Place:
        """Where the token stands."""
        return self.positions.place(token.position)

    def peek(self) -> Token:
        """The token that comes next."""
        if self._next is None:
            match = _TOKEN.match(self.text, self.position)
            kind = match.lastgroup if match else None
            if match is None or kind is None:  # the pattern leaves nothing out
                return Token("end", "", len(self.text))
            self._next = Token(kind, match[kind], match.start(kind))
        return self._next

    def take(self) -> Token:
        """The next token, and go on behind it."""
        token = self.peek()
        self.position = token.position + len(token.text)
        self._next = None
        return token

    def go_back(self, token: Token) -> None:
        """Go back to before a token that was taken."""
        self.position, self._next = token.position, token

    def take_bracket(self) -> tuple[str, Token]:
        """The text from an opening square bracket to the closing one, and the token of its beginning."""
        first = self.peek()
        end = self.text.find("]", first.position)
        if first.kind != "symbol" or first.text != "[" or end < 0:
            raise self.expected("a cardinality like [1..3]", first)
        self.position, self._next = end + 1, None
        return self.text[first.position : end + 1], first

    def take_symbol(self, symbol: str) -> bool:
        """Go on behind the symbol if it comes next."""
        token = self.peek()
        if token.kind == "symbol" and token.text == symbol:
            self.take()
            return True
        return False

    def take_reference(self, what: str, faults: Faults) -> tuple[str, ...]:
        """The parts of a name, ``a."b c".d``. Raises SartoError where ``what`` is expected and none stands."""
        first = self.peek()
        parts = [self.take_name(what, faults)]
        while self.take_symbol("."):
            parts.append(self.take_name("a name behind the dot", faults))
        if len(parts) > MOST_PARTS:
            raise SartoError(f"a name of more than {MOST_PARTS} parts", where=self.place(first))
        return tuple(parts)

    def take_name(self, what: str, faults: Faults) -> str:
        """A single name. Raises SartoError where ``what`` is expected and none stands."""
        token = self.peek()
        if token.kind not in ("name", "quoted"):
            raise self.expected(what, token)
        return read_name(self.take().text, self.place(token), faults)

    def take_end(self, hint: str = "") -> None:
        """Raise SartoError unless the statement is at its end."""
        token = self.peek()
        if token.kind != "end":
            raise self.expected("the end of the line", token, hint)

    def capture(self) -> tuple[str, Token]:
        """The text up to a comma or a closing bracket that is not of its own, and the token of its beginning."""
        first = self.peek()
        depth, end = 0, len(self.text)
        for match in _NESTED.finditer(self.text, first.position):
            depth += (match.lastgroup == "open") - (match.lastgroup == "close")
            if depth < 0 or (depth == 0 and match.lastgroup == "comma"):
                end = match.start()
                break
        self.position, self._next = end, None
        return self.text[first.position : end].rstrip(), first

    def expected(self, what: str, token: Token, hint: str = "") -> SartoError:
        """The error that another thing stands where ``what`` is expected."""
        found = f"'{shortened(token.text)}'" if token.kind != "end" else "the end of the line"
        if token.kind == "other" and not token.text.isprintable():
            found = f"the character U+{ord(token.text):04X}"
        elif token.kind == "other" and token.text in "\"'":
            found = f"a quote ({token.text}) that is never closed"
        return SartoError(f"expected {what}, but found {found}", where=self.place(token), hint=hint)
