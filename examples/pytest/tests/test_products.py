"""Each team's build runs a suite as the team asked, and pytest's own lists name what Sarto says."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from ...asking import Product
from .conftest import CUSTOMERS, EXAMPLE

pytestmark = pytest.mark.network

PLUGINS = {
    "sugar": "sugar", "at_once": "instafail", "shuffled": "randomly", "parallel": "xdist", "limits": "timeout",
    "reruns": "rerunfailures", "coroutines": "asyncio", "mocks": "mock", "files": "snapshot", "html": "html",
    "json": "json-report", "coverage": "cov",
}  # fmt: skip
"""The features of the selections that bring a plugin, and what pytest calls it."""


@pytest.fixture
def suite(tmp_path: Path) -> Path:
    subprocess.run([sys.executable, str(EXAMPLE / "sample.py"), str(tmp_path / "suite")], check=True)
    return tmp_path / "suite"


def outcome(product: Product, suite: Path, *words: str) -> dict[str, str]:
    """How each test of the suite ended."""
    report = suite / "report.xml"
    product.ask("-p", "no:cacheprovider", f"--junitxml={report}", *words, at=suite)
    cases = re.findall(r'<testcase [^>]*name="(\w+)"[^>]*?(/>|><(\w+))', report.read_text())
    return {name: child or "passed" for name, _, child in cases}


def loaded(product: Product, suite: Path) -> list[str]:
    """The plugins in pytest's own words at the head of a run, which has what was registered last first called."""
    done = product.ask("--collect-only", "-p", "no:cacheprovider", at=suite)
    line = re.search(r"^plugins: (.*)$", done.stdout, re.MULTILINE)
    names = [each.rpartition("-")[0] for each in line[1].split(", ")] if line else []
    return [name for name in reversed(names) if name != "metadata"]  # which html and json need


@pytest.mark.parametrize("customer", CUSTOMERS)
def test_pytest_names_the_plugins_that_were_planned_in_their_order(
    products: Mapping[str, Product], suite: Path, customer: str
) -> None:
    product = products[customer]
    assert loaded(product, suite) == [PLUGINS[name] for name in product.planned()]


@pytest.mark.parametrize("customer", CUSTOMERS)
def test_pytests_list_of_versions_has_the_parts_of_the_build(products: Mapping[str, Product], customer: str) -> None:
    done = products[customer].ask("-VV")
    registered = set(re.findall(r"^  (pytest-[\w-]+)-[\d.]+ at ", done.stdout + done.stderr, re.MULTILINE))
    planned = {f"pytest-{PLUGINS[name]}" for name in products[customer].planned()}
    assert registered - {"pytest-metadata"} == planned


@pytest.mark.parametrize(
    ("customer", "coroutine", "unsteady"),
    [("library", "passed", "failure"), ("service", "failure", "passed"), ("classroom", "failure", "failure")],
)
def test_the_same_suite_ends_as_each_team_has_chosen(
    products: Mapping[str, Product], suite: Path, customer: str, coroutine: str, unsteady: str
) -> None:
    assert outcome(products[customer], suite) == {
        "test_steady": "passed",
        "test_coroutine": coroutine,
        "test_unsteady": unsteady,
    }


@pytest.mark.parametrize(("customer", "limit"), [("library", "5.0"), ("service", "120.0")])
def test_the_limit_of_time_reaches_the_plugin(
    products: Mapping[str, Product], suite: Path, customer: str, limit: str
) -> None:
    assert f"timeout: {limit}s" in products[customer].ask("--collect-only", at=suite).stdout


def test_what_the_command_line_says_comes_last(products: Mapping[str, Product], suite: Path) -> None:
    assert "timeout: 7.0s" in products["library"].ask("--collect-only", "-o", "timeout=7", at=suite).stdout


def test_a_report_is_there_where_the_team_has_chosen_it(products: Mapping[str, Product], suite: Path) -> None:
    outcome(products["service"], suite, "--json-report", "--html=report.html")
    assert json.loads((suite / ".report.json").read_text())["summary"]["failed"] == 1
    assert "<title" in (suite / "report.html").read_text()
    refused = products["library"].ask("--json-report", at=suite)
    assert (refused.returncode, "unrecognized arguments: --json-report" in refused.stderr) == (4, True)


@pytest.mark.usefixtures("own_switches")
def test_a_feature_that_is_switched_off_leaves_pytests_list(products: Mapping[str, Product], suite: Path) -> None:
    product = products["service"]
    before = loaded(product, suite)
    product.said("@disable", "mocks")
    assert loaded(product, suite) == [name for name in before if name != "mock"]
    product.said("@enable", "mocks")
    assert loaded(product, suite) == before


@pytest.mark.usefixtures("own_switches")
def test_switched_on_tests_run_in_processes_that_have_the_same_plugins(
    products: Mapping[str, Product], suite: Path
) -> None:
    product = products["library"]
    product.said("@enable", "parallel")
    assert "xdist" in loaded(product, suite)
    assert outcome(product, suite, "-n", "2")["test_coroutine"] == "passed"


@pytest.mark.usefixtures("own_switches")
def test_what_a_team_has_not_chosen_cannot_be_switched_on(products: Mapping[str, Product]) -> None:
    refused = products["classroom"].ask("@enable", "parallel")
    assert (refused.returncode, "'parallel' is not licensed in this build" in refused.stderr) == (1, True)


@pytest.mark.parametrize("customer", CUSTOMERS)
def test_every_build_verifies(products: Mapping[str, Product], customer: str) -> None:
    products[customer].said("@verify")
