"""``sarto fleet status`` and ``sarto fleet diff``: how each customer stands, and what building again would change."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from sarto.derive.verify import verify
from sarto.testing import make_wheel
from sarto_fleet.command import fleet

from .shop import LINE, order


def run(*words: str, code: int = 0) -> str:
    done = CliRunner().invoke(fleet, list(words), catch_exceptions=False)
    assert done.exit_code == code, done.output
    return done.stdout


def stands() -> dict[str, tuple[str, list[str]]]:
    said = json.loads(run("status", "orders", "--json"))
    return {each["name"]: (each["state"], each["because"]) for each in said["customers"]}


def differences(code: int = 0) -> dict[str, list[tuple[str, str, Any, Any]]]:
    said = json.loads(run("diff", "orders", "--json", code=code))
    keys = ("kind", "name", "before", "after")
    return {
        customer.get("name", customer.get("selection")): [
            tuple(change[key] for key in keys) for change in customer.get("changes", ())
        ]
        for customer in said["customers"]
    }


def test_the_table_has_each_customer_with_the_state_the_line_and_what_is_in_the_build(home: Path) -> None:
    run("build", "orders")
    order(home, "dove")
    order(home, "bolt", "[select]\nmaps = false\n")
    size = {name: sum(p.stat().st_size for p in (home / f"builds/{name}/parts").iterdir()) for name in ("acme", "bolt")}
    assert run("status", "orders").splitlines() == [
        "CUSTOMER  STATE        LINE  FEATURES  SIZE     WHY",
        f"acme      built        1     1         {size['acme']:,}",
        f"bolt      out of date  1     2         {size['bolt']:,}  its selection has changed; parts have changed",
        f"cord      built        1     2         {size['bolt']:,}",
        "dove      never built  -     -         -",
        "built 2, out of date 1, never built 1",
    ]
    assert not (home / "builds" / "dove").exists()


@pytest.mark.parametrize(
    ("change", "because", "whom"),
    [
        ("line", "the line's files have changed", {"acme", "bolt", "cord"}),
        ("part", "parts have changed", {"bolt", "cord"}),
        ("profile", "its selection has changed; parts have changed", {"cord"}),
        ("record", "it was not made by 'sarto fleet'", {"acme"}),
    ],
)
def test_what_is_out_of_date_says_why_and_is_built_after_building(
    home: Path, change: str, because: str, whom: set[str]
) -> None:
    run("build", "orders")
    assert stands() == dict.fromkeys(("acme", "bolt", "cord"), ("built", []))
    if change == "line":
        (home / "features.toml").write_text(LINE.replace('version = "1"', 'version = "2"'))
    elif change == "part":
        make_wheel(home / "wheelhouse", "shop-maps", {"shop_maps.py": "new = 1\n"}, version="1.1")
    elif change == "profile":
        (home / "orders" / "base.toml").write_text("[select]\nmaps = false\n")
    else:
        (home / "builds" / ".fleet" / "acme.json").unlink()
    stale = ("out of date", because.split("; "))
    expected = {name: stale if name in whom else ("built", []) for name in ("acme", "bolt", "cord")}
    assert stands() == expected
    run("build", "orders")
    assert stands() == dict.fromkeys(("acme", "bolt", "cord"), ("built", []))


def test_what_is_broken_and_what_nobody_orders_is_named(home: Path) -> None:
    order(home, "dove")
    run("build", "orders")
    part = home / "builds/acme/parts/shop-1.0-py3-none-any.whl"
    part.rename(home / "kept.whl")
    (home / "builds/bolt/build.json").write_text("{")
    order(home, "cord", "[select]\nmops = true\n")
    (home / "orders" / "dove.toml").unlink()
    found = stands()
    assert found["acme"] == ("broken", ["parts/shop-1.0-py3-none-any.whl is missing"])
    assert found["bolt"] == ("broken", ["its build.json cannot be read"])
    assert found["orders/cord.toml"][0] == "broken"
    assert "mops" in found["orders/cord.toml"][1][0]
    assert found["dove"] == ("no selection", [])
    assert "cord" not in found, "its selection is there, and can be mended"
    (home / "builds/cord/build.json").write_text("{")
    assert stands() == found
    part.write_bytes(b"shorter")
    assert stands()["acme"] == ("broken", ["parts/shop-1.0-py3-none-any.whl was changed"])


def test_a_status_is_the_same_without_the_parts(home: Path) -> None:
    run("build", "orders")
    before = stands()
    shutil.rmtree(home / "cache" / "parts")
    assert stands() == before


def test_nothing_would_change_where_all_is_as_it_was_built(home: Path) -> None:
    run("build", "orders")
    assert run("diff", "orders") == "3 customers: 0 would change, 3 would not, 0 cannot\n"


def test_a_comment_in_the_line_makes_builds_out_of_date_and_changes_nothing_in_them(home: Path) -> None:
    run("build", "orders")
    (home / "features.toml").write_text(f"# a comment\n{LINE}")
    assert {state for state, _ in stands().values()} == {"out of date"}
    assert differences() == {}


def test_each_difference_says_what_would_change_and_why(home: Path) -> None:
    run("build", "orders")
    order(home, "bolt", "[select]\nmaps = false\n[brand]\nname = 'Bolt'\n")
    make_wheel(home / "wheelhouse", "shop-maps", {"shop_maps.py": "new = 1\n"}, version="1.1")
    assert differences() == {
        "bolt": [
            ("feature", "maps", True, None),
            ("part", "shop-maps", "1.0", None),
            ("brand", "name", "shop", "Bolt"),
        ],
        "cord": [("part", "shop-maps", "1.0", "1.1")],
    }
    assert run("diff", "orders") == (
        "bolt:\n"
        "  feature  maps: yes -> none  ('maps' is deselected (orders/bolt.toml: select.maps))\n"
        "  part     shop-maps: 1.0 -> none\n"
        "  brand    name: shop -> Bolt\n"
        "cord:\n"
        "  part     shop-maps: 1.0 -> 1.1\n"
        "3 customers: 2 would change, 1 would not, 0 cannot\n"
    )


def test_a_text_of_the_brand_in_another_language_makes_a_build_out_of_date_and_is_a_difference(home: Path) -> None:
    languages = LINE.replace('root = "shop"', 'root = "shop"\nlanguages = ["en", "it"]') + "[cosmetics.footer]\n"
    (home / "features.toml").write_text(languages)
    order(home, "bolt", "[brand.footer]\nen = 'Open'\nit = 'Aperto'\n")
    run("build", "orders")
    order(home, "bolt", "[brand.footer]\nen = 'Open'\nit = 'Aperto ora'\n")
    assert stands()["bolt"] == ("out of date", ["its selection has changed", "its brand has changed"])
    assert differences() == {"bolt": [("brand", "footer.it", "Aperto", "Aperto ora")]}


def test_another_order_of_plugins_and_another_name_of_the_customer_are_differences(home: Path) -> None:
    make_wheel(home / "wheelhouse", "shop-tea", {"shop_tea.py": ""})
    line = LINE.replace('optional = ["maps"]', 'optional = ["maps", "tea"]') + '[features.tea]\nparts = ["shop-tea"]\n'
    (home / "features.toml").write_text(line)
    order(home, "bolt", "[select]\nmaps = true\ntea = true\n")
    run("build", "orders")
    (home / "features.toml").write_text(f"{line}before = ['maps']\n")
    (home / "orders" / "acme.toml").write_text('line = "../features.toml"\ncustomer = "ACME"\n')
    assert differences() == {
        "acme": [("customer", "name", "acme", "ACME")],
        "bolt": [("order", "plugins", "maps, tea", "tea, maps")],
    }


def test_other_bytes_of_the_same_version_are_a_difference(home: Path) -> None:
    run("build", "orders")
    make_wheel(home / "wheelhouse", "shop-maps", {"shop_maps.py": "other = 1\n"})
    said = json.loads(run("diff", "orders", "--json"))["customers"]
    assert [each["name"] for each in said] == ["bolt", "cord"]
    assert said[0]["changes"][0]["because"] == "the same version with other bytes"


def test_a_customer_who_cannot_be_built_for_is_said_and_the_others_are_compared(home: Path) -> None:
    order(home, "bolt", "[select]\nmops = true\n")
    found = differences(code=1)
    assert found["orders/bolt.toml"] == []
    assert ("part", "shop", None, "1.0") in found["acme"]
    assert ("line", "shop", None, "1") in found["acme"]


def tell(name: str) -> str:
    line = [sys.executable, f"builds/{name}/{name}.py"]
    done = subprocess.run(line, capture_output=True, text=True, env=dict(os.environ), timeout=60, check=True)
    return done.stdout


def test_what_is_built_by_the_fleet_starts_with_its_own_features(home: Path) -> None:
    run("build", "orders")
    assert [tell(name) for name in ("acme", "bolt", "cord")] == ["shop\n", "shop shop_maps\n", "shop shop_maps\n"]
    assert all(verify(home / "builds" / name).is_good for name in ("acme", "bolt", "cord"))


def test_customers_who_say_what_is_in_each_instance_are_built_for_as_everywhere(home: Path) -> None:
    table = "instances = { min = 0, max = 2 }\noptional = ['frame']\n"
    (home / "features.toml").write_text(LINE.replace("[features.maps]\n", f"[features.maps]\n{table}"))
    order(home, "bolt", "[[select.maps]]\nframe = true\n[[select.maps]]\n")
    assert run("build", "orders") == "built 3, unchanged 0, failed 0\n"
    said = json.loads((home / "builds" / "bolt" / "build.json").read_text())["features"]
    assert [said[name]["value"] for name in ("maps#1", "frame#1", "maps#2", "frame#2")] == [True, True, True, False]
    assert stands()["bolt"] == ("built", [])
    assert differences() == {}


def test_in_the_table_a_reason_is_one_line(home: Path) -> None:
    (home / "features.toml").write_text(f"{LINE}[[constraints]]\nrule = '!maps'\n")
    order(home, "cord")
    assert run("status", "orders").splitlines() == [
        "CUSTOMER  STATE        LINE  FEATURES  SIZE  WHY",
        "acme      never built  -     -         -",
        "bolt      broken       -     -         -     the selection is impossible",
        "cord      never built  -     -         -",
        "built 0, never built 2, broken 1",
    ]
    assert stands()["bolt"][1][0].startswith("the selection is impossible, because these cannot all hold:\n  - ")
