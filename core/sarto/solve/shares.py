"""What part of a group's choices has each of its members, and how to draw one choice, in free subtrees."""

from __future__ import annotations

from collections.abc import Sequence
from math import comb, prod
from random import Random

from .weights import Ways, choices, coefficients

__all__ = ["draw_members", "shares"]


def shares(members: Sequence[Ways], minimum: int, maximum: int) -> tuple[int, list[int]]:
    """How many choices a group has, and for each member how many of them have it."""
    everything = choices(members, minimum, maximum)
    known: dict[Ways, int] = {}
    if everything and minimum < len(members):
        full = prod(member.without + member.within for member in members)
        few = (
            coefficients(members, maximum if maximum < len(members) else minimum - 1)
            if _is_bounded(len(members), minimum, maximum)
            else []
        )
        for member in set(members):
            known[member] = member.within * _without_it(member, few, full, minimum, maximum, len(members))
    return everything, [known.get(member, everything) for member in members]


def _is_bounded(size: int, minimum: int, maximum: int) -> bool:
    return maximum < size or minimum > 1


def _without_it(member: Ways, few: Sequence[int], full: int, minimum: int, maximum: int, size: int) -> int:
    """How many choices the other members have if this one is taken, by taking its factor out of the polynomials."""
    if not member.within:
        return 0
    if maximum < size:
        return sum(_divided(few, member, maximum)[max(minimum - 1, 0) : maximum])
    others = full // (member.without + member.within)
    return others - sum(_divided(few, member, minimum - 1)) if minimum > 1 else others


def _divided(polynomial: Sequence[int], member: Ways, length: int) -> list[int]:
    """The first ``length`` coefficients of a polynomial without its factor (without + within·x)."""
    coefficient = [*polynomial, *[0] * (length + 1 - len(polynomial))]
    if not member.without:
        return [number // member.within for number in coefficient[1 : length + 1]]
    found: list[int] = []
    last = 0
    for number in coefficient[:length]:
        last = number - member.within * last  # ``without`` is 1
        found.append(last)
    return found


def draw_members(members: Sequence[Ways], minimum: int, maximum: int, random: Random) -> list[int]:
    """The indices of the members in one choice, each drawn as often as it can be configured. There must be one."""
    if minimum == len(members):
        return list(range(len(members)))
    if maximum < len(members) or minimum > 1:
        return _draw_some(members, minimum, maximum, random)
    while True:  # at least half of the choices are not empty
        taken = [
            index
            for index, member in enumerate(members)
            if random.randrange(member.without + member.within) < member.within
        ]
        if len(taken) >= minimum:
            return taken


def _draw_some(members: Sequence[Ways], minimum: int, maximum: int, random: Random) -> list[int]:
    """Draw how many, then how many of each kind of equal members, then which of them."""
    kinds: dict[Ways, list[int]] = {}
    for index, member in enumerate(members):
        kinds.setdefault(member, []).append(index)
    rest: list[list[int]] = [[1]]
    for kind, alike in reversed(kinds.items()):
        rest.append(_product(_powers(kind, len(alike), maximum), rest[-1], maximum))
    low = minimum
    wanted = _index(random, [0] * low + rest.pop()[low : maximum + 1])
    taken: list[int] = []
    for kind, alike in kinds.items():
        after = rest.pop()
        powers = _powers(kind, len(alike), wanted)
        number = _index(
            random,
            [power * after[wanted - of] if wanted - of < len(after) else 0 for of, power in enumerate(powers)],
        )
        taken += random.sample(alike, number)
        wanted -= number
    return sorted(taken)


def _powers(kind: Ways, times: int, most: int) -> list[int]:
    return [
        comb(times, taken) * kind.within**taken * kind.without ** (times - taken)
        for taken in range(min(times, most) + 1)
    ]


def _product(first: Sequence[int], second: Sequence[int], most: int) -> list[int]:
    found = [0] * min(len(first) + len(second) - 1, most + 1)
    for degree, number in enumerate(first):
        for more, other in enumerate(second[: len(found) - degree]):
            found[degree + more] += number * other
    return found


def _index(random: Random, numbers: Sequence[int]) -> int:
    """An index, drawn as often as its number says."""
    left = random.randrange(sum(numbers))
    for index, number in enumerate(numbers):
        if left < number:
            return index
        left -= number
    return len(numbers) - 1
