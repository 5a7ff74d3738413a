"""From the text of a DIMACS file to what stands in it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from sarto.errors import Place
from sarto.hooks import Gathered
from sarto.model.notation import shortened

from .problem import Clause, Name, Problem

__all__ = ["MOST_VARIABLES", "scan"]

MOST_VARIABLES = 9_999_999_999
_NAME = re.compile(r"c[ \t]+([0-9]{1,10})(\$?)[ \t]+(\S.*)")
_LITERAL = re.compile(r"-?[0-9]{1,10}")
_TOKEN = re.compile(r"\S+")


def scan(text: str, file: str, faults: Gathered) -> Problem:
    """The content of a file; what is wrong with it goes into ``faults``."""
    return _Scanner(file, faults).scan(text)


class _Scanner:
    """The problem so far, and the clause that is not at its end yet."""

    def __init__(self, file: str, faults: Gathered) -> None:
        self.file = file
        self.faults = faults
        self.problem = Problem()
        self.literals: list[int] = []
        self.where: Place | None = None

    def scan(self, text: str) -> Problem:
        number = 0
        for number, line in enumerate(text.split("\n"), 1):
            first = line[:1] if not line[:1].isspace() else line.strip()[:1]
            if first == "c":
                self._comment(line.strip(), number)
            elif first == "p":
                self._header(line, number)
            elif first == "%":  # what some collections end their files with
                break
            elif first:
                self._clauses(line, number)
        if self.problem.header is None:
            self.faults.error("this file has no header", Place(self.file, line=1), hint="it begins with: p cnf 3 2")
        if self.where is not None:
            self.faults.oddity("end", "the last clause has no 0 at its end", Place(self.file, line=number))
            self._end_clause()
        self._check_number()
        return self.problem

    def _comment(self, line: str, number: int) -> None:
        found = _NAME.fullmatch(line)
        if found:
            name = Name(found[3], bool(found[2]), Place(self.file, line=number))
            self.problem.remarks.append((int(found[1]), name))

    def _header(self, line: str, number: int) -> None:
        where = Place(self.file, line=number)
        words = line.split()
        if self.problem.header is not None:
            self.faults.error(f"this file has a second header; the first is {self.problem.header}", where)
        elif len(words) != 4 or words[:2] != ["p", "cnf"] or not all(map(_is_count, words[2:])):
            hint = "it is 'p cnf', the number of variables, and the number of clauses"
            self.faults.error(f"the header '{shortened(line.strip())}' cannot be read", where, hint)
            self.problem.header = where
            self.problem.variables = MOST_VARIABLES
            self.problem.clauses_declared = -1
        else:
            self.problem.header = where
            self.problem.variables, self.problem.clauses_declared = int(words[2]), int(words[3])

    def _clauses(self, line: str, number: int) -> None:
        tokens = line.split()
        if all(map(_LITERAL.fullmatch, tokens)):
            literals: Iterable[int] = map(int, tokens)
        elif self.faults.is_full:
            self.faults.count_further(sum(_LITERAL.fullmatch(token) is None for token in tokens))
            return
        else:
            literals = self._readable(line, number)
        for literal in literals:
            if self.where is None:
                self.where = Place(self.file, line=number)
            if literal == 0:
                self._end_clause()
            else:
                self.literals.append(literal)

    def _readable(self, line: str, number: int) -> Iterator[int]:
        for match in _TOKEN.finditer(line):
            if _LITERAL.fullmatch(match[0]):
                yield int(match[0])
            elif self.faults.is_full:
                self.faults.count_further(1)
            else:
                where = Place(self.file, line=number, column=match.start() + 1)
                self.faults.error(f"'{shortened(match[0])}' is no literal", where)

    def _end_clause(self) -> None:
        self.problem.clauses.append(Clause(tuple(self.literals), self.where or Place(self.file)))
        self.literals.clear()
        self.where = None

    def _check_number(self) -> None:
        problem = self.problem
        if problem.header is not None and problem.clauses_declared not in (-1, len(problem.clauses)):
            what = f"the header says {problem.clauses_declared:,} clauses, and there are {len(problem.clauses):,}"
            self.faults.oddity("number", what, problem.header)


def _is_count(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 10
