"""How errors look to people, and to programs that asked for JSON."""

from __future__ import annotations

import json
from pathlib import Path

import click
import pytest
from sarto.cli.errors import error_as_data, show
from sarto.errors import MoreErrors, Place, SartoError, SartoErrors, did_you_mean

from .conftest import Sarto, write

THREE_FAULTS = """
line = "features.toml"
customer = "Acme"

[select]
audti = true
page_size = 5
reviews = "yes"
"""


def test_what_where_and_hint_stand_on_lines_of_their_own(capsys: pytest.CaptureFixture[str]) -> None:
    show(SartoError("unknown feature 'a'", where=Place("acme.toml", "select.a"), hint="did you mean 'b'?"))

    assert capsys.readouterr().err == (
        "error: unknown feature 'a'\n  --> acme.toml: select.a\n  hint: did you mean 'b'?\n"
    )


def test_an_error_without_place_and_hint_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    show(SartoError("nothing fits", where=Place()), label="warning")

    assert capsys.readouterr().err == "warning: nothing fits\n"


def test_the_place_comes_after_the_first_line_of_a_longer_message(capsys: pytest.CaptureFixture[str]) -> None:
    show(SartoError("it is impossible:\n  - a\n  - b", where="acme.toml"))

    assert capsys.readouterr().err == "error: it is impossible:\n  --> acme.toml\n  - a\n  - b\n"


def test_several_errors_are_all_shown_and_counted(capsys: pytest.CaptureFixture[str]) -> None:
    show(SartoErrors([SartoError("one", where="a"), SartoError("two", hint="do b")]))

    assert capsys.readouterr().err == "error: one\n  --> a\nerror: two\n  hint: do b\nerror: 2 problems\n"


def test_of_thousands_of_errors_the_first_hundred_are_shown_and_all_are_counted(
    capsys: pytest.CaptureFixture[str],
) -> None:
    show(SartoErrors(SartoError(f"number {number}") for number in range(5000)))

    lines = capsys.readouterr().err.splitlines()
    assert lines[:100] == [f"error: number {number}" for number in range(100)]
    assert lines[100:] == ["error: 5,000 problems, of which these are the first 100"]


def test_errors_that_a_reader_has_only_counted_are_counted_here_too(capsys: pytest.CaptureFixture[str]) -> None:
    show(SartoErrors([*(SartoError(f"number {number}") for number in range(100)), MoreErrors(1234)]))

    assert capsys.readouterr().err.splitlines()[99:] == [
        "error: number 99",
        "error: 1,334 problems, of which these are the first 100",
    ]


def test_near_spellings_are_looked_for_among_names_that_a_person_writes() -> None:
    assert did_you_mean("a" * 199, ["b", "a" * 200, "a" * 10_000_000]) == f"did you mean '{'a' * 200}'?"
    assert did_you_mean("a" * 10_000_000, ["b", "a" * 200]) == ""


def test_colours_tell_the_parts_apart(capsys: pytest.CaptureFixture[str]) -> None:
    show(SartoError("one", where="a", hint="b"), colour=True)

    bold_red, bold_blue, bold_cyan = (f"\x1b[{code}m\x1b[1m" for code in (31, 34, 36))
    assert capsys.readouterr().err == (
        f"{bold_red}error\x1b[0m: one\n  {bold_blue}-->\x1b[0m a\n  {bold_cyan}hint\x1b[0m: b\n"
    )
    assert click.unstyle("\x1b[31m\x1b[1merror\x1b[0m") == "error"


def test_all_faults_of_a_selection_are_reported_together(sarto: Sarto, shop: Path) -> None:
    write(shop, faulty=THREE_FAULTS)

    result = sarto("resolve", "faulty.toml")

    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == (
        "error: unknown feature 'audti'\n"
        "  --> faulty.toml: select.audti\n"
        "  hint: did you mean 'audit'?\n"
        "error: 5 is below the minimum of 'page_size', 10\n"
        "  --> faulty.toml: select.page_size\n"
        "  hint: write an integer from 10 to 100, or false\n"
        "error: 'yes' is not true or false, and 'reviews' has no type\n"
        "  --> faulty.toml: select.reviews\n"
        "  hint: write true or false\n"
        "error: 3 problems\n"
    )


def test_with_json_an_error_is_a_document_too(sarto: Sarto, shop: Path) -> None:
    write(shop, faulty=THREE_FAULTS)

    result = sarto("resolve", "faulty.toml", "--json")

    assert result.exit_code == 1
    assert result.stderr.startswith("error: unknown feature 'audti'\n")
    errors = json.loads(result.stdout)["error"]["errors"]
    assert errors[0] == {
        "what": "unknown feature 'audti'",
        "file": "faulty.toml",
        "key": "select.audti",
        "hint": "did you mean 'audit'?",
    }
    assert [error["key"] for error in errors] == ["select.audti", "select.page_size", "select.reviews"]


def test_a_place_is_taken_apart_for_programs() -> None:
    data = error_as_data(SartoError("unexpected", where=Place("a.uvl", line=3, column=7)))

    assert data == {
        "message": "a.uvl:3:7: unexpected",
        "errors": [{"what": "unexpected", "file": "a.uvl", "line": 3, "column": 7}],
    }


def test_a_conflict_has_its_reasons_and_repairs_as_lists(sarto: Sarto, shop: Path) -> None:
    data = json.loads(sarto("resolve", "impossible.toml", "--json").stdout)

    assert data["error"]["reasons"] == [
        "'audit' is selected (impossible.toml: select.audit)",
        "'coins' is selected (impossible.toml: select.coins)",
        "the constraint audit => invoice & !coins (features.toml: constraints[0].rule): Auditors want paper",
    ]
    assert data["error"]["repairs"] == [
        "take back select.audit = true (impossible.toml)",
        "take back select.coins = true (impossible.toml)",
    ]


def test_a_usage_error_stays_on_stderr(sarto: Sarto) -> None:
    result = sarto("resolve", "--json")

    assert (result.exit_code, result.stdout) == (2, "")
