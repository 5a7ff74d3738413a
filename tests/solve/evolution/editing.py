"""Edits of a feature model as vendors make them from one version of a line to the next."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from hypothesis import strategies as st
from sarto.model.feature import Constraint, Feature, Group, GroupKind
from sarto.model.feature_model import FeatureModel

from ...strategies import logical

__all__ = ["edited"]

Edit = Callable[[st.DrawFn, FeatureModel], FeatureModel]


@st.composite
def edited(draw: st.DrawFn, model: FeatureModel, most: int = 3) -> FeatureModel:
    """The model after a few edits."""
    edits: list[Edit] = [_add, _remove, _regroup, _constrain, _relax, _set_bounds, _hide]
    for edit in draw(st.lists(st.sampled_from(edits), min_size=1, max_size=most)):
        model = edit(draw, model)
    return model


def _add(draw: st.DrawFn, model: FeatureModel) -> FeatureModel:
    """A new feature, alone in a group or in one that is there, or between a group and its parent."""
    name = f"g{len(model.features)}"
    if name in model.features:
        return model
    features = {**model.features, name: Feature(name=name, abstract=draw(st.booleans()), attributes={"price": 1})}
    parent = draw(st.sampled_from(list(model.features)))
    kind = draw(st.sampled_from([kind for kind in GroupKind if kind is not GroupKind.CARDINALITY]))
    groups = list(model.groups)
    if draw(st.booleans()) and groups:
        index = draw(st.integers(0, len(groups) - 1))
        if draw(st.booleans()):
            groups[index] = replace(groups[index], members=(*groups[index].members, name))
        else:
            parent, groups[index] = groups[index].parent, replace(groups[index], parent=name)
            groups.append(Group(parent, kind, (name,)))
    else:
        groups.append(Group(parent, kind, (name,)))
    return replace(model, features=features, groups=tuple(groups))


def _remove(draw: st.DrawFn, model: FeatureModel) -> FeatureModel:
    """A leaf that no constraint names goes."""
    named = {name for c in model.constraints for name in model.features if f"'{name}'" in repr(c.expression)}
    parents = {group.parent for group in model.groups}
    leaves = [name for name in model.features if name not in named | parents and name != model.root]
    if not leaves:
        return model
    gone = draw(st.sampled_from(leaves))
    groups = []
    for group in model.groups:
        members = tuple(name for name in group.members if name != gone)
        if members:
            most = min(group.maximum, len(members))
            groups.append(Group(group.parent, group.kind, members, min(group.minimum, most), most))
    features = {name: feature for name, feature in model.features.items() if name != gone}
    return replace(model, features=features, groups=tuple(groups))


def _regroup(draw: st.DrawFn, model: FeatureModel) -> FeatureModel:
    if not model.groups:
        return model
    index = draw(st.integers(0, len(model.groups) - 1))
    group = model.groups[index]
    kind = draw(st.sampled_from(list(GroupKind)))
    low = draw(st.integers(0, len(group.members)))
    high = draw(st.integers(low, len(group.members)))
    changed = Group(group.parent, kind, group.members, low, high)
    return replace(model, groups=(*model.groups[:index], changed, *model.groups[index + 1 :]))


def _constrain(draw: st.DrawFn, model: FeatureModel) -> FeatureModel:
    return replace(model, constraints=(*model.constraints, Constraint(draw(logical(list(model.features))))))


def _relax(_draw: st.DrawFn, model: FeatureModel) -> FeatureModel:
    return replace(model, constraints=model.constraints[1:])


def _set_bounds(draw: st.DrawFn, model: FeatureModel) -> FeatureModel:
    typed = [name for name, feature in model.features.items() if feature.type is not None]
    if not typed:
        return model
    name = draw(st.sampled_from(typed))
    low = draw(st.integers(-1, 3))
    changed = replace(model.features[name], minimum=low, maximum=draw(st.integers(low, 5)), default=low)
    return replace(model, features={**model.features, name: changed})


def _hide(draw: st.DrawFn, model: FeatureModel) -> FeatureModel:
    name = draw(st.sampled_from(list(model.features)))
    changed = replace(model.features[name], abstract=not model.features[name].abstract)
    return replace(model, features={**model.features, name: changed})
