"""The tree of a feature model: how it is walked, and every way in which it can be wrong."""

from __future__ import annotations

import pytest
from sarto.errors import SartoError
from sarto.model.feature import Constraint, Feature, Group, GroupKind
from sarto.model.feature_model import FeatureModel, attribute_value

from .reading import expression, faults_of_model, model

SHOP = """
[features.shop]
mandatory = ["search", "pay"]
optional = ["maps"]
[features.pay]
or = ["card", "cash"]
alternative = ["now", "later"]
"""


def test_the_tree_is_walked_parents_first_in_the_order_of_the_groups() -> None:
    read = model(SHOP)
    assert list(read.preorder()) == ["shop", "search", "pay", "card", "cash", "now", "later", "maps"]
    assert list(read.preorder("pay")) == ["pay", "card", "cash", "now", "later"]


def test_each_feature_knows_its_parent_and_its_group() -> None:
    read = model(SHOP)
    assert read.parent_of("cash") == "pay"
    assert read.group_of("cash") == Group("pay", GroupKind.OR, ("card", "cash"))
    assert read.parent_of("shop") is None
    assert read.group_of("shop") is None


def test_a_feature_has_its_groups_in_the_order_in_which_they_are_written() -> None:
    read = model(SHOP)
    assert [group.kind for group in read.groups_under("pay")] == [GroupKind.OR, GroupKind.ALTERNATIVE]
    assert read.groups_under("cash") == ()


@pytest.mark.parametrize(
    ("kind", "bounds"),
    [
        (GroupKind.MANDATORY, (3, 3)), (GroupKind.OPTIONAL, (0, 3)), (GroupKind.OR, (1, 3)),
        (GroupKind.ALTERNATIVE, (1, 1)), (GroupKind.CARDINALITY, (2, 3)),
    ],
)  # fmt: skip
def test_how_many_members_a_parent_has_follows_from_the_kind_of_group(kind: GroupKind, bounds: tuple[int, int]) -> None:
    group = Group("a", kind, ("b", "c", "d"), 2, 3)
    assert (group.minimum, group.maximum) == bounds


@pytest.mark.parametrize(
    ("path", "value"),
    [("price", 3), ("size.width", 2), ("size.unit", "m"), ("a.b", True), ("size", None), ("tags", None), ("no", None),
     ("price.more", None)],
)  # fmt: skip
def test_an_attribute_is_found_by_its_dotted_path(path: str, value: object) -> None:
    feature = Feature(
        name="a",
        attributes={"price": 3, "size": {"width": 2, "unit": "m"}, "a.b": True, "tags": ["x"]},
    )
    assert attribute_value(feature, path) == value


def test_a_feature_with_two_parents_is_reported_with_both() -> None:
    said = faults_of_model('[features.shop]\noptional = ["a", "b"]\n[features.a]\nor = ["c"]\n[features.b]\nor = ["c"]')
    assert said == [
        "features.b.or: feature 'c' has two parents, 'a' and 'b'"
        "\n  hint: keep it in one place; the first is features.toml: features.a.or"
    ]


def test_a_feature_in_two_groups_of_one_parent_is_reported() -> None:
    assert faults_of_model('[features.shop]\noptional = ["a"]\nor = ["a", "b"]') == [
        "features.shop.or: feature 'a' stands twice under 'shop'"
        "\n  hint: keep it in one place; the first is features.toml: features.shop.optional"
    ]


def test_a_root_with_a_parent_is_reported() -> None:
    assert faults_of_model('[features.shop]\noptional = ["a"]\n[features.a]\noptional = ["shop"]') == [
        "features.a.optional: the root feature 'shop' has a parent, 'a'"
    ]


def test_a_cycle_is_reported_once_with_the_way_around() -> None:
    text = '[features.shop]\n[features.a]\nor = ["b"]\n[features.b]\nor = ["c"]\n[features.c]\nor = ["a", "d"]\n'
    assert faults_of_model(text) == [
        "features.a.or: features are below one another in a cycle: a -> b -> c -> a"
        "\n  hint: take one of them out of its group"
    ]


def test_a_feature_below_itself_is_a_cycle() -> None:
    assert faults_of_model('[features.shop]\n[features.a]\nor = ["a"]\n') == [
        "features.a.or: features are below one another in a cycle: a -> a\n  hint: take one of them out of its group"
    ]


def test_a_cycle_that_hangs_on_the_tree_by_a_second_parent_is_reported_beside_it() -> None:
    text = '[features.a]\nor = ["b"]\n[features.b]\nor = ["a"]\n[features.shop]\noptional = ["a"]\n'
    assert [said.split("\n")[0] for said in faults_of_model(text)] == [
        "features.shop.optional: feature 'a' has two parents, 'b' and 'shop'",
        "features.a.or: features are below one another in a cycle: a -> b -> a",
    ]


def test_a_feature_outside_the_tree_is_reported_without_those_below_it() -> None:
    assert faults_of_model('[features.shop]\n[features.lost]\nor = ["a", "b"]\n[features.a]\nor = ["c"]\n') == [
        "features.lost: feature 'lost' is not in the tree"
        "\n  hint: name it in a group of 'shop' or of a feature below it"
    ]


@pytest.mark.parametrize(("least", "most"), [(3, 2), (0, 4), (4, 4)])
def test_a_group_that_cannot_hold_is_reported(least: int, most: int) -> None:
    text = f'[features.shop]\ngroups = [{{ min = {least}, max = {most}, of = ["a", "b", "c"] }}]\n'
    assert faults_of_model(text) == [
        f"features.shop.groups[0]: a group of 3 features cannot have between {least}..{most} of them selected"
        "\n  hint: use 0 <= min <= max <= 3"
    ]


def test_the_unknown_names_of_a_model_that_code_makes_are_reported() -> None:
    features = {name: Feature(name=name) for name in ("shop", "maps")}
    with pytest.raises(SartoError) as caught:
        FeatureModel(root="shop", features=features, groups=(Group("shpo", GroupKind.OR, ("maps", "mpas")),))
    assert [str(error) for error in caught.value.errors] == [
        "unknown feature 'shpo'\n  hint: did you mean 'shop'?",
        "unknown feature 'mpas'\n  hint: did you mean 'maps'?",
    ]


def test_the_unknown_names_of_a_constraint_that_code_makes_are_reported() -> None:
    rule = Constraint(expression("maps & mpas & sum(price, shpo) > 3", "maps", "mpas", "shpo"))
    with pytest.raises(SartoError) as caught:
        FeatureModel(
            root="shop",
            features={name: Feature(name=name) for name in ("shop", "maps")},
            groups=(Group("shop", GroupKind.OR, ("maps",)),),
            constraints=(rule,),
        )
    assert [str(error) for error in caught.value.errors] == [
        "unknown feature 'mpas'\n  hint: did you mean 'maps'?",
        "unknown feature 'shpo'\n  hint: did you mean 'shop'?",
    ]


def test_a_root_that_is_no_feature_is_reported() -> None:
    with pytest.raises(SartoError) as caught:
        FeatureModel(root="shop", features={"maps": Feature(name="maps")})
    assert str(caught.value) == "the root feature 'shop' is not among the features"


def test_an_attribute_that_a_constraint_asks_for_and_no_one_has_is_reported_beside_the_tree() -> None:
    text = (
        '[features.shop]\noptional = ["a"]\nor = ["a"]\n[features.a]\nattributes = { price = 3 }\n'
        '[[constraints]]\nrule = "a.prize > 3"\n'
    )
    assert faults_of_model(text)[1:] == [
        "constraints[0].rule: feature 'a' has no attribute 'prize'\n  hint: did you mean 'price'?"
    ]


def test_ten_thousand_levels_are_no_trouble() -> None:
    depth = 10_000
    features = {str(number): Feature(name=str(number)) for number in range(depth)}
    groups = tuple(Group(str(number), GroupKind.OR, (str(number + 1),)) for number in range(depth - 1))
    assert len(list(FeatureModel(root="0", features=features, groups=groups).preorder())) == depth
