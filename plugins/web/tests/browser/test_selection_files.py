"""The page reads selection files by itself: what Sarto writes, as Sarto reads it; the rest is refused in words."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from playwright.sync_api import Page
from sarto.commands import selection_text
from sarto.line import ProductLine
from sarto.model.feature import NOWHERE
from sarto.model.selection import Selection, Target, Wish
from sarto_web import pages
from sarto_web.line import OfferedLine
from sarto_web.pages.inside import line_inside

from .lines import ATELIER, write_line

READ = """async texts => {
  const { readToml } = await import("/scripts/toml.js");
  return texts.map((text) => {
    try {
      return readToml(text);
    } catch (error) {
      return error.key ? { ...error.values, key: error.key } : String(error);
    }
  });
}"""

SAID = """async ([model, texts, catalogue]) => {
  const { LocalEngine } = await import("/scripts/local.js");
  const { Texts } = await import("/scripts/texts.js");
  const { refusalText } = await import("/scripts/refusals.js");
  const said = new Texts("en", catalogue);
  const engine = new LocalEngine(model);
  const told = [];
  for (const [link, text] of texts) {
    await engine.compare(link, text).then((found) => told.push(found), (error) => told.push(refusalText(error, said)));
  }
  return told;
}"""

VALUES = st.one_of(
    st.booleans(), st.integers(-(2**53) + 1, 2**53 - 1), st.floats(-1e9, 1e9),
    st.text(st.characters(exclude_categories=["C"])),
)  # fmt: skip
NAMES = st.text(st.characters(exclude_categories=["C"]), min_size=1)


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.dictionaries(NAMES, VALUES), st.lists(NAMES, max_size=3), st.dictionaries(NAMES, NAMES, max_size=2))
def test_what_sarto_writes_is_read_as_toml_reads_it(
    scripts: Page, wishes: dict[str, bool | int | float | str], open: list[str], brand: dict[str, str]
) -> None:
    selection = Selection(
        line="../features.toml", customer="Acme \\ GmbH", wishes={n: Wish(n, value) for n, value in wishes.items()},
        open=dict.fromkeys(open, NOWHERE), brand=brand, minimise=("price",), target=Target("3.12", ""),
    )  # fmt: skip
    text = selection_text(selection, "Written by hand.", dict.fromkeys(wishes, "because\nof this"))
    (entries,) = scripts.evaluate(READ, [text])
    found: dict[str, Any] = {}
    for entry in entries:
        *tables, key = entry["path"]
        table = found
        for name in tables:
            table = table.setdefault(name, {})
        table[key] = entry["value"]
    expected = {name: value for name, value in tomllib.loads(text).items() if value != {}}
    assert found == expected, text


def test_what_is_no_toml_or_beyond_what_is_read_is_told_with_its_line(scripts: Page) -> None:
    refused = [
        ("a = ", "file.syntax"), ("a", "file.syntax"), ("a = 01", "file.syntax"), ("a = 1_", "file.syntax"),
        ("a = 1979-05-27", "file.syntax"), ("a = 0x10", "file.syntax"), ("a = inf", "file.syntax"),
        ('a = "b', "file.syntax"), ('a = "\\x41"', "file.syntax"), ('a = """b"""', "file.syntax"),
        ("a = [1 2]", "file.syntax"), ("a = { b = 1 }", "file.syntax"), ("a = true b = 1", "file.syntax"),
        ("a = truely", "file.syntax"), ("[a\nb = 1", "file.syntax"), ("a = '\\ud800", "file.syntax"),
        ('a = "\\ud800"', "file.syntax"), ("a = 1\na = 2", "file.twice"), ("[a]\n[a]", "file.twice"),
        ("[[a]]", "file.lists"),
    ]  # fmt: skip
    answers = scripts.evaluate(READ, [f"# first\n\n{text}" for text, _ in refused])
    for (text, key), answer in zip(refused, answers, strict=True):
        assert answer["key"] == key, text
        assert answer["line"] in (3, 4), text


def test_every_way_to_write_what_is_read_comes_to_the_same(scripts: Page) -> None:
    text = (
        "'a b' . c = +1_0 # one\r\n[ d ]\r\n\"\\u00e9\" = [ 'x\\y', \"\\U0001F600\\t\", # two\r\n -0.5e1, ]\r\ne=false"
    )
    (entries,) = scripts.evaluate(READ, [text])
    assert [(each["path"], each["value"], each["line"]) for each in entries] == [
        (["a b", "c"], 10, 1), (["d", "é"], ["x\\y", "\U0001f600\t", -5], 3), (["d", "e"], False, 5),
    ]  # fmt: skip
    assert tomllib.loads(text) == {"a b": {"c": 10}, "d": {"é": ["x\\y", "\U0001f600\t", -5.0], "e": False}}


@pytest.mark.parametrize(
    ("link", "text", "message"),
    [
        ("", None, "This is not a link of this page."),
        ("http://elsewhere.test/", None, "This is not a link of this page."),
        ('http://pages.test/#[["sleeves",true]]', None, "This is not a link of this page."),
        ('http://pages.test/#[["linen",true],["wool",true]]', None, "No product is as this selection wants it."),
        ("", "[select]\nsleeves = true", "This line has no feature called \u2068sleeves\u2069."),
        ("", '[open]\nfeatures = ["a", "b"]', "This line has no features called \u2068a\u2069 and \u2068b\u2069."),
        ("", "[select]\nlength = 20", "Line 2 of the file: \u2068length\u2069 cannot be \u206820\u2069."),
        ("", "[select]\nmonogram = true", "Line 2 of the file: \u2068monogram\u2069 cannot be \u2068true\u2069."),
        ("", "[select]\nlength = [70]", "Line 2 of the file has a list of instances, which is not read here."),
        ("", "[feature]\na = 1", "Line 2 of the file says \u2068feature.a\u2069, which a selection does not have."),
        ("", 'extends = "europe.toml"', "The selection extends other files, which are not here. Write it whole."),
        ("", "[select]\nlength = = 1", "Line 2 of the file is not read here: \u2068length = = 1\u2069"),
        ("", "[select]\nlinen = true\nwaterproof = true", "No product is as this selection wants it."),
    ],
)  # fmt: skip
def test_what_cannot_be_compared_is_told_in_words(
    scripts: Page, tmp_path: Path, link: str, text: str | None, message: str
) -> None:
    line = OfferedLine(ProductLine.open(write_line(tmp_path, ATELIER)))
    model = json.loads(json.dumps(line_inside(line)))
    assert scripts.evaluate(SAID, [model, [[link, text]], dict(pages.texts("en"))]) == [message]


def test_a_selection_and_a_link_are_compared_with_what_is_here(scripts: Page, tmp_path: Path) -> None:
    line = OfferedLine(ProductLine.open(write_line(tmp_path, ATELIER)))
    model = json.loads(json.dumps(line_inside(line)))
    text = (
        'line = "features.toml"\ncustomer = "Acme"\n[select]\nlength = 130\nwelt = true\n[prefer]\nminimise = ["price"]'
    )
    by_file, by_link = scripts.evaluate(
        SAID, [model, [["", text], ['http://pages.test/#[["length",130],["welt",true]]', None]], {}]
    )
    assert by_file == by_link
    assert (by_file["only_here"], by_file["only_there"]) == ([], ["pockets", "welt"])
    assert by_file["differing"] == [{"feature": "length", "here": 105, "there": 130}]
    assert (by_file["price_here"]["total"], by_file["price_there"]["total"]) == ("305.00", "392.84")
