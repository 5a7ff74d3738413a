"""What a wish of an earlier version asks for in a later one: of which feature, which value, or which nearest one."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from ...model.expression import Value
from ...model.feature import Feature, ValueType
from ...model.feature_model import FeatureModel
from ...model.selection import Wish
from ...model.values import is_number, misfit

__all__ = ["Offer", "nearest_values", "offers"]


@dataclass(frozen=True, slots=True)
class Offer:
    """A wish as the new line may grant it.

    ``feature`` is the heir of the one that was wished for, "" where there is none. ``value`` is what can be asked of
    it: as it was wished where ``problem`` is empty, else the nearest that fits at all, None where nothing does.
    """

    wish: Wish
    feature: str
    value: Value | None
    problem: str = ""

    @property
    def is_as_wished(self) -> bool:
        """Whether the new line has a place for the wish as it is, if under another name."""
        return not self.problem


def offers(wishes: Mapping[str, Wish], model: FeatureModel, became: Mapping[str, str]) -> tuple[Offer, ...]:
    """An offer for each wish, in their order; where several are about one feature now, its own name's counts first."""
    granted: dict[str, Offer] = {}
    found: dict[str, Offer] = {}
    for wish in sorted(wishes.values(), key=lambda wish: became.get(wish.feature) != wish.feature):
        offer = _offer(wish, model, became.get(wish.feature, ""))
        first = granted.setdefault(offer.feature, offer) if offer.feature else offer
        if first is not offer and not _is_same(first.wish.value, wish.value):
            problem = f"'{wish.feature}' is '{offer.feature}' now, of which '{first.wish.feature}' has decided already"
            offer = Offer(wish, "", None, problem)
        found[wish.feature] = offer
    return tuple(found[name] for name in wishes)


def _is_same(one: Value, other: Value) -> bool:
    return one == other and isinstance(one, bool) is isinstance(other, bool)


def _offer(wish: Wish, model: FeatureModel, name: str) -> Offer:
    if not name:
        out = ", so no product has it" if wish.value is False else ""
        return Offer(wish, "", None, f"the line has no '{wish.feature}' any more{out}")
    feature = model.features[name]
    problem = misfit(feature, wish.value)
    if not problem or (wish.value is True and feature.default is not None):
        return Offer(wish, name, wish.value)
    nearest: Value | None = next(iter(nearest_values(feature, wish.value)), None)
    if nearest is None and (feature.type is None or feature.default is not None):
        nearest = True
    return Offer(wish, name, nearest, problem)


def nearest_values(feature: Feature, value: Value) -> tuple[Value, ...]:
    """What a number can take that is nearest to one that does not fit; nothing where neither is a number."""
    if feature.type not in (ValueType.INTEGER, ValueType.REAL) or not is_number(value):
        return ()
    inside = value if feature.minimum is None else max(value, feature.minimum)
    inside = inside if feature.maximum is None else min(inside, feature.maximum)
    near = [inside] if feature.type is ValueType.REAL else [math.floor(inside), math.ceil(inside)]
    fitting = [number for number in near if not misfit(feature, number)]
    return tuple(sorted(fitting, key=lambda number: (abs(number - value), number)))
