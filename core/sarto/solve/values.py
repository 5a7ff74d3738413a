"""The values that typed features may take in a formula: given ones, or all that make a difference."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from fractions import Fraction

from ..errors import Place, SartoError
from ..model.expression import Compare, FeatureReference, Value, postorder
from ..model.feature import Feature, ValueType
from ..model.feature_model import FeatureModel
from ..model.grammar import write
from ..model.names import key_text
from ..model.selection import Selection
from .difficulty import WITH_PLUGIN, TooHard
from .linear_form import Domains, features_read, linear_form
from .texts import NotFewError, few_texts

__all__ = [
    "UndecidedError",
    "any_value",
    "domains_of",
    "given_values",
    "number_candidates",
    "threshold",
    "undecided",
    "without_value",
]

SMALL_RANGE = 32


def given_values(model: FeatureModel, selection: Selection) -> dict[str, Sequence[Value]]:
    """Each typed feature's value, alone in its domain: the selection's, else the default, else no entry."""
    values: dict[str, Sequence[Value]] = {}
    for feature in model.features.values():
        if feature.type is not None:
            wish = selection.wishes.get(feature.name)
            value = wish.value if wish is not None and not isinstance(wish.value, bool) else feature.default
            if value is not None:
                values[feature.name] = (value,)
    return values


def without_value(feature: Feature, selection: Selection) -> SartoError:
    """What is said of a selected feature that :func:`given_values` has no value of."""
    wish = selection.wishes.get(feature.name)
    return SartoError(
        f"feature '{feature.name}' is selected but has no value, and the line gives it no default",
        where=wish.where if wish else Place(selection.file, "select"),
        hint=f"say which: {key_text(feature.name)} = … under [select]",
    )


def domains_of(
    model: FeatureModel, given: Mapping[str, Sequence[Value]], told: Mapping[str, Sequence[Value]] | None = None
) -> Domains:
    """The domain of every typed feature: what is ``given``, else the values that can make a difference.

    Texts of ``told``, which somebody may ask for, are told apart from others.

    For a number that is compared with constants only, those are one value of every region that the
    constants cut its range into, so that answers over the domain hold for the whole range; for texts see
    :func:`~sarto.solve.texts.few_texts`. Raises
    SartoError for arithmetic over several undecided typed features with wide ranges.
    """
    typed = [feature for feature in model.features.values() if feature.type is not None]
    if not typed:
        return {}
    uses = _uses(model, {feature.name for feature in typed if feature.name not in given})
    domains: dict[str, Sequence[Value]] = {}
    for feature in typed:
        try:
            domains[feature.name] = given.get(feature.name) or _candidates(model, feature, uses, given, told or {})
        except UndecidedError as error:
            where = next((c.where for c in model.constraints if error.use in postorder(c.expression)), None)
            raise TooHard(error.what, where=where, hint=error.hint) from None
    return domains


def undecided(model: FeatureModel) -> frozenset[str]:
    """The typed features for which :func:`domains_of` needs a value."""
    typed = [feature for feature in model.features.values() if feature.type is not None]
    uses = _uses(model, {feature.name for feature in typed})
    found = set()
    for feature in typed:
        try:
            _candidates(model, feature, uses, {}, {})
        except UndecidedError:
            found.add(feature.name)
    return frozenset(found)


def _uses(model: FeatureModel, names: Collection[str]) -> dict[str, list[Compare]]:
    """The comparisons that read each of the features."""
    uses: dict[str, list[Compare]] = {}
    if names:
        for constraint in model.constraints:
            for node in postorder(constraint.expression):
                if isinstance(node, Compare):
                    for name in features_read(model, node):
                        if name in names:
                            uses.setdefault(name, []).append(node)
    return uses


class UndecidedError(TooHard):
    """A comparison over values that nobody has given."""

    def __init__(self, use: Compare) -> None:
        self.use = use
        super().__init__(
            f"'{write(use)}' calculates with several values that are not decided yet",
            hint=f"give them values or narrow bounds, or compare each with constants only; {WITH_PLUGIN}",
        )


def _candidates(
    model: FeatureModel, feature: Feature, uses_of: Mapping[str, Sequence[Compare]],
    given: Mapping[str, Sequence[Value]], told: Mapping[str, Sequence[Value]],
) -> Sequence[Value]:  # fmt: skip
    uses = uses_of.get(feature.name, [])
    if not any(FeatureReference(feature.name) in postorder(use) for use in uses):
        return (any_value(feature),)
    if feature.type is ValueType.STRING:
        try:
            return few_texts(model, feature.name, uses_of, given, told)
        except NotFewError as error:
            raise UndecidedError(error.use) from None
    if feature.type is ValueType.INTEGER and feature.minimum is not None and feature.maximum is not None:
        low, high = math.ceil(feature.minimum), math.floor(feature.maximum)
        if high - low < SMALL_RANGE:
            return tuple(range(low, high + 1))
    for use in uses:
        if len(features_read(model, use)) > 1:
            raise UndecidedError(use)
    return number_candidates(feature, [threshold(model, feature, use) for use in uses])


def any_value(feature: Feature) -> Value:
    """A value that fits a feature whose value makes no difference: the default where there is one."""
    if feature.default is not None:
        return feature.default
    if feature.type is ValueType.STRING:
        return ""
    return feature.minimum if feature.minimum is not None else min(0, feature.maximum or 0)


def threshold(model: FeatureModel, feature: Feature, use: Compare) -> Fraction:
    """The number at which the comparison changes: linear in the feature, so two points give it.

    Raises TooHard where it is not linear.
    """
    probe: Domains = {feature.name: (0, 1)}
    left, right = linear_form(model, probe, use.left), linear_form(model, probe, use.right)
    if left is None or right is None:
        raise UndecidedError(use)
    slope = _at(left.terms, feature.name, 1) - _at(right.terms, feature.name, 1)
    return (right.constant - left.constant) / slope if slope else Fraction(0)


def _at(terms: Mapping[str, Mapping[Value, Fraction]], name: str, value: int) -> Fraction:
    return terms.get(name, {}).get(value, Fraction(0))


def number_candidates(feature: Feature, thresholds: Iterable[Fraction]) -> tuple[Value, ...]:
    """Numbers of every region into which the thresholds cut the range of the feature."""
    points = sorted({*thresholds, Fraction(0)})
    found: list[Fraction] = []
    for point, following in zip(points, [*points[1:], points[-1] + 2], strict=True):
        if feature.type is ValueType.INTEGER:
            found += [Fraction(math.floor(point)) - 1, Fraction(math.floor(point)), Fraction(math.ceil(point)) + 1]
            found.append(Fraction(math.ceil(point)))
        else:
            found += [point, (point + following) / 2]
    if feature.type is not ValueType.INTEGER:
        found.append(points[0] - 1)
    bounds = [Fraction(repr(bound)) for bound in (feature.minimum, feature.maximum) if bound is not None]
    low = bounds[0] if feature.minimum is not None else None
    high = bounds[-1] if feature.maximum is not None else None
    inside = {n for n in [*found, *bounds] if (low is None or n >= low) and (high is None or n <= high)}
    if feature.type is ValueType.INTEGER:
        inside = {number for number in inside if number.denominator == 1}
    return tuple(int(n) if n.denominator == 1 else float(n) for n in sorted(inside))
