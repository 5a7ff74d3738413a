"""The pytest plugin inside a product that ``sarto test`` built: it tells what comes of each test, as it comes."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from ..model.expression import Value
from .marker import MARKER
from .marking import apply_markers
from .product import BuiltProduct

REPORT = "SARTO_TEST_REPORT"
"""The variable with the file that is told."""


def pytest_configure(config: pytest.Config) -> None:
    """Make the marker known."""
    config.addinivalue_line("markers", MARKER)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip what does not apply to this product."""
    features = _product().features
    apply_markers(items, lambda item: features, "")  # noqa: ARG005  (all items have the same product)


def pytest_runtest_logstart(nodeid: str) -> None:
    """A test begins; if nothing more is said of it, it has not ended."""
    _tell(begins=nodeid)


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """A phase of a test has ended."""
    _tell(test=report.nodeid, phase=report.when, outcome=report.outcome, message=_words(report))


def pytest_collectreport(report: pytest.CollectReport) -> None:
    """A file of tests could not be read."""
    if report.failed:
        _tell(test=report.nodeid, phase="collect", outcome="failed", message=_words(report))


def _tell(**said: Any) -> None:
    if os.environ.get("PYTEST_XDIST_WORKER"):
        return  # the session that started this one tells it
    with Path(os.environ[REPORT]).open("a", encoding="utf-8") as file:
        file.write(json.dumps(said) + "\n")


def _words(report: pytest.TestReport | pytest.CollectReport) -> str:
    if not report.failed:
        return ""
    crash = getattr(report.longrepr, "reprcrash", None)
    text = str(crash.message) if crash else str(report.longrepr)
    lines = [line for line in text.splitlines() if line.strip()]
    return (lines[0] if crash else lines[-1]) if lines else ""


def _product() -> Any:
    return import_module("sarto_runtime").product()


@pytest.fixture(scope="session")
def sarto_configuration() -> Mapping[str, Value]:
    """Each feature of the line, with true, false or its value in this product."""
    features: Mapping[str, Value] = _product().features
    return features


@pytest.fixture(scope="session")
def sarto_product(sarto_configuration: Mapping[str, Value]) -> BuiltProduct:
    """The product in which the test runs, to be started in a process of its own."""
    product = _product()
    build = json.loads((product.folder / "build.json").read_text(encoding="utf-8"))
    return BuiltProduct(
        folder=product.folder, launcher=product.folder / f"{build['launcher']}.py", configuration=sarto_configuration,
        state=Path(tempfile.mkdtemp(prefix="sarto-state-")),
    )  # fmt: skip


@pytest.fixture(scope="session")
def sarto_line() -> None:
    """Not in a product: it has no line."""
    pytest.skip("inside a product there is no line; use sarto_product or sarto_configuration")


@pytest.fixture(scope="session")
def sarto_selection() -> None:
    """Not in a product: it has no selection."""
    pytest.skip("inside a product there is no selection; use sarto_product or sarto_configuration")
