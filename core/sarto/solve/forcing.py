"""Why a literal is forced where unit propagation does not say it: the rules near it, in growing circles.

What is decided takes most clauses of a formula out and cuts what is left into small regions; a proof
that needs more than one step stands in the region of its literal, most often close by.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import closing

from .explaining import Explainer
from .reasons import Origin
from .session import SatSession
from .trail import Trail

__all__ = ["forced_near"]

FURTHEST = 100
"""How many clauses are looked at before the search is given up."""


def forced_near(trail: Trail, explainer: Explainer, literal: int) -> tuple[tuple[Origin, ...], tuple[int, ...]] | None:
    """A minimal set of rules and of literals on the trail that force a literal; None where none was found near it.

    The literals are over features, or decided ones.
    """
    sources = _refuting(trail, explainer.by_rule, literal)
    if sources is None:
        return None
    denied = [
        -other
        for source in sources
        for clause in explainer.by_rule[source]
        if not any(each in trail for each in clause)
        for other in clause
        if -other in trail
    ]
    behind, literals = trail.behind(dict.fromkeys(denied))
    rules = sorted({*sources, *behind})
    return explainer.minimal(rules, literals, [-literal])


def _refuting(trail: Trail, by_rule: Sequence[Sequence[tuple[int, ...]]], literal: int) -> list[int] | None:
    """The rules, by number, that deny the opposite of a literal, with what is on the trail."""
    with closing(SatSession([], 0)) as session:
        number = defaultdict[int, int](session.fresh)
        wanted = -number[literal] if literal > 0 else number[-literal]
        switches: dict[int, int] = {}
        for circle in _circles(trail, abs(literal)):
            for source in circle:
                switches[switch := session.fresh()] = source
                for clause in by_rule[source]:
                    if not any(other in trail for other in clause):
                        left = [other for other in clause if -other not in trail]
                        small = [number[other] if other > 0 else -number[-other] for other in left]
                        session.add([(*small, -switch)])
            if not session.is_possible([*switches, wanted]):
                return sorted(switches[each] for each in session.core() if each in switches)
    return None


def _circles(trail: Trail, variable: int) -> Iterator[list[int]]:
    """The rules in which a variable is open, then those that share an open variable with these, and so on."""
    sources, clauses = trail.formula.sources, trail.formula.clauses
    met, taken, seen = {variable}, dict[int, None](), set[int]()
    front = [variable]
    while front:
        circle: dict[int, None] = {}
        following: dict[int, None] = {}
        for index in (index for each in front for sign in (-1, 1) for index in trail.clauses_with(sign * each)):
            if index in seen:
                continue
            if len(seen) > FURTHEST:
                return
            seen.add(index)
            clause = clauses[index]
            if any(other in trail for other in clause):
                continue
            circle[sources[index]] = None
            following |= dict.fromkeys(abs(other) for other in clause if -other not in trail)
        front = [each for each in following if each not in met]
        met.update(front)
        fresh = [source for source in circle if source not in taken]
        taken |= circle
        if fresh:
            yield fresh
