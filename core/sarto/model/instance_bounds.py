"""Where features stand among instances, and how many instances are enough to look at where any number may be."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace

from ..errors import SartoError
from .feature import Feature, is_endless, is_several
from .feature_model import FeatureModel
from .instance_sums import enough_for_sums

__all__ = ["Scope", "bounded", "scopes_of"]

Scope = tuple[str, ...]
"""The features with several instances in which a feature stands, the outermost first."""


def scopes_of(model: FeatureModel, also: Collection[str] = ()) -> Mapping[str, Scope]:
    """The scope of every feature; those in ``also`` count as features with several instances."""
    scopes: dict[str, Scope] = {}
    for name in model.preorder():
        parent = model.parent_of(name)
        if parent is None:
            scopes[name] = ()
        else:
            scopes[name] = (
                (*scopes[parent], parent) if parent in also or is_several(model.features[parent]) else scopes[parent]
            )
    return scopes


def bounded(model: FeatureModel, *, is_cut_off: bool, said: Mapping[str, int] | None = None) -> FeatureModel:
    """The model with an upper bound for every feature cardinality. Raises SartoError, with its place, where there is
    none.

    With ``is_cut_off``, a feature F with ``[min..*]`` and B features below it gets the bound
    ``max(min, B + 1 + K, 2)``, where K instances are enough for what is said of sums
    (:func:`~sarto.model.instance_sums.enough_for_sums`). The answers to which features can be there, with and without
    one another, also inside one instance, are then exact:

    Take a configuration with more instances of F. Mark one instance that has x, for each x of the B features below F
    that some instance has, any one instance I that is asked about, and the K for the sums. Take instances that are not
    marked away, down to the bound; as at most B + 1 + K are marked and the bound is at least ``min``, that can be done.
    What remains is a configuration: comparisons of sums come out as before; constraints that are demanded in each
    instance are so in those that remain; all other
    constraints see of F's instances no more than which features some instance has, which is as before, since values
    are only seen from inside and attributes of what is there are constants. So the features that some instance has
    are the same, and I is still there. Where a selection speaks of ``said`` instances, the first of them, these are
    marked, too, and the bound is as much higher; every answer to it within the bound is one without it. Where no K is
    known, a sum is taken over what is within the bound then: what is found is a configuration, and what is not found
    may need more instances.

    Nested instances are dealt with from the outside in: taking away whole
    instances leaves the others as they are. The other way round, every configuration within the bound is one.
    """
    found: dict[str, Feature] = {}
    for name, feature in model.features.items():
        if feature.instances is not None and is_endless(feature):
            enough = enough_for_sums(model, name)
            if said is None and (not is_cut_off or enough is None):
                raise SartoError(
                    f"feature '{name}' may have any number of instances, so not all cases can be looked at",
                    where=feature.where, hint="give its cardinality an upper bound",
                )  # fmt: skip
            least, below = feature.instances[0], sum(1 for _ in model.preorder(name))
            number = max(least, 2, below + (said or {}).get(name, 0) + (enough or 0))
            found[name] = replace(feature, instances=(least, number))
    return replace(model, features={**model.features, **found}) if found else model
