"""What features of one version of a line are called in another, as its ``was`` records."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from ...model.expression import (
    Aggregate,
    And,
    Arithmetic,
    AttributeReference,
    Compare,
    Expression,
    FeatureReference,
    Function,
    Iff,
    Implies,
    Not,
    Or,
    fold,
)
from ...model.feature import Feature
from ...model.feature_model import FeatureModel

__all__ = ["heirs", "renamed", "renames", "with_names"]


def heirs(names: Iterable[str], new: FeatureModel) -> dict[str, str]:
    """For each of an earlier version's names the feature that it became; those that are gone are not among them.

    A feature that still has its name is its own heir. Several may have become one.
    """
    former = {was: name for name, feature in new.features.items() for was in feature.delivery.was}
    found = {name: name if name in new.features else former.get(name) for name in names}
    return {name: heir for name, heir in found.items() if heir is not None}


def renames(old: FeatureModel, new: FeatureModel) -> dict[str, str]:
    """The features that only have another name now: the old name to the new one, each at most once."""
    found: dict[str, str] = {}
    taken = set(old.features)
    for name, heir in heirs(old.features, new).items():
        if heir not in taken:
            taken.add(heir)
            found[name] = heir
    return found


def renamed(model: FeatureModel, names: Mapping[str, str]) -> FeatureModel:
    """The model with other names for some of its features, which must be new to it."""
    if not names:
        return model
    return FeatureModel(
        root=names.get(model.root, model.root),
        features={names.get(name, name): _feature(feature, names) for name, feature in model.features.items()},
        groups=tuple(
            replace(group, parent=names.get(group.parent, group.parent), members=_each(group.members, names))
            for group in model.groups
        ),
        constraints=tuple(replace(c, expression=with_names(c.expression, names)) for c in model.constraints),
    )


def with_names(expression: Expression, names: Mapping[str, str]) -> Expression:
    """The expression with other names for some of its features."""

    def combine(node: Expression, parts: tuple[Expression, ...]) -> Expression:
        match node:
            case FeatureReference(name):
                return FeatureReference(names.get(name, name))
            case AttributeReference(name, attribute):
                return AttributeReference(names.get(name, name), attribute)
            case Aggregate(function, attribute, str(under)):
                return Aggregate(function, attribute, names.get(under, under))
            case And() | Or():
                return type(node)(parts)
            case Not() | Implies() | Iff():
                return type(node)(*parts)
            case Compare(operator) | Arithmetic(operator):
                return type(node)(operator, *parts)
            case Function(name):
                return Function(name, *parts)
            case _:
                return node

    return fold(expression, combine)


def _each(names: Iterable[str], mapping: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(mapping.get(name, name) for name in names)


def _feature(feature: Feature, names: Mapping[str, str]) -> Feature:
    delivery = feature.delivery
    if delivery.before or delivery.after:
        delivery = replace(delivery, before=_each(delivery.before, names), after=_each(delivery.after, names))
    return replace(feature, name=names.get(feature.name, feature.name), delivery=delivery)
