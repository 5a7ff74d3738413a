"""Which features stand elsewhere in the tree: below another parent, or in another group of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from ...model.feature import Group, GroupKind
from ...model.feature_model import FeatureModel

__all__ = ["Moved", "Spot", "moved", "spot_of"]


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a feature stands: its parent and the kind of its group, with the bounds of a cardinality group.

    The root stands below nothing, in no group.
    """

    parent: str | None
    kind: GroupKind | None
    bounds: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Moved:
    """Features that went together from one group to another; the spots are equal where only the group is another."""

    features: tuple[str, ...]
    before: Spot
    after: Spot


def spot_of(model: FeatureModel, name: str) -> Spot:
    """Where the feature stands in the model."""
    return _spot(model.group_of(name))


def _spot(group: Group | None) -> Spot:
    if group is None:
        return Spot(None, None)
    is_counted = group.kind is GroupKind.CARDINALITY
    return Spot(group.parent, group.kind, (group.minimum, group.maximum) if is_counted else None)


def moved(old: FeatureModel, new: FeatureModel, names: Iterable[str]) -> Iterator[Moved]:
    """Those of the names, which both models have, that stand elsewhere in the new one."""
    partners: dict[int, Group] = {}
    for parent in old.features:
        if parent in new.features:
            partners |= _partners(old.groups_under(parent), new.groups_under(parent))
    ways: dict[tuple[int, int], Moved] = {}
    for name in names:
        before, after = old.group_of(name), new.group_of(name)
        is_elsewhere = partners.get(id(before)) is not after and _binds(after)
        if _spot(before) != _spot(after) or is_elsewhere:
            way = (id(before), id(after))
            together = ways[way].features if way in ways else ()
            ways[way] = Moved((*together, name), _spot(before), _spot(after))
    return iter(ways.values())


def _partners(old: Sequence[Group], new: Sequence[Group]) -> dict[int, Group]:
    """For each old group of a parent, by identity, the new one that has most of its members."""
    pairs = [(before, after) for before in old for after in new]
    pairs.sort(key=lambda pair: -len(set(pair[0].members).intersection(pair[1].members)))
    found: dict[int, Group] = {}
    taken: set[int] = set()
    for before, after in pairs:
        if id(before) not in found and id(after) not in taken:
            found[id(before)] = after
            taken.add(id(after))
    return found


def _binds(group: Group | None) -> bool:
    """Whether it matters in which of several such groups a feature stands."""
    return group is not None and group.kind not in (GroupKind.MANDATORY, GroupKind.OPTIONAL)
