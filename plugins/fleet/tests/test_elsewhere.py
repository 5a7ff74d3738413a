"""Builds of a fleet that other machines make: by the same Sarto, into the folder that is here, too."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from sarto.commands import Application
from sarto.elsewhere import elsewhere
from sarto.errors import SartoError
from sarto.hooks import Executor, Plugin, PluginManager, hookimpl
from sarto.orders import Refusal, read_orders
from sarto_fleet.building import Done, bring_up_to_date
from sarto_fleet.command import fleet
from sarto_fleet.made_elsewhere import Made, arrived, made_elsewhere

from .shop import order

HERE = Executor(name="here", run=lambda _address, work, given: map(work, given))


def made(home: Path, builds: Path) -> list[Made]:
    orders = list(read_orders(home / "orders", PluginManager.discover()))
    work = partial(made_elsewhere, work=bring_up_to_date, builds=builds)
    return list(elsewhere(work, orders, HERE, "here://"))


def test_a_build_that_is_not_in_the_folder_here_is_no_build(home: Path) -> None:
    first, *_ = made(home, home / "far")
    file = home / "orders" / "acme.toml"
    assert arrived(first, file, home / "far") == Done(file, "acme", "acme", was_built=True)
    found = arrived(first, file, home / "builds")
    assert isinstance(found, Refusal)
    assert found.error.what == (
        f"the build was made on another machine, and is not in the folder '{home}/builds' of this one"
    )


def test_nor_is_an_older_one_that_stands_there(home: Path) -> None:
    made(home, home / "builds")
    (home / "orders" / "acme.toml").write_text('line = "../features.toml"\ncustomer = "acme"\nselect.maps = true\n')
    first, *_ = made(home, home / "far")
    assert isinstance(arrived(first, home / "orders" / "acme.toml", home / "builds"), Refusal)


def test_a_machine_with_another_sarto_does_nothing_and_says_so(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def run_by_another(_address: str, work: Callable[[Any], Any], given: Sequence[Any]) -> Iterator[Any]:
        monkeypatch.setattr("sarto.elsewhere.__version__", "99")
        return map(work, given)

    orders = read_orders(home / "orders", PluginManager.discover())
    work = partial(made_elsewhere, work=bring_up_to_date, builds=home / "builds")
    with pytest.raises(SartoError, match="has another Sarto or other plugins: sarto 99 in place of"):
        list(elsewhere(work, orders, Executor(name="other", run=run_by_another), "other://"))
    assert not (home / "builds").exists()


class Moon:
    """A machine that has the selections at the same path, and none of the builds."""

    @hookimpl
    def sarto_executors(self) -> list[Executor]:
        return [Executor(name="moon", run=_without_builds)]


def _without_builds(_address: str, work: Callable[[Any], Any], given: Sequence[Any]) -> Iterator[Any]:
    Path("builds").rename("kept")
    found = [work(each) for each in given]
    Path("kept").rename("builds")
    return iter(found)


def printed(*words: str) -> str:
    application = Application()
    application.__dict__["plugins"] = plugins = PluginManager()  # in place of those that are installed here
    plugins.register(Moon(), Plugin(name="moon", distribution="moon", version="1"))
    result = CliRunner().invoke(fleet, words, obj=application, catch_exceptions=False)
    assert (result.exit_code, result.stderr) == (0, "")
    return result.stdout


def test_a_machine_that_has_not_these_builds_says_nothing_of_them(home: Path) -> None:
    printed("build", "orders")
    order(home, "bolt")
    status, diff = printed("status", "orders"), printed("diff", "orders")
    assert "built 2, out of date 1" in status
    assert printed("status", "orders", "--on", "moon://base") == status
    assert "3 customers: 1 would change, 2 would not, 0 cannot" in diff
    assert printed("diff", "orders", "--on", "moon://base") == diff
