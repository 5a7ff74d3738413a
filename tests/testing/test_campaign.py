"""``sarto test`` on real products: planted faults are found and named exactly, and nothing else is."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from sarto.cli import program
from sarto.cli.application import Application
from sarto.hooks import PluginManager
from sarto.line import ProductLine

from .conftest import LINE, MakeLine

PLANTED = """
    import greeter

    def test_single():
        assert "maps" not in greeter.features(), "maps are wrong"

    def test_pair():
        assert not {"export", "dark"} <= greeter.features()

    def test_absence():
        assert "export" in greeter.features() or "search" not in greeter.features()

    def test_fine():
        assert greeter.features() <= {"maps", "export", "search", "dark"}
"""


def sarto(*words: str | Path) -> Result:
    return CliRunner().invoke(
        program, [str(word) for word in words], obj=Application(path=[]), prog_name="sarto", catch_exceptions=False
    )


def found(result: Result) -> dict[str, list[dict[str, bool]]]:
    """The decisions behind each failing test."""
    data: dict[str, Any] = json.loads(result.stdout)
    return {
        test: [each["decisions"] for each in failure["interactions"]]
        for failure in data["failures"]
        for test in failure["tests"]
    }


def test_planted_faults_are_named_exactly(make_line: MakeLine, tmp_path: Path) -> None:
    folder = make_line(PLANTED)

    result = sarto("test", folder, "-o", tmp_path / "failing", "--jobs", "2", "--json")

    assert result.exit_code == 1
    assert found(result) == {
        "tests/test_greeter.py::test_single": [{"maps": True}],
        "tests/test_greeter.py::test_pair": [{"export": True, "dark": True}],
        "tests/test_greeter.py::test_absence": [{"export": False, "search": True}],
    }
    assert all(each["minimal"] for f in json.loads(result.stdout)["failures"] for each in f["interactions"])
