"""Counters of hard formulas, as plugins give them."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import pytest
from sarto.errors import SartoError
from sarto.hooks import Contribution, Counter, Plugin, PluginManager, hookimpl

from .samples import message, with_plugins


def count_nothing(
    clauses: Sequence[tuple[int, ...]], size: int, counted: Collection[int] | None, seconds: float
) -> int | None:
    return None


class Counting:
    def __init__(self, name: str) -> None:
        self.counter = Counter(name=name, count=count_nothing)

    @hookimpl
    def sarto_counters(self) -> Sequence[Counter]:
        return [self.counter]


def test_sarto_brings_no_counter_of_its_own() -> None:
    assert PluginManager().counters() == ()


def test_counters_come_in_the_order_of_their_plugins() -> None:
    plugins = with_plugins(zebra=Counting("quick"), ant=Counting("slow"))

    assert [counter.name for counter in plugins.counters()] == ["slow", "quick"]
    assert Contribution(Plugin("ant", "sarto-ant", "1.0"), "counter", "slow") in plugins.contributions()


def test_two_counters_with_one_name_are_an_error() -> None:
    with pytest.raises(SartoError) as caught:
        with_plugins(ant=Counting("Exact"), bee=Counting("exact")).counters()

    assert message(caught) == (
        "counter 'exact' comes from two plugins, 'ant' (sarto-ant 1.0) and 'bee' (sarto-bee 1.0)\n"
        "  hint: uninstall one of the two"
    )
