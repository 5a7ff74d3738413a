"""The line itself is sound, and a pair of plugins that does not go together is found."""

from __future__ import annotations

from pathlib import Path

import pytest
from sarto.line import ProductLine
from sarto.solve.soundness import Severity

pytestmark = pytest.mark.network

LINES = Path(__file__).parent / "lines"

PAIR = """
[line]
name    = "pair"
version = "1"
root    = "runner"

[core]
parts   = ["pytest>=8,<10"]
command = "pytest"
group   = "pytest11"
hooks   = "_pytest.hookspec"

[features.runner]
optional = ["first", "second"]

[features.first]
parts = ["{first}"]

[features.second]
parts = ["{second}"]

[targets]
python    = "host"
platforms = ["host"]
"""


def test_pytests_hooks_are_known_by_their_names(line: ProductLine) -> None:
    """Only one is not: xdist adds the specs of its own hooks when pytest asks for them, not when it is imported."""
    (finding,) = [found for found in line.check() if found.severity is not Severity.NOTE]
    assert finding.severity is Severity.WARNING
    assert "implements 'pytest_xdist_auto_num_workers', which is no hook of the core" in finding.what


def test_every_constraint_says_why(line: ProductLine) -> None:
    assert [str(constraint.where) for constraint in line.model.constraints if not constraint.because] == []


def test_two_plugins_whose_requirements_contradict_each_other_are_found(tmp_path: Path) -> None:
    """The plugin for screenshots of Textual keeps to one version of syrupy, which is older than what is asked for."""
    pair = PAIR.format(first="syrupy>=5", second="pytest-textual-snapshot>=1.1")
    (tmp_path / "features.toml").write_text(pair)
    (finding,) = ProductLine.open(tmp_path).check()
    assert finding.severity is Severity.ERROR
    assert "'first' (syrupy>=5)" in finding.what
    assert "'second' (pytest-textual-snapshot>=1.1)" in finding.what
    assert "first => !second" in finding.hint


def test_two_plugins_that_both_run_a_test_are_found_by_the_hook_that_takes_one_answer() -> None:
    """Neither marks what it implements; that they are not for one build, test_reasons shows."""
    (finding,) = ProductLine.open(LINES / "second_chances.toml").check()
    assert (finding.severity, finding.kind) == (Severity.WARNING, "interaction")
    assert finding.what == (
        "features 'reruns' and 'flaky_marks' both give the one result of the hook 'pytest_runtest_protocol', and "
        "nothing says whose result it is"
    )
    assert finding.because[-1] == "it is so with the selection { reruns = true, flaky_marks = true }"
