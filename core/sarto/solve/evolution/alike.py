"""Two versions of a model with the same instances written out, so that products can be compared."""

from __future__ import annotations

from dataclasses import replace

from ...model.feature import Feature, is_endless, is_several
from ...model.feature_model import FeatureModel
from ...model.instance_bounds import bounded
from ...model.instance_sums import enough_for_sums
from ...model.instances import expanded
from .renaming import renamed, renames

__all__ = ["written_alike"]


def written_alike(old: FeatureModel, new: FeatureModel) -> tuple[FeatureModel, FeatureModel]:
    """Both under the new names, with each instance as a feature of its own.

    What may be there several times in one version is written as instances in the other, too, also where that has at
    most one: its product with one is one with ``port#1`` in both. Where there may be any number, as many are written
    out as can make a difference: those that a product of one version needs to be none of the other are an instance
    where a constraint breaks, one for each feature inside, those that are enough for the sums of both versions, and one
    more than the other version can have, so that the proof of :func:`~sarto.model.instance_bounds.bounded` holds for
    both.
    """
    old = renamed(old, renames(old, new))
    common = [name for name in old.features if name in new.features]
    split = {name for name in common if any(is_several(each.features[name]) for each in (old, new))}
    ends = {name for name in common if any(is_endless(each.features[name]) for each in (old, new))}
    most = {name: max(_enough(old, new, name), _enough(new, old, name)) for name in ends}
    one, other = (expanded(_ended(model, most), is_cut_off=True, also=split) for model in (old, new))
    return renamed(one, renames(one, other)), other


def _enough(model: FeatureModel, other: FeatureModel, name: str) -> int:
    least, most = model.features[name].instances or (0, 1)
    inside = {*model.preorder(name), *other.preorder(name)}
    sums = sum(enough_for_sums(each, name) or 0 for each in (model, other))
    return max(least + 1, 0 if most is None else most + 1, 2, len(inside) + 1 + sums)


def _ended(model: FeatureModel, most: dict[str, int]) -> FeatureModel:
    """The model with upper bounds; raises SartoError where no number of instances is enough for a sum."""
    found: dict[str, Feature] = {}
    for name, number in most.items():
        feature = model.features[name]
        if enough_for_sums(model, name) is None:
            bounded(model, is_cut_off=True)
        if feature.instances is not None and is_endless(feature):
            found[name] = replace(feature, instances=(feature.instances[0], number))
    return replace(model, features={**model.features, **found}) if found else model
