"""What is to be made least or greatest: a weighted sum over attributes, values and presences."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import partial, reduce

from ..errors import Place, SartoError, did_you_mean
from ..model.expression import (
    Aggregate,
    Arithmetic,
    AttributeReference,
    Compare,
    Expression,
    FeatureReference,
    Function,
    Number,
    fold,
)
from ..model.feature import NOWHERE, Feature, ValueType
from ..model.feature_model import FeatureModel, attribute_value
from ..model.grammar import parse
from ..model.values import is_number
from .linear_form import Domains, linear_form

__all__ = ["FEWEST", "Goal", "LinearGoal", "linear_goal", "read_goal"]

FEATURES = "features"
"""The goal that is the number of selected features."""


@dataclass(frozen=True, slots=True)
class Goal:
    """An amount to make least, or greatest where ``maximise`` is set; ``words`` are those of the person.

    Without an expression it is the number of selected features.
    """

    words: str
    expression: Expression | None
    maximise: bool = False
    where: Place = NOWHERE


FEWEST = Goal(FEATURES, None)
"""The fewest features."""


@dataclass(frozen=True, slots=True)
class LinearGoal:
    """``constant``, plus a weight for each feature that is selected, plus factors of the values of typed features."""

    constant: Fraction
    weights: Mapping[str, Fraction]
    factors: Mapping[str, Fraction]


def read_goal(model: FeatureModel, text: str, where: Place, *, maximise: bool = False) -> Goal:
    """Read a goal: ``price``, ``2*price + memory_mb``, ``sum(price, maps) - 3*seats``, ``features``.

    The name of an attribute means its sum over all selected features, that of a typed feature its value.
    Raises SartoError with the place where it cannot be read, and for unknown names with the nearest right one.
    """
    known = _attributes(model)

    def resolve(node: Expression, parts: tuple[Expression, ...]) -> Expression:
        match node:
            case FeatureReference(name):
                return _named(model, known, name, where)
            case AttributeReference(name, attribute) if f"{name}.{attribute}" in known and name not in model.features:
                return Aggregate("sum", f"{name}.{attribute}")
            case AttributeReference(name, attribute):
                _check_attribute(model, name, attribute, where)
                return node
            case Aggregate(_, attribute, under):
                _check_aggregate(model, known, attribute, under, where)
                return node
            case Arithmetic(operator):
                return Arithmetic(operator, *parts)
            case Function(function):
                return Function(function, *parts)
            case _:
                return node

    if text.strip() == FEATURES and FEATURES not in known and FEATURES not in model.features:
        return Goal(FEATURES, None, maximise, where)
    return Goal(text.strip(), fold(_read(text, where), resolve), maximise, where)


def linear_goal(
    model: FeatureModel, expression: Expression | None, given: Domains, open_values: Mapping[str, object]
) -> LinearGoal | None:
    """The expression as weights, where it is linear.

    ``given`` has the values of typed features that are decided, ``open_values`` names the others.
    """
    if expression is None:
        return LinearGoal(Fraction(0), dict.fromkeys(model.features, Fraction(1)), {})
    form = linear_form(model, {**given, **dict.fromkeys(open_values, (0, 1))}, expression)
    if form is None:
        return None
    weights: dict[str, Fraction] = {}
    factors: dict[str, Fraction] = {}
    for name, states in form.terms.items():
        if name in open_values:
            weights[name], factors[name] = states[0], states[1] - states[0]
        elif len(set(states.values())) == 1:
            weights[name] = next(iter(states.values()))
        else:
            return None
    return LinearGoal(form.constant, weights, {name: factor for name, factor in factors.items() if factor})


def _read(text: str, where: Place) -> Expression:
    """The arithmetic of a goal, read as the right side of a comparison."""
    before = "0 <= "
    read = parse(before + text, Place(where.file, where.key, where.line, (where.column or 1) - len(before)))
    if not isinstance(read, Compare) or read.left != Number(0):
        raise SartoError(f"'{text}' is no amount", where=where, hint="name attributes, as in 2*price + memory_mb")
    return read.right


def _attributes(model: FeatureModel) -> dict[str, bool]:
    """Each attribute by its path, and whether it is a number somewhere."""
    found: dict[str, bool] = {}
    for feature in model.features.values():
        work: list[tuple[str, Mapping[str, object]]] = [("", feature.attributes)]
        for prefix, attributes in work:
            for key, value in attributes.items():
                if isinstance(value, Mapping):
                    work.append((f"{prefix}{key}.", value))
                else:
                    found[f"{prefix}{key}"] = found.get(f"{prefix}{key}", False) or is_number(value)
    return found


def _named(model: FeatureModel, known: Mapping[str, bool], name: str, where: Place) -> Expression:
    feature = model.features.get(name)
    if name in known:
        if feature is not None and feature.type is not None:
            hint = f"write sum({name}) for the attribute"
            raise SartoError(f"'{name}' is an attribute and a typed feature", where=where, hint=hint)
        _check_aggregate(model, known, name, None, where)
        return Aggregate("sum", name)
    if feature is not None:
        return _value(model, feature, where)
    if name == FEATURES:
        raise SartoError("the number of features is a goal of its own, not a part of one", where=where)
    names = [*(each for each, is_numeric in known.items() if is_numeric), *model.features, FEATURES]
    raise SartoError(f"no feature has the attribute '{name}'", where=where, hint=did_you_mean(name, names))


def _value(model: FeatureModel, feature: Feature, where: Place) -> Expression:
    """The value of a feature; of one with several instances the sum of theirs."""
    name = feature.name
    values: list[str] = []
    work = [name]
    while work:
        each = model.features[work.pop()]
        values += [each.name] if each.type is not None else []
        work += reversed(each.copies)
    if any(model.features[each].type is ValueType.STRING for each in values):
        raise SartoError(f"the value of '{name}' is a text, which cannot be weighed", where=where)
    terms: list[Expression] = [FeatureReference(each) for each in values or [name]]
    return reduce(partial(Arithmetic, "+"), terms)


def _check_attribute(model: FeatureModel, name: str, attribute: str, where: Place) -> None:
    feature = model.features.get(name)
    if feature is None:
        raise SartoError(f"unknown feature '{name}'", where=where, hint=did_you_mean(name, model.features))
    value = attribute_value(feature, attribute)
    if value is None:
        hint = did_you_mean(attribute, feature.attributes)
        raise SartoError(f"feature '{name}' has no attribute '{attribute}'", where=where, hint=hint)
    if isinstance(value, str):
        raise SartoError(f"the attribute '{attribute}' of '{name}' is a text, which cannot be weighed", where=where)


def _check_aggregate(
    model: FeatureModel, known: Mapping[str, bool], attribute: str, under: str | None, where: Place
) -> None:
    if under is not None and under not in model.features:
        raise SartoError(f"unknown feature '{under}'", where=where, hint=did_you_mean(under, model.features))
    if attribute not in known:
        hint = did_you_mean(attribute, _numeric(known))
        raise SartoError(f"no feature has the attribute '{attribute}'", where=where, hint=hint)
    if not known[attribute]:
        names = ", ".join(_numeric(known))
        hint = f"the attributes that are numbers: {names}" if names else ""
        raise SartoError(f"the attribute '{attribute}' is no number, so it cannot be weighed", where=where, hint=hint)


def _numeric(known: Mapping[str, bool]) -> Iterable[str]:
    return [name for name, is_numeric in known.items() if is_numeric]
