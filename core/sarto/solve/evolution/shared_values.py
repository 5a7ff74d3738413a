"""The values that typed features take in the formulas of two models, so that each can be asked about the other's."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise

from ...model.expression import Compare, FeatureReference, Value, postorder
from ...model.feature import Feature, ValueType
from ...model.feature_model import FeatureModel
from ...model.grammar import write
from ...model.values import misfit
from ..difficulty import TooHard
from ..linear_form import Domains
from ..values import domains_of

__all__ = ["shared_domains"]


def shared_domains(first: FeatureModel, second: FeatureModel) -> tuple[Domains, Domains]:
    """The domains of both models' typed features: of what matters to either, all that fits each.

    A value from every region into which the constants and the bounds of both cut the range, so that what is found
    over the domains holds for the whole range. Raises SartoError for arithmetic that cannot be expressed, and for
    undecided texts that are compared with each other: what one model tells apart may be too little for the other.
    """
    _refuse_texts_that_meet(first)
    _refuse_texts_that_meet(second)
    one, other = dict(domains_of(first, {})), dict(domains_of(second, {}))
    for name in one.keys() & other.keys():
        features = (first.features[name], second.features[name])
        values = _values([*one[name], *other[name]], features)
        one[name], other[name] = _fitting(features[0], values), _fitting(features[1], values)
    return one, other


def _refuse_texts_that_meet(model: FeatureModel) -> None:
    for constraint in model.constraints:
        for use in postorder(constraint.expression):
            if isinstance(use, Compare):
                names = {node.name for node in postorder(use) if isinstance(node, FeatureReference)}
                if sum(model.features[name].type is ValueType.STRING for name in names) > 1:
                    what = f"'{write(use)}' compares texts that are not decided yet, in one model and another"
                    raise TooHard(what, where=constraint.where, hint="compare each with constants only")


def _fitting(feature: Feature, values: Iterable[Value]) -> tuple[Value, ...]:
    return tuple(value for value in values if not misfit(feature, value))


def _values(values: Sequence[Value], features: Sequence[Feature]) -> tuple[Value, ...]:
    """Both domains with what lies beside the bounds, and for real numbers also between any two of them."""
    texts = dict.fromkeys(value for value in values if isinstance(value, str))
    numbers = {value for value in values if not isinstance(value, str)}
    bounds = {bound for each in features for bound in (each.minimum, each.maximum) if bound is not None}
    numbers |= {bound + step for bound in bounds for step in (-1, 0, 1)}
    if any(feature.type is ValueType.REAL for feature in features):
        numbers |= {(low + high) / 2 for low, high in pairwise(sorted(numbers))}
    return (*texts, *sorted(numbers))
