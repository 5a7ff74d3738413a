"""Whatever a formula has no place for is told, each kind once, with the features that have it."""

from __future__ import annotations

from sarto.model.toml_line import model_from_toml
from sarto_dimacs.leaving_out import leaves_out

SHOP = """
[line]
root = "shop"

[features.shop]
optional = ["card", "coins", "a", "b", "c", "d"]

[features.card]
summary = "Pay by card"
parts = ["shop-card"]
default = true
stage = "user"
binding = "start"
setting = "card_kind"
after = ["coins"]
was = ["plastic"]
attributes = { price = 30, fee = 0.5 }

[features.coins]
abstract = true
attributes = { price = 5 }

[features.a]
default = false
[features.b]
default = false
[features.c]
default = false
[features.d]
default = false
[features.shop.attributes]
price = 1

[[constraints]]
rule = "card => coins"
because = "Change is given."

[[constraints]]
rule = "sum(price) <= 40"
"""


def test_everything_that_a_formula_has_no_place_for_is_told() -> None:
    assert leaves_out(model_from_toml(SHOP, "features.toml")) == [
        "the tree: all features will stand below a root, its groups are clauses",
        "the arithmetic of 1 constraint: it is clauses",
        "1 constraint as written: it is clauses",
        "the attributes of 3 features: price, fee",
        "the default of 5 features: card, a, b, c, d",
        "the summary of 1 feature: card",
        "the stage of 1 feature: card",
        "the binding time of 1 feature: card",
        "the parts of 1 feature: card",
        "the setting of 1 feature: card",
        "the order of 1 feature: card",
        "the earlier names of 1 feature: card",
        "what is abstract: coins",
        "the reason of 1 constraint",
    ]


def test_of_many_features_some_are_named() -> None:
    text = "".join(f"[features.f{n}]\nabstract = true\n" for n in range(7))
    members = ", ".join(f'"f{n}"' for n in range(7))
    model = model_from_toml(f'[line]\nroot = "r"\n[features.r]\noptional = [{members}]\n{text}', "features.toml")
    assert leaves_out(model)[1:] == ["what is abstract: f0, f1, f2, f3, f4 and 2 more"]


def test_of_a_model_of_one_feature_nothing_is_left_out() -> None:
    assert leaves_out(model_from_toml('[line]\nroot = "r"\n[features.r]\n', "x")) == []
