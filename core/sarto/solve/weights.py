"""How many ways there are to configure the free subtrees, as weights of the skeleton's literals.

Nothing here asks a solver: each group gives a product of polynomials with one variable, the number of
members taken (the arithmetic behind counting without constraints, Batory, 2005).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import comb, prod

from .free import FreeSubtrees

__all__ = ["Ways", "choices", "coefficients", "literal_weights", "ways_of"]


@dataclass(frozen=True, slots=True)
class Ways:
    """How many configurations a subtree has ``without`` its top feature, 0 or 1, and how many ``within``, with it."""

    without: int
    within: int


def literal_weights(subtrees: FreeSubtrees, decisions: Mapping[str, bool]) -> dict[int, int]:
    """By how much each literal of an anchor multiplies the number of configurations; the others do by 1.

    ``decisions`` on free features are honoured; a literal that contradicts one has the weight 0.
    """
    ways = ways_of(subtrees, decisions)
    weights: dict[int, int] = {}
    for anchor in subtrees.anchors:
        members = [ways[name] for name in anchor.members]
        on = choices(members, anchor.minimum, anchor.maximum)
        weights[anchor.on] = weights.get(anchor.on, 1) * on
        weights[-anchor.on] = weights.get(-anchor.on, 1) * prod(member.without for member in members)
    return weights


def ways_of(subtrees: FreeSubtrees, decisions: Mapping[str, bool]) -> dict[str, Ways]:
    """The ways of every free feature, made from the leaves up."""
    model = subtrees.model
    ways: dict[str, Ways] = {}
    for name in reversed([name for top in subtrees.anchor_of for name in model.preorder(top)]):
        without, within = int(decisions.get(name) is not True), int(decisions.get(name) is not False)
        for group in model.groups_under(name):
            members = [ways[member] for member in group.members]
            without *= prod(member.without for member in members)
            within *= choices(members, group.minimum, group.maximum)
        ways[name] = Ways(without, within)
    return ways


def choices(members: Sequence[Ways], minimum: int, maximum: int) -> int:
    """How many ways there are to take between ``minimum`` and ``maximum`` of the members."""
    if minimum == len(members):
        return prod(member.within for member in members)
    if maximum < len(members):
        return sum(coefficients(members, maximum)[minimum:])
    everything = prod(member.without + member.within for member in members)
    return everything - sum(coefficients(members, minimum - 1)) if minimum else everything


def coefficients(members: Sequence[Ways], most: int) -> list[int]:
    """In how many ways no member is taken, one is, and so on up to ``most``: the product of (without + within·x)."""
    found = [1]
    for member, times in Counter(members).items():
        alike = [
            comb(times, taken) * member.within**taken * member.without ** (times - taken)
            for taken in range(min(times, most) + 1)
        ]
        product = [0] * min(len(found) + len(alike) - 1, most + 1)
        for degree, amount in enumerate(found):
            for taken, number in enumerate(alike[: len(product) - degree]):
                product[degree + taken] += amount * number
        found = product
    return found
