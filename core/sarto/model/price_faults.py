"""What is wrong with the conditions and formulas of prices, beyond their grammar."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from ..errors import did_you_mean
from .expression import (
    And,
    Arithmetic,
    AttributeReference,
    Compare,
    Expression,
    FeatureReference,
    Function,
    Iff,
    Implies,
    Not,
    Or,
    Text,
    children,
    postorder,
)
from .feature import Feature, ValueType
from .feature_model import FeatureModel, attribute_value
from .instance_bounds import is_several, scopes_of
from .kinds import constraint_faults, sum_faults
from .notation import spelled, write
from .price_rules import SUBTOTAL

__all__ = ["MOST_DIGITS", "Fault", "Scopes", "condition_faults", "formula_faults", "number_faults", "own_scopes"]

Fault = tuple[str, str]
Scopes = Mapping[str, tuple[str, ...]]

MOST_DIGITS = 15
"""So many digits of a number are kept, also where it is a binary number in between."""

_NUMBER = re.compile(r"(?<![\w.])[0-9]*\.[0-9]+(?![\w.])")


def number_faults(text: str) -> Iterator[Fault]:
    """Each number of a formula that would not be kept as it is written."""
    for number in _NUMBER.findall(text):
        if len(number.replace(".", "").strip("0")) > MOST_DIGITS:
            yield f"the number {number} has more than {MOST_DIGITS} digits", "round it"


def condition_faults(
    expression: Expression, features: Mapping[str, Feature], scopes: Scopes, per: str = ""
) -> list[Fault]:
    """What a condition, over these features, puts together that does not go together; ``per`` is its rule's."""
    logical = [expression] + [
        child
        for node in postorder(expression)
        if isinstance(node, Not | And | Or | Implies | Iff)
        for child in children(node)
    ]
    is_bare = FeatureReference(SUBTOTAL) in logical and SUBTOTAL not in features
    what = f"'{SUBTOTAL}' is a number, where something true or false is needed"
    return [(what, "compare it: ==, !=, <, >, <=, >=")] * is_bare + [*_faults(expression, features, scopes, per, [])]


def formula_faults(
    expression: Expression, features: Mapping[str, Feature], scopes: Scopes, per: str = ""
) -> list[Fault]:
    """The same of a formula, which has to come to a number."""
    kind = None
    match expression:
        case Text():
            kind = write(expression)
        case FeatureReference(name) if name in features and features[name].type is ValueType.STRING:
            kind = f"'{name}'"
        case AttributeReference(name, attribute) if name in features:
            kind = f"'{write(expression)}'" if isinstance(attribute_value(features[name], attribute), str) else None
    of_text = [(f"{kind} is a text, where an amount is needed", "")] if kind else []
    return [*of_text, *_faults(expression, features, scopes, per, [expression])]


def own_scopes(model: FeatureModel) -> Scopes:
    """For each feature that may be there several times, those by whose instances it is, itself among them."""
    if not any(is_several(feature) for feature in model.features.values()):
        return {}
    scopes = scopes_of(model)
    own = {name: (*scope, name) if is_several(model.features[name]) else scope for name, scope in scopes.items()}
    return {name: scope for name, scope in own.items() if scope}


def _faults(
    expression: Expression, features: Mapping[str, Feature], scopes: Scopes, per: str, valued: list[Expression]
) -> Iterator[Fault]:
    known = {**features, SUBTOTAL: Feature(name=SUBTOTAL, type=ValueType.REAL)}
    for find in (constraint_faults, sum_faults):
        yield from ((what, "") for what in find(expression, known))
    for node in postorder(expression):
        if isinstance(node, AttributeReference) and node.feature in features:
            feature = features[node.feature]
            if attribute_value(feature, node.attribute) is None:
                what = f"feature '{node.feature}' has no attribute '{node.attribute}'"
                yield what, did_you_mean(node.attribute, feature.attributes)
        elif isinstance(node, Compare | Arithmetic | Function):
            valued = [*valued, *children(node)]
    here = scopes.get(per, ())
    for name in dict.fromkeys(node.name for node in valued if isinstance(node, FeatureReference)):
        scope = scopes.get(name, ())
        if scope != here[: len(scope)]:
            is_number = features[name].type in (ValueType.INTEGER, ValueType.REAL)
            hint = f'write sum({spelled(name)}), or say per = "{scope[-1]}"' if is_number else f'say per = "{name}"'
            yield f"'{name}' may be there several times, so its name is no one number here", hint
