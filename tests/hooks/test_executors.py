"""Other machines to work on, as plugins bring them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import pytest
from sarto.errors import SartoError
from sarto.hooks import Contribution, Executor, Plugin, PluginManager, hookimpl

from .samples import message, with_plugins


def run_here(address: str, work: Callable[[Any], Any], given: Sequence[Any]) -> Iterator[Any]:
    return map(work, given)


class Far:
    def __init__(self, name: str) -> None:
        self.executor = Executor(name=name, run=run_here)

    @hookimpl
    def sarto_executors(self) -> Sequence[Executor]:
        return [self.executor]


def test_an_executor_is_found_by_the_scheme_of_its_address() -> None:
    plugins = with_plugins(ant=Far("moon"), bee=Far("mars"))
    assert plugins.executor("mars://base:1").name == "mars"
    assert list(plugins.executor("moon://base").run("moon://base", len, ["a", "bc"])) == [1, 2]
    assert Contribution(Plugin("ant", "sarto-ant", "1.0"), "executor", "moon") in plugins.contributions()


@pytest.mark.parametrize("address", ["sun://base", "moon", "moon:base", ""])
def test_an_address_that_nobody_knows_is_said_with_the_schemes_that_are(address: str) -> None:
    with pytest.raises(SartoError) as caught:
        with_plugins(ant=Far("moon")).executor(address)
    assert message(caught) == (f"nothing is known that works on '{address}'\n  hint: the schemes that are known: moon")


def test_without_a_plugin_one_is_named() -> None:
    with pytest.raises(SartoError, match=r"hint: install a plugin, such as sarto-dask"):
        PluginManager().executor("dask://here:1")
