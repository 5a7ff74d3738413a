"""``sarto quote`` from the command line to the file."""

from __future__ import annotations

import json
from importlib.metadata import entry_points
from io import BytesIO
from pathlib import Path

import pytest
import sarto_quote
from click.testing import CliRunner, Result
from pypdf import PdfReader
from sarto.commands import Application
from sarto.errors import SartoError
from sarto.hooks import PluginManager
from sarto_quote.command import quote

from .offers import LINE

SELECTION = 'line = "features.toml"\ncustomer = "Çiğdem Ltd"\n\n[select]\nmaps = true\noutlines = true\nseats = 3\n'
TEXT = """\
Product      shop 1.0
Customer     Çiğdem Ltd
Offer        17
Valid until  31 December 2026

A shop                        €899.95
Maps                          €400.00
outlines                      €200.00
3 × Seats                      €13.01
  Each has an account.
Maps and outlines together   -€100.00
-------------------------------------
Net                         €1,412.96
KDV                           €282.59
-------------------------------------
Total                       €1,695.55
"""
ITALIAN = """\
Prodotto        shop 1.0
Cliente         Çiğdem Ltd
Offerta         17
Valida fino al  31 dicembre 2026

A shop                        899,95 €
Maps                          400,00 €
outlines                      200,00 €
3 × Seats                      13,01 €
  Each has an account.
Maps and outlines together   -100,00 €
--------------------------------------
Imponibile                  1.412,96 €
KDV                           282,59 €
--------------------------------------
Totale                      1.695,55 €
"""
TURKISH = """\
Ürün                   shop 1.0
Müşteri                Çiğdem Ltd
Teklif                 17
Son geçerlilik tarihi  31 Aralık 2026

A shop                        ₺899,95
Maps                          ₺400,00
outlines                      ₺200,00
3 × Seats                      ₺13,01
  Each has an account.
Maps and outlines together   -₺100,00
-------------------------------------
Ara toplam                  ₺1.412,96
KDV                           ₺282,59
-------------------------------------
Toplam                      ₺1.695,55
"""


@pytest.fixture(autouse=True)
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "features.toml").write_text(LINE, encoding="utf-8")
    (tmp_path / "acme.toml").write_text(SELECTION, encoding="utf-8")
    return tmp_path


def run(*arguments: str, colour: bool = False) -> Result:
    return CliRunner().invoke(quote, [*arguments], obj=Application(), color=colour, catch_exceptions=False)


def refusal(*arguments: str) -> str:
    with pytest.raises(SartoError) as caught:
        run(*arguments)
    return str(caught.value)


def test_the_plugin_is_found_and_adds_two_formats() -> None:
    assert [point.load() for point in entry_points(group="sarto", name="quote")] == [sarto_quote]
    assert {"text", "html", "pdf"} <= {each.name for each in PluginManager.discover().quote_formats()}


def test_a_quote_is_shown_in_columns() -> None:
    assert run("acme.toml", "--number", "17", "--valid-until", "2026-12-31").stdout == TEXT


def test_a_quote_is_written_in_the_language_that_is_asked_for(shop: Path) -> None:
    dated = ("--number", "17", "--valid-until", "2026-12-31")
    assert run("acme.toml", "--language", "it-CH", *dated).stdout.replace("\u00a0", " ") == ITALIAN

    (shop / "features.toml").write_text(LINE.replace('"EUR"', '"TRY"'), encoding="utf-8")
    assert run("acme.toml", "--language", "tr", *dated).stdout == TURKISH


def test_a_selection_names_the_language_of_its_customer_and_another_can_be_asked_for(shop: Path) -> None:
    (shop / "acme.toml").write_text(f'language = "tr"\n{SELECTION}', encoding="utf-8")
    (shop / "far.toml").write_text(f'language = "ja"\n{SELECTION}', encoding="utf-8")
    asked = (("acme.toml",), ("acme.toml", "--language", "it"), ("acme.toml", "--language", "en"), ("far.toml",))

    totals = [run(*each).stdout.splitlines()[-1].split()[0] for each in asked]
    assert totals == ["Toplam", "Totale", "Total", "Total"]
    assert json.loads(run("acme.toml", "--json").stdout)["language"] == "tr"


def test_a_language_that_nobody_writes_is_told_with_those_that_there_are() -> None:
    assert refusal("acme.toml", "--language", "ja") == (
        "no installed plugin writes quotes in 'ja'\n  hint: the languages that are known: en, it, tr"
    )


def test_on_a_terminal_the_sums_stand_out_and_the_reasons_stand_back() -> None:
    shown = run("acme.toml", colour=True).stdout

    assert "\x1b[1mTotal                       €1,695.55\x1b[0m\n" in shown
    assert "\x1b[2m  Each has an account.\x1b[0m\n" in shown


@pytest.mark.parametrize(
    ("file", "begins"), [("a.txt", b"Product"), ("a.html", b"<!DOCTYPE html>"), ("a.pdf", b"%PDF-")]
)
def test_the_ending_of_the_file_tells_the_format(file: str, begins: bytes) -> None:
    assert run("acme.toml", "-o", file).stdout == f"wrote {file}\n"
    assert Path(file).read_bytes().startswith(begins)


def test_a_format_is_given_by_name_too_and_goes_down_a_pipe() -> None:
    assert run("acme.toml", "--format", "pdf", "-o", "paper").stdout == "wrote paper\n"
    assert run("acme.toml", "--format", "pdf").stdout_bytes == Path("paper").read_bytes()
    assert "€1,695.55" in PdfReader(BytesIO(Path("paper").read_bytes())).pages[0].extract_text()


def test_a_file_is_replaced_only_where_that_is_asked_for() -> None:
    run("acme.toml", "-o", "a.txt")

    assert refusal("acme.toml", "-o", "a.txt") == "a.txt: this file is there already\n  hint: --force replaces it"
    assert run("acme.toml", "--number", "2", "-o", "a.txt", "--force").exit_code == 0
    assert "Offer     2\n" in Path("a.txt").read_text(encoding="utf-8")


def test_an_unknown_ending_and_an_unknown_format_are_told_with_those_that_there_are() -> None:
    assert refusal("acme.toml", "-o", "a.docx").startswith(
        "a.docx: no installed plugin shows quotes in files that end in '.docx'\n  hint: the endings that are known: .t"
    )
    assert refusal("acme.toml", "--format", "pfd") == "unknown quote format 'pfd'\n  hint: did you mean 'pdf'?"


def test_json_has_every_amount_as_a_text() -> None:
    data = json.loads(run("acme.toml", "--json", "--date", "2026-11-29").stdout)

    assert {key: data[key] for key in data if key != "lines"} == {
        "line": "shop", "version": "1.0", "customer": "Çiğdem Ltd", "number": "", "date": "2026-11-29",
        "valid_until": "", "language": "en",
        "currency": "EUR", "decimals": 2, "net": "1412.96", "taxes": "282.59", "total": "1695.55",
    }  # fmt: skip
    assert data["lines"][3] == {
        "kind": "rule", "label": "Seats", "feature": "seats", "quantity": "3", "amount": "13.01",
        "because": "Each has an account.",
    }  # fmt: skip


def test_a_date_is_a_date_and_an_offer_does_not_end_before_it_is_made() -> None:
    assert run("acme.toml", "--date", "tomorrow").exit_code == 2
    assert refusal("acme.toml", "--date", "2026-11-29", "--valid-until", "2026-11-28") == (
        "the offer of 2026-11-29 would hold until 2026-11-28, before it is made\n  hint: give a later --valid-until"
    )


@pytest.mark.parametrize("other", [("-o", "a.pdf"), ("--format", "pdf")])
def test_json_is_no_file_and_no_format(other: tuple[str, str]) -> None:
    result = run("acme.toml", "--json", *other)

    assert (result.exit_code, "--json goes with neither --output nor --format." in result.stderr) == (2, True)


def test_a_rule_that_divides_by_zero_is_one_error_with_its_place_and_nothing_is_written() -> None:
    rule = '[[prices.rules]]\nname = "Shares"\nadd = "100 / (seats - 3)"\n'
    Path("features.toml").write_text(LINE + rule, encoding="utf-8")

    assert refusal("acme.toml", "-o", "a.pdf") == (
        "features.toml: prices.rules[2].add: the price rule 'Shares' divides by zero\n"
        "  hint: add a 'when' that keeps the divisor from being 0"
    )
    assert not Path("a.pdf").exists()
