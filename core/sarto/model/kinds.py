"""Whether the values that an expression puts together are of kinds that go together."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from enum import StrEnum

from ..errors import did_you_mean
from .expression import (
    Aggregate,
    Arithmetic,
    AttributeReference,
    Compare,
    Expression,
    FeatureReference,
    Function,
    Number,
    Text,
    Value,
    children,
    postorder,
)
from .feature import Feature, ValueType, is_several
from .feature_model import attribute_value
from .grammar import write

__all__ = ["Kind", "constraint_faults", "is_sum_of_values", "kind_faults", "kind_of_value", "sum_faults"]


class Kind(StrEnum):
    """What a value can be put together with."""

    NUMBER = "a number"
    TEXT = "a text"
    TRUTH = "true or false"


Reference = FeatureReference | AttributeReference
KindOf = Callable[[Reference], Kind | None]


def kind_of_value(value: Value) -> Kind:
    """The kind of a single value."""
    return Kind.TRUTH if isinstance(value, bool) else Kind.TEXT if isinstance(value, str) else Kind.NUMBER


def constraint_faults(expression: Expression, features: Mapping[str, Feature]) -> Iterator[str]:
    """What a constraint puts together that does not go together.

    A feature without a type and a truth value count as 0 or 1. Names that are unknown are passed over.
    """

    def kind_of(reference: Reference) -> Kind | None:
        if isinstance(reference, FeatureReference):
            named = features.get(reference.name)
            return None if named is None else Kind.TEXT if named.type is ValueType.STRING else Kind.NUMBER
        feature = features.get(reference.feature)
        value = attribute_value(feature, reference.attribute) if feature else None
        return None if value is None else Kind.TEXT if isinstance(value, str) else Kind.NUMBER

    return kind_faults(expression, kind_of)


def sum_faults(expression: Expression, features: Mapping[str, Feature]) -> Iterator[str]:
    """What a constraint sums up, or takes the average of, that no feature has.

    Where there are features with several instances, the values of a typed feature can be summed up, too.
    """
    for node in postorder(expression):
        if isinstance(node, Aggregate) and not any(
            _has_number(feature, node.attribute) for feature in features.values()
        ):
            if is_sum_of_values(node, features):
                continue
            hint = did_you_mean(node.attribute, {key for feature in features.values() for key in feature.attributes})
            yield f"no feature has a number as attribute '{node.attribute}'{f' ({hint})' if hint else ''}"


def is_sum_of_values(node: Expression, features: Mapping[str, Feature]) -> bool:
    """Whether an expression adds up the values of a typed feature, over its instances: no feature has that attribute.

    It is ``sum(area)`` where ``area`` is an integer or real feature, and some feature may have several instances.
    """
    if not isinstance(node, Aggregate) or node.function != "sum" or node.under is not None:
        return False
    named = features.get(node.attribute)
    return (
        named is not None
        and named.type in (ValueType.INTEGER, ValueType.REAL)
        and any(is_several(feature) for feature in features.values())
        and all(attribute_value(feature, node.attribute) is None for feature in features.values())
    )


def _has_number(feature: Feature, attribute: str) -> bool:
    value = attribute_value(feature, attribute)
    return value is not None and kind_of_value(value) is Kind.NUMBER


def kind_faults(expression: Expression, kind_of: KindOf) -> Iterator[str]:
    """Each place where a number is calculated or compared with a text, in words.

    ``kind_of`` gives the kind of a name, None where it does not matter.
    """
    for node in postorder(expression):
        if not isinstance(node, Compare | Arithmetic | Function):
            continue
        operands = [(child, _kind(child, kind_of)) for child in children(node)]
        match node:
            case Compare("!=", AttributeReference() as attribute, Number(0)) if operands[0][1] is Kind.TEXT:
                yield f"{_shown(attribute)} is a text, where something true or false is needed"
            case Compare(operator):
                yield from _compare_faults(operator, operands)
            case Arithmetic(operator):
                yield from _need(operator, Kind.NUMBER, operands)
            case Function(name):
                yield from _need(name, Kind.TEXT if name == "len" else Kind.NUMBER, operands)


def _kind(node: Expression, kind_of: KindOf) -> Kind | None:
    match node:
        case FeatureReference() | AttributeReference():
            return kind_of(node)
        case Text():
            return Kind.TEXT
        case Number() | Arithmetic() | Function() | Aggregate():
            return Kind.NUMBER
        case _:
            return Kind.TRUTH


def _compare_faults(operator: str, operands: list[tuple[Expression, Kind | None]]) -> Iterator[str]:
    (left, left_kind), (right, right_kind) = operands
    if Kind.TRUTH in (left_kind, right_kind):
        yield from _need(operator, Kind.NUMBER, [pair for pair in operands if pair[1] is Kind.TRUTH])
    elif left_kind and right_kind and left_kind is not right_kind:
        yield f"{_shown(left)} is {left_kind} and {_shown(right)} is {right_kind}, which '{operator}' cannot compare"


def _need(operator: str, needed: Kind, operands: list[tuple[Expression, Kind | None]]) -> Iterator[str]:
    for node, kind in operands:
        if kind not in (needed, None):
            yield f"{_shown(node)} is {kind}, where '{operator}' needs {needed}"


def _shown(node: Expression) -> str:
    return write(node) if isinstance(node, Text) else f"'{write(node)}'"
