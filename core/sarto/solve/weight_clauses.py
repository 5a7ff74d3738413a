"""Weights written as clauses, for counters of solutions that know none."""

from __future__ import annotations

from collections.abc import Iterator

from .decomposition import WeightedClauses
from .formula import Clause

__all__ = ["without_weights"]

SMALL_PRIMES = (2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47)


def without_weights(weighted: WeightedClauses) -> WeightedClauses:
    """Clauses that have without weights as many solutions as these have with them."""
    added = list(_ways(weighted))
    new = range(weighted.size + 1, weighted.size + len(added) + 1)
    counted = None if weighted.counted is None else frozenset(weighted.counted).union(new)
    return WeightedClauses(weighted.size + len(added), (*weighted.clauses, *added), {}, counted)


def _ways(weighted: WeightedClauses) -> Iterator[Clause]:
    """A clause for each new variable: it is false where the one that it depends on is.

    One that nothing depends on doubles the ways in which the variable above can be true; one on which others depend
    adds to theirs the one way in which it is false, and all of them with it. What depends on a variable multiplies.
    """
    size = weighted.size
    work = list(weighted.weights.items())
    while work:
        above, ways = work.pop()
        for prime in SMALL_PRIMES:
            while ways > prime and ways % prime == 0:
                ways //= prime
                work.append((above, prime))
        if ways > 1:
            size += 1
            yield -size, above
            work.append((size, ways - 1))
