"""Metrics: what the shape of a feature model comes to in numbers."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from ..model.expression import Aggregate, AttributeReference, FeatureReference, postorder
from ..model.feature import GroupKind
from ..model.feature_model import FeatureModel

__all__ = ["Metrics", "metrics"]


@dataclass(frozen=True, slots=True)
class Metrics:
    """Sizes and ratios of a feature model.

    ``depth`` is the number of groups between the root and the deepest feature. Branching is the number of children
    of the features that have some. ``groups`` and ``grouped`` give for each kind how many groups there are and how
    many features in them. ``attributes`` are counted with each feature. ``constrained`` features occur in
    constraints; ``constraint_ratio`` is their part of all features (the CTCR of Bagheri and Gasevic, 2011), and
    ``constraint_density`` the number of constraints for each of them.
    """

    features: int
    leaves: int
    abstract: int
    typed: int
    attributes: int
    depth: int
    mean_branching: float
    max_branching: int
    groups: dict[str, int]
    grouped: dict[str, int]
    constraints: int
    constrained: int
    constraint_ratio: float
    constraint_density: float


def metrics(model: FeatureModel) -> Metrics:
    """The metrics of a model; needs no solver."""
    depths = {model.root: 0}
    for name in model.preorder():
        for group in model.groups_under(name):
            depths |= dict.fromkeys(group.members, depths[name] + 1)
    children = Counter[str]()
    for group in model.groups:
        children[group.parent] += len(group.members)
    features = len(model.features)
    constrained = len(_constrained(model))
    return Metrics(
        features=features,
        leaves=features - len(children),
        abstract=sum(feature.abstract for feature in model.features.values()),
        typed=sum(feature.type is not None for feature in model.features.values()),
        attributes=sum(len(feature.attributes) for feature in model.features.values()),
        depth=max(depths.values()),
        mean_branching=_ratio(children.total(), len(children)),
        max_branching=max(children.values(), default=0),
        groups={kind.value: sum(group.kind is kind for group in model.groups) for kind in GroupKind},
        grouped={
            kind.value: sum(len(group.members) for group in model.groups if group.kind is kind) for kind in GroupKind
        },
        constraints=len(model.constraints),
        constrained=constrained,
        constraint_ratio=_ratio(constrained, features),
        constraint_density=_ratio(len(model.constraints), constrained),
    )


def _constrained(model: FeatureModel) -> set[str]:
    """The features that constraints name; an aggregate over a subtree names its top."""
    found: set[str] = set()
    for constraint in model.constraints:
        for node in postorder(constraint.expression):
            match node:
                case FeatureReference(name) | AttributeReference(name) | Aggregate(under=str(name)):
                    found.add(name)
                case _:
                    pass
    return found


def _ratio(part: int, whole: int) -> float:
    return round(part / whole, 4) if whole else 0.0
