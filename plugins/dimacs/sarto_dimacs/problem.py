"""What stands in a DIMACS file: the numbers of its header, the names in its comments, its clauses."""

from __future__ import annotations

from dataclasses import dataclass, field

from sarto.errors import Place

__all__ = ["Clause", "Name", "Problem"]


@dataclass(frozen=True, slots=True)
class Name:
    """A name that a comment gives to a variable; a generated one is marked with ``$`` behind the number."""

    text: str
    is_generated: bool
    where: Place


@dataclass(frozen=True, slots=True)
class Clause:
    """The literals of a clause, and the place where it begins."""

    literals: tuple[int, ...]
    where: Place


@dataclass(slots=True)
class Problem:
    """A file, as it is read.

    ``variables`` and ``clauses_declared`` are the header's numbers; ``remarks`` are all comments that may be names.
    """

    header: Place | None = None
    variables: int = 0
    clauses_declared: int = 0
    remarks: list[tuple[int, Name]] = field(default_factory=list)
    clauses: list[Clause] = field(default_factory=list)
