"""A built product loads the plugins that were frozen into it, in the planned order, without a search."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from sarto.hooks import PluginManager
from sarto.line import ProductLine
from sarto.testing import answer, installed_wheel, make_wheel, start

CORE = """
import json, sys
from sarto_runtime import load_plugins, product, variation_point

@variation_point
def price(n: int) -> int:
    return n

@variation_point(collect=True)
def commands() -> list[str]:
    return ["sell"]

def main():
    points = load_plugins("shop")
    if sys.argv[1:2] == ["eval"]:
        print(json.dumps(eval(sys.argv[2])))
    else:
        print(price(int(sys.argv[1])))
"""
TAX = """
from shop import commands, price
from sarto_runtime import add, after, variation_point

@after(price)
def taxed(result: int, n: int) -> int:
    return result + surcharge(n)

@add(commands)
def file_taxes() -> str:
    return "file taxes"

@variation_point
def surcharge(n: int) -> int:
    return 10
"""
SALE = """
from sarto_runtime import after, around

@after("surcharge")
def less(result, n):
    return result // 2

@around("price")
def halved(proceed, n):
    return proceed(n) // 2
"""
BROKEN = "import no_such_module\n"
FLAKY = """
from sarto_runtime import before

@before("price")
def picky(n):
    if n == 13:
        raise ValueError("unlucky")
"""
LINE = """
[line]
name = "shop"
version = "1.0"
root = "shop"

[core]
parts = ["shop"]
command = "shop"
group = "shop"
sources = ["wheels"]

[targets]
python = "host"
platforms = ["host"]

[features.shop]
optional = ["tax", "sale", "broken", "flaky"]

[features.tax]
parts = ["shop-tax"]
after = ["sale"]

[features.sale]
parts = ["shop-sale"]
stage = "user"
binding = "start"

[features.broken]
parts = ["shop-broken"]
on_failure = "disable"

[features.flaky]
parts = ["shop-flaky"]
on_failure = "quarantine"
failures = 2
"""
ACME = """
line = "features.toml"
customer = "Acme"

[select]
tax = true
broken = true
flaky = true

[open]
features = ["sale"]
"""


@pytest.fixture(scope="module")
def launcher(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The build of a shop in which the features follow each other against the order of their names."""
    folder = tmp_path_factory.mktemp("shop")
    installed_wheel(folder / "wheels", "pluggy")
    make_wheel(folder / "wheels", "shop", {"shop.py": CORE}, "[console_scripts]\nshop = shop:main\n")
    for name, text in {"tax": TAX, "sale": SALE, "broken": BROKEN, "flaky": FLAKY}.items():
        entry = f"[shop]\n{name} = shop_{name}\n"
        make_wheel(folder / "wheels", f"shop-{name}", {f"shop_{name}.py": text}, entry)
    (folder / "features.toml").write_text(LINE, encoding="utf-8")
    (folder / "acme.toml").write_text(ACME, encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SARTO_CACHE", str(folder / "cache"))
        patch.setenv("UV_OFFLINE", "1")
        line, selection = ProductLine.for_selection(folder / "acme.toml", plugins=PluginManager())
        line.build(selection, folder / "builds")
    return folder / "builds" / "acme" / "acme.py"


def test_the_build_names_its_plugins_in_the_planned_order_with_their_features_and_policies(launcher: Path) -> None:
    build = json.loads(launcher.parent.joinpath("build.json").read_text(encoding="utf-8"))
    assert build["order"] == ["sale", "tax", "broken", "flaky"]
    assert build["plugins"] == [
        {"name": name, "object": f"shop_{name}", "feature": name, "part": f"shop-{name}"} for name in build["order"]
    ]
    assert build["policies"] == {
        "broken": {"on_failure": "disable", "failures": 1}, "flaky": {"on_failure": "quarantine", "failures": 2},
    }  # fmt: skip


def test_a_started_product_has_its_variants_in_place_and_says_what_became_of_each_plugin(
    launcher: Path, tmp_path: Path
) -> None:
    done = start(launcher, "100", home=tmp_path)
    sentence = "feature 'broken' (part shop-broken 1.0) cannot be imported: ModuleNotFoundError: "
    assert (done.returncode, done.stdout) == (0, "110\n")
    assert done.stderr.startswith(sentence)
    assert done.stderr.endswith("/shop_broken.py:1); it is left out\n")
    assert done.stderr.count("\n") == 1

    start(launcher, "@enable", "sale", home=tmp_path)
    assert start(launcher, "100", home=tmp_path).stdout == "52\n"
    asked = "[[p.name, p.state] for p in product().plugins()], commands()"
    reports = json.loads(start(launcher, "eval", asked, home=tmp_path).stdout)
    assert reports == [[["sale", "on"], ["tax", "on"], ["broken", "failed"], ["flaky", "on"]], ["sell", "file taxes"]]


def test_a_plugin_in_quarantine_is_off_after_its_failures(launcher: Path, tmp_path: Path) -> None:
    asked = "[price(13), price(13), price(13)], product().plugins()[3][4:6]"
    done = start(launcher, "eval", asked, home=tmp_path)
    assert json.loads(done.stdout) == [[23, 23, 23], ["failed", 2]]
    first, last = [line for line in done.stderr.splitlines() if "flaky" in line]
    assert first.startswith("feature 'flaky' (part shop-flaky 1.0) fails in a call: ValueError: unlucky (")
    assert last == f"{first}; it is off until the next start"


def test_nothing_is_searched_for_and_no_distribution_is_looked_at(launcher: Path, tmp_path: Path) -> None:
    asked = "'importlib.metadata' in sys.modules, len(points.manager.get_plugins())"
    assert json.loads(start(launcher, "eval", asked, home=tmp_path).stdout) == [False, 2]


def test_a_trace_tells_the_features_of_the_product(launcher: Path, tmp_path: Path) -> None:
    asked = (
        "[(t := product().trace()), (trace := t.__enter__()), price(1), t.__exit__(None, None, None)] and str(trace)"
    )
    assert json.loads(start(launcher, "eval", asked, home=tmp_path).stdout).splitlines() == [
        "price#1: feature 'flaky' (before) left all as it was",
        "price#1: the core gave the result",
        "surcharge#2: the core gave the result",
        "price#1: feature 'tax' (after) changed the result",
    ]


def test_a_hook_and_a_feature_are_explained_by_what_changes_what(launcher: Path, tmp_path: Path) -> None:
    start(launcher, "@enable", "sale", home=tmp_path)
    done = start(launcher, "@explain", "price", home=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    assert lines[0].startswith("price: a variation point, shop.price (")
    assert [line.partition("), ")[0] for line in lines[1:4]] == [
        "  1. around by 'sale' (part shop-sale",
        "  2. after by 'tax' (part shop-tax",
        "  3. before by 'flaky' (part shop-flaky",
    ]
    assert lines[1].endswith("shop_sale.py:8")
    assert lines[4].startswith("  feature 'broken' (part shop-broken 1.0) cannot be imported: ")
    assert "  Hooks: price (after), commands (add)\n" in start(launcher, "@explain", "tax", home=tmp_path).stdout
    report = answer(launcher, "@explain", "surcharge", "--json", home=tmp_path)
    assert [entry["feature"] for entry in report["implementations"]] == ["sale"]
    wrong = start(launcher, "@explain", "prize", home=tmp_path)
    assert (wrong.returncode, wrong.stderr) == (
        1, "acme.py: there is no feature and no hook 'prize'\n  hint: did you mean 'price'?\n",
    )  # fmt: skip


def test_a_plugin_that_may_not_fail_stops_the_start_in_one_sentence(launcher: Path, tmp_path: Path) -> None:
    asked = "points.announce([__import__('sarto_runtime').Plugin('x', 'nowhere', 'tax')]) or points.arrange()"
    done = start(launcher, "eval", asked, home=tmp_path)
    assert done.returncode == 1
    said = "feature 'tax' cannot be imported: ModuleNotFoundError: No module named 'nowhere'"
    assert said in done.stderr.splitlines()[-1]
