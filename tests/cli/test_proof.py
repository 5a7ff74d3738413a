"""``--proof``: the folder that it writes is accepted by a checker that knows nothing of Sarto."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from ..drat import RefusedError, check
from .conftest import SHOP, Sarto, write

FAULTY = (
    SHOP
    + """
[[constraints]]
rule = "!coins"

[[constraints]]
rule = "payment => card"

[[constraints]]
rule = "audit => invoice"
"""
)
VOID = SHOP + '\n[[constraints]]\nrule = "!payment"\n'


def claims_in(folder: Path) -> list[dict[str, Any]]:
    """The claims of a folder, each proof accepted, and no other file in it."""
    claims: list[dict[str, Any]] = json.loads((folder / "claims.json").read_text())["claims"]
    files = {"claims.json", "README"}
    for claim in claims:
        if "witness" in claim:
            files.add(claim["witness"])
        else:
            check((folder / claim["cnf"]).read_text(), (folder / claim["proof"]).read_text())
            files |= {claim["cnf"], claim["proof"]}
    assert {file.name for file in folder.iterdir()} == files
    return claims


def test_an_analysis_is_proved(sarto: Sarto, shop: Path) -> None:
    write(shop, features=FAULTY)

    result = sarto("analyse", "features.toml", "--proof", "proofs")

    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout == sarto("analyse", "features.toml").stdout
    assert claims_in(shop / "proofs") == [
        {"claim": "the feature model has a configuration", "witness": "witness.json"},
        {
            "claim": "every configuration has each of these features",
            "features": ["card", "page_size", "payment", "shop"],
            "cnf": "core.cnf",
            "proof": "core.drat",
        },
        {
            "claim": "no configuration has any of these features",
            "features": ["coins"],
            "cnf": "dead.cnf",
            "proof": "dead.drat",
        },
        {
            "claim": "every configuration that has the parent of one of these features has the feature",
            "features": ["card"],
            "cnf": "false-optional.cnf",
            "proof": "false-optional.drat",
        },
    ]
    witness = json.loads((shop / "proofs" / "witness.json").read_text())
    assert (witness["card"], witness["coins"]) == (True, False)
    assert 10 <= witness["page_size"] <= 100


def test_a_void_model_is_proved_to_be_one(sarto: Sarto, shop: Path) -> None:
    write(shop, features=VOID)

    sarto("analyse", "features.toml", "--proof", "proofs")

    claim = {"claim": "the feature model has no configuration", "cnf": "void.cnf", "proof": "void.drat"}
    assert claims_in(shop / "proofs") == [claim]


def test_check_also_proves_why_constraints_are_redundant(sarto: Sarto, shop: Path) -> None:
    write(shop, features=FAULTY)

    sarto("check", "--no-parts", "--proof", "proofs")

    claims = claims_in(shop / "proofs")
    assert [claim["claim"] for claim in claims[4:]] == [
        "the rest of the model implies the constraint at features.toml: constraints[0].rule",
        "the rest of the model implies the constraint at features.toml: constraints[4].rule",
    ]


ROOMS = """
[line]
name = "hotel"
version = "1"
root = "hotel"
[core]
parts = ["hotel"]
command = "hotel"
[features.hotel]
mandatory = ["room"]
optional = ["lift"]
[features.room]
instances = { min = 2, max = 3 }
optional = ["bath", "stove"]
[[constraints]]
rule = "!stove"
[[constraints]]
rule = "room & stove => lift"
"""


@pytest.mark.parametrize("command", [("analyse",), ("check", "--no-parts")])
def test_of_features_with_instances_the_proofs_are_about_each(
    command: tuple[str, ...], sarto: Sarto, shop: Path
) -> None:
    write(shop, features=ROOMS)
    result = sarto(*command, "features.toml", "--proof", "proofs")
    assert result.stderr == sarto(*command, "features.toml").stderr
    claims = claims_in(shop / "proofs")
    assert claims[0] == {"claim": "the feature model has a configuration", "witness": "witness.json"}
    assert [claim["features"] for claim in claims if "no configuration" in claim["claim"]] == [["stove"]]
    witness = json.loads((shop / "proofs" / "witness.json").read_text())
    assert (witness["hotel"], witness["room#1"], witness["room#2"]) == (True, True, True)
    assert not any(witness[f"stove#{number}"] for number in (1, 2, 3))


def test_a_conflict_is_proved_from_what_it_names(sarto: Sarto, shop: Path) -> None:
    result = sarto("explain", "impossible.toml", "--all", "--proof", "proofs")

    assert (result.exit_code, result.stderr) == (0, "")
    (claim,) = claims_in(shop / "proofs")
    assert claim["claim"] == (
        "these cannot all hold: 'audit' is selected (impossible.toml: select.audit); "
        "'coins' is selected (impossible.toml: select.coins)"
    )
    assert "c 1 audit\n" in (shop / "proofs" / "conflict-1.cnf").read_text()


def test_a_damaged_proof_is_refused(sarto: Sarto, shop: Path) -> None:
    sarto("explain", "impossible.toml", "--proof", "proofs")
    formula = (shop / "proofs" / "conflict-1.cnf").read_text()
    assert formula.endswith("\n2 0\n")

    with pytest.raises(RefusedError):
        check(formula.replace("\n2 0\n", "\n-2 0\n"), (shop / "proofs" / "conflict-1.drat").read_text())


def test_a_consequence_is_proved_and_a_possible_selection_shown(sarto: Sarto, shop: Path) -> None:
    sarto("explain", "acme.toml", "coins", "--proof", "coins")
    sarto("explain", "acme.toml", "--proof", "possible")

    (claim,) = claims_in(shop / "coins")
    assert claim["claim"] == "where 'audit' is selected, 'coins' is out"
    assert claims_in(shop / "possible") == [{"claim": "the selection is possible", "witness": "witness.json"}]
    resolved = json.loads(sarto("resolve", "acme.toml", "--json").stdout)["configuration"]
    assert json.loads((shop / "possible" / "witness.json").read_text()) == resolved


def test_what_could_be_otherwise_has_no_proof(sarto: Sarto, shop: Path) -> None:
    result = sarto("explain", "acme.toml", "audit", "--proof", "proofs")

    assert result.exit_code == 1
    assert result.stderr == (
        "error: there is nothing to prove about 'audit', which could have been decided otherwise\n"
        "  hint: what decided it: 'audit' is selected (acme.toml: select.audit)\n"
    )
    assert not (shop / "proofs").exists()


def test_proofs_are_not_mixed_with_what_is_there(sarto: Sarto, shop: Path) -> None:
    sarto("analyse", "features.toml", "--proof", "proofs")
    again = sarto("analyse", "features.toml", "--proof", "proofs")
    file = sarto("analyse", "features.toml", "--proof", "acme.toml")

    assert again.stderr == ("error: there is something in this folder already\n  --> proofs\n  hint: name a new one\n")
    assert file.stderr == "error: this is a file, where a folder is to be written\n  --> acme.toml\n"
    assert (again.exit_code, file.exit_code) == (1, 1)


def test_what_a_configuration_calls_forced_is_proved(sarto: Sarto, shop: Path) -> None:
    result = sarto("resolve", "acme.toml", "--proof", "proofs")

    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout == sarto("resolve", "acme.toml").stdout
    claims = claims_in(shop / "proofs")
    resolved = json.loads(sarto("resolve", "acme.toml", "--json").stdout)["configuration"]
    assert claims[0] == {"claim": "the selection is possible", "witness": "witness.json"}
    assert json.loads((shop / "proofs" / "witness.json").read_text()) == resolved
    assert {claim["cnf"]: claim["claim"] for claim in claims[1:]} == {
        "on.cnf": "where the selection's wishes hold, each of these features is on",
        "off.cnf": "where the selection's wishes hold, each of these features is off",
    }
    assert all(resolved[name] is not False for name in claims[1]["features"])
    assert "coins" in claims[2]["features"]
    assert not any(resolved[name] for name in claims[2]["features"])


def test_a_selection_that_cannot_be_resolved_is_proved_to_be_impossible(sarto: Sarto, shop: Path) -> None:
    result = sarto("resolve", "impossible.toml", "--proof", "proofs")

    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == sarto("resolve", "impossible.toml").stderr
    (claim,) = claims_in(shop / "proofs")
    assert (claim["cnf"], claim["claim"][:23]) == ("conflict-1.cnf", "these cannot all hold: ")


def test_a_damaged_proof_of_a_resolution_is_refused(sarto: Sarto, shop: Path) -> None:
    sarto("resolve", "acme.toml", "--proof", "proofs")
    for claim in claims_in(shop / "proofs")[1:]:
        formula = (shop / "proofs" / claim["cnf"]).read_text().splitlines()
        proof = (shop / "proofs" / claim["proof"]).read_text()
        number = len(formula) - 1
        header = next(index for index, line in enumerate(formula) if line.startswith("p cnf"))
        _, _, size, count = formula[header].split()
        formula[header] = f"p cnf {size} {int(count) - 1}"
        with pytest.raises(RefusedError):
            check("\n".join(formula[:number]), proof)
