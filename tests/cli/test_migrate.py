"""``sarto migrate``: a selection for another version of its line, with all that does not go along."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from sarto.model.toml_comments import comments

from .conftest import SHOP, Sarto, write

NEXT = (
    SHOP.replace('version = "1.2"', 'version = "2.0"')
    .replace('"reviews", "audit"', '"opinions", "audit"')
    .replace("[features.reviews]", '[features.opinions]\nwas = ["reviews"]')
    .replace("{ reviews =", "{ opinions =")
    .replace("audit => invoice & !coins", "audit => invoice & !coins & !card")
    .replace("page_size <= 50", "page_size <= 40")
    .replace("Auditors want paper.", "No cards.")
    .replace("Long pages are slow to search.", "Too slow.")
    .replace('"simple", "full"', '"full"')
    .replace("[features.simple]\nattributes = { price = 90.5 }\n", "")
    + '[cosmetics.logo]\ntype = "file"\n'
)

WISHES = """
# What Acme asked for in May.
line = "features.toml"
customer = "Acme GmbH"

[select]
audit = true
card = true      # they pay by card
full = true
page_size = 50
reviews = false
simple = false

[prefer]
minimise = ["price"]

[brand]
name = "Acme"
colour = "#123456"
"""


@pytest.fixture(autouse=True)
def versions(shop: Path) -> None:
    folder = shop / "next"
    folder.mkdir()
    write(folder, features=NEXT)
    write(shop, features=SHOP + '[cosmetics.colour]\ntype = "colour"\n', wishes=WISHES)


REPORT = """\
wishes.toml → shop 2.0
  kept     audit = true
  dropped  card = true
             - 'audit' is selected (wishes.toml: select.audit)
             - the constraint audit => invoice & !coins & !card (next/features.toml: constraints[0].rule): No cards
  kept     full = true
  changed  page_size = 50 → 40
             - 'full' is selected (wishes.toml: select.full)
             - the constraint full => page_size <= 40 (next/features.toml: constraints[1].rule): Too slow
  renamed  reviews = false → opinions = false
  dropped  simple = false
             - the line has no 'simple' any more, so no product has it
  kept     minimise price
  kept     brand.name = 'Acme'
  dropped  brand.colour = '#123456'
             - the line 'shop' has no cosmetic 'colour'

the configuration:
  card       yes → no  the constraint audit => invoice & !coins & !card (next/features.toml: constraints[0].rule): \
No cards — 'audit' is selected
  page_size  50 → 40   'page_size' is set to 40

note: 2 comments of wishes.toml are not carried over

9 decisions: 4 kept, 1 renamed, 1 changed, 3 dropped; -o FILE writes the new selection
"""


def test_each_decision_is_told_with_its_fate_and_what_changes_in_the_configuration(sarto: Sarto, shop: Path) -> None:
    result = sarto("migrate", "wishes.toml", "--to", "next")

    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout == REPORT
    assert [path.name for path in (shop / "next").iterdir()] == ["features.toml"]


def test_the_new_selection_says_what_was_changed_and_dropped(sarto: Sarto, shop: Path) -> None:
    result = sarto("migrate", "wishes.toml", "--to", "next/features.toml", "-o", "next/selections/acme.toml")

    assert result.stdout.endswith("3 dropped; wrote next/selections/acme.toml\n")
    assert (shop / "next" / "selections" / "acme.toml").read_text() == (
        "# Migrated from wishes.toml to shop 2.0.\n"
        "# Dropped card = true: 'audit' is selected (wishes.toml: select.audit); the constraint "
        "audit => invoice & !coins & !card (features.toml: constraints[0].rule): No cards.\n"
        "# Dropped simple = false: the line has no 'simple' any more, so no product has it.\n"
        "# Dropped brand.colour = '#123456': the line 'shop' has no cosmetic 'colour'.\n"
        'line = "../features.toml"\n'
        'customer = "Acme GmbH"\n'
        "\n"
        "[select]\n"
        "audit = true\n"
        "full = true\n"
        "# was page_size = 50; 'full' is selected (wishes.toml: select.full); the constraint "
        "full => page_size <= 40 (features.toml: constraints[1].rule): Too slow\n"
        "page_size = 40\n"
        "# was reviews = false\n"
        "opinions = false\n"
        "\n"
        "[brand]\n"
        'name = "Acme"\n'
        "\n"
        "[prefer]\n"
        'minimise = [\n    "price",\n]\n'
    )
    assert sarto("resolve", "next/selections/acme.toml").exit_code == 0


def test_a_migrated_selection_is_kept_whole_by_the_version_that_it_is_for(sarto: Sarto) -> None:
    sarto("migrate", "wishes.toml", "--to", "next", "-o", "acme2.toml")

    data = json.loads(sarto("migrate", "acme2.toml", "--to", "next", "--json").stdout)

    assert {each["fate"] for each in data["decisions"]} == {"kept"}


def test_a_default_that_wishes_rule_out_is_overridden_and_that_is_said(sarto: Sarto, shop: Path) -> None:
    write(shop, full='line = "features.toml"\ncustomer = "Full"\n[select]\nfull = true\n')
    write(shop / "next", features=NEXT.replace("page_size <= 40", "page_size <= 15"))

    result = sarto("migrate", "full.toml", "--to", "next", "-o", "out.toml")

    assert "  added    page_size = 15\n             - 'full' is selected (full.toml: select.full)\n" in result.stdout
    assert "# in place of the default; 'full' is selected (full.toml: select.full); " in (shop / "out.toml").read_text()
    assert "page_size = 15\n" in (shop / "out.toml").read_text()
    assert sarto("resolve", "out.toml").exit_code == 0


def test_a_file_that_is_there_is_replaced_only_with_force(sarto: Sarto, shop: Path) -> None:
    before = (shop / "wishes.toml").read_text()

    refused = sarto("migrate", "wishes.toml", "--to", "next", "-o", "wishes.toml")
    kept = (shop / "wishes.toml").read_text()
    forced = sarto("migrate", "wishes.toml", "--to", "next", "-o", "wishes.toml", "--force")

    assert (refused.exit_code, kept) == (1, before)
    assert refused.stderr == "error: this file is there already\n  --> wishes.toml\n  hint: --force replaces it\n"
    assert forced.exit_code == 0
    assert 'line = "next/features.toml"\n' in (shop / "wishes.toml").read_text()
    assert sarto("resolve", "wishes.toml").exit_code == 0


def test_without_the_old_version_the_decisions_are_carried_over_all_the_same(sarto: Sarto, shop: Path) -> None:
    (shop / "features.toml").unlink()

    result = sarto("migrate", "wishes.toml", "--to", "next")

    assert result.exit_code == 0
    assert "the configuration:" not in result.stdout
    assert (
        "note: what changes in the configuration is not known: there is no such file (features.toml)\n"
    ) in result.stdout
    assert result.stdout.endswith(
        "9 decisions: 4 kept, 1 renamed, 1 changed, 3 dropped; -o FILE writes the new selection\n"
    )


def test_a_line_that_was_edited_in_place_has_no_old_version(sarto: Sarto, shop: Path) -> None:
    (shop / "next" / "features.toml").replace(shop / "features.toml")

    result = sarto("migrate", "wishes.toml", "--to", ".")

    assert (
        "note: what changes in the configuration is not known: "
        "the selection names this very file as its line (wishes.toml: line)\n"
    ) in result.stdout


def test_a_value_that_the_new_version_needs_and_nobody_says_is_asked_for(sarto: Sarto, shop: Path) -> None:
    needy = (
        NEXT.replace('mandatory = ["payment"', 'mandatory = ["tax", "payment"') + '[features.tax]\ntype = "integer"\n'
    )
    write(shop / "next", features=needy)

    result = sarto("migrate", "wishes.toml", "--to", "next")

    assert result.exit_code == 0
    assert (
        "note: the new selection is not complete yet: feature 'tax' is selected but has no value, "
        "and the line gives it no default (wishes.toml: select)\n"
    ) in result.stdout


def test_profiles_that_fit_are_still_extended_and_others_are_said_in_full(sarto: Sarto, shop: Path) -> None:
    write(shop, europe='[select]\naudit = true\n[brand]\nlogo = "eu.svg"\n', wishes=EXTENDING)
    write(shop, features=SHOP + '[cosmetics.logo]\ntype = "file"\n')

    fits = sarto("migrate", "wishes.toml", "--to", "next", "-o", "next/acme.toml")
    extending = (shop / "next" / "acme.toml").read_text()
    assert sarto("resolve", "next/acme.toml").exit_code == 0
    write(shop, europe='[select]\nreviews = true\n[brand]\nlogo = "eu.svg"\n')
    alone = sarto("migrate", "wishes.toml", "--to", "next", "-o", "next/alone.toml")

    assert "note:" not in fits.stdout
    assert extending == (
        "# Migrated from wishes.toml to shop 2.0.\n"
        'line = "features.toml"\ncustomer = "Acme"\nextends = [\n    "../europe.toml",\n]\n\n[select]\nfull = true\n'
    )
    assert "the new selection says itself what it had from europe.toml, which does not fit as it is" in alone.stdout
    assert (
        (shop / "next" / "alone.toml")
        .read_text()
        .endswith(
            'customer = "Acme"\n\n[select]\n# was reviews = true\nopinions = true\nfull = true\n\n'
            '[brand]\nlogo = "../eu.svg"\n'
        )
    )
    assert sarto("resolve", "next/alone.toml").exit_code == 0


EXTENDING = """
line = "features.toml"
customer = "Acme"
extends = ["europe.toml"]

[select]
full = true
"""


def test_a_reason_in_a_comment_never_breaks_the_file(sarto: Sarto, shop: Path) -> None:
    write(shop / "next", features=NEXT.replace('"No cards."', r'"No\u0007 cards,\nnone."'))

    result = sarto("migrate", "wishes.toml", "--to", "next", "-o", "out.toml")

    assert result.exit_code == 0
    assert comments((shop / "out.toml").read_text())[1].endswith(": No\ufffd cards, none.")
    assert sarto("resolve", "out.toml").exit_code == 0


def test_json_has_each_decision_and_each_change_of_the_configuration(sarto: Sarto) -> None:
    data = json.loads(sarto("migrate", "wishes.toml", "--to", "next", "--json").stdout)

    assert data.keys() == {
        "line", "version", "customer", "decisions", "added", "configuration", "notes", "select", "written",
    }  # fmt: skip
    assert [(each["key"], each["fate"], each["now"], each["after"]) for each in data["decisions"]] == [
        ("select.audit", "kept", "select.audit", True),
        ("select.card", "dropped", None, None),
        ("select.full", "kept", "select.full", True),
        ("select.page_size", "changed", "select.page_size", 40),
        ("select.reviews", "renamed", "select.opinions", False),
        ("select.simple", "dropped", None, None),
        ("prefer.minimise.price", "kept", "prefer.minimise.price", True),
        ("brand.name", "kept", "brand.name", "Acme"),
        ("brand.colour", "dropped", None, None),
    ]
    assert data["decisions"][1]["reasons"][0] == "'audit' is selected (wishes.toml: select.audit)"
    assert [(each["feature"], each["before"], each["after"]) for each in data["configuration"]] == [
        ("card", True, False),
        ("page_size", 50, 40),
    ]
    assert data["select"] == {"audit": True, "full": True, "page_size": 40, "opinions": False}
    assert (data["line"], data["version"], data["customer"], data["written"]) == ("shop", "2.0", "Acme GmbH", None)


def test_a_void_version_is_an_error_with_its_reason(sarto: Sarto, shop: Path) -> None:
    write(shop / "next", features=NEXT + '[[constraints]]\nrule = "!shop"\n')

    result = sarto("migrate", "wishes.toml", "--to", "next", "-o", "out.toml")

    assert result.exit_code == 1
    assert result.stderr.startswith("error: no selection is possible: the feature model contradicts itself:\n")
    assert not (shop / "out.toml").exists()


def test_the_value_of_what_may_be_there_several_times_now_is_that_of_the_first_instance(
    sarto: Sarto, tmp_path: Path
) -> None:
    old = """
[line]
name = "house"
version = "1"
root = "house"
[core]
parts = ["house"]
command = "house"
[features.house]
optional = ["room", "doors"]
[features.room]
mandatory = ["area"]
[features.area]
type = "integer"
minimum = 1
maximum = 50
[features.doors]
type = "integer"
minimum = 1
maximum = 9
"""
    several = "instances = { min = 1, max = 3 }"
    new = old.replace("[features.room]", f"[features.room]\n{several}").replace('"doors"', '"door"')
    new = new.replace("[features.doors]", f'[features.door]\nwas = ["doors"]\n{several}')
    (tmp_path / "next").mkdir()
    write(tmp_path, features=old, own='line = "features.toml"\ncustomer = "C"\n[select]\narea = 12\ndoors = 2\n')
    write(tmp_path / "next", features=new)
    found = json.loads(sarto("migrate", tmp_path / "own.toml", "--to", tmp_path / "next", "--json").stdout)
    assert [(each["key"], each["now"], each["after"]) for each in found["decisions"]] == [
        ("select.area", "select.area#1", 12),
        ("select.doors", "select.door#1", 2),
    ]
    assert found["select"] == {"area#1": 12, "door#1": 2}
