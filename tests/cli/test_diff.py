"""``sarto diff``: what an edit does to the products, and what differs."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ..hooks.conftest import Install, install
from .conftest import SHOP, Sarto, write

__all__ = ["install"]

EDITED = (
    SHOP.replace('or = ["card", "invoice", "coins"]', 'alternative = ["card", "invoice", "coins"]')
    .replace('"reviews", "audit"', '"opinions", "audit", "tour", "simpler"')
    .replace("[features.reviews]", '[features.opinions]\nwas = ["reviews"]\nparts = ["opinions>=2"]')
    .replace("{ reviews =", "{ opinions =")
    .replace("maximum = 100", "maximum = 200")
    .replace("page_size <= 50", "page_size <= 40")
    .replace('"simple", "full"', '"full"')
    .replace("[features.simple]\nattributes = { price = 90.5 }\n", "")
    .replace("audit => invoice & !coins", "audit => !coins & invoice")
    .replace("Auditors want paper.", "Coins leave no trail.")
    + '[[constraints]]\nrule = "tour => search"\n'
)


@pytest.fixture(autouse=True)
def edited(shop: Path) -> None:
    write(shop, edited=EDITED)


def test_everything_that_differs_is_listed(sarto: Sarto) -> None:
    result = sarto("diff", "features.toml", "edited.toml")

    assert (result.exit_code, result.stderr) == (0, "")
    head, _, lists = result.stdout.partition("\n\n")
    assert head.splitlines()[0] == (
        "features.toml → edited.toml: an arbitrary edit: some products are gone, and there are new ones"
    )
    assert lists == (
        "features\n"
        "  added    tour: optional in 'shop'\n"
        "  added    simpler: optional in 'shop'\n"
        "  removed  simple: an alternative of 'search'\n"
        "  renamed  opinions: was 'reviews'\n"
        "  moved    card, invoice, coins: in an or group of 'payment' → an alternative of 'payment'\n"
        "  changed  page_size: maximum 100 → 200\n"
        "  changed  opinions: parts nothing → 'opinions>=2'\n"
        "\n"
        "constraints\n"
        "  added    tour => search\n"
        "  changed  audit => invoice & !coins (Auditors want paper) → "
        "audit => !coins & invoice (Coins leave no trail)\n"
        "  changed  full => page_size <= 50 → full => page_size <= 40 (Long pages are slow to search)\n"
    )


def test_an_example_for_each_side_says_which_rules_make_the_difference(sarto: Sarto, shop: Path) -> None:
    strict = SHOP.replace('"audit"]', '"audit", "tour"]') + '[[constraints]]\nrule = "!(card & coins)"\n'
    write(shop, strict=strict)

    assert sarto("diff", "features.toml", "strict.toml").stdout.splitlines()[:5] == [
        "features.toml → strict.toml: an arbitrary edit: some products are gone, and there are new ones",
        "  gone: 'card' and 'coins' are selected, which strict.toml rules out:",
        "    - the constraint !(card & coins) (strict.toml: constraints[2].rule)",
        "  new: 'tour' is selected, which features.toml rules out:",
        "    - there is no feature 'tour'",
    ]


def test_of_equal_models_nothing_is_listed(sarto: Sarto) -> None:
    result = sarto("diff", "features.toml", "features.toml")

    assert result.stdout == "features.toml → features.toml: a refactoring: the products are the same\n"


def test_a_feature_that_may_have_been_renamed_is_pointed_out(sarto: Sarto, shop: Path) -> None:
    write(shop, renamed=SHOP.replace("reviews", "review"))

    result = sarto("diff", "features.toml", "renamed.toml")

    assert (
        "  removed  reviews: optional in 'shop'; perhaps it is 'review' now, whose was = [\"reviews\"] would say so\n"
    ) in result.stdout


def test_json_has_whole_configurations_and_everything_that_differs(sarto: Sarto, shop: Path) -> None:
    write(shop, strict=EDITED + '[[constraints]]\nrule = "!card & !coins"\n')

    data = json.loads(sarto("diff", "features.toml", "strict.toml", "--json").stdout)

    assert data["edit"] == "arbitrary"
    assert data["gone"].keys() == data["new"].keys() == {"telling", "because", "configuration"}
    assert data["gone"]["configuration"].items() >= data["gone"]["telling"].items()
    assert len(data["gone"]["configuration"]) == 11
    assert data["features"] == {
        "added": ["tour", "simpler"],
        "removed": ["simple"],
        "renamed": {"reviews": "opinions"},
        "joined": {},
        "perhaps_renamed": {},
        "moved": [
            {
                "features": ["card", "invoice", "coins"],
                "before": {"parent": "payment", "group": "or"},
                "after": {"parent": "payment", "group": "alternative"},
            }
        ],
        "changed": [
            {"feature": "page_size", "key": "maximum", "before": 100, "after": 200},
            {"feature": "opinions", "key": "parts", "before": None, "after": ["opinions>=2"]},
        ],
    }
    assert data["constraints"] == {
        "added": [{"rule": "tour => search", "because": ""}, {"rule": "!card & !coins", "because": ""}],
        "removed": [],
        "changed": [
            {
                "before": {"rule": "audit => invoice & !coins", "because": "Auditors want paper."},
                "after": {"rule": "audit => !coins & invoice", "because": "Coins leave no trail."},
            },
            {
                "before": {"rule": "full => page_size <= 50", "because": "Long pages are slow to search."},
                "after": {"rule": "full => page_size <= 40", "because": "Long pages are slow to search."},
            },
        ],
    }


def test_json_of_a_refactoring_has_no_examples(sarto: Sarto) -> None:
    data = json.loads(sarto("diff", "features.toml", "features.toml", "--json").stdout)

    assert (data["edit"], data["gone"], data["new"]) == ("refactoring", None, None)


def test_the_two_may_be_in_different_formats(sarto: Sarto, shop: Path, install: Install) -> None:
    plugins = [str(install("listing", LISTING))]
    (shop / "model.list").write_text("shop card coins")
    write(shop, plain='[line]\nroot = "shop"\n[features.shop]\noptional = ["card", "coins"]\n')

    result = sarto("diff", "model.list", "plain.toml", plugins=plugins)

    assert result.stdout == "model.list → plain.toml: a refactoring: the products are the same\n"
    assert result.stderr == "warning: a listing says little\n  --> model.list\n"


LISTING = """
from sarto.errors import SartoError
from sarto.hooks import ModelReading
from sarto.model.feature import Feature, Group, GroupKind
from sarto.model.feature_model import FeatureModel

def read(path, strict):
    root, *names = path.read_text().split()
    features = {name: Feature(name=name) for name in [root, *names]}
    model = FeatureModel(root=root, features=features, groups=(Group(root, GroupKind.OPTIONAL, tuple(names)),))
    return ModelReading(model, (SartoError("a listing says little", where=str(path)),))

@hookimpl
def sarto_model_formats():
    return [ModelFormat(name="listing", suffixes=(".list",), read=read)]
"""
"""A plugin with a format of its own: the names of the features, the root first."""


def test_a_file_that_cannot_be_read_is_an_error(sarto: Sarto) -> None:
    result = sarto("diff", "features.toml", "nowhere.toml")

    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == "error: there is no such file\n  --> nowhere.toml\n"


PRICES = """
[prices]
currency = "EUR"
base = 900

[[prices.rules]]
name = "Reviewed"
when = "reviews"
add = 20.50

[[prices.rules]]
name = "Both"
bundle = ["simple", "full"]
price = 400

[[prices.rules]]
name = "Gone"
percent = -5

[[prices.taxes]]
name = "VAT"
percent = 20
"""
DEARER = """
[prices]
currency = "USD"
base = "950.00"

[[prices.rules]]
name = "Both"
bundle = ["simple", "full"]
price = 410

[[prices.rules]]
name = "Reviewed"
when = "opinions"
add = 20.50

[[prices.taxes]]
name = "VAT"
percent = 22

[[prices.taxes]]
name = "City tax"
percent = 0.5
because = "The city asks for it."
"""
RENAMED = (
    SHOP.replace('"reviews", "audit"', '"opinions", "audit"')
    .replace("[features.reviews]", '[features.opinions]\nwas = ["reviews"]')
    .replace("{ reviews =", "{ opinions =")
)


def test_prices_that_differ_are_listed_and_a_renamed_feature_makes_none_different(shop: Path, sarto: Sarto) -> None:
    write(shop, priced=SHOP + PRICES, dearer=RENAMED + DEARER)
    result = sarto("diff", "priced.toml", "dearer.toml")

    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.partition("prices\n")[2] == (
        "  changed  currency: EUR → USD\n"
        "  changed  base: 900 → 950\n"
        "  changed  rule 'Both': price 400 → 410\n"
        "  removed  rule 'Gone': percent -5\n"
        "  changed  tax 'VAT': percent 20 → 22\n"
        "  added    tax 'City tax': percent 0.5, because The city asks for it.\n"
        "  changed  the order of the rules: Reviewed, Both → Both, Reviewed\n"
    )


def test_prices_in_json_are_told_before_and_after(shop: Path, sarto: Sarto) -> None:
    write(shop, plain=SHOP, priced=SHOP + '[prices]\ncurrency = "EUR"\nbase = 0.10\n')

    assert json.loads(sarto("diff", "plain.toml", "priced.toml", "--json").stdout)["prices"] == [
        {"name": "currency", "before": None, "after": "EUR"}, {"name": "base", "before": None, "after": "0.10"},
    ]  # fmt: skip
    assert json.loads(sarto("diff", "plain.toml", "plain.toml", "--json").stdout)["prices"] == []
    assert "prices" not in sarto("diff", "priced.toml", "priced.toml").stdout
