"""``sarto report`` with a real line, its lock, and customers whose numbers are known beforehand."""

from __future__ import annotations

import datetime
import json
import os
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from sarto.errors import SartoError, SartoErrors
from sarto.line import ProductLine
from sarto_report.command import report

from .shop import LINE, Page, five_orders, order, settle, write_line

README = (Path(__file__).parent.parent / "README.md").read_text("utf-8")


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    settle(monkeypatch, tmp_path)
    write_line(tmp_path)
    return tmp_path


def run(*words: str, code: int = 0) -> Result:
    done = CliRunner().invoke(report, ["orders", *words], catch_exceptions=False)
    assert done.exit_code == code, done.output
    return done


def told(*words: str, code: int = 0) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(run("--json", *words, code=code).stdout)
    return found


def page(*words: str, code: int = 0) -> Page:
    run("--date", "2026-11-29", "--force", *words, code=code)
    return Page(Path("report.html").read_bytes())


def test_the_numbers_are_those_of_the_selections_one_by_one(home: Path) -> None:
    five_orders(home)
    said = told(code=1)
    resolved = {}
    for name in ("acme", "bolt", "cord", "dove"):
        line, selection = ProductLine.for_selection(Path("orders", f"{name}.toml"))
        plan = line.plan(selection)
        resolved[name] = line.resolve(selection).configuration, {part.filename: part.size for part in plan.parts}

    assert said["customers"] == list(resolved)
    counted = Counter(name for found, _ in resolved.values() for name, value in found.items() if value is not False)
    assert {name: each["count"] for name, each in said["features"].items()} == {
        name: counted[name] for name in ProductLine.open().written.model.features
    }
    sizes = {file: size for _, parts in resolved.values() for file, size in parts.items()}
    locked = {each["file"]: (each["size"], each["builds"]) for each in said["parts"]["files"]}
    builds = Counter(file for _, parts in resolved.values() for file in parts)
    assert locked == {file: (size, builds[file]) for file, size in sizes.items()}
    assert [each["own_parts"] for each in said["parts"]["customers"]] == [0, 1, 0, 0]
    tea = "shop_tea-1.0-py3-none-any.whl"
    assert [each["own_size"] for each in said["parts"]["customers"]] == [0, sizes[tea], 0, 0]


def test_each_feature_has_what_customers_make_of_it(home: Path) -> None:
    five_orders(home)
    said = told("--no-parts", code=1)["features"]
    assert said["maps"] == {"count": 3, "standing": "some", "asked": 3, "open": 0, "values": {}}
    assert said["cake"] == {"count": 0, "standing": "never", "asked": 0, "open": 1, "values": {}}
    assert said["never"]["standing"] == "none"
    assert said["till"]["standing"] == said["seats"]["standing"] == "every"
    assert (said["cash"]["count"], said["cash"]["asked"], said["cash"]["standing"]) == (3, 0, "some")
    assert said["seats"]["values"] == {"20": 2, "0": 1, "40": 1}
    assert (said["stand"]["count"], said["stand"]["asked"]) == (1, 1)
    assert said["stand"]["values"] == {"2 ×": 1}
    assert said["width"]["values"] == {"2": 1, "3": 1}


def test_prices_are_the_quotes_and_one_that_comes_to_nothing_is_told(home: Path) -> None:
    five_orders(home)
    said = told("--no-parts", code=1)
    prices = said["prices"]
    # acme 100 + 400 + 120/20, bolt 100 + 400 + 30.50 + 120/40 (cake is left open and off), cord 100
    assert (prices["least"], prices["median"], prices["most"]) == ("100.00", "506.00", "533.50")
    assert (prices["sum"], prices["taxes"], prices["count"], prices["currency"]) == ("1139.50", "250.69", 3, "EUR")
    (unpriced,) = said["unpriced"]
    assert unpriced["selection"] == "orders/dove.toml"
    assert "divide" in unpriced["error"]["message"] or "zero" in unpriced["error"]["message"]
    shown = page("--no-parts", code=1).text
    assert "506.00 EUR" in shown
    assert "Without a price dove.toml" in shown
    assert "dove –" in shown


def test_a_selection_that_is_refused_is_on_the_page_with_its_reason_and_ends_with_1(home: Path) -> None:
    five_orders(home)
    done = run("--no-parts", "--force", code=1)
    assert done.stdout == "wrote report.html: shop 1, 4 customers\n"
    assert "'cake' is selected" in done.stderr
    shown = Page(Path("report.html").read_bytes()).text
    refused = shown.partition("Selections that are refused ever.toml ")[2]
    assert "'cake' is selected" in refused
    assert "and 1 selection refused" in shown
    assert [each["selection"] for each in told("--no-parts", code=1)["refused"]] == ["orders/ever.toml"]


def test_of_a_line_without_any_good_selection_there_is_a_page_too(home: Path) -> None:
    order(home, "ever", "cake = true\ntea = false")
    shown = page("--no-parts", code=1).text
    assert "There is no customer whose selection can be honoured." in shown
    assert "There is no customer to price." in shown
    assert "no customer" in page(code=1).text


def test_the_findings_of_the_check_are_on_the_page(home: Path) -> None:
    order(home, "acme")
    said = told("--no-parts")["health"]
    assert [(each["severity"], each["kind"]) for each in said["findings"]] == [("error", "dead")]
    shown = page("--no-parts").text
    assert "Findings 1 error" in shown
    assert "error feature 'never' is dead" in shown
    (home / "features.toml").write_text(LINE.replace('excludes = ["shop"]', "").replace("shop-maps", "shop-mops"))
    with pytest.raises(SartoError, match="the package index cannot be reached"):
        run("--force")
    assert "Nothing is wrong with it." in page("--no-parts").text


def test_the_number_of_configurations_and_what_is_used_of_them_are_told(home: Path) -> None:
    order(home, "acme", "maps = true\ncard = true")
    order(home, "bolt")
    said = told("--no-parts")["health"]
    # two tills, with maps or without, tea and cake in three ways, none to three stands
    assert said["configurations"] == str(2 * 2 * 3 * 4)
    assert (said["variable"], said["used"], said["divided"]) == (7, 3, 3)
    assert said["pairs"]["covered"] < said["pairs"]["possible"]
    assert "48" in page("--no-parts").text


def test_of_a_feature_that_may_be_there_any_number_of_times_there_is_no_end_of_configurations(home: Path) -> None:
    (home / "features.toml").write_text(LINE.replace("{ min = 0, max = 3 }", "{ min = 0 }"))
    order(home, "acme", "stand = [" + "{ width = 4 }, " * 9 + "]")
    order(home, "bolt", "stand = [{ width = 5 }]")
    order(home, "cord")
    said = told("--no-parts")
    assert said["health"]["configurations"] is None
    assert said["features"]["stand"]["count"] == 2
    assert said["features"]["stand"]["values"] == {"1 ×": 1, "9 ×": 1}
    assert said["features"]["width"]["values"] == {"4": 9, "5": 1}
    assert "Configurations possible no end" in page("--no-parts").text


def test_of_a_line_that_contradicts_itself_nothing_but_that_is_said(home: Path) -> None:
    (home / "features.toml").write_text(
        LINE.replace('"seats"]', '"seats", "never"]').replace('"stand", "never"', '"stand"')
    )
    order(home, "acme")
    said = told("--no-parts", code=1)
    assert [each["kind"] for each in said["health"]["findings"]] == ["void"]
    assert {each["standing"] for each in said["features"].values()} == {"none"}
    assert said["health"]["configurations"] == "0"


def test_what_only_an_optimiser_decides_is_told_as_not_known(home: Path) -> None:
    rule = '[[constraints]]\nrule = "seats * width < 90 + seats * seats"\nbecause = "room"\n'
    tree = LINE.replace("maximum = 60", "maximum = 100000").replace("maximum = 9", "maximum = 100000")
    (home / "features.toml").write_text(f"{tree.replace('instances = { min = 0, max = 3 }', '')}\n{rule}")
    order(home, "acme", "seats = 10\nstand = true\nwidth = 4\nmaps = true\ntea = true\ncake = true\ncard = true")
    if ProductLine.open().plugins.solver() is None:
        with pytest.raises(SartoError, match="is beyond what Sarto decides on its own"):
            run("--no-parts")
        return
    said = told("--no-parts")
    assert said["features"]["seats"]["standing"] == "every"
    assert said["features"]["never"]["standing"] == "none"
    assert (said["health"]["configurations"], said["health"]["pairs"]) == (None, None)
    assert not said["pairs"]["knows_rules"]
    assert "is not known: its arithmetic needs an optimiser" in page("--no-parts").text


def test_without_parts_nothing_of_them_is_asked_or_said(home: Path) -> None:
    order(home, "acme")
    for wheel in (home / "wheels").iterdir():
        wheel.unlink()
    assert told("--no-parts")["parts"] is None
    shown = page("--no-parts").text
    assert "Parts in common" not in shown
    assert "of the feature model; the parts were left out" in shown


def test_a_report_builds_nothing(home: Path) -> None:
    order(home, "acme")
    run()
    assert not (home / "builds").exists()


def test_the_same_input_gives_the_same_bytes_whatever_python_makes_of_its_sets(home: Path) -> None:
    five_orders(home)
    run("--date", "2026-11-29", code=1)
    command = [sys.executable, "-m", "sarto.cli", "report", "orders", "--date", "2026-11-29", "-o", "again.html"]
    environment = {**os.environ, "PYTHONHASHSEED": "7"}
    done = subprocess.run(command, capture_output=True, text=True, env=environment, timeout=300, check=False)
    assert done.returncode == 1, done.stderr
    assert Path("again.html").read_bytes() == Path("report.html").read_bytes()


def test_the_date_is_the_one_that_is_given_else_todays(home: Path) -> None:
    order(home, "acme")
    assert "The line and its customers, 2026-11-29." in page("--no-parts").text
    before = datetime.date.today()
    said = told("--no-parts")["date"]
    assert said in (f"{before}", f"{datetime.date.today()}")


def test_what_the_readme_shows_works(home: Path) -> None:
    (home / "orders").rename("selections")
    order(home, "acme", folder="selections")
    shown = re.findall(r"\$ sarto report (.*)", README)
    assert len(shown) == 3
    for words in shown:
        done = CliRunner().invoke(report, words.split(), catch_exceptions=False)
        assert done.exit_code == 0, done.output
    assert {path.name for path in home.glob("*.html")} == {"report.html", "autumn.html"}


def test_a_page_that_is_there_is_replaced_when_asked_only(home: Path) -> None:
    order(home, "acme")
    Path("report.html").write_text("mine")
    with pytest.raises(SartoError, match="this file is there already"):
        run("--no-parts")
    assert Path("report.html").read_text() == "mine"
    run("--no-parts", "-o", "pages/new.html")
    assert b"<h1>" in Path("pages/new.html").read_bytes()
    assert "does not go with" in run("--json", "-o", "x.html", code=2).stderr


def test_a_folder_says_what_keeps_it_from_being_reported(home: Path) -> None:
    with pytest.raises(SartoError, match="there is no selection here"):
        run("--no-parts")
    order(home, "acme", "mops = true")
    with pytest.raises(SartoErrors, match="unknown feature 'mops'"):
        run("--no-parts")
    order(home, "acme")
    (home / "other.toml").write_text(LINE)
    (home / "orders/bolt.toml").write_text('line = "../other.toml"\ncustomer = "bolt"\n')
    with pytest.raises(SartoError, match=r"these are selections of 2 lines: '.*features.toml', '.*other.toml'"):
        run("--no-parts")
    (home / "orders/bolt.toml").write_text('line = "../../' + home.name + '/features.toml"\ncustomer = "bolt"\n')
    assert told("--no-parts")["customers"] == ["acme", "bolt"]
