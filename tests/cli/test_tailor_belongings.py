"""``sarto tailor`` beside what a customer has: a build, a licence, what their product has recorded."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from .conftest import SHOP, Sarto, write

LICENSED = (
    SHOP.replace(
        'root = "shop"\n',
        'root = "shop"\nlicence_key = "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"\n',
        1,
    ).replace("[features.full]\n", "[features.full]\nlicensed = true\n")
    + '[[rules]]\nwhen = "employees > 10"\nselect = { full = true }\nbecause = "They search."\n'
    + '[[rules]]\nwhen = "usage.search.reached > 2"\nselect = { simple = true }\nbecause = "Somebody looks for it."\n'
)
FACTS = "customer = 'Acme GmbH'\nemployees = 30\nregion = 'US'\n"


@pytest.fixture(autouse=True)
def licensed(shop: Path) -> None:
    write(shop, features=LICENSED, facts=FACTS, plain='line = "features.toml"\ncustomer = "Acme GmbH"\n')
    (shop / "impossible.toml").unlink()


def data(sarto: Sarto, *words: str) -> dict[str, Any]:
    result = sarto("tailor", "facts.toml", *words, "--json")
    assert result.exit_code == 0, result.stdout
    found: dict[str, Any] = json.loads(result.stdout)
    return found


def licence(shop: Path, name: str = "acme-gmbh", line: str = "shop", **terms: tuple[str, str]) -> str:
    said = {
        "format": 1, "line": line, "name": name, "signature": "00",
        "features": {feature: {"begin": begin, "end": end} for feature, (begin, end) in terms.items()},
    }  # fmt: skip
    (shop / "acme.licence").write_text(json.dumps(said))
    return "acme.licence"


def test_a_new_customer_may_be_offered_what_is_licensed(sarto: Sarto) -> None:
    assert data(sarto)["select"] == {"full": True}


def test_nothing_is_proposed_that_no_licence_covers(sarto: Sarto, shop: Path) -> None:
    for words in (["--present", "plain.toml"], ["--licence", licence(shop)]):
        found = data(sarto, *words)
        assert found["select"] == {}
        (left,) = found["left_out"]
        assert left["rule"] == "features.toml: rules[2]"
        assert left["reasons"][1].endswith("no licence covers 'full'")


@pytest.mark.parametrize(
    ("term", "is_covered"),
    [
        (("", ""), True),
        (("2020-01-01", "2999-12-31"), True),
        (("2020-01-01", "2020-12-31"), False),
        (("2999-01-01", ""), False),
    ],
)
def test_a_licence_covers_what_it_names_on_its_days(
    sarto: Sarto, shop: Path, term: tuple[str, str], is_covered: bool
) -> None:
    found = data(sarto, "--present", "plain.toml", "--licence", licence(shop, full=term))
    assert (found["select"].get("full", False), bool(found["left_out"])) == (is_covered, not is_covered)


def test_what_a_customer_has_stays_theirs(sarto: Sarto) -> None:
    found = data(sarto, "--present", "acme.toml")
    assert (found["left_out"], found["select"]["full"]) == ([], True)


@pytest.mark.parametrize(
    ("name", "line", "words"),
    [
        ("bolt", "shop", "this is the licence of 'bolt'"),
        ("acme-gmbh", "other", "this is a licence for the line 'other', not for 'shop'"),
    ],
)
def test_the_licence_of_somebody_else_is_refused(sarto: Sarto, shop: Path, name: str, line: str, words: str) -> None:
    result = sarto("tailor", "facts.toml", "--licence", licence(shop, name, line))
    assert (result.exit_code, result.stderr.splitlines()[0]) == (1, f"error: {words}")


def test_a_file_that_is_no_licence_is_refused(sarto: Sarto, shop: Path) -> None:
    (shop / "acme.licence").write_text("{}")
    assert (
        "this is no licence (KeyError: 'format')" in sarto("tailor", "facts.toml", "--licence", "acme.licence").stderr
    )


def build(shop: Path, line: str = "shop", **features: tuple[Any, str]) -> str:
    """A build as far as tailoring looks at it."""
    entries = {"shop": (True, "consequence"), "page_size": (20, "default"), "reviews": (True, "default"), **features}
    said = {
        "format": 1, "line": {"name": line, "version": "1.1", "summary": ""}, "customer": "Acme GmbH",
        "target": {"python": "3.11", "platform": "any"}, "brand": {"name": "Acme Shop"}, "open": ["reviews"],
        "residual": [],
        "features": {name: {"value": value, "cause": cause} for name, (value, cause) in entries.items()},
    }  # fmt: skip
    folder = shop / "builds" / "acme-gmbh"
    folder.mkdir(parents=True)
    (folder / "build.json").write_text(json.dumps(said))
    return "builds/acme-gmbh"


def test_what_changes_is_seen_from_the_build(sarto: Sarto, shop: Path) -> None:
    where = build(
        shop, payment=(True, "consequence"), coins=(True, "wish"), full=(True, "wish"), search=(True, "consequence")
    )
    write(shop, facts=FACTS.replace("30", "80").replace("US", "EU"))
    found = data(sarto, "--build", where)
    assert found["select"] == {"coins": True, "full": True}
    assert [left["rule"] for left in found["left_out"]] == ["features.toml: rules[0]", "features.toml: rules[1]"]
    assert (found["changes"], found["customer"]) == ({}, "Acme GmbH")
    assert found["price"] == {"before": "400.0", "after": "400.0", "currency": ""}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{", "this build.json cannot be read (JSONDecodeError"),
        ('{"features": {}}', "this build.json cannot be read (KeyError: 'open')"),
    ],
)
def test_a_damaged_build_is_said(sarto: Sarto, shop: Path, text: str, words: str) -> None:
    where = build(shop)
    (shop / where / "build.json").write_text(text)
    assert words in sarto("tailor", "facts.toml", "--build", where).stderr


def test_the_build_of_another_line_is_refused(sarto: Sarto, shop: Path) -> None:
    assert (
        "this is a build of the line 'other'" in sarto("tailor", "facts.toml", "--build", build(shop, "other")).stderr
    )


def usage(shop: Path, name: str, reached: int) -> None:
    (shop / "usage").mkdir(exist_ok=True)
    days = {"2026-11-29": {"search": {"reached": reached}}}
    said = {"format": 1, "line": "shop", "version": "1", "name": name, "days": days}
    (shop / "usage" / f"{name}.json").write_text(json.dumps(said))


def test_what_a_product_has_recorded_is_known_of_its_customer(sarto: Sarto, shop: Path) -> None:
    usage(shop, "acme-gmbh", 3)
    write(shop, facts=FACTS.replace("30", "3"))
    found = data(sarto, "--usage", "usage/acme-gmbh.json")
    assert (found["select"], found["decisions"][0]["evidence"]) == ({"simple": True}, {"usage.search.reached": 3})
    assert data(sarto)["skipped"] == [{"rule": "features.toml: rules[3]", "missing": ["usage.search.reached"]}]


def test_of_a_fleet_each_product_speaks_for_its_own_customer(sarto: Sarto, shop: Path) -> None:
    (shop / "crm.csv").write_text("customer,employees,region\nAcme GmbH,1,US\nBolt,1,US\nCoil,1,US\n")
    usage(shop, "acme-gmbh", 2)
    usage(shop, "bolt", 9)
    result = sarto("tailor", "crm.csv", "--fleet", "--usage", "usage", "--json")
    selected = {each["customer"]: each["select"] for each in json.loads(result.stdout)["customers"]}
    assert selected == {"Acme GmbH": {}, "Bolt": {"simple": True}, "Coil": {}}


def test_of_a_fleet_builds_and_licences_are_found_by_the_name_of_the_build(sarto: Sarto, shop: Path) -> None:
    (shop / "crm.csv").write_text("customer,employees,region\nAcme GmbH,30,US\nBolt,30,US\n")
    build(shop)
    (shop / "licences").mkdir()
    (shop / licence(shop, full=("", ""))).rename(shop / "licences" / "acme.licence")
    words = ["tailor", "crm.csv", "--fleet", "--build", "builds", "--json"]
    without = json.loads(sarto(*words).stdout)["customers"]
    with_it = json.loads(sarto(*words, "--licence", "licences").stdout)["customers"]
    assert [each["select"] for each in without] == [{}, {"full": True}]
    assert [each["select"] for each in with_it] == [{"full": True}, {"full": True}]


def test_a_fact_that_is_given_twice_is_an_error(sarto: Sarto, shop: Path) -> None:
    usage(shop, "acme-gmbh", 3)
    write(shop, facts=FACTS + "[usage.search]\nreached = 1\n")
    result = sarto("tailor", "facts.toml", "--usage", "usage/acme-gmbh.json")
    assert result.stderr.splitlines()[0] == "error: the fact 'usage.search.reached' is in usage/acme-gmbh.json, too"


def test_what_another_line_recorded_is_refused(sarto: Sarto, shop: Path) -> None:
    usage(shop, "acme-gmbh", 3)
    file = shop / "usage" / "acme-gmbh.json"
    file.write_text(file.read_text().replace('"shop"', '"other"', 1))
    result = sarto("tailor", "facts.toml", "--usage", "usage/acme-gmbh.json")
    assert result.stderr.splitlines()[0] == "error: this was recorded by a product of 'other', not of 'shop'"
