"""What a selection wants of a formula: its wishes and the defaults that it leaves, each with who decided it."""

from __future__ import annotations

from collections.abc import Iterable
from enum import IntEnum

from ..model.expression import Value
from ..model.feature import Stage
from ..model.feature_model import FeatureModel
from ..model.selection import Selection, Wish
from .difficulty import TooHard
from .encoding import encode_skeleton
from .formula import Formula
from .loose import loose_formula, steps
from .reasons import DefaultRule, WishRule
from .values import domains_of, given_values, undecided

__all__ = ["Standing", "Want", "standing_of", "wanting_formula", "wants_of", "weights_of", "wish_literal"]

Want = WishRule | DefaultRule


class Standing(IntEnum):
    """Who decided what a selection wants, the weakest first. Rules of the line stand above all of them."""

    DEFAULT = 0
    """The line's default for a value that nobody has named."""

    CUSTOMER = 1
    """The selection's own wish."""

    VENDOR = 2
    """A wish that a profile brings along, or one for a feature of the vendor's stage."""


def standing_of(model: FeatureModel, selection: Selection, want: Want) -> Standing:
    """Who decided a want."""
    if isinstance(want, DefaultRule):
        return Standing.DEFAULT
    file = want.wish.where.file
    is_inherited = bool(file) and file != selection.file
    is_vendors = model.features[want.wish.feature].stage is Stage.VENDOR
    return Standing.VENDOR if is_inherited or is_vendors else Standing.CUSTOMER


def weights_of(model: FeatureModel, selection: Selection, wants: Iterable[Want]) -> dict[Want, int]:
    """What giving up each want costs: one of a higher standing outweighs all those of the lower ones together."""
    standings = {want: standing_of(model, selection, want) for want in wants}
    weight = dict.fromkeys(Standing, 1)
    total = 0
    for standing in Standing:
        weight[standing] = total + 1
        total += weight[standing] * sum(each is standing for each in standings.values())
    return {want: weight[standing] for want, standing in standings.items()}


def wanting_formula(model: FeatureModel, selection: Selection) -> Formula:
    """The skeleton's formula over everything that a selection names, with other values for a repair to propose.

    Where arithmetic is beyond Sarto's own means, the formula is loose over the values that nobody has given, so that
    what it calls impossible is. Raises SartoError for such arithmetic over features that have no value.
    """
    given = given_values(model, selection)
    wide = undecided(model)
    domains = dict(domains_of(model, {name: given[name] for name in given if name in wide}, given))
    for name, values in domains.items():
        if name not in wide:
            domains[name] = _with_given(model, selection, name, values)
    if not wide:
        try:
            return encode_skeleton(model, domains, selection.wishes)
        except TooHard:  # too many values together, though of each feature there are few
            pass
    told = {name: _with_given(model, selection, name, steps(model.features[name], given[name][0])) for name in wide}
    return loose_formula(model, domains | told, given, wide, selection.wishes)


def wants_of(model: FeatureModel, selection: Selection, formula: Formula) -> dict[Want, frozenset[int]]:
    """What the selection asks for, and the defaults that it leaves: each with the literals that say so."""
    wants: dict[Want, frozenset[int]] = {
        WishRule(wish): frozenset([wish_literal(formula, wish)]) for wish in selection.wishes.values()
    }
    for name, selectors in formula.selectors.items():
        wish, default = selection.wishes.get(name), model.features[name].default
        if default is not None and (wish is None or wish.value is True):
            others = [literal for value, literal in selectors.items() if value != default]
            others += [formula.others[name]] if name in formula.others else []
            if others:
                wants[DefaultRule(name, default)] = frozenset(-literal for literal in others)
    return wants


def wish_literal(formula: Formula, wish: Wish) -> int:
    """The literal that a wish asks for."""
    if isinstance(wish.value, bool):
        return formula.literal(wish.feature, wish.value)
    return formula.selectors[wish.feature][wish.value]


def _with_given(model: FeatureModel, selection: Selection, name: str, values: Iterable[Value]) -> tuple[Value, ...]:
    """The wished value of a typed feature, then its default, then the others that a repair may propose."""
    wish, default = selection.wishes.get(name), model.features[name].default
    wished = [wish.value] if wish is not None and not isinstance(wish.value, bool) else []
    return tuple(dict.fromkeys([*wished, *([default] if default is not None else []), *values]))
