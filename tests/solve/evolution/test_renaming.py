"""Names of earlier versions, wherever a model mentions features."""

from __future__ import annotations

from sarto.model.grammar import write
from sarto.solve.evolution.renaming import heirs, renamed, renames

from ..lines import model

OLD = """
[features.shop]
optional = ["a", "b"]
[features.a]
alternative = ["c", "d"]
attributes = { price = 1 }
[features.b]
type = "integer"
minimum = 0
before = ["a", "c"]
after = ["d"]
[[constraints]]
rule = "a & !(c | d) => (a <=> b)"
because = "Just so."
[[constraints]]
rule = "a.price + b * 2 < floor(sum(price, a)) / 3"
"""


def test_a_model_under_other_names_says_the_same() -> None:
    old = model(OLD)
    new = renamed(old, {"a": "A", "c": "C", "shop": "store"})

    assert (new.root, list(new.features)) == ("store", ["store", "A", "C", "d", "b"])
    assert {name: feature.name for name, feature in new.features.items()} == {name: name for name in new.features}
    assert [(group.parent, group.members) for group in new.groups] == [("store", ("A", "b")), ("A", ("C", "d"))]
    assert (new.features["b"].delivery.before, new.features["b"].delivery.after) == (("A", "C"), ("d",))
    assert [write(each.expression) for each in new.constraints] == [
        "A & !(C | d) => (A <=> b)",
        "A.price + b * 2 < floor(sum(price, A)) / 3",
    ]
    assert new.constraints[0].because == "Just so."
    assert renamed(new, {"A": "a", "C": "c", "store": "shop"}) == old


def test_no_names_leave_the_model_as_it_is() -> None:
    old = model(OLD)
    assert renamed(old, {}) is old


def test_a_feature_is_its_own_heir_before_anyone_elses() -> None:
    new = model(
        '[features.shop]\noptional = ["a", "x", "y"]\n[features.x]\nwas = ["b", "c"]\n[features.y]\nwas = ["d"]\n'
    )
    assert heirs(["a", "b", "c", "d", "e"], new) == {"a": "a", "b": "x", "c": "x", "d": "y"}


def test_of_several_that_became_one_the_first_of_the_tree_is_renamed() -> None:
    new = model('[features.shop]\noptional = ["a", "x"]\n[features.x]\nwas = ["b", "c"]\n')
    assert renames(model(OLD), new) == {"c": "x"}
