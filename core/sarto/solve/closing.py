"""The free subtrees of a resolution: what nothing is said of, decided by the tree rules with the fewest features.

What constraints reach, and what a selection, a default or a preference speaks of, is decided over a formula (the
skeleton). The rest hangs below it: in whole groups, or as the other members of a group, for which a junction stands.
Such a group binds only its parent and its members, so the fewest features that it needs where it needs any are
known beforehand, from the leaves up.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from ..model.expression import And, Compare, Expression, FeatureReference, Iff, Implies, Not, Or
from ..model.feature import Group, GroupKind
from ..model.feature_model import FeatureModel
from ..model.selection import Selection
from .formula import Formula, Junction
from .linear_form import features_read
from .minimising import AtLeast
from .reasons import Cause, Decision, Fact, GroupRule, ParentRule, Reason
from .trail import Trail

__all__ = ["FreeGroups", "spoken_of", "still_counted"]

_WHOLE = (GroupKind.MANDATORY, GroupKind.OPTIONAL)


def spoken_of(model: FeatureModel, selection: Selection) -> list[str]:
    """The features that a solver must decide, in the order of the tree.

    They are the ones in constraints, the typed ones, and those with a default, a wish or an attribute that is
    preferred; with their ancestors, and the other members of a group with numbers of its own. All features where some
    are left open, because any may then follow these.
    """
    order = list(model.preorder())
    if selection.open:
        return order
    attributes = {name for path in (*selection.minimise, *selection.maximise) for name in (path, path.split(".")[0])}
    found = {model.root, *selection.wishes}
    for constraint in model.constraints:
        found.update(_read(model, constraint.expression))
    for name, feature in model.features.items():
        if feature.type is not None or feature.default is not None or not attributes.isdisjoint(feature.attributes):
            found.add(name)
    work = list(found)
    for name in work:  # grows while it is gone through
        group = model.group_of(name)
        if group is None:
            continue
        wanted = (group.parent, *group.members) if group.kind is GroupKind.CARDINALITY else (group.parent,)
        fresh = [other for other in wanted if other not in found]
        found.update(fresh)
        work += fresh
    return [name for name in order if name in found]


def _read(model: FeatureModel, expression: Expression) -> Iterable[str]:
    """The features that a constraint reads."""
    found: set[str] = set()
    nodes = [expression]
    for node in nodes:  # grows while it is gone through
        match node:
            case FeatureReference(name):
                found.add(name)
            case Not(operand):
                nodes.append(operand)
            case And(operands) | Or(operands):
                nodes += operands
            case Implies(left, right) | Iff(left, right):
                nodes += (left, right)
            case Compare():
                found |= set(features_read(model, node))
    return found


class FreeGroups:
    """The groups outside a skeleton, each with the members that it takes where its parent (or junction) is selected.

    These are the fewest features that its rules allow, counted with all that they need below them; of as many,
    the earlier members of the group. ``stand_ins`` has, for the variable of each junction, the member that is
    selected where it is true.
    """

    def __init__(self, model: FeatureModel, formula: Formula) -> None:
        self.model = model
        self.skeleton: Mapping[str, int] = formula.variables
        self.stand_ins: dict[int, str] = {}
        self._junctions = {id(junction.group): junction for junction in formula.junctions}
        self._taken: dict[int, frozenset[str]] = {}
        self._extra: dict[str, int] = {}
        for group in reversed(model.groups):  # children before their parents
            self._count(group)

    def _count(self, group: Group) -> None:
        free = [name for name in group.members if name not in self.skeleton]
        if not free or group.kind is GroupKind.OPTIONAL:
            return
        junction = self._junctions.get(id(group))
        if junction is not None:
            self.stand_ins[junction.variable] = cheapest = min(free, key=self.size)
            self._taken[id(group)] = frozenset((cheapest,))
            return
        least = len(free) if group.kind is GroupKind.MANDATORY else group.minimum
        taken = sorted(free, key=self.size)[:least]  # a stable sort: the earlier ones of as many
        self._taken[id(group)] = frozenset(taken)
        self._extra[group.parent] = self._extra.get(group.parent, 0) + sum(map(self.size, taken))

    def size(self, feature: str) -> int:
        """How many free features are selected at least where this one is, with itself."""
        return 1 + self._extra.get(feature, 0)

    def telling(self) -> dict[int, tuple[Fact, ...]]:
        """What the literals of junctions say of free features."""
        on = {variable: (Fact(name, True),) for variable, name in self.stand_ins.items()}
        off = {-each.variable: tuple(Fact(name, False) for name in each.free) for each in self._junctions.values()}
        return on | off

    def decisions(self, decided: Mapping[str, Decision], switched: Mapping[int, Reason]) -> Iterator[Decision]:
        """A decision on every free feature, parents first, from those on the skeleton.

        ``switched`` has the literal of each junction's variable that holds, and why.
        """
        state = {name: decision.is_selected for name, decision in decided.items()}
        for group in self.model.groups:
            taken = self._taken.get(id(group), frozenset())
            junction = self._junctions.get(id(group))
            is_on = state[group.parent]
            if is_on and junction is not None:
                is_on = junction.variable in switched
                switch = switched[junction.variable if is_on else -junction.variable]
                reasons = _beside(switch, junction, taken) if is_on else dict.fromkeys(junction.free, switch)
            else:
                reasons = {}
            for name in group.members:
                if name not in self.skeleton:
                    state[name] = is_on and name in taken
                    reason = reasons.get(name) or _reason(group, name, is_on, taken)
                    yield Decision(name, state[name], reason)


def _beside(switch: Reason, junction: Junction, taken: frozenset[str]) -> dict[str, Reason]:
    """Why the free member of a group is in that its junction takes: for the same reason, and no other one is in."""
    others = (Fact(name, False) for name in junction.free if name not in taken)
    place = {name: index for index, name in enumerate(junction.group.members)}
    premises = sorted((*switch.premises, *others), key=lambda fact: place.get(fact.feature, -1))
    return dict.fromkeys(taken, replace(switch, premises=tuple(premises)))


def _reason(group: Group, name: str, is_on: bool, taken: frozenset[str]) -> Reason:
    """Why a free feature is in or out, where its parent is on or off."""
    counts = group.kind not in _WHOLE
    if counts and group.maximum == 0:
        return Reason(Cause.CONSEQUENCE, (GroupRule(group),))
    if not is_on:
        return Reason(Cause.CONSEQUENCE, (ParentRule(name, group.parent),), (Fact(group.parent, False),))
    if name not in taken:
        return Reason(Cause.CLOSURE)
    others = [Fact(other, False) for other in group.members if other not in taken] if counts else []
    return Reason(Cause.CONSEQUENCE, (GroupRule(group),), (Fact(group.parent, True), *others))


def still_counted(model: FeatureModel, trail: Trail) -> Iterator[AtLeast]:
    """How many members of each counted group are still to be selected where its parent is."""
    variables = trail.formula.variables
    for group in model.groups:
        if group.kind is GroupKind.CARDINALITY and group.minimum > 1 and group.members[0] in variables:
            possible = [variables[name] for name in group.members if -variables[name] not in trail]
            open_ones = tuple(variable for variable in possible if variable not in trail)
            minimum = group.minimum - (len(possible) - len(open_ones))
            yield AtLeast(variables[group.parent], open_ones, minimum)
