"""``sarto analyse``: what holds for all configurations of a model, in any format."""

from __future__ import annotations

import json
from pathlib import Path

from .conftest import SHOP, Sarto, write

FAULTY = (
    SHOP
    + """
[[constraints]]
rule = "!coins"

[[constraints]]
rule = "payment => card"
"""
)


def test_the_findings_stand_in_a_table(sarto: Sarto, shop: Path) -> None:
    write(shop, features=FAULTY)

    result = sarto("analyse", "features.toml")

    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout == (
        "features.toml: 11 features, 4 constraints\n"
        "  void            no\n"
        "  core            4   card, page_size, payment, shop\n"
        "  dead            1   coins\n"
        "  false-optional  1   card\n"
    )


def test_json_has_the_keys_of_every_analysis(sarto: Sarto, shop: Path) -> None:
    write(shop, features=FAULTY)

    assert json.loads(sarto("analyse", "features.toml", "--json").stdout) == {
        "features": 11,
        "constraints": 4,
        "void": False,
        "core": ["card", "page_size", "payment", "shop"],
        "dead": ["coins"],
        "false_optional": ["card"],
    }


def test_in_a_void_model_nothing_is_core_and_everything_is_dead(sarto: Sarto, shop: Path) -> None:
    write(shop, features=SHOP + '[[constraints]]\nrule = "!shop"\n')

    data = json.loads(sarto("analyse", "features.toml", "--json").stdout)

    assert (data["void"], data["core"], len(data["dead"])) == (True, [], 11)


def test_a_model_file_needs_nothing_but_the_model(sarto: Sarto, shop: Path) -> None:
    write(shop, model='[line]\nroot = "a"\n[features.a]\nmandatory = ["b"]\n')

    assert sarto("analyse", "model.toml").stdout.startswith("model.toml: 2 features, 0 constraints\n")


def test_a_format_that_no_plugin_reads_is_an_error(sarto: Sarto, shop: Path) -> None:
    (shop / "model.xml").write_text("<model/>")

    result = sarto("analyse", "model.xml")

    assert result.exit_code == 1
    assert result.stderr == (
        "error: no plugin reads files that end in '.xml'\n  --> model.xml\n  hint: the suffixes that are known: .toml\n"
    )
