"""What a line lets its products record, who consents, and what facts come of it."""

from __future__ import annotations

import json

import pytest
from sarto.errors import SartoError
from sarto.model.line import UsagePolicy
from sarto.model.toml_selection import merge, read_selection
from sarto.model.usage_facts import read_usage_facts

from .reading import faults_of_line, line

ROOT = "[features.shop]\noptional = ['maps', 'audit']\n"


def test_a_line_says_what_is_recorded() -> None:
    text = (
        '[usage]\nrecord = ["reached", "calls"]\ndays = 30\ncommands = { atlas = "maps" }\npoints = { draw = "maps" }\n'
    )
    usage = line(ROOT + text).usage
    assert usage == UsagePolicy(
        record=("calls", "reached"), days=30, commands={"atlas": "maps"}, points={"draw": "maps"}
    )
    assert line(ROOT).usage == UsagePolicy(record=(), days=90)


def test_what_cannot_be_recorded_is_said() -> None:
    text = '[usage]\nrecord = ["clicks"]\ndays = 0\ncommands = { atlas = "map" }\nwho = true\n'
    assert faults_of_line(ROOT + text) == [
        "usage.who: unknown key 'who'\n  hint: the keys here are record, days, commands, points",
        "usage.record[0]: 'clicks' is nothing that a product records\n  hint: one of calls, reached",
        "usage.days: what is recorded is kept from 1 to 3660 days, not 0",
        "usage.commands: 'commands' says when a feature is reached for, and that is not recorded\n"
        '  hint: add record = ["reached"]',
        "usage.commands.atlas: unknown feature 'map'\n  hint: did you mean 'maps'?",
    ]


def test_what_a_rule_says_of_itself_is_checked() -> None:
    rule = "[[rules]]\nwhen = 'x'\nselect = { maps = true }\nbecause = 'y'\n"
    assert line(f"{ROOT}{rule}stage = 'vendor'\nweight = 7\n").rules[0].is_vendors
    assert faults_of_line(f"{ROOT}{rule}stage = 'user'\nweight = 0\n") == [
        "rules[0].stage: 'user' is not a stage\n  hint: did you mean 'customer'?",
        "rules[0].weight: 0 is no weight: it is from 1 to 1000",
    ]


def consent(*texts: str) -> dict[str, bool]:
    files = [read_selection(text, f"{number}.toml") for number, text in enumerate(texts)]
    return dict(merge(files).consent)


def test_consent_is_given_by_the_selection_or_its_profile() -> None:
    own = 'line = "features.toml"\ncustomer = "Acme"\n'
    profile = "[consent]\nusage = true\n"
    assert consent(own) == {}
    assert consent(own + profile) == {"usage": True}
    assert consent(profile, f'extends = "0.toml"\n{own}') == {"usage": True}
    assert consent(profile, f'extends = "0.toml"\n{own}[consent]\nusage = false\n') == {"usage": False}


def test_consent_to_what_nobody_asks_for_is_a_mistake() -> None:
    with pytest.raises(SartoError) as caught:
        read_selection("[consent]\nusage = 'yes'\nnames = true\n", "acme.toml")
    assert [str(error) for error in caught.value.errors] == [
        "acme.toml: consent.names: unknown key 'names'\n  hint: the keys here are usage",
        "acme.toml: consent.usage: expected true or false, but found 'yes'",
    ]


DAYS = {
    "2026-11-27": {"maps": {"calls": 0}, "audit": {"reached": 2}},
    "2026-11-28": {"maps": {"calls": 5, "reached": 1}},
    "2026-11-29": {"maps": {"calls": 7}, "charts": {"calls": 0}},
}


def exported(**said: object) -> str:
    return json.dumps({"format": 1, "line": "shop", "version": "1", "name": "acme", "days": DAYS, **said})


def test_the_sums_of_an_export_are_facts() -> None:
    usage = read_usage_facts(exported(), "usage.json")
    assert (usage.line, usage.name) == ("shop", "acme")
    assert usage.facts == {
        "usage.days": 3,
        "usage.audit.reached": 2,
        "usage.charts.reached": 0,
        "usage.charts.calls": 0,
        "usage.charts.days": 0,
        "usage.charts.unused": True,
        "usage.maps.reached": 1,
        "usage.maps.calls": 12,
        "usage.maps.days": 2,
        "usage.maps.unused": False,
    }


@pytest.mark.parametrize(
    ("text", "detail"),
    [
        ("", "Expecting value: line 1 column 1 (char 0)"),
        ("[]", "TypeError: list indices must be integers or slices, not str"),
        (exported(format=2), "it has format 2, and Sarto knows format 1"),
        (exported(days={"2026-11-29": {"maps": {"calls": -1}}}), "-1 is no count"),
        (exported(days={"2026-11-29": {"maps": {"calls": True}}}), "True is no count"),
        (exported(days={"2026-11-29": {"maps": {"calls": "=1+1"}}}), "'=1+1' is no count"),
        (exported(days=[]), "AttributeError: 'list' object has no attribute 'values'"),
    ],
)
def test_what_is_no_export_is_said(text: str, detail: str) -> None:
    with pytest.raises(SartoError) as caught:
        read_usage_facts(text, "usage.json")
    assert str(caught.value).splitlines()[0].endswith(detail)
    assert caught.value.hint == "the product writes one: @usage --export FILE"
