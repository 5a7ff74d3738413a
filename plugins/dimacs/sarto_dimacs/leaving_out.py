"""What a model says beside its configurations, which a formula has no place for, in words."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from sarto.model.expression import Compare, Expression, postorder
from sarto.model.feature import Binding, Feature, Stage
from sarto.model.feature_model import FeatureModel

__all__ = ["leaves_out"]

_MOST_NAMES = 5


def leaves_out(model: FeatureModel) -> list[str]:
    """All that a DIMACS file does not say of a model, what it says in another way included."""
    return [*_shape(model), *_words(list(model.features.values())), *_reasons(model)]


def _shape(model: FeatureModel) -> Iterator[str]:
    if model.groups:
        yield "the tree: all features will stand below a root, its groups are clauses"
    sums = [constraint for constraint in model.constraints if _calculates(constraint.expression)]
    if sums:
        yield f"the arithmetic of {_counted(len(sums), 'constraint')}: it is clauses"
    rules = len(model.constraints) - len(sums)
    if rules:
        yield f"{_counted(rules, 'constraint')} as written: {'they are' if rules > 1 else 'it is'} clauses"


def _calculates(expression: Expression) -> bool:
    return any(isinstance(node, Compare) for node in postorder(expression))


def _words(features: list[Feature]) -> Iterator[str]:
    keys = dict.fromkeys(key for feature in features for key in feature.written_attributes)
    if keys:
        number = sum(bool(one.written_attributes) for one in features)
        yield f"the attributes of {_counted(number, 'feature')}: {_some(keys)}"
    said: dict[str, Callable[[Feature], object]] = {
        "default": lambda one: one.default is not None,
        "summary": lambda one: one.summary,
        "stage": lambda one: one.stage is not Stage.CUSTOMER,
        "binding time": lambda one: one.delivery.binding is not Binding.BUILD,
        "parts": lambda one: one.delivery.parts,
        "setting": lambda one: one.delivery.setting,
        "order": lambda one: one.delivery.before or one.delivery.after,
        "earlier names": lambda one: one.delivery.was,
    }
    for word, has in said.items():
        names = [feature.name for feature in features if has(feature)]
        if names:
            yield f"the {word} of {_counted(len(names), 'feature')}: {_some(names)}"
    abstract = [feature.name for feature in features if feature.abstract]
    if abstract:
        yield f"what is abstract: {_some(abstract)}"


def _reasons(model: FeatureModel) -> Iterator[str]:
    reasons = sum(bool(constraint.because) for constraint in model.constraints)
    if reasons:
        yield f"the reason of {_counted(reasons, 'constraint')}"


def _counted(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'s' if number > 1 else ''}"


def _some(names: Iterable[str]) -> str:
    found = list(names)
    more = f" and {len(found) - _MOST_NAMES:,} more" if len(found) > _MOST_NAMES else ""
    return ", ".join(found[:_MOST_NAMES]) + more
