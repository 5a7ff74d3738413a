"""Builds of a fleet that other machines make: by the same Sarto, into the folder that is here, too."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sarto.elsewhere import elsewhere
from sarto.errors import SartoError
from sarto.hooks import Executor, PluginManager
from sarto.orders import Refusal, read_orders
from sarto_fleet.building import Done, bring_up_to_date
from sarto_fleet.made_elsewhere import Made, arrived, made_elsewhere

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
