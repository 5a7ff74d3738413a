"""Two versions of a feature model compared: what the edit does to the products, and what differs in writing."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from ...model.feature_model import FeatureModel
from .alike import written_alike
from .differences import Differences, differences
from .products import Witness, product_only_in
from .renaming import renamed, renames

__all__ = ["Comparison", "Edit", "compare"]


class Edit(StrEnum):
    """What an edit does to the set of products: nothing, only adds, only takes away, or both."""

    REFACTORING = "refactoring"
    GENERALISATION = "generalisation"
    SPECIALISATION = "specialisation"
    ARBITRARY = "arbitrary"


@dataclass(frozen=True, slots=True)
class Comparison:
    """How a model changed: ``lost`` is a product that only the old version has, ``gained`` one of only the new.

    All is said under the names of the new version, also ``old``.
    """

    old: FeatureModel
    new: FeatureModel
    lost: Witness | None
    gained: Witness | None
    differences: Differences

    @property
    def edit(self) -> Edit:
        """What the edit does to the set of products."""
        if self.lost is None:
            return Edit.REFACTORING if self.gained is None else Edit.GENERALISATION
        return Edit.SPECIALISATION if self.gained is None else Edit.ARBITRARY


def compare(old: FeatureModel, new: FeatureModel) -> Comparison:
    """Classify an edit of a feature model (Thüm, Batory and Kästner, 2009) and list what differs.

    A product of either version counts for both; in the one that does not have some of its features these
    would have to be left out. Abstract features make no products different, renamed ones (``was``) are
    the same feature, and each instance of one is a feature of its own, also that of what may be there once only in one
    of the versions. Raises SartoError for what a formula cannot
    express.
    """
    before, after = written_alike(old, new)
    lost, gained = product_only_in(before, after), product_only_in(after, before)
    return Comparison(renamed(old, renames(old, new)), new, lost, gained, differences(old, new))
