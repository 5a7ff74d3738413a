"""What all resolutions over one formula share, found once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ..model.feature_model import FeatureModel
from .closing import FreeGroups
from .formula import Formula
from .reasons import Fact

__all__ = ["Groundwork", "groundwork_of"]


@dataclass(frozen=True, slots=True)
class Groundwork:
    """``names`` has the feature that is in where a variable is true, ``features`` these variables in the order of the
    tree, ``telling`` what literals say of free features.
    """

    free: FreeGroups
    telling: Mapping[int, tuple[Fact, ...]]
    names: Mapping[int, str]
    features: Sequence[int]


def groundwork_of(model: FeatureModel, formula: Formula) -> Groundwork:
    """That of a formula, which is of one model only."""
    known: Groundwork | None = formula.found.get(__name__)
    if known is None:
        free = FreeGroups(model, formula)
        names = formula.names | free.stand_ins
        place = {name: index for index, name in enumerate(model.preorder())}
        features = sorted(names, key=lambda variable: place[names[variable]])
        known = formula.found[__name__] = Groundwork(free, free.telling(), names, features)
    return known
