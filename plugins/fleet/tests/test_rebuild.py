"""``sarto fleet rebuild --affected``: as few builds as can be, and the same bytes as if all had been built again."""

from __future__ import annotations

import json
import random
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner
from sarto.errors import SartoError
from sarto.testing import make_wheel
from sarto_fleet.command import fleet

from .shop import LINE, SCRIPT, order, tree

ADVISORY = {
    "id": "PYSEC-1",
    "affected": [
        {
            "package": {"ecosystem": "PyPI", "name": "shop-maps"},
            "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "1.1"}]}],
        }
    ],
}


def run(*words: str, code: int = 0) -> str:
    done = CliRunner().invoke(fleet, list(words), catch_exceptions=False)
    assert done.exit_code == code, done.output
    return done.stdout


def rebuilt(*words: str) -> set[str]:
    said = json.loads(run("rebuild", "orders", "--affected", *words, "--json"))
    return {each["name"] for each in said["customers"] if each["outcome"] == "built"}


def new_maps(home: Path) -> None:
    make_wheel(home / "wheelhouse", "shop-maps", {"shop_maps.py": "new = 1\n"}, version="1.1")


def test_only_those_whose_bytes_change_are_built_and_all_are_as_if_built_again(home: Path) -> None:
    """Random changes of the line, the selections and the parts, one on top of the other."""
    run("build", "orders")
    chance = random.Random(4)
    done = []
    for step in range(1, 13):
        what = chance.choice(["comment", "line", "part", "selection", "brand", "damage", "core"])
        if what == "comment":
            (home / "features.toml").write_text(f"# {step}\n{(home / 'features.toml').read_text()}")
        elif what == "line":
            (home / "features.toml").write_text(LINE.replace('version = "1"', f'version = "{step}"'))
        elif what == "part":
            make_wheel(home / "wheelhouse", "shop-maps", {"shop_maps.py": f"new = {step}\n"}, version=f"1.{step}")
        elif what == "core":
            make_wheel(
                home / "wheelhouse",
                "shop",
                {"shop.py": f"def main(): print({step})\n"},
                SCRIPT,
                version=f"1.{step}",
                requires=["pluggy"],
            )
        elif what in ("selection", "brand"):
            rest = f"[select]\nmaps = {chance.choice(['true', 'false'])}\n"
            order(home, chance.choice(["acme", "bolt"]), rest + f"[brand]\nname = 'N{step}'\n" * (what == "brand"))
        else:
            shutil.rmtree(home / "builds" / "bolt")
        before = {name: tree(home / "builds" / name) for name in ("acme", "bolt", "cord")}
        built = rebuilt()
        shutil.rmtree(home / "full", ignore_errors=True)
        assert run("rebuild", "orders", "-o", "full") == "built 3, unchanged 0, failed 0\n"
        after = {name: tree(home / "full" / name) for name in before}
        assert {name: tree(home / "builds" / name) for name in before} == after
        assert built == {name for name in before if before[name] != after[name]}
        assert "out of date" not in run("status", "orders")
        done.append(what)
    assert len(set(done)) > 4


def test_a_comment_rebuilds_nobody(home: Path) -> None:
    run("build", "orders")
    (home / "features.toml").write_text(f"# a comment\n{LINE}")
    assert rebuilt() == set()
    assert run("build", "orders") == "built 0, unchanged 3, failed 0\n"


def test_it_is_narrowed_to_a_part_a_feature_or_an_advisory(home: Path) -> None:
    run("build", "orders")
    (home / "features.toml").write_text(LINE.replace('version = "1"', 'version = "2"'))
    new_maps(home)
    (home / "advisory.json").write_text(json.dumps(ADVISORY))
    assert rebuilt("--part", "shop-maps==9") == set()
    order(home, "cord")
    assert rebuilt("--advisories", "advisory.json") == {"bolt", "cord"}
    assert rebuilt("--feature", "maps") == set()
    assert rebuilt("--part", "shop") == {"acme"}


def test_one_that_is_still_vulnerable_after_that_is_an_error(home: Path) -> None:
    run("build", "orders")
    (home / "advisory.json").write_text(json.dumps(ADVISORY))
    with pytest.raises(SartoError, match="still concerned: bolt, cord"):
        run("rebuild", "orders", "--affected", "--advisories", "advisory.json")
    new_maps(home)
    run("rebuild", "orders", "--affected", "--advisories", "advisory.json")
    assert run("affected", "--advisories", "advisory.json") == ""


def test_narrowing_goes_with_affected_only(home: Path) -> None:
    done = CliRunner().invoke(fleet, ["rebuild", "orders", "--part", "shop"])
    assert done.exit_code == 2
    assert "--part, --feature and --advisories go with --affected" in done.output


def test_a_build_that_cannot_be_read_is_reported_and_the_others_are_rebuilt(home: Path) -> None:
    run("build", "orders")
    new_maps(home)
    (home / "builds" / "bolt" / "build.json").write_text("{")
    said = json.loads(run("rebuild", "orders", "--affected", "--part", "shop-maps", "--json", code=1))
    assert {Path(each["selection"]).stem: each["outcome"] for each in said["customers"]} == {
        "bolt": "failed", "cord": "built",
    }  # fmt: skip
