"""The build format has every key of a real ``build.json``, in its table and in its example."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sarto.derive.json_text import as_json
from sarto.derive.manifest import FORMAT, manifest
from sarto.derive.plan import Plan, ResolvedTarget
from sarto.model.toml_line import read_line
from sarto.model.toml_selection import merge, read_selection
from sarto.solve.resolution import resolve
from sarto.testing import make_wheel, part_of

from .page import Page

PAGE = Page.read("docs/reference/build.md")
LINE = """
[line]
name = "shop"
version = "1.0"
root = "shop"
licence_key = "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"
signing_key = "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"

[core]
parts = ["shop"]
command = "shop"
group = "shop"
settings = { environment = "SHOP_{NAME}" }

[features.shop]
mandatory = ["items"]
optional = ["offers", "coupons"]

[features.items]
type = "integer"
default = 10
setting = "items"
on_failure = "disable"

[features.offers]
stage = "user"
binding = "start"

[features.coupons]
stage = "user"
binding = "start"
requires = ["offers"]
parts = ["shop-coupons"]
on_failure = "disable"
licensed = true

[usage]
record = ["reached"]
commands = { sell = "coupons" }
"""
SELECTION = """
line = "features.toml"
customer = "Acme GmbH"

[open]
features = ["offers", "coupons"]

[consent]
usage = true
"""
AS_NAMES = ("features", "policies", "settings")
"""Keys whose tables have names of features as keys, ``F`` in the page."""
WHOLE = ("core.settings", "brand", "look", "residual", "needs", "usage.commands", "usage.points")
"""What the page describes as a whole, in words."""


def content(folder: Path) -> dict[str, Any]:
    """The content of a ``build.json`` with something in every table; its wheels are in the folder."""
    line = read_line(LINE, "features.toml")
    selection = merge([read_selection(SELECTION, "acme.toml")])
    core = part_of(make_wheel(folder, "shop", {"shop.py": ""}))
    coupons = make_wheel(folder, "shop-coupons", {"coupons.py": ""}, "[shop]\ncoupons = coupons\n")
    resolution = resolve(line.model, selection)
    assert resolution.residual
    said = manifest(
        Plan(
            name="acme",
            line=line,
            selection=selection,
            resolution=resolution,
            target=ResolvedTarget(python="3.11", platform="any", markers={}, tags=()),
            parts=(core, part_of(coupons, ["coupons"])),
            order=("coupons",),
            settings={"items": 10},
            brand={"name": "Acme"},
            brand_files={},
            look={"languages": ["en"], "types": {}, "texts": {}, "variants": {}},
        )
    )
    contents: dict[str, Any] = json.loads(as_json(said))
    return contents


def keys(value: Any, path: str = "") -> Iterator[str]:
    """The paths of all leaves, ``F`` for a feature and ``[]`` for an item of a list."""
    if isinstance(value, dict) and path not in WHOLE:
        for key, below in value.items():
            yield from keys(below, ".".join(filter(None, [path, "F" if path in AS_NAMES else key])))
    elif isinstance(value, list) and value and isinstance(value[0], dict) and path not in WHOLE:
        for each in value:
            yield from keys(each, f"{path}[]")
    else:
        yield path


def documented() -> Iterator[str]:
    """The keys of the page's table; ``.version`` behind ``parts[].name`` is ``parts[].version``."""
    for row in re.findall(r"^\| (`.*?`) \|", PAGE.sections()["`build.json`"], re.MULTILINE):
        parent = ""
        for key in re.findall(r"`([^`]+)`", row):
            yield parent + key if key.startswith(".") else key
            parent = key.rpartition(".")[0] or parent


def test_the_table_has_every_key(tmp_path: Path) -> None:
    assert sorted(documented()) == sorted({*keys(content(tmp_path)), "features", "parts", "plugins"})


def test_the_example_has_every_key(tmp_path: Path) -> None:
    (example,) = [json.loads(b.text) for b in PAGE.blocks if b.heading == "`build.json`"]
    real = content(tmp_path)
    assert set(keys(example)) == set(keys(real))
    assert set(example["core"]["settings"]) == set(real["core"]["settings"])
    assert set(example["residual"][0]) == set(real["residual"][0])
    assert set(example["look"]) == set(real["look"])
    assert example["format"] == FORMAT


def test_the_page_says_the_number_of_the_format() -> None:
    assert f"The number of the format is **{FORMAT}**" in PAGE.text
