"""The pytest plugin, as an author's own pytest has it: options, fixtures, the marker, xdist."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from textwrap import dedent

import pytest

from .conftest import MakeLine
from .test_campaign import SMALL

MARKED = """
    import pytest

    @pytest.mark.features("maps & !dark")
    def test_marked():
        pass

    def test_free():
        pass
"""


@pytest.fixture
def folder(make_line: MakeLine) -> Path:
    """The line's folder, with two selections."""
    folder = make_line("", SMALL)
    for name, wishes in {"maps": "maps = true", "both": "maps = true\ndark = true"}.items():
        (folder / f"{name}.toml").write_text(
            f'line = "features.toml"\ncustomer = "{name.title()}"\n[select]\n{wishes}\n', encoding="utf-8"
        )
    return folder


def run(folder: Path, tests: str, *words: str) -> tuple[int, str]:
    """pytest in a process of its own, in the line's folder."""
    (folder / "tests" / "test_greeter.py").write_text(dedent(tests), encoding="utf-8")
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST")}
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "--rootdir", ".", "-rs", *words]
    done = subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, timeout=120, check=False
    )
    return done.returncode, done.stdout + done.stderr


def test_each_selection_has_its_product_built_once_and_asked(folder: Path) -> None:
    code, said = run(
        folder,
        """
        SEEN = {}

        def test_product(sarto_line, sarto_selection, sarto_configuration, sarto_product):
            assert sarto_line.description.name == "greeter"
            assert sarto_product.configuration == sarto_configuration
            done = sarto_product.run("hello")
            names = [name for name in ("dark", "maps") if sarto_product.is_enabled(name)]
            assert (done.stdout.split(), done.returncode) == ([*names, "hello"], 0)
            SEEN[sarto_selection.customer] = sarto_product.folder

        def test_again(sarto_product, sarto_selection):
            assert SEEN[sarto_selection.customer] == sarto_product.folder

        def test_at_the_end():
            assert sorted(SEEN) == ["Both", "Maps"]
        """,
        "--sarto-selection", "maps.toml", "--sarto-selection", "both.toml", "-v",
    )  # fmt: skip

    assert code == 0, said
    assert "test_product[maps] PASSED" in said
    assert "test_product[both] PASSED" in said
    assert "5 passed" in said


def test_without_a_selection_it_is_the_plain_product(folder: Path) -> None:
    code, said = run(folder, "def test_it(sarto_product):\n    assert sarto_product.run().stdout == '\\n'\n")

    assert (code, "1 passed" in said) == (0, True), said


@pytest.mark.parametrize("workers", [[], ["-n", "2"]], ids=["alone", "xdist"])
def test_a_marked_test_runs_where_it_applies(folder: Path, workers: list[str]) -> None:
    selections = ["--sarto-selection", "maps.toml", "--sarto-selection", "both.toml"]

    code, said = run(folder, MARKED, "--strict-markers", *selections, *workers)

    assert code == 0, said
    assert "2 passed, 1 skipped" in said
    assert "not in this product: maps & !dark" in said


def test_without_a_line_a_marked_test_is_skipped_with_the_reason(folder: Path) -> None:
    (folder / "features.toml").rename(folder / "other.toml")

    code, said = run(folder, MARKED + "\n    def test_line(sarto_line):\n        pass\n")

    assert code == 0, said
    assert "1 passed, 2 skipped" in said
    assert "no product line: --sarto-line names one" in said


@pytest.mark.parametrize(
    ("marker", "what"),
    [
        ('"mapz"', "unknown feature 'mapz'\n  hint: did you mean 'maps'?"),
        ('"maps &"', "expected"),
        ('"maps.price > 3"', "feature"),
        ("3", "the marker 'features' takes one text"),
        ("", "the marker 'features' takes one text"),
    ],
)
def test_a_bad_marker_is_an_error_with_its_place(folder: Path, marker: str, what: str) -> None:
    code, said = run(folder, f"import pytest\n\n@pytest.mark.features({marker})\ndef test_it():\n    pass\n")

    assert code == pytest.ExitCode.USAGE_ERROR
    assert "ERROR: tests/test_greeter.py:3" in said
    assert what in said


@pytest.mark.parametrize("words", [["--sarto-line", "none.toml"], ["--sarto-selection", "none.toml"]])
def test_a_file_that_is_not_there_is_an_error(folder: Path, words: list[str]) -> None:
    code, said = run(folder, MARKED, *words)

    assert code == pytest.ExitCode.USAGE_ERROR
    assert "none.toml" in said


def test_the_plugin_imports_nothing_of_sarto_that_takes_time() -> None:
    code = "import sys, sarto.testing.plugin; print(*sorted(n for n in sys.modules if n.startswith('sarto.')))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.split() == ["sarto.testing", "sarto.testing.marker", "sarto.testing.plugin"]
