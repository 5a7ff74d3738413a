"""The line itself: sound, explained, and with reasons that hold."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest
from sarto.line import ProductLine
from sarto.model.expression import Value
from sarto.model.facts import read_facts
from sarto.model.tailoring import tailor
from sarto.solve.conflict import Conflict, Repair
from sarto.solve.reasons import Cause, Resolution, WishRule
from sarto.solve.soundness import Severity

from .conftest import EXAMPLE


def test_nothing_is_wrong_with_the_line(line: ProductLine) -> None:
    assert [finding for finding in line.check() if finding.severity is not Severity.NOTE] == []


def test_what_its_features_do_to_each_other_is_settled_with_a_reason(line: ProductLine) -> None:
    notes = [finding for finding in line.check() if finding.kind == "interaction"]
    assert {finding.severity for finding in notes} == {Severity.NOTE}
    said = {finding.what.rpartition(", and ")[2] for finding in notes}
    assert said == {"the line orders them", "pluggy orders them", "no product has both"}
    settled = [finding for finding in notes if finding.where.key.startswith("interactions")]
    assert {finding.where.key for finding in settled} == {f"interactions[{number}]" for number in range(4)}


def test_every_constraint_says_why(line: ProductLine) -> None:
    assert [str(constraint.where) for constraint in line.model.constraints if not constraint.because] == []


def test_an_impossible_selection_is_explained_and_mended() -> None:
    line, selection = ProductLine.for_selection(EXAMPLE / "selections" / "impossible" / "archive.toml")
    with pytest.raises(Conflict) as caught:
        line.resolve(selection)
    conflict = caught.value
    assert [(rule.wish.feature, rule.wish.value) for rule in conflict.rules if isinstance(rule, WishRule)] == [
        ("masked", True),
        ("downloads", True),
    ]
    assert "A downloaded database file has every column in it, the masked ones, too" in str(conflict)
    assert [_taken_back(repair) for repair in conflict.repairs] == [["masked"], ["downloads"]]


def _taken_back(repair: Repair) -> list[str]:
    return [change.of.wish.feature for change in repair.changes if isinstance(change.of, WishRule)]


def test_the_clinic_gets_the_export_that_costs_the_least_memory(resolutions: Mapping[str, Resolution]) -> None:
    decisions = resolutions["clinic"].decisions
    exports = ("copyable", "spreadsheet", "atom", "ics")
    assert [name for name in exports if decisions[name].is_selected] == ["copyable"]
    assert decisions["copyable"].reason.cause is Cause.PREFERENCE
    assert decisions["copyable"].reason.detail == "memory_mb"


def test_the_library_keeps_what_its_profile_says(resolutions: Mapping[str, Resolution]) -> None:
    (rule,) = resolutions["library"].decisions["maps"].reason.rules
    assert isinstance(rule, WishRule)
    assert Path(rule.wish.where.file).name == "europe.toml"


def test_the_museum_leaves_open_what_its_people_may_switch(resolutions: Mapping[str, Resolution]) -> None:
    assert resolutions["museum"].open == ("maps", "outlines", "referrer", "charts")


@pytest.mark.parametrize(
    ("customer", "decided"),
    [
        (
            "library",
            {
                "maps": False, "outlines": False, "referrer": False, "ics": True, "search": True, "markdown": True,
                "gzip": True, "page_size": 25,
            },
        ),
        ("cafe", {"maps": True, "small_machine": True}),
    ],
)  # fmt: skip
def test_facts_about_a_customer_decide(line: ProductLine, customer: str, decided: Mapping[str, Value]) -> None:
    file = EXAMPLE / "facts" / f"{customer}.toml"
    tailoring = tailor(line.description.rules, read_facts(file.read_text(), file.name))
    assert dict(tailoring.select) == decided


def test_a_tailored_selection_resolves_and_gives_its_evidence(line: ProductLine, tmp_path: Path) -> None:
    written = tmp_path / "cafe.toml"
    command = [sys.executable, "-m", "sarto.cli", "tailor", str(EXAMPLE / "facts" / "cafe.toml")]
    subprocess.run([*command, "--line", str(EXAMPLE), "-o", str(written)], check=True, capture_output=True)
    assert "has_places = true, region = 'oceania'" in written.read_text()
    assert line.resolve(line.selection(written)).decisions["referrer"].is_selected
