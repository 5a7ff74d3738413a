"""Reading facts from CSV: a row for each customer, and of what kind the facts of a column are.

A cell that is empty is a fact that is missing. A column is of truth values where all its other cells say ``true`` or
``false``, in letters of any size; of integers where all are digits, with or without a sign and without a zero in front;
of numbers where all are integers or have a decimal point; and of texts otherwise. Spaces around a cell do not count.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from math import isfinite

from ..errors import MoreErrors, Place, SartoError, did_you_mean, raise_all
from .expression import Value
from .facts import CUSTOMER, KnownCustomer, customer_fault
from .values import shown

__all__ = ["SEPARATORS", "read_csv_facts"]

SEPARATORS = (",", ";", "\t")
MOST_FAULTS = 20
"""So many faults of one file are told."""

MOST_KNOWN = 10_000
"""Of so many different cells of a column is kept that their kind is known."""

Cells = tuple[str, ...]

_INTEGER = re.compile(r"[+-]?(0|[1-9][0-9]{0,17})")
_NUMBER = re.compile(r"[+-]?(0|[1-9][0-9]{0,29})(\.[0-9]{1,30}([eE][+-]?[0-9]{1,3})?|[eE][+-]?[0-9]{1,3})")
_TRUTHS = {"true": True, "false": False}
_TRUTH, _WHOLE, _REAL, _TEXT = range(4)


def read_csv_facts(lines: Iterable[str], file: str, otherwise: str = "") -> Iterator[KnownCustomer]:
    """The customers of a CSV text with a line of names on top, in the order of their first rows.

    What separates cells is the one of ``SEPARATORS`` that is most often in the first line. The customer's name is
    in the column ``customer``; without that, one row is that of the customer ``otherwise``. Rows of one customer
    add up. Raises SartoError with the faults of the file before the first customer is given, among them rows that
    contradict each other, with the numbers of both lines.
    """
    table = _Table(file)
    table.read(lines, otherwise)
    raise_all(table.told())
    return table.customers()


class _Table:
    """The rows while they are read: those of each customer in one, and what the cells of each column have been."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.faults: list[SartoError] = []
        self.untold = 0
        self.names: Cells = ()
        self.rows: dict[str, tuple[int, Cells]] = {}
        self.kinds: list[_Column] = []
        self.undecided: list[tuple[int, _Column]] = []

    def read(self, lines: Iterable[str], otherwise: str) -> None:
        """All rows. Raises SartoError where the text is no CSV."""
        source = iter(lines)
        first = next(source, "")
        reader = csv.reader(_again(first, source), delimiter=_separator(first), strict=True)
        try:
            self.names = tuple(cell.strip() for cell in next(reader, ()))
            self._check_names()
            if self.faults:
                return
            self.kinds = [_Column() for _ in self.names]
            self.undecided = [each for each in enumerate(self.kinds) if self.names[each[0]] != CUSTOMER]
            self._rows(reader, otherwise)
        except csv.Error as error:
            raise SartoError(f"this is no CSV: {error}", where=Place(self.file, line=reader.line_num)) from None

    def _check_names(self) -> None:
        if not any(self.names):
            self._fault("there is no line of names on top", 1, f"write one: {CUSTOMER},region,employees")
        for number, name in enumerate(self.names):
            if not name and any(self.names):
                self._fault(f"column {number + 1} has no name", 1)
            elif name in self.names[:number] and name:
                self._fault(f"two columns have the name '{name}'", 1, "name one of them otherwise")

    def _rows(self, reader: Iterator[list[str]], otherwise: str) -> None:
        place = self.names.index(CUSTOMER) if CUSTOMER in self.names else None
        width, known = len(self.names), dict[str, str]()
        line = _Lines(reader)
        for row in reader:
            number = line()
            stripped = [*map(str.strip, row)]
            if not any(stripped):
                continue
            if len(row) != width:
                self._fault(f"this row has {len(row)} cells, and the first line names {width}", number)
                continue
            cells = tuple(map(known.setdefault, stripped, stripped))
            if place is None and self.rows:
                hint = did_you_mean(CUSTOMER, self.names) or f"name the column with the customers' names '{CUSTOMER}'"
                self._fault(f"there are several rows, and no column '{CUSTOMER}' says whose they are", 1, hint)
                return
            name = otherwise if place is None else cells[place]
            if what := customer_fault(name):
                self._fault(what, number)
            else:
                self._add(name, number, cells)

    def _add(self, name: str, number: int, cells: Cells) -> None:
        found = self.rows.get(name)
        if found is not None and found[1] != cells:
            cells = self._added_up(name, found, number, cells)
        self.rows[name] = (found[0] if found else number, cells)
        for place, column in self.undecided:
            if (cell := cells[place]) not in column.known:
                column.see(cell, number)
                if column.is_decided:
                    self.undecided = [other for other in self.undecided if other[1] is not column]

    def _added_up(self, name: str, found: tuple[int, Cells], number: int, cells: Cells) -> Cells:
        for column, one, other in zip(self.names, found[1], cells, strict=True):
            if one and other and one != other:
                what = (
                    f"two rows contradict each other on '{column}' of '{name}': "
                    f"{shown(one)} in line {found[0]} and {shown(other)} in line {number}"
                )
                self._fault(what, number, "keep one of the two, or leave that cell of one empty")
        return tuple(one or other for one, other in zip(found[1], cells, strict=True))

    def _fault(self, what: str, line: int, hint: str = "") -> None:
        if len(self.faults) < MOST_FAULTS:
            self.faults.append(SartoError(what, where=Place(self.file, line=line), hint=hint))
        else:
            self.untold += 1

    def told(self) -> Sequence[SartoError]:
        """The faults that are told, and how many more there are."""
        more = [MoreErrors(self.untold, where=Place(self.file))] if self.untold else []
        return [*self.faults, *more]

    def customers(self) -> Iterator[KnownCustomer]:
        """Each customer with the facts that are there."""
        columns = [(name, column.kind) for name, column in zip(self.names, self.kinds, strict=True)]
        notes = {
            name: note
            for name, column in zip(self.names, self.kinds, strict=True)
            if name != CUSTOMER and (note := column.note())
        }
        for name, (line, cells) in self.rows.items():
            yield KnownCustomer(name, _facts(columns, cells), Place(self.file, line=line), notes)


def _facts(columns: Sequence[tuple[str, int]], cells: Cells) -> Mapping[str, Value]:
    return {
        name: cell if name == CUSTOMER else _value(cell, kind)
        for (name, kind), cell in zip(columns, cells, strict=True)
        if cell
    }


def _value(cell: str, kind: int) -> Value:
    if kind == _TRUTH:
        return _TRUTHS[cell.lower()]
    if kind == _TEXT:
        return cell
    return int(cell) if _INTEGER.fullmatch(cell) else float(cell)


class _Column:
    """What the cells of a column have been so far; those in ``known`` need not be looked at again."""

    def __init__(self) -> None:
        self.seen: dict[int, tuple[int, str]] = {}  # each kind with its first line and cell
        self.known: set[str] = {""}

    def see(self, cell: str, line: int) -> None:
        """Take a cell in."""
        self.seen.setdefault(_kind_of(cell), (line, cell))
        if len(self.known) < MOST_KNOWN:
            self.known.add(cell)

    @property
    def is_decided(self) -> bool:
        """Whether no further cell can make another kind of it, nor say better why."""
        return len(self.seen) > 1 and (_TEXT in self.seen or _TRUTH in self.seen)

    @property
    def kind(self) -> int:
        """The kind that all of its cells are of."""
        kinds = self.seen.keys()
        if len(kinds) == 1:
            return next(iter(kinds))
        return _REAL if kinds and kinds <= {_WHOLE, _REAL} else _TEXT

    def note(self) -> str:
        """Why a column is of texts in which some cells look like something else."""
        if self.kind != _TEXT or len(self.seen) < 2:
            return ""
        (line, cell), *_, (other, odd) = self.seen.values()
        return f"the column is of texts, because line {line} has {shown(cell)} and line {other} {shown(odd)}"


def _kind_of(cell: str) -> int:
    if _INTEGER.fullmatch(cell):
        return _WHOLE
    if cell.lower() in _TRUTHS:
        return _TRUTH
    return _REAL if _NUMBER.fullmatch(cell) and isfinite(float(cell)) else _TEXT


def _separator(first: str) -> str:
    outside = re.sub(r'"[^"]*"', "", first)
    return max(SEPARATORS, key=outside.count)


def _again(first: str, rest: Iterator[str]) -> Iterator[str]:
    yield first
    yield from rest


class _Lines:
    """The number of the line on which each row begins: the reader knows only where the last one ended."""

    def __init__(self, reader: Iterator[list[str]]) -> None:
        self._reader = reader
        self._end: int = reader.line_num  # type: ignore[attr-defined]  # csv's readers have it

    def __call__(self) -> int:
        begin = self._end + 1
        self._end = self._reader.line_num  # type: ignore[attr-defined]  # as above
        return begin
