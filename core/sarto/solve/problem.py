"""What an optimiser is asked and what it answers: clauses and whole-number arithmetic, with a sum to make least."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from .formula import Clause

__all__ = ["Answer", "Linear", "Problem", "Product", "Solve", "Status", "Terms"]

Terms = tuple[tuple[int, int], ...]
"""(coefficient, variable): variable n > 0 is the Boolean n, which counts as 0 or 1, and -n is the integer n."""


@dataclass(frozen=True, slots=True)
class Linear:
    """The sum of ``terms`` is between ``low`` and ``high`` (None: no limit) wherever all literals ``when`` hold."""

    terms: Terms
    low: int | None = None
    high: int | None = None
    when: Clause = ()


@dataclass(frozen=True, slots=True)
class Product:
    """The integer ``result`` is the product of the integers ``left`` and ``right``, always."""

    result: int
    left: int
    right: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """Clauses over the Booleans 1..``size``, as in DIMACS, and arithmetic over integers.

    ``integers[n - 1]`` has the bounds, (least, greatest), of the integer ``n``. The sum ``minimise`` is to
    be least; where it is empty, any solution will do. ``hints`` tells of some Booleans how they are likely to be.
    """

    size: int
    clauses: tuple[Clause, ...]
    integers: tuple[tuple[int, int], ...] = ()
    linear: tuple[Linear, ...] = ()
    products: tuple[Product, ...] = ()
    minimise: Terms = ()
    hints: Mapping[int, bool] = field(default_factory=dict)


class Status(StrEnum):
    """What is known: the best solution, some solution, that there is none, or nothing."""

    OPTIMAL = "optimal"
    FEASIBLE = "feasible"
    IMPOSSIBLE = "impossible"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Answer:
    """What an optimiser found in the time that it had.

    With a solution (``OPTIMAL`` or ``FEASIBLE``), ``booleans[n - 1]`` and ``integers[n - 1]`` are its values,
    ``value`` is its sum, and no solution has a sum below ``bound``.
    """

    status: Status
    booleans: tuple[bool, ...] = ()
    integers: tuple[int, ...] = ()
    value: int = 0
    bound: int | None = None


Solve = Callable[[Problem, float], Answer]
"""Solves a problem in at most so many seconds; the same problem gives the same answer where time does not run out."""
