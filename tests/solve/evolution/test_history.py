"""A year of a real product line, month by month: no decision of a customer is lost without a report."""

from __future__ import annotations

import random
from collections.abc import Mapping
from itertools import pairwise
from pathlib import Path

import pytest
from sarto.model.feature_model import FeatureModel
from sarto.model.line import CoreProduct, LineDescription
from sarto.model.selection import Selection, Wish
from sarto.solve.configurator import Configurator
from sarto.solve.evolution.comparison import Edit, compare
from sarto.solve.evolution.migration import Fate, migrate
from sarto.solve.evolution.words import against_in_words
from sarto.solve.resolution import resolve

MONTHS = Path(__file__).parents[4] / "shared" / "models" / "history" / "financial-services"
CUSTOMERS = 10


@pytest.fixture(scope="module")
def months() -> list[FeatureModel]:
    files = sorted(MONTHS.glob("*.uvl"))
    if not files:
        pytest.skip("the published models are not beside this checkout")
    reader = pytest.importorskip("sarto_uvl", reason="the plugin uvl is not installed")
    (uvl,) = reader.sarto_model_formats()
    return [uvl.read(file, False).model for file in files]


def test_no_decision_is_lost_without_a_report(months: list[FeatureModel]) -> None:
    customers = [(random.Random(number), dict[str, Wish]()) for number in range(CUSTOMERS)]
    for old, new in pairwise(months):
        configurator = Configurator(old)
        line = LineDescription(name="bank", version="1", model=new, core=CoreProduct(parts=("bank",), command="bank"))
        for number, (chance, wishes) in enumerate(customers):
            asked = decide(configurator, chance, wishes)
            migration = migrate(Selection(line="", customer=str(number), wishes=asked), line)
            assert [each.key for each in migration.decisions] == [f"select.{name}" for name in asked]
            for name, each in zip(asked, migration.decisions, strict=True):
                if each.fate is Fate.KEPT:
                    assert migration.selection.wishes[name].value is asked[name].value
                else:
                    assert each.fate is Fate.DROPPED
                    assert name not in migration.selection.wishes
                    assert against_in_words(each)
            customers[number] = (chance, dict(migration.selection.wishes))
    for _, wishes in customers:
        resolve(months[-1], Selection(line="", customer="", wishes=wishes))


def decide(configurator: Configurator, chance: random.Random, wishes: Mapping[str, Wish]) -> dict[str, Wish]:
    """The wishes and a dozen more decisions at random, which go together with them."""
    for wish in wishes.values():
        configurator.decide(wish.feature, wish.value is True)
    for _ in range(12):
        if configurator.free:
            configurator.decide(chance.choice(configurator.free), chance.random() < 0.6)
    asked = {fact.feature: Wish(fact.feature, fact.value) for fact in configurator.decisions}
    while configurator.undo():
        pass
    return asked


def test_the_edits_of_the_first_months_are_arbitrary_and_listed_whole(months: list[FeatureModel]) -> None:
    for old, new in pairwise(months[:4]):
        found = compare(old, new)
        assert found.edit is Edit.ARBITRARY
        assert set(found.differences.added) == new.features.keys() - old.features.keys()
        assert set(found.differences.removed) == old.features.keys() - new.features.keys()
