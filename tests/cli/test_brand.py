"""``sarto brand``: what fills each slot; and what other commands say of a brand."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from .conftest import Sarto

LINE = """
[line]
name = "shop"
version = "1"
root = "shop"
languages = ["en", "it"]
[core]
parts = ["shop"]
command = "shop"
[features.shop]
[cosmetics]
title = { default = "Shop" }
footer = { default = { en = "Open daily" } }
ink = { type = "colour", default = "#102030", contrast = { on = "#ffffff" } }
motto = {}
"""


SHOWN = """\
name    text    Acme Shop             acme.toml: brand.name
title   text    House                 house.toml: brand.title
footer  text                          features.toml: cosmetics.footer.default
  en            Open daily
  it            Open daily            missing; this is the text in 'en'
ink     colour  #102030               features.toml: cosmetics.ink.default
                  16.52:1 on #ffffff  at least 4.5:1 is needed
motto   text                          nobody fills it

Acme: 5 slots, 1 empty, 1 text missing
"""


@pytest.fixture
def branded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "features.toml").write_text(LINE)
    (tmp_path / "house.toml").write_text('[brand]\ntitle = "House"\n')
    (tmp_path / "acme.toml").write_text(
        'line = "features.toml"\ncustomer = "Acme"\nextends = ["house.toml"]\n[brand]\nname = "Acme Shop"\n'
    )
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_it_shows_each_slot_with_who_fills_it_and_what_is_missing(sarto: Sarto, branded: Path) -> None:
    result = sarto("brand", "acme.toml")
    assert (result.exit_code, result.stderr) == (0, "")
    assert [line.rstrip() for line in result.stdout.splitlines()] == SHOWN.splitlines()


def test_json_has_the_same_and_more(sarto: Sarto, branded: Path) -> None:
    data = json.loads(sarto("brand", "acme.toml", "--json").stdout)
    assert (data["line"], data["customer"], data["languages"]) == ("shop", "Acme", ["en", "it"])
    slots = {slot.pop("slot"): slot for slot in data["slots"]}
    assert {name: slot["filled_by"] for name, slot in slots.items()} == {
        "name": "selection", "title": "profile", "footer": "line", "ink": "line", "motto": "nobody",
    }  # fmt: skip
    assert slots["footer"] == {
        "type": "text", "summary": "", "value": "Open daily", "texts": {"en": "Open daily", "it": "Open daily"},
        "filled_by": "line", "where": "features.toml: cosmetics.footer.default", "files": {}, "picture": None,
        "contrast": [], "missing": ["it"],
    }  # fmt: skip
    assert slots["ink"]["contrast"] == [{"on": "#ffffff", "ratio": 16.52, "needed": 4.5}]


def test_check_lists_the_texts_that_the_line_lacks(sarto: Sarto, branded: Path) -> None:
    result = sarto("check", "--no-parts")
    assert (result.exit_code, result.stdout) == (
        0,
        "warning: 'footer' has no text in 'it', and shows the one in 'en'\n"
        "  --> features.toml: cosmetics.footer.default\n"
        "  hint: add a text in 'it'\n"
        "shop 1: 1 feature, 0 constraints; 0 errors, 1 warning\n",
    )


def test_a_brand_that_cannot_be_read_is_refused_with_the_nearest_shade(sarto: Sarto, branded: Path) -> None:
    (branded / "acme.toml").write_text('line = "features.toml"\ncustomer = "Acme"\n[brand]\nink = "#999999"\n')
    result = sarto("brand", "acme.toml")
    assert (result.exit_code, result.stderr) == (
        1,
        "error: 'ink' (#999999) on #ffffff has a contrast of 2.84:1, and at least 4.5:1 is needed\n"
        "  --> acme.toml: brand.ink\n"
        "  hint: the nearest shade of 'ink' that would do is #767676\n",
    )
