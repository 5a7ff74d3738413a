"""Which decisions settle a feature: as few as it takes, values of typed features among them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import closing

from ..model.expression import Value
from ..model.feature_model import FeatureModel
from ..model.selection import Selection, Wish
from .explaining import Explainer
from .reasons import WishRule
from .wants import Want, wanting_formula, wants_of

__all__ = ["settling"]


def settling(model: FeatureModel, wishes: Mapping[str, Value], feature: str, state: bool) -> tuple[Wish, ...] | None:
    """A smallest-by-inclusion set of the wishes under which the feature is in (out); it is no wish itself.

    A value that is taken back leaves the line's default behind. None where that is not found: of arithmetic beyond
    Sarto's own means only part is known here.
    """
    others = [Wish(name, value) for name, value in wishes.items()]
    denied = Wish(feature, not state)
    formula = wanting_formula(model, _selection([*others, denied]))

    def wanted(wishes: Iterable[Wish]) -> list[tuple[Want, int]]:
        found = wants_of(model, _selection(wishes), formula)
        return [(want, literal) for want, literals in found.items() for literal in sorted(literals, key=abs)]

    with closing(Explainer(formula)) as explainer:

        def is_possible(*wishes: Wish) -> bool:
            return explainer.is_possible([literal for _, literal in wanted(wishes)])

        if is_possible(*others, denied):
            return None
        asked = wanted([*others, denied])
        _, core = explainer.impossible([literal for _, literal in asked])
        involved = {want.wish.feature for want, literal in asked if isinstance(want, WishRule) and literal in core}
        kept = [wish for wish in others if wish.feature in involved]
        return tuple(_fewest(kept, lambda rest: is_possible(*rest) and not is_possible(*rest, denied)))


def _fewest(wishes: Sequence[Wish], is_settled: Callable[[Sequence[Wish]], bool]) -> Sequence[Wish]:
    """Those without any of which it is not settled: one that goes brings a default, so that others may be needless."""
    for spare in reversed(wishes):
        rest = [wish for wish in wishes if wish is not spare]
        if is_settled(rest):
            return _fewest(rest, is_settled)
    return wishes


def _selection(wishes: Iterable[Wish]) -> Selection:
    return Selection(line="", customer="", wishes={wish.feature: wish for wish in wishes})
