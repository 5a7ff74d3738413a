"""The prime clauses of a truth function (Quine, 1952), read off its truth table."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import product

from .reasons import Fact

__all__ = ["prime_clauses"]

Case = frozenset[tuple[str, bool]]


def prime_clauses(names: Sequence[str], holds: Callable[[Mapping[str, bool]], bool]) -> Iterator[tuple[Fact, ...]]:
    """The shortest clauses that follow, denied features first, each kind in the order of its names.

    Asks for each of the 2ⁿ states of the ``names``.
    """
    wrong = {
        frozenset(zip(names, row, strict=True))
        for row in product((False, True), repeat=len(names))
        if not holds(dict(zip(names, row, strict=True)))
    }
    for each in sorted(_primes(wrong), key=lambda case: sorted(case)):
        yield tuple(Fact(name, not is_on) for name, is_on in sorted(each, key=lambda one: (not one[1], one[0])))


def _primes(cases: set[Case]) -> set[Case]:
    """The shortest partial cases of which all that agree with them are among ``cases``."""
    primes: set[Case] = set()
    level = cases
    while level:
        shorter: set[Case] = set()
        merged: set[Case] = set()
        for case in level:
            for name, is_on in case:
                other = case - {(name, is_on)} | {(name, not is_on)}
                if other in level:
                    shorter.add(case - {(name, is_on)})
                    merged |= {case, other}
        primes |= level - merged
        level = shorter
    return primes
