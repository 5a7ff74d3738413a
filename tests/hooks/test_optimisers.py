"""Optimisers, as plugins give them."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from sarto.errors import SartoError
from sarto.hooks import Contribution, Optimiser, Plugin, PluginManager, hookimpl
from sarto.solve.problem import Answer, Problem, Status

from .samples import message, with_plugins


def give_up(problem: Problem, seconds: float) -> Answer:
    return Answer(Status.UNKNOWN)


class Optimising:
    def __init__(self, name: str) -> None:
        self.optimiser = Optimiser(name=name, solve=give_up)

    @hookimpl
    def sarto_optimisers(self) -> Sequence[Optimiser]:
        return [self.optimiser]


def test_sarto_brings_no_optimiser_of_its_own() -> None:
    assert PluginManager().optimisers() == ()
    assert PluginManager().solver() is None


def test_optimisers_come_in_the_order_of_their_plugins_and_the_first_one_solves() -> None:
    plugins = with_plugins(zebra=Optimising("quick"), ant=Optimising("slow"))

    assert [optimiser.name for optimiser in plugins.optimisers()] == ["slow", "quick"]
    assert plugins.solver() is give_up
    assert Contribution(Plugin("ant", "sarto-ant", "1.0"), "optimiser", "slow") in plugins.contributions()


def test_two_optimisers_with_one_name_are_an_error() -> None:
    with pytest.raises(SartoError) as caught:
        with_plugins(ant=Optimising("Best"), bee=Optimising("best")).optimisers()

    assert message(caught) == (
        "optimiser 'best' comes from two plugins, 'ant' (sarto-ant 1.0) and 'bee' (sarto-bee 1.0)\n"
        "  hint: uninstall one of the two"
    )
