"""What free subtrees cost at best: decided by the tree rules alone, from the leaves up, without a solver.

Costs are tuples that compare in order, so that several goals in order are met at once: adding keeps their order.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from .free import FreeSubtrees

__all__ = ["Cheapest", "Cost"]

Cost = tuple[int, ...]


class Cheapest:
    """The cheapest way to select each free feature with what is below it; fewer features where costs are equal.

    ``costs`` has the cost of each feature, one component for each goal, all the same length; nothing where free.
    """

    def __init__(self, subtrees: FreeSubtrees, costs: Mapping[str, Cost], goals: int) -> None:
        self.subtrees = subtrees
        self.goals = goals
        self._zero: Cost = (0,) * (goals + 1)
        self._cost: dict[str, Cost] = {}
        self._taken: dict[int, tuple[str, ...]] = {}
        model = subtrees.model
        for name in reversed([name for top in subtrees.anchor_of for name in model.preorder(top)]):
            total = (*costs.get(name, self._zero[1:]), 1)
            for group in model.groups_under(name):
                self._taken[id(group)] = taken = self._best(group.members, group.minimum, group.maximum)
                total = self._sum(total, taken)
            self._cost[name] = total
        self._anchored = {
            id(anchor): self._best(anchor.members, anchor.minimum, anchor.maximum) for anchor in subtrees.anchors
        }

    def on(self) -> dict[int, Cost]:
        """What each variable that switches free subtrees costs where it is true."""
        found: dict[int, Cost] = {}
        for anchor in self.subtrees.anchors:
            taken = self._anchored[id(anchor)]
            if taken:
                found[anchor.on] = self._sum(found.get(anchor.on, self._zero), taken)
        return {variable: cost[: self.goals] for variable, cost in found.items()}

    def selected(self, true: Mapping[int, bool]) -> list[str]:
        """The free features that are selected where these variables are true."""
        model = self.subtrees.model
        found = [name for a in self.subtrees.anchors if true[a.on] for name in self._anchored[id(a)]]
        for name in found:  # grows while it is gone through
            for group in model.groups_under(name):
                found += self._taken[id(group)]
        return found

    def _best(self, members: Sequence[str], minimum: int, maximum: int) -> tuple[str, ...]:
        if minimum == len(members):
            return tuple(members)
        order = sorted(members, key=self._cost.__getitem__)
        return tuple(n for i, n in enumerate(order[:maximum]) if i < minimum or self._cost[n] < self._zero)

    def _sum(self, start: Cost, names: Sequence[str]) -> Cost:
        return tuple(map(sum, zip(start, *(self._cost[name] for name in names), strict=True)))
