"""The formulas of one model that its resolutions share, so that a further customer's need not be encoded anew."""

from __future__ import annotations

from collections.abc import Sequence

from ..model.feature_model import FeatureModel
from ..model.selection import Selection
from .closing import spoken_of
from .encoding import encode_skeleton
from .formula import Formula
from .linear_form import Domains
from .values import domains_of, given_values

__all__ = ["Skeletons", "skeleton_of"]

KEPT = 64
"""So many formulas are kept at most: customers without end, each with values of its own, take no more memory."""


def skeleton_of(model: FeatureModel, selection: Selection) -> Formula:
    """The formula over what a solver must decide for a selection. Raises what encoding raises."""
    return encode_skeleton(model, domains_of(model, given_values(model, selection)), spoken_of(model, selection))


class Skeletons:
    """The skeleton of one model, encoded once for all selections that speak of the same features and values.

    What :meth:`formula` gives is that of :func:`skeleton_of`, new or kept. Threads may share one: at worst two of them
    encode the same.
    """

    def __init__(self, model: FeatureModel) -> None:
        self.model = model
        self._always = spoken_of(model, Selection(line="", customer=""))
        self._spoken = frozenset(self._always)
        self._kept: dict[tuple[object, ...], Formula] = {}
        self._also: dict[frozenset[str], Sequence[str]] = {}

    def formula(self, selection: Selection) -> Formula:
        """As :func:`skeleton_of`."""
        domains = domains_of(self.model, given_values(self.model, selection))
        also = self._features(selection)
        key = (tuple(also), _exactly(domains))
        found = self._kept.get(key)
        if found is None:
            found = encode_skeleton(self.model, domains, also)
            if len(self._kept) >= KEPT:
                self._kept.clear()
            self._kept[key] = found
        return found

    def _features(self, selection: Selection) -> Sequence[str]:
        if selection.open or selection.minimise or selection.maximise:
            return spoken_of(self.model, selection)
        others = selection.wishes.keys() - self._spoken
        if not others:
            return self._always
        key = frozenset(others)
        if key not in self._also:
            if len(self._also) >= KEPT:
                self._also.clear()
            self._also[key] = spoken_of(self.model, selection)
        return self._also[key]


def _exactly(domains: Domains) -> tuple[object, ...]:
    """The domains as a key that tells 1, 1.0 and true apart, which are equal but not the same value."""
    return tuple((name, tuple((type(value), value) for value in values)) for name, values in domains.items())
