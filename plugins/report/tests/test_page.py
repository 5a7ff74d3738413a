"""The page: whatever names say is text, and nothing else is needed to read it."""

from __future__ import annotations

import json
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from click.testing import CliRunner
from markupsafe import Markup
from sarto_report import words
from sarto_report.command import report

from .shop import LINE, Page, five_orders, order, settle, write_line

HOSTILE = "</style></title><script>alert(1)</script>\" onload='x' {{ 7 * 7 }} {% raw %} &amp; \u202e"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    settle(monkeypatch, tmp_path)
    return tmp_path


def page(code: int = 0) -> Page:
    words = ["orders", "--no-parts", "--date", "2026-11-29", "--force"]
    done = CliRunner().invoke(report, words, catch_exceptions=False)
    assert done.exit_code == code, done.output
    return Page(Path("report.html").read_bytes())


def test_hostile_names_are_text_wherever_they_stand(home: Path) -> None:
    write_line(home)
    five_orders(home)
    plain = page(1)
    written = json.dumps(HOSTILE)
    text = LINE.replace('"A shop"', written)
    text = text.replace("[features.maps]", f"[features.maps]\nsummary = {written}")
    text = text.replace("[features.tea]", f"[features.tea]\nsummary = {written}")
    (home / "features.toml").write_text(text + f'\n[[constraints]]\nrule = "maps => shop"\nbecause = {written}\n')
    for name in ("acme", "bolt", "cord", "dove", "ever"):
        file = home / "orders" / f"{name}.toml"
        customer = json.dumps(f"{HOSTILE} {name}")
        file.write_text(file.read_text().replace(f'customer = "{name}"', f"customer = {customer}"))
    hostile = page(1)

    assert set(hostile.tags) == set(plain.tags)
    assert "script" not in hostile.tags
    assert {name for name, _ in hostile.attributes} == {name for name, _ in plain.attributes}
    shown = HOSTILE.replace("\u202e", "\ufffd")
    # the summary, two features, customers among configurations and in the table
    assert hostile.text.count(shown) == 1 + 2 + 4 + 4
    assert "\u202e" not in hostile.text
    assert "49" not in hostile.text


def test_hostile_features_and_values_are_text(home: Path) -> None:
    names = ["<b>bold</b>", "{{ 7 * 7 }}", "a&b;"]
    listed = ", ".join(json.dumps(name) for name in names)
    tables = "".join(f"[features.{json.dumps(name)}]\n" for name in names[:2])
    tables += '[features."a&b;"]\ntype = "string"\ndefault = "<i>&lt;"\n'
    line = LINE.replace('"tea", "cake",', f'"tea", "cake", {listed},').replace("[prices]", f"{tables}\n[prices]")
    write_line(home, line)
    order(home, "acme", '"<b>bold</b>" = true\n"a&b;" = "<script>"')
    order(home, "bolt", '"{{ 7 * 7 }}" = true')
    found = page()
    assert not {"b>", "script", "i"} & set(found.tags)
    for text in (*names, "a&b; = <script>", '"<script>" (1)'):
        assert text in found.text


def test_the_page_needs_nothing_but_itself(home: Path) -> None:
    write_line(home)
    order(home, "acme")
    found = page()
    html = Path("report.html").read_text()
    assert not {"script", "link", "img", "iframe", "object", "base"} & {*found.tags}
    assert {value for name, value in found.attributes if name == "href"} == {
        "#features", "#together", "#wholes", "#prices", "#health",
    }  # fmt: skip
    assert not {name for name, _ in found.attributes} & {"src", "style", "onclick", "onload"}
    assert not any(word in html for word in ("url(", "@import", "http:", "https:"))
    assert "default-src 'none'" in html
    ids = [value for name, value in found.attributes if name == "id"]
    assert len(ids) == len(set(ids))


def test_numbers_are_written_so_that_nothing_looks_like_what_it_is_not() -> None:
    space = "\N{NO-BREAK SPACE}"
    shares = (Fraction(0), Fraction(1, 999), Fraction(1, 3), Fraction(998, 999), Fraction(1))
    assert [words.percent(each).replace(space, "") for each in shares] == ["0%", "<1%", "33%", ">99%", "100%"]
    assert [words.size(each).replace(space, "") for each in (1, 999, 1500, 2_340_000, 5 * 10**9)] == [
        "1byte", "999bytes", "1.5kB", "2.3MB", "5.0GB",
    ]  # fmt: skip
    assert words.large(2_914_560) == "2,914,560"
    assert words.large(10**30 + 1) == "1.0 × 10^30"
    assert words.large(3**20_000) == "2.7 × 10^9542"
    assert words.amount(Decimal("1234.5"), 2, "EUR") == "1,234.50 EUR"
    assert words.amount(Decimal("0.05"), 0, "") == "0.05"
    assert words.amount(Decimal("1E+3"), 0, "") == "1,000"
    assert words.chance(0.012).replace(space, "") == "1.2%"
    assert words.chance(1e-9).replace(space, "") == "<0.001%"
    assert words.printable("a\x00b\x7fc\ud800\u2066\ufffe") == "a␀b␡c\ufffd\ufffd\ufffd"
    assert words.printable("Çiğdem Işık\n") == "Çiğdem Işık\n"
    assert words.printable(Markup("<b>\x07")) == Markup("<b>\x07")
    assert words.printable(7) == 7
