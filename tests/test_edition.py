"""The name and looks of the Sarto that runs."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from sarto import __version__
from sarto.cli import program
from sarto.cli.accent import ACCENT, terminal_colour
from sarto.edition import DEFAULTS, VARIABLE, Edition, edition
from sarto.line import ProductLine

ROOT = Path(__file__).parents[1]


@pytest.fixture
def build(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A build of Sarto that runs here."""
    said = {
        "customer": "Bottega", "core": {"part": "sarto"},
        "brand": {"name": "Bottega Studio", "tagline": "Made by hand", "accent": "", "logo": "brand/logo.svg"},
        "look": {"texts": {"tagline": {"en": "Made by hand", "it": "Fatto a mano", "tr": "El yapımı"}}},
    }  # fmt: skip
    (tmp_path / "build.json").write_text(json.dumps(said), encoding="utf-8")
    monkeypatch.setenv(VARIABLE, json.dumps({"folder": str(tmp_path), "switches": {}}))
    return tmp_path


def test_sarto_as_it_is_installed_is_the_plain_edition(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(VARIABLE, raising=False)
    assert edition() == Edition(name="Sarto", version=__version__, customer="", brand=DEFAULTS, texts={}, folder=None)
    assert edition().is_plain


def test_the_plain_edition_is_what_sarto_s_own_line_has_by_default() -> None:
    line = ProductLine.open(ROOT / "features.toml").description
    assert {name: slot.default for name, slot in line.cosmetics.items()} == dict(DEFAULTS)


def test_an_edition_has_its_vendor_s_brand_and_the_defaults_for_the_rest(build: Path) -> None:
    found = edition()
    assert (found.name, found.customer, found.is_plain) == ("Bottega Studio", "Bottega", False)
    assert found.brand["accent"] == DEFAULTS["accent"]
    assert found.file("logo") == build / "brand" / "logo.svg"
    assert found.file("icon") is None


@pytest.mark.parametrize(
    ("languages", "text"),
    [
        ((), "Made by hand"), (["it"], "Fatto a mano"), (["it-CH", "tr"], "Fatto a mano"),
        (["de", "tr"], "El yapımı"), (["de"], "Made by hand"),
    ],
)  # fmt: skip
def test_a_text_is_that_of_the_first_language_that_there_is(build: Path, languages: list[str], text: str) -> None:
    assert edition().text("tagline", languages) == text


def test_another_product_that_starts_sarto_does_not_give_it_its_name(build: Path) -> None:
    said = json.loads((build / "build.json").read_text())
    (build / "build.json").write_text(json.dumps(said | {"core": {"part": "datasette"}}))
    assert edition().is_plain


@pytest.mark.parametrize("said", ["{", "[]", '{"core": {"part": "sarto"}}', '{"core": {"part": "sarto"}, "brand": []}'])
def test_a_build_that_cannot_be_read_is_the_plain_edition(build: Path, said: str) -> None:
    (build / "build.json").write_text(said)
    assert edition().is_plain


def test_a_vendor_s_edition_shows_its_name_its_tagline_and_its_accent(
    build: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LANGUAGE", "it")
    monkeypatch.setenv("COLORTERM", "truecolor")
    said = json.loads((build / "build.json").read_text())
    said["brand"]["accent"] = "#7a2e6f"
    (build / "build.json").write_text(json.dumps(said))
    runner = CliRunner()
    assert runner.invoke(program, ["--version"]).stdout == f"Bottega Studio (sarto {__version__})\n"
    assert "\n  Bottega Studio: Fatto a mano\n" in runner.invoke(program, ["--help"]).stdout
    assert "\x1b[38;2;122;46;111m\x1b[1mOptions:" in runner.invoke(program, ["--help"], color=True).stdout


def test_plain_sarto_has_the_accent_of_its_own_line() -> None:
    assert DEFAULTS["accent"] == ACCENT


@pytest.mark.parametrize(
    ("colour", "nearest"), [("#000000", 16), ("#ffffff", 231), ("#7a2e6f", 89), ("#ff0000", 196), ("#0b7a75", 30)]
)
def test_a_terminal_with_256_colours_shows_the_nearest(colour: str, nearest: int) -> None:
    assert terminal_colour(colour, {}) == nearest
    assert terminal_colour(colour, {"COLORTERM": "truecolor"}) == tuple(bytes.fromhex(colour[1:]))
