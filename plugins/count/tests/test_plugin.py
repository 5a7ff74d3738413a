"""The plugin beside Sarto: it takes over what the search of Sarto's own leaves."""

from __future__ import annotations

import pytest
from sarto.hooks import PluginManager
from sarto.model.toml_line import model_from_toml
from sarto.solve import counting
from sarto.solve.commonality import commonality

SHOP = """
[line]
root = "shop"

[features.shop]
mandatory = ["payment", "size"]
optional = ["search", "audit", "reviews"]

[features.payment]
or = ["card", "invoice", "coins"]

[features.search]
groups = [{ min = 2, max = 3, of = ["words", "tags", "images", "sounds"] }]

[features.audit]
alternative = ["monthly", "yearly", "daily"]

[features.size]
type = "integer"
minimum = 1
maximum = 100

[[constraints]]
rule = "audit => invoice & !coins"

[[constraints]]
rule = "images | reviews => size > 50 & (card | audit)"

[[constraints]]
rule = "search & coins => size < 40"
"""


def test_it_is_found_and_gives_one_counter() -> None:
    counters = PluginManager.discover().counters()

    assert [counter.name for counter in counters] == ["ganak"]


@pytest.mark.parametrize("decisions", [{}, {"search": True}, {"sounds": True, "tags": False}, {"monthly": True}])
def test_both_ways_of_counting_give_the_same_number(
    decisions: dict[str, bool], monkeypatch: pytest.MonkeyPatch
) -> None:
    (counter,) = PluginManager.discover().counters()
    model = model_from_toml(SHOP, "features.toml")
    own = counting.count(model, decisions=decisions)
    monkeypatch.setattr(counting, "EASY", 0)

    assert own
    assert counting.count(model, counter.count, decisions=decisions) == own


@pytest.mark.parametrize("decisions", [{}, {"search": True}])
def test_it_counts_each_feature_where_compiling_takes_too_long(decisions: dict[str, bool]) -> None:
    (counter,) = PluginManager.discover().counters()
    model = model_from_toml(SHOP, "features.toml")
    own = commonality(model, decisions=decisions)

    assert own.count
    assert commonality(model, counter.count, decisions=decisions, patience=0) == own
