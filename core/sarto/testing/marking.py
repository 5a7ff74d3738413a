"""The marker ``features``: where a test applies. Works inside products, so it needs pytest and Sarto's model alone."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from typing import TYPE_CHECKING

import pytest

from ..errors import Place, SartoError, raise_all
from ..model.evaluation import evaluate
from ..model.expression import Aggregate, AttributeReference, Expression, Value, postorder
from ..model.grammar import parse

if TYPE_CHECKING:
    from _pytest.mark.structures import Mark

__all__ = ["apply_markers", "expression_of", "place_of"]

FeaturesOf = Callable[[pytest.Item], Mapping[str, Value] | None]


def apply_markers(items: Iterable[pytest.Item], features_of: FeaturesOf, no_product: str) -> None:
    """Skip the items whose marker does not hold over their product's features, as ``features_of`` gives them.

    Where it gives None, the reason is ``no_product``. Raises pytest.UsageError that has every bad expression with its
    place.
    """
    errors: list[SartoError] = []
    for item in items:
        for mark in item.iter_markers("features"):
            try:
                if reason := _reason_to_skip(item, mark, features_of, no_product):
                    item.add_marker(pytest.mark.skip(reason=reason))
            except SartoError as error:
                errors += [each for each in error.errors if str(each) not in map(str, errors)]
    try:
        raise_all(errors)
    except SartoError as error:
        raise pytest.UsageError(str(error)) from None


def _reason_to_skip(item: pytest.Item, mark: Mark, features_of: FeaturesOf, no_product: str) -> str:
    text, where = _text_of(mark, place_of(item)), place_of(item)
    features = features_of(item)
    if features is None:
        expression_of(text, where, None)
        return no_product
    return "" if evaluate(expression_of(text, where, features), features) else f"not in this product: {text}"


def _text_of(mark: Mark, where: Place) -> str:
    if len(mark.args) == 1 and not mark.kwargs and isinstance(mark.args[0], str):
        return mark.args[0]
    raise SartoError("the marker 'features' takes one text", where=where, hint='write features("maps & !graphql")')


def expression_of(text: str, where: Place, features: Collection[str] | None) -> Expression:
    """The expression of a marker. Raises SartoError for unknown features, and for what is not about a product."""
    found = parse(text, where, features)
    for node in postorder(found):
        if isinstance(node, AttributeReference | Aggregate):
            raise SartoError(
                "a marker is about features; a product does not have their attributes", where=where,
                hint="name the features that are meant",
            )  # fmt: skip
    return found


def place_of(item: pytest.Item) -> Place:
    """Where a test is written."""
    file, line, name = item.location
    return Place(file, name, line=None if line is None else line + 1)
