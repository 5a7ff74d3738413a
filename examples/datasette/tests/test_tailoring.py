"""How good the line's rules are, for customers who are made up: counted by hand, and no proposal breaks a rule."""

from __future__ import annotations

import json
import runpy
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from sarto.line import ProductLine
from sarto.model.evaluation import is_valid
from sarto.model.expression import Value

from .conftest import EXAMPLE

CUSTOMERS, SEED = 60, 7
MADE_UP = runpy.run_path(str(EXAMPLE / "made_up.py"))

RULES: list[tuple[Callable[[Mapping[str, Any]], bool], dict[str, Value]]] = [
    (lambda f: f["personal_data"], {"members": True, "masked": True}),
    (lambda f: f["region"] == "europe", {"maps": False, "outlines": False, "referrer": False}),
    (lambda f: f["publishes_events"], {"ics": True}),
    (lambda f: f["has_places"] and f["region"] != "europe", {"maps": True}),
    (lambda f: f["trade"] == "library", {"search": True, "markdown": True}),
    (lambda f: f["visitors_per_day"] > 1000, {"gzip": True, "page_size": 25}),
    (lambda f: f["memory_mb"] <= 64, {"small_machine": True}),
]
"""The rules of the line, written once more."""


@pytest.fixture(scope="module")
def made_up(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("made-up")
    MADE_UP["write"](folder, CUSTOMERS, SEED)
    return folder


def sarto(*words: object) -> dict[str, Any]:
    command = [sys.executable, "-m", "sarto.cli", "tailor", *map(str, words), "--line", str(EXAMPLE), "--json"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_precision_and_recall_are_what_counting_by_hand_gives(line: ProductLine, made_up: Path) -> None:
    measured = sarto(made_up / "facts.csv", "--measure", "--against", made_up / "selections")
    proposed, right, decided, met = (Counter[str]() for _ in range(4))
    for name, (facts, chosen) in MADE_UP["customers"](CUSTOMERS, SEED).items():
        file = made_up / "selections" / f"{name.lower().replace(' ', '-')}.toml"
        has = line.resolve(line.selection(file)).configuration
        assert is_valid(line.model, has)
        made = {feature: value for holds, select in RULES if holds(facts) for feature, value in select.items()}
        proposed.update(made.keys())
        right.update(feature for feature, value in made.items() if has[feature] == value)
        decided.update(chosen.keys())
        met.update(feature for feature, value in chosen.items() if made.get(feature) == value)
    for feature, score in measured["features"].items():
        counted = [counts[feature] for counts in (proposed, right, decided, met)]
        assert [score[key] for key in ("proposed", "right", "decided", "met")] == counted, feature
    assert measured["total"]["precision"] == right.total() / proposed.total()
    assert measured["total"]["recall"] == met.total() / decided.total()
    assert (measured["customers"], measured["violations"], measured["left_out"]) == (CUSTOMERS, 0, 0)


def test_every_proposal_to_the_whole_fleet_is_valid(line: ProductLine, made_up: Path) -> None:
    found = sarto(made_up / "facts.csv", "--fleet", "--present", made_up / "selections", "-o", made_up / "proposed")
    assert found["refused"] == 0
    files = sorted((made_up / "proposed").glob("*.toml"))
    assert len(files) == CUSTOMERS
    for file in files:
        assert is_valid(line.model, line.resolve(line.selection(file)).configuration)
    mine = {each["customer"]: each for each in found["customers"]}
    for name, (_, chosen) in MADE_UP["customers"](CUSTOMERS, SEED).items():
        assert {key: mine[name]["select"][key] for key in chosen} == chosen


def test_the_same_seed_makes_the_same_customers(tmp_path: Path, made_up: Path) -> None:
    MADE_UP["write"](tmp_path / "a", CUSTOMERS, SEED)
    assert (tmp_path / "a" / "facts.csv").read_bytes() == (made_up / "facts.csv").read_bytes()
