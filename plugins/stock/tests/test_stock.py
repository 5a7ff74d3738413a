"""``sarto stock`` with a real line, a real package index on this machine, and a real store."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from sarto.derive.store import PartStore
from sarto.errors import SartoError
from sarto.hooks import Executor, Plugin, PluginManager, hookimpl
from sarto.line import ProductLine
from sarto.testing import installed_wheel, make_wheel
from sarto_stock.command import stock
from sarto_stock.demand import Demand, read_demand

from .shop import LINE, SCRIPT, SHOP, index, order

PARTS = (f"pluggy-{version('pluggy')}-py3-none-any.whl", "shop-1.0-py3-none-any.whl")
MAPS = "shop_maps-1.0-py3-none-any.whl"
TEA = "shop_tea-1.0-py3-none-any.whl"


@pytest.fixture
def asked() -> list[str]:
    """The wheels that the index was asked for."""
    return []


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, asked: list[str]) -> Iterator[Path]:
    """A folder with a line and three orders, and nothing built."""
    monkeypatch.setenv("SARTO_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("UV_CACHE_DIR", str(tmp_path / "uv"))
    monkeypatch.setenv("UV_HTTP_RETRIES", "0")
    monkeypatch.setattr("sarto.derive.fetch.PAUSE", 0.01)
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    for name in ("UV_INDEX", "UV_INDEX_URL", "UV_EXTRA_INDEX_URL", "UV_FIND_LINKS", "UV_OFFLINE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    house = tmp_path / "index"
    installed_wheel(house, "pluggy")
    make_wheel(house, "shop", {"shop.py": SHOP}, SCRIPT, requires=["pluggy"])
    make_wheel(house, "shop-maps", {"shop_maps.py": "# " + "x" * 3000})
    make_wheel(house, "shop-tea", {"shop_tea.py": ""})
    (tmp_path / "features.toml").write_text(LINE)
    (tmp_path / "orders").mkdir()
    order(tmp_path, "acme")
    order(tmp_path, "bolt", "maps")
    order(tmp_path, "cord", "maps")
    with index(house, asked) as url:
        monkeypatch.setenv("UV_DEFAULT_INDEX", url)
        yield tmp_path


def run(*words: str, code: int = 0) -> str:
    done = CliRunner().invoke(stock, list(words), catch_exceptions=False)
    assert done.exit_code == code, done.output
    return done.stdout


def listed(*words: str, code: int = 0) -> dict[str, Any]:
    said: dict[str, Any] = json.loads(run("list", "orders", "--json", *words, code=code))
    return said


def build(name: str) -> None:
    line, selection = ProductLine.for_selection(Path("orders", f"{name}.toml"))
    line.build(selection, Path("builds"))


def stored() -> set[str]:
    return {path.name for path in PartStore.default().folder.glob("*/*/*.whl")}


def test_open_orders_need_what_the_store_lacks_and_nothing_is_fetched_for_saying_so(home: Path) -> None:
    said = listed()
    assert said["open"] == ["acme", "bolt", "cord"]
    needed = {each["file"]: each["for"] for each in said["needed"]}
    assert needed == {**{name: ["acme", "bolt", "cord"] for name in PARTS}, MAPS: ["bolt", "cord"]}
    assert said["idle"] == []
    assert not stored() & set(needed)
    last = run("list", "orders").splitlines()[-1]
    assert last.startswith("3 open orders: 3 parts, size unknown to fetch; ")  # the index says no sizes


def test_exactly_the_lacking_parts_are_fetched_just_before_the_build(
    home: Path, asked: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    listed()
    build("acme")
    asked.clear()
    said = json.loads(run("fetch", "orders", "--json"))
    assert [(each["file"], each["bytes"]) for each in said["fetched"]] == [
        (MAPS, next(PartStore.default().folder.glob(f"*/*/{MAPS}")).stat().st_size)
    ]
    assert asked == [MAPS]
    assert TEA not in stored()
    assert listed()["needed"] == []
    assert run("fetch", "orders") == "fetched 0 parts, 0 bytes for 2 open orders\n"
    monkeypatch.setenv("UV_OFFLINE", "1")
    build("bolt")
    line = [sys.executable, "builds/bolt/bolt.py"]
    done = subprocess.run(line, capture_output=True, text=True, env=dict(os.environ), timeout=60, check=True)
    assert done.stdout == "shop shop_maps\n"
    assert listed()["open"] == ["cord"]


def test_what_neither_an_order_nor_a_build_needs_is_idle(home: Path) -> None:
    order(home, "dove", "tea")
    build("dove")
    order(home, "dove")
    assert [each["file"] for each in listed()["idle"]] == []  # the build has it still
    build("dove")
    said = listed()
    assert [each["file"] for each in said["idle"]] == [TEA]
    assert said["open"] == ["acme", "bolt", "cord"]
    order(home, "ever", "tea")
    assert listed()["idle"] == []


def test_an_order_that_cannot_be_honoured_is_said_and_the_others_count(home: Path) -> None:
    order(home, "bolt", "mops")
    said = listed(code=1)
    assert said["open"] == ["acme", "cord"]
    assert [each["selection"] for each in said["refused"]] == ["orders/bolt.toml"]


def test_an_order_whose_build_would_have_the_place_of_another_is_refused(home: Path) -> None:
    (home / "orders/again.toml").write_text((home / "orders/acme.toml").read_text())
    said = listed(code=1)
    assert [each["selection"] for each in said["refused"]] == ["orders/again.toml"]
    assert said["open"] == ["acme", "bolt", "cord"]


def test_a_part_that_cannot_be_fetched_is_an_error_and_the_rest_stays(home: Path) -> None:
    listed()
    (home / "index" / MAPS).unlink()
    with pytest.raises(SartoError, match=f"'{MAPS}' is not in the part store yet and cannot be fetched"):
        run("fetch", "orders")
    assert set(PARTS) <= stored()


def test_of_a_line_without_any_customer_nothing_is_measured(home: Path) -> None:
    text = LINE.replace('optional = ["maps", "tea", "never"]', 'optional = ["maps", "tea"]\nmandatory = ["never"]')
    (home / "features.toml").write_text(text)
    with pytest.raises(SartoError, match="no selection is possible: the feature model contradicts itself"):
        run("cost", "--runs", "1")


def test_a_further_customer_is_measured_for_each_feature(home: Path) -> None:
    said = json.loads(run("cost", "--runs", "2", "--json"))
    costs = {each["feature"]: each for each in said["costs"]}
    assert set(costs) == {None, "maps", "tea"}
    sizes = {path.name: path.stat().st_size for path in PartStore.default().folder.glob("*/*/*.whl")}
    runtime = sum(size for name, size in sizes.items() if name.startswith("sarto_runtime"))
    base = sum(sizes[name] for name in PARTS) + runtime
    assert costs[None]["handed_out"] == base
    assert costs["maps"]["handed_out"] == base + sizes[MAPS]
    assert costs["maps"]["parts"] == costs[None]["parts"] + 1
    assert all(0 < each["new"] < 40_000 and each["milliseconds"] > 0 for each in costs.values())
    assert list(said["impossible"]) == ["never"]
    assert list((home / "builds").iterdir()) == []
    table = run("cost", "--runs", "1", "--feature", "tea").splitlines()
    assert [line.split("  ")[0] for line in table] == ["FEATURE", "(nothing chosen)", "tea"]
    with pytest.raises(SartoError, match="the line has no feature 'te'"):
        run("cost", "--feature", "te")


def test_the_bytes_that_are_new_are_those_of_the_builds_own_files(home: Path) -> None:
    said = json.loads(run("cost", "--runs", "1", "--feature", "maps", "--json"))
    build("bolt")
    own = [path for path in (home / "builds" / "bolt").rglob("*") if path.is_file() and path.parent.name != "parts"]
    new = next(each["new"] for each in said["costs"] if each["feature"] == "maps")
    assert abs(new - sum(path.stat().st_size for path in own)) < 400  # the names of customers differ


def test_the_forecast_counts_the_known_customers_and_knows_what_all_have(home: Path) -> None:
    (report,) = json.loads(run("forecast", "orders", "-n", "10", "--json"))["lines"]
    assert (report["line"], report["customers"]) == ("shop", 3)
    features = report["features"]
    assert {name: (each["known"], each["share"]) for name, each in features.items()} == {
        "shop": (3, 1.0), "maps": (2, 0.6), "tea": (0, 0.2), "never": (0, 0.0),
    }  # fmt: skip
    parts = {each["file"]: each for each in report["parts"]}
    assert {name: (parts[name]["known"], parts[name]["expected"]) for name in (*PARTS, MAPS, TEA)} == {
        **dict.fromkeys(PARTS, (3, 10.0)), MAPS: (2, 6.0), TEA: (0, 2.0),
    }  # fmt: skip
    assert (parts[TEA]["least"], parts[TEA]["most"], parts[TEA]["stored"]) == (0, 6, False)
    assert run("forecast", "orders").splitlines()[0] == "shop: 3 known customers, 100 further ones"


def test_without_customers_there_is_no_forecast(home: Path) -> None:
    for file in (home / "orders").iterdir():
        file.unlink()
    with pytest.raises(SartoError, match="there is no customer to judge by"):
        run("forecast", "orders")
    with pytest.raises(SartoError, match="there is no such folder of selections"):
        run("list", "nowhere")


def test_where_no_order_can_be_honoured_the_forecast_says_why(home: Path) -> None:
    for file in (home / "orders").iterdir():
        file.unlink()
    order(home, "acme", "mops")
    said = json.loads(run("forecast", "orders", "--json", code=1))
    assert said["lines"] == []
    assert [each["error"]["errors"][0]["what"] for each in said["refused"]] == ["unknown feature 'mops'"]


def test_whether_an_order_is_open_is_asked_where_the_builds_are(home: Path) -> None:
    build("acme")

    def run_without_builds(_address: str, work: Callable[[Any], Any], given: Sequence[Any]) -> Iterator[Any]:
        Path("builds").rename("kept")
        found = [work(each) for each in given]
        Path("kept").rename("builds")
        return iter(found)

    class Moon:
        @hookimpl
        def sarto_executors(self) -> list[Executor]:
            return [Executor(name="moon", run=run_without_builds)]

    plugins = PluginManager()
    plugins.register(Moon(), Plugin(name="moon", distribution="moon", version="1"))
    found = read_demand(Path("orders"), Path("builds"), plugins, "moon://base")
    assert [each.name for each in found if isinstance(each, Demand) and each.is_open] == ["bolt", "cord"]
