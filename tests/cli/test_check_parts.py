"""``sarto check`` on what a line delivers: how it is shown, and how it is left out."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ..derive.hall import one_plugin
from .conftest import Sarto

MISFIT = "from hall_hooks import hookimpl\n@hookimpl\ndef greting(guest): ...\n"


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("UV_OFFLINE", "1")
    return tmp_path


def test_a_misfit_is_shown_with_its_place_and_a_hint(sarto: Sarto, here: Path) -> None:
    one_plugin(here, MISFIT)

    result = sarto("check")

    assert (result.exit_code, result.stderr) == (1, "")
    assert result.stdout == (
        "error: feature 'solo': the entry point 'solo = hall_solo' of part 'hall-solo' 1.0 implements 'greting', which "
        "is no hook of the core or of another part\n"
        "  --> features.toml: features.solo.parts[0]\n"
        "  hint: did you mean 'greeting'?\n"
        "hall 1: 2 features, 0 constraints; 1 error, 0 warnings\n"
    )


def test_it_is_in_the_json_with_its_hint(sarto: Sarto, here: Path) -> None:
    one_plugin(here, MISFIT)

    result = sarto("check", "--json")

    assert result.exit_code == 1
    (finding,) = json.loads(result.stdout)["findings"]
    assert {key: finding[key] for key in ("severity", "kind", "where", "because", "hint")} == {
        "severity": "error",
        "kind": "plugin",
        "where": "features.toml: features.solo.parts[0]",
        "because": [],
        "hint": "did you mean 'greeting'?",
    }


def test_what_is_wrong_with_the_model_comes_with_what_is_wrong_with_the_parts(sarto: Sarto, here: Path) -> None:
    one_plugin(here, "import gone")
    with (here / "features.toml").open("a") as file:
        file.write('[[constraints]]\nrule = "solo => hall"\n')

    lines = sarto("check").stdout.splitlines()

    assert [line.partition(" ")[0] for line in lines if not line.startswith(" ")] == ["error:", "warning:", "hall"]
    assert lines[0].endswith("cannot be imported: ModuleNotFoundError: No module named 'gone' (hall_solo.py:1)")


def test_the_parts_of_a_void_line_are_not_looked_at(sarto: Sarto, here: Path) -> None:
    one_plugin(here, "import gone")
    with (here / "features.toml").open("a") as file:
        file.write('[[constraints]]\nrule = "!hall"\n')

    assert sarto("check").stdout.endswith("; 1 error, 0 warnings\n")


def test_without_the_parts_nothing_is_locked_fetched_or_imported(
    sarto: Sarto, here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one_plugin(here, "import gone")
    monkeypatch.setenv("SARTO_CACHE", str(here / "cache"))

    result = sarto("check", "--no-parts")

    assert (result.exit_code, result.stdout) == (0, "hall 1: 2 features, 0 constraints; 0 errors, 0 warnings\n")
    assert not (here / "cache").exists()


def test_an_error_of_several_lines_has_its_place_below_the_first(sarto: Sarto, here: Path) -> None:
    one_plugin(here, "")
    file = here / "features.toml"
    file.write_text(file.read_text().replace('parts = ["hall-solo"]', 'parts = ["hall-solo>=2"]'))

    result = sarto("check")

    assert result.exit_code == 1
    assert result.stdout.splitlines()[:2] == [
        "error: no versions of the parts fit what feature 'solo' (hall-solo>=2) asks for:",
        "  --> features.toml: features.solo.parts[0]",
    ]
    assert "hall-solo" in result.stdout.splitlines()[2]
