"""Circuits: all weighted solutions of clauses at once, as decisions and independent parts.

A circuit is a deterministic decomposable negation normal form (d-DNNF, Darwiche, 2001) made of decisions, in which
what two passes compute (Darwiche, 2003) is exact: whole numbers of any size.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random

__all__ = ["Case", "Circuit", "Node"]


@dataclass(frozen=True, slots=True)
class Case:
    """Solutions in which the ``literals`` are true, the ``free`` variables as they like, and each part is fulfilled.

    ``parts`` are indices of nodes; ``count`` is the weighted number of these solutions.
    """

    count: int
    literals: tuple[int, ...] = ()
    free: tuple[int, ...] = ()
    parts: tuple[int, ...] = ()


Node = tuple[Case, ...]
"""Cases that exclude one another."""


@dataclass(frozen=True, slots=True)
class Circuit:
    """All solutions: those of the case ``root``, over ``nodes`` each of which stands after its parts.

    The weight of a variable is how often a solution counts in which it is true, 1 where ``weights`` has none.
    """

    root: Case
    nodes: tuple[Node, ...]
    weights: Mapping[int, int]

    @property
    def count(self) -> int:
        """The weighted number of solutions."""
        return self.root.count

    def numbers(self) -> dict[int, int]:
        """For each variable the weighted number of solutions in which it is true; absent where there is none."""
        if not self.count:
            return {}
        counts = [sum(case.count for case in node) for node in self.nodes]
        around = [0] * len(self.nodes)
        found: dict[int, int] = {}
        self._share(self.root, self.root.count, counts, around, found)
        for index in range(len(self.nodes) - 1, -1, -1):
            if around[index]:
                for case in self.nodes[index]:
                    self._share(case, around[index] * case.count, counts, around, found)
        return found

    def _share(self, case: Case, number: int, counts: Sequence[int], around: list[int], found: dict[int, int]) -> None:
        """Of ``number`` solutions, all in this case, add how many have each variable, and what is around its parts."""
        for literal in case.literals:
            if literal > 0:
                found[literal] = found.get(literal, 0) + number
        for variable in case.free:
            weight = self.weights.get(variable, 1)
            found[variable] = found.get(variable, 0) + number // (1 + weight) * weight
        for part in case.parts:
            around[part] += number // counts[part]

    def draw(self, random: Random) -> set[int]:
        """The true variables of one solution, each drawn as often as it counts. There must be a solution."""
        chosen: set[int] = set()
        work = [self.root]
        while work:
            case = work.pop()
            chosen.update(literal for literal in case.literals if literal > 0)
            for variable in case.free:
                weight = self.weights.get(variable, 1)
                if random.randrange(1 + weight) < weight:
                    chosen.add(variable)
            work.extend(_drawn(self.nodes[part], random) for part in case.parts)
        return chosen


def _drawn(node: Node, random: Random) -> Case:
    if len(node) == 1:
        return node[0]
    left = random.randrange(sum(case.count for case in node))
    for case in node:
        if left < case.count:
            return case
        left -= case.count
    return node[-1]
