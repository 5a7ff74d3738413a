"""``sarto check``: what is wrong with a line, the most severe first."""

from __future__ import annotations

import json
from pathlib import Path

from .conftest import SHOP, Sarto, write

UNSOUND = (
    SHOP
    + """
[[constraints]]
rule = "!coins"
because = "Nobody counts coins."

[[constraints]]
rule = "payment => card"

[[constraints]]
rule = "full => shop"
"""
)

VOID = (
    SHOP
    + """
[[constraints]]
rule = "!shop"
"""
)


def test_a_sound_line_is_summed_up_in_one_line(sarto: Sarto, shop: Path) -> None:
    result = sarto("check", "--no-parts")

    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout == "shop 1.2: 11 features, 2 constraints; 0 errors, 0 warnings\n"


def test_the_line_can_be_named_by_file_or_by_folder(sarto: Sarto, shop: Path) -> None:
    assert (
        sarto("check", shop, "--no-parts").stdout
        == sarto("check", shop / "features.toml", "--no-parts").stdout
        == sarto("check", "--no-parts").stdout
    )


def test_errors_come_before_warnings_each_with_the_reason(sarto: Sarto, shop: Path) -> None:
    write(shop, features=UNSOUND)

    result = sarto("check", "--no-parts")

    assert result.exit_code == 1
    assert result.stdout == (
        "error: feature 'coins' is dead: no configuration has it\n"
        "  --> features.toml: features.payment.or\n"
        "  because the constraint !coins (features.toml: constraints[2].rule): Nobody counts coins\n"
        "warning: feature 'card' is false-optional: every configuration with 'payment' has it\n"
        "  --> features.toml: features.payment.or\n"
        "  because the constraint payment => card (features.toml: constraints[3].rule)\n"
        "warning: the constraint full => shop is redundant: the rest of the model already implies it\n"
        "  --> features.toml: constraints[4].rule\n"
        "shop 1.2: 11 features, 5 constraints; 1 error, 2 warnings\n"
    )


def test_warnings_alone_are_no_failure(sarto: Sarto, shop: Path) -> None:
    write(shop, features=SHOP + '[[constraints]]\nrule = "full => shop"\n')

    result = sarto("check", "--no-parts")

    assert result.exit_code == 0
    assert result.stdout.endswith("; 0 errors, 1 warning\n")


def test_of_a_void_line_only_that_is_said(sarto: Sarto, shop: Path) -> None:
    write(shop, features=VOID)

    result = sarto("check", "--no-parts")

    assert result.exit_code == 1
    assert result.stdout.splitlines()[0] == "error: the feature model is void: no selection at all is possible"
    assert result.stdout.endswith("; 1 error, 0 warnings\n")


def test_json_has_each_finding(sarto: Sarto, shop: Path) -> None:
    write(shop, features=UNSOUND)

    result = sarto("check", "--no-parts", "--json")

    assert result.exit_code == 1
    data = json.loads(result.stdout)
    assert data["line"] == "shop"
    assert [(finding["severity"], finding["kind"]) for finding in data["findings"]] == [
        ("error", "dead"),
        ("warning", "false-optional"),
        ("warning", "redundant"),
    ]
    assert data["findings"][0] == {
        "severity": "error",
        "kind": "dead",
        "what": "feature 'coins' is dead: no configuration has it",
        "where": "features.toml: features.payment.or",
        "because": ["the constraint !coins (features.toml: constraints[2].rule): Nobody counts coins"],
        "hint": "",
    }


def test_a_folder_without_a_line_is_an_error_that_says_what_to_name(sarto: Sarto, shop: Path) -> None:
    (shop / "features.toml").unlink()

    result = sarto("check", "--no-parts")

    assert result.exit_code == 1
    assert result.stderr == (
        "error: there is no features.toml in this folder\n  hint: name a line: a features.toml or its folder\n"
    )
