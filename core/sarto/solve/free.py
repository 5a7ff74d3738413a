"""Free subtrees: features that no constraint reaches, decided by the tree rules alone, in linear time.

A subtree hangs on the skeleton by the group of its topmost feature: an *anchor*. Each group binds only its
parent and its members, and these bindings form a tree, so deciding group by group from the leaves
up and then from the top down finds every consequence.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from itertools import chain

from ..model.feature import Group, GroupKind
from ..model.feature_model import FeatureModel
from .formula import Formula

__all__ = ["Anchor", "FreeSubtrees", "Pressure", "State", "free_states"]

State = bool | None
"""Selected in all configurations (True), in none (False), or in some (None)."""


@dataclass(frozen=True, slots=True)
class Anchor:
    """The free members of one group whose parent is in the skeleton.

    Where the variable ``on`` is true, between ``minimum`` and ``maximum`` of the members are selected; none where
    it is false. It is the parent's, or that of the junction where the group has members in the skeleton, too.
    """

    on: int
    members: tuple[str, ...]
    minimum: int
    maximum: int


@dataclass(frozen=True, slots=True)
class Pressure:
    """What decisions inside free subtrees demand: features that must be selected, and ones that cannot be."""

    must: frozenset[str]
    cannot: frozenset[str]


class FreeSubtrees:
    """The free subtrees of a model, beside the formula of its skeleton."""

    def __init__(self, model: FeatureModel, formula: Formula) -> None:
        self.model = model
        self.formula = formula
        self.anchors = tuple(_anchors(model, formula))
        self.anchor_of = {name: anchor for anchor in self.anchors for name in anchor.members}
        self._on: dict[int, list[Anchor]] = {}
        for anchor in self.anchors:
            self._on.setdefault(anchor.on, []).append(anchor)
        self.barred = _barred(model, formula)

    def is_free(self, name: str) -> bool:
        """Whether the feature is outside the skeleton."""
        return name not in self.formula.variables

    def variable_of(self, name: str) -> int:
        """The feature's variable, or, of a free one, the variable that switches its subtree."""
        variable = self.formula.variables.get(name)
        return self.anchor_of[self.top_of(name)].on if variable is None else variable

    def anchors_on(self, variable: int) -> Sequence[Anchor]:
        """The anchors that a variable switches."""
        return self._on.get(variable, ())

    def top_of(self, name: str) -> str:
        """The topmost feature of the free subtree in which the feature is."""
        while name not in self.anchor_of:
            name = self.model.parent_of(name) or name
        return name

    def press(self, decisions: Mapping[str, bool]) -> Pressure:
        """What decisions on free features demand of the features above them."""
        touched: dict[str, int] = {}
        for name in decisions:
            path = [name]
            while path[-1] not in self.anchor_of:
                path.append(self.model.parent_of(path[-1]) or "")
            touched |= {above: len(path) - index for index, above in enumerate(path)}
        must: set[str] = set()
        cannot = set(self.barred)
        for name in sorted(touched, key=lambda each: -touched[each]):
            if name in decisions:
                (must if decisions[name] else cannot).add(name)
            for group in self.model.groups_under(name):
                demanded, possible = _demand(group.members, must, cannot)
                if demanded:
                    must.add(name)
                if demanded > group.maximum or possible < group.minimum:
                    cannot.add(name)
        return Pressure(frozenset(must), frozenset(cannot))

    def literals(self, anchor: Anchor, pressure: Pressure) -> Iterator[int]:
        """What the pressure on an anchor's members means for the skeleton; both ways where it is impossible."""
        demanded, possible = _demand(anchor.members, pressure.must, pressure.cannot)
        if demanded:
            yield anchor.on
        if (
            demanded > anchor.maximum
            or possible < anchor.minimum
            or any(name in pressure.must and name in pressure.cannot for name in anchor.members)
        ):
            yield -anchor.on

    def states(self, anchor: Anchor, on: State, pressure: Pressure) -> dict[str, State]:
        """The state of every feature in the subtrees that hang on an anchor."""
        found = _settle(anchor.members, anchor.minimum, anchor.maximum, on, pressure)
        work = list(anchor.members)
        while work:
            name = work.pop()
            for group in self.model.groups_under(name):
                found |= _settle(group.members, group.minimum, group.maximum, found[name], pressure)
                work.extend(group.members)
        return found


def _barred(model: FeatureModel, formula: Formula) -> frozenset[str]:
    """Free features that no configuration has, because a group takes none of its members."""
    barred = (name for group in model.groups if group.maximum == 0 for name in group.members)
    free = (name for name in barred if name not in formula.variables)
    return frozenset(below for name in free for below in model.preorder(name))


def _anchors(model: FeatureModel, formula: Formula) -> Iterator[Anchor]:
    variables = formula.variables
    junctions = {id(junction.group): junction for junction in formula.junctions}
    for parent in variables:
        for group in model.groups_under(parent):
            junction = junctions.get(id(group))
            if junction is not None:
                most = 1 if group.kind is GroupKind.ALTERNATIVE else len(junction.free)
                yield Anchor(junction.variable, junction.free, 1, most)
                continue
            free = tuple(name for name in group.members if name not in variables)
            if free:
                yield Anchor(variables[parent], free, *_bounds(group, len(free)))


def _bounds(group: Group, free: int) -> tuple[int, int]:
    """How many of a group's free members are taken, where those in the skeleton are no matter."""
    if group.kind is GroupKind.MANDATORY:
        return free, free
    return (0, free) if group.kind is GroupKind.OPTIONAL else (group.minimum, group.maximum)


def _demand(members: Sequence[str], must: Set[str], cannot: Set[str]) -> tuple[int, int]:
    """How many members must be selected, and how many can be."""
    demanded = sum(name in must for name in members)
    return demanded, len(members) - sum(name in cannot for name in members)


def _settle(members: Sequence[str], minimum: int, maximum: int, on: State, pressure: Pressure) -> dict[str, State]:
    """The state of a group's members from that of their parent."""
    if on is False:
        return dict.fromkeys(members, False)
    if not pressure.must and not pressure.cannot:
        return dict.fromkeys(members, False if maximum == 0 else True if on and len(members) <= minimum else None)
    demanded, possible = _demand(members, pressure.must, pressure.cannot)
    states: dict[str, State] = {}
    for name in members:
        if name in pressure.must:
            states[name] = True if on else None
        elif name in pressure.cannot or demanded >= maximum:
            states[name] = False
        else:
            states[name] = True if on and possible <= minimum else None
    return states


def free_states(model: FeatureModel, formula: Formula, state: Callable[[int], State]) -> dict[str, State]:
    """The states of all features without any decision, those of the formula's variables given by ``state``."""
    variables = formula.variables
    barred = _barred(model, formula)
    nothing = Pressure(frozenset(), barred)
    found: dict[str, State] = dict.fromkeys(model.features)
    found.update((name, state(variable)) for name, variable in variables.items())
    anchors = ((each.members, each.minimum, each.maximum, state(each.on)) for each in _anchors(model, formula))
    # Groups stand in the order of the tree, so that the parent's state is there before it is asked for.
    inner = (
        (group.members, group.minimum, group.maximum, found[group.parent])
        for group in model.groups
        if group.parent not in variables
    )
    for members, minimum, maximum, on in chain(anchors, inner):
        if on is not None or barred:  # else they are open, too
            found |= _settle(members, minimum, maximum, on, nothing)
    return found
