"""The line itself: sound, with reasons that hold, and what its plugins do not declare is found."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from sarto.line import ProductLine
from sarto.solve.soundness import Severity

from ...asking import Product

pytestmark = pytest.mark.network

UNDECLARED = """
[line]
name    = "undeclared"
version = "1"
root    = "llm"

[core]
parts   = ["llm>=0.36,<0.37"]
command = "llm"
group   = "llm"
hooks   = "llm.hookspecs"

[features.llm]
optional = ["web_pages"]

[features.web_pages]
parts = ["llm-fragments-reader==0.1"]

[targets]
python    = "host"
platforms = ["host"]
"""


def test_nothing_is_wrong_with_the_line(line: ProductLine) -> None:
    assert line.check() == ()


def test_every_constraint_says_why(line: ProductLine) -> None:
    assert [str(constraint.where) for constraint in line.model.constraints if not constraint.because] == []


def test_a_plugin_that_needs_what_llm_no_longer_brings_is_found(tmp_path: Path) -> None:
    """llm came with httpx until it took another library; plugins that relied on that do not start any more."""
    (tmp_path / "features.toml").write_text(UNDECLARED)
    (finding,) = ProductLine.open(tmp_path).check()
    assert finding.severity is Severity.ERROR
    assert finding.what.startswith("feature 'web_pages': the entry point 'fragments_reader = llm_fragments_reader'")
    assert "No module named 'httpx'" in finding.what


@pytest.mark.parametrize("model", ["echo", "markov"])
def test_llm_does_not_know_a_model_without_its_plugin(
    reckless: Callable[[Mapping[str, object]], Product], model: str
) -> None:
    done = reckless({"default_model": model}).ask("Good morning")
    assert (done.returncode, f"Unknown model: {model}" in done.stderr) == (1, True)
