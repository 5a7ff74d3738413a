"""Which part of a model is shown."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sarto.errors import SartoError
from sarto.model.feature_model import FeatureModel
from sarto_diagram.tree import shown_tree

from .models import feature_models, shop


def test_the_whole_model_is_shown_in_the_order_of_its_groups() -> None:
    model = shop()
    assert [node.name for node in shown_tree(model).nodes] == list(model.preorder())


def test_a_part_begins_at_its_root_and_ends_at_its_depth() -> None:
    tree = shown_tree(shop(), "shop", 1)
    assert [(node.name, node.hidden) for node in tree.nodes] == [
        ("shop", ()),
        ("payment", ("card", "invoice")),
        ("page_size", ()),
        ("search", ("plain", "fuzzy")),
        ("mail", ()),
        ("post", ()),
        ("pickup", ()),
    ]
    assert [node.name for node in shown_tree(shop(), "payment").nodes] == ["payment", "card", "invoice"]


def test_the_root_of_a_part_stands_in_no_group() -> None:
    assert shown_tree(shop(), "payment").nodes[0].group is None


def test_single_children_are_bunched_and_each_group_is_a_bunch_of_its_own() -> None:
    tree = shown_tree(shop())
    found = [(b.group is None, [tree.nodes[m].name for m in b.members]) for b in tree.bunches(0)]
    assert found == [(True, ["payment", "page_size", "search"]), (False, ["mail", "post", "pickup"])]


@given(feature_models(), st.integers(0, 4))
def test_every_feature_is_shown_or_counted_as_hidden(model: FeatureModel, depth: int) -> None:
    tree = shown_tree(model, depth=depth)
    names = [name for node in tree.nodes for name in (node.name, *node.hidden)]
    assert sorted(names) == sorted(model.features)
    assert all(node.depth <= depth for node in tree.nodes)


def test_an_unknown_root_is_an_error_with_the_nearest_name() -> None:
    with pytest.raises(SartoError) as caught:
        shown_tree(shop(), "serach")
    assert str(caught.value) == "unknown feature 'serach'\n  hint: did you mean 'search'?"


def test_a_negative_depth_is_an_error() -> None:
    with pytest.raises(SartoError) as caught:
        shown_tree(shop(), depth=-1)
    assert str(caught.value) == (
        "a diagram cannot be -1 levels deep\n  hint: use 0 for the root alone, 1 for its children"
    )
