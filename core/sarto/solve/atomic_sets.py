"""Atomic sets: features that go together, in or out, in every configuration (Zhang, Zhao and Mei, 2004)."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

from ..model.feature import Group
from ..model.feature_model import FeatureModel
from .encoding import encode_skeleton
from .free import Anchor, FreeSubtrees
from .session import SatSession
from .values import domains_of
from .walk import Walk

__all__ = ["atomic_sets", "leaders"]

MANY, FEW = 100, 8
"""Where a solution takes fewer sets apart than FEW, and MANY features wait, small steps do at less cost."""

DETOURS = 100
"""How often a step that fails is replaced by a search before steps are given up."""

MIXED = 60
"""How many solutions with values as mixed as can be take most sets apart, before single questions are asked."""


def atomic_sets(model: FeatureModel) -> tuple[tuple[str, ...], ...]:
    """The largest sets of two features and more of which each configuration has all or none.

    Dead features, which go with nothing, are left out, so that a void model has no atomic set. Sets and the names in
    them are sorted. Raises SartoError for arithmetic and feature cardinalities that a formula cannot express.
    """
    formula = encode_skeleton(model, domains_of(model, {}))
    subtrees = FreeSubtrees(model, formula)
    session = SatSession.of(formula)
    try:
        leader = leaders(session, sorted({*formula.variables.values(), *(anchor.on for anchor in subtrees.anchors)}))
    finally:
        session.close()
    sets: dict[int | str, list[str]] = {}
    for name, variable in formula.variables.items():
        if variable in leader:
            sets.setdefault(leader[variable], []).append(name)
    work: list[tuple[int | str, Anchor | Group]] = [(leader[a.on], a) for a in subtrees.anchors if a.on in leader]
    while work:
        above, group = work.pop()
        for name in group.members if group.maximum else ():
            key = above if group.minimum == len(group.members) else name
            sets.setdefault(key, []).append(name)
            work.extend((key, below) for below in model.groups_under(name))
    return tuple(sorted(tuple(sorted(names)) for names in sets.values() if len(names) > 1))


def leaders(session: SatSession, variables: Sequence[int]) -> dict[int, int]:
    """For each variable the first that has the same value in every solution; none for those that are never true."""
    fixed = session.consequences((), variables)
    if fixed is None:
        return {}
    always = [literal for literal in fixed if literal > 0]
    known = set(map(abs, fixed))
    leader = dict.fromkeys(always, always[0]) if always else {}
    chance = Random(0)
    waiting = [[variable for variable in variables if variable not in known]]
    for _ in range(MIXED):
        before = len(waiting) + len(leader)
        waiting = _mixed(session, waiting, leader, chance)
        if len(waiting) + len(leader) - before < FEW:
            break
    left, locked = sum(map(len, waiting)), {*session.fixed, *fixed}
    walk = session.walk() if left > MANY else None
    while walk and left > MANY:
        waiting, before = _stepped(session, walk, waiting, leader, locked), left
        left = sum(map(len, waiting))
        if 2 * left > before:
            break
        waiting = _mixed(session, waiting, leader, chance)
    while waiting:
        members = waiting.pop()
        solution = _parting(session, members)
        if solution is None:
            leader |= dict.fromkeys(members, members[0])
        else:
            waiting = _parted([*waiting, members], solution, leader)
    return leader


def _mixed(
    session: SatSession, waiting: Sequence[Sequence[int]], leader: dict[int, int], chance: Random
) -> list[list[int]]:
    """The sets as a solution takes them apart in which their members are as mixed as can be."""
    session.prefer(chance.choice((member, -member)) for members in waiting for member in members)
    session.is_possible()
    return _parted(waiting, session.solution(), leader)


def _stepped(
    session: SatSession, walk: Walk, waiting: Sequence[Sequence[int]], leader: dict[int, int], locked: set[int]
) -> list[list[int]]:
    """The sets as small steps from solution to solution take them apart.

    A step turns over few of the members, which agree in each solution so far; these part from the others of their set.
    What no step parts from one solution, one from another may.
    """
    sets = [dict.fromkeys(members) for members in waiting]
    place = {member: index for index, members in enumerate(waiting) for member in members}
    values = [literal > 0 for literal in session.solution()]
    detours = 0
    walk.start(bytes(values[1:]), locked)
    for member in place:
        if len(sets[place[member]]) == 1:
            continue
        wanted = -member if values[member] else member
        # Of two, the other one stays as it is: what turns both over tells nothing.
        other = next(iter(sets[place[member]].keys() - {member})) if len(sets[place[member]]) == 2 else 0
        turned = walk.step(wanted, other if values[other] else -other)
        if turned is None and not other and detours < DETOURS:
            detours += 1
            if session.is_possible([wanted]):
                turned = [literal for literal in session.solution()[1:] if values[abs(literal)] != (literal > 0)]
                walk.start(bytes(literal > 0 for literal in session.solution()[1:]), locked)
        parts: dict[int, dict[int, None]] = {}
        for literal in turned or ():
            variable = abs(literal)
            values[variable] = literal > 0
            if variable in place:
                parts.setdefault(place[variable], {})[variable] = None
        for index, part in parts.items():
            for variable in part:
                del sets[index][variable]
                place[variable] = len(sets)
            sets.append(part)
    leader.update({member: member for members in sets if len(members) == 1 for member in members})
    return [sorted(members) for members in sets if len(members) > 1]


def _parting(session: SatSession, members: Sequence[int]) -> list[int] | None:
    """A solution in which the members do not all have one value, or None where there is none.

    The first with any of the others, both ways: what unit propagation does not show is asked of the solver.
    """
    first = members[0]
    with_it, without = session.implied([first]), session.implied([-first])
    session.prefer(-member if index % 2 else member for index, member in enumerate(members))
    for member in members[1:]:
        for question in (
            () if member in with_it else (first, -member),
            () if -member in without else (-first, member),
        ):
            if question and session.is_possible(question):
                return session.solution()
    return None


def _parted(sets: Sequence[Sequence[int]], solution: Sequence[int], leader: dict[int, int]) -> list[list[int]]:
    """The sets taken apart by a solution; who is alone then leads itself and is waited for no longer."""
    parts: list[list[int]] = []
    for members in sets:
        true = [member for member in members if solution[member] > 0]
        halves = (
            (true, [member for member in members if solution[member] < 0])
            if 0 < len(true) < len(members)
            else (members,)
        )
        for part in halves:
            if len(part) > 1:
                parts.append(list(part))
            elif part:
                leader[part[0]] = part[0]
    return parts
