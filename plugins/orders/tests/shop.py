"""A real tiny line with prices, whose parts are made here, and its first customer."""

from __future__ import annotations

from pathlib import Path

import pytest
from sarto.testing import installed_wheel, make_wheel

LINE = """
[line]
name = "shop"
version = "1"
summary = "A shop"
root = "shop"
[core]
parts = ["shop"]
command = "shop"
sources = ["wheelhouse"]
[targets]
python = "host"
platforms = "host"
[features.shop]
optional = ["maps", "tea", "seats"]
[features.maps]
parts = ["shop-maps"]
attributes = { price = 400 }
[features.tea]
parts = ["shop-tea"]
attributes = { price = 99.95 }
[features.seats]
type = "integer"
minimum = 1
maximum = 50
default = 5
[cosmetics]
logo = { type = "file" }
[prices]
currency = "EUR"
base = 900
[[prices.taxes]]
name = "VAT"
percent = 22
"""
SCRIPT = "[console_scripts]\nshop = shop:main\n"
SHOP = """
import importlib.util
def main():
    print("shop", *(name for name in ("shop_maps", "shop_tea") if importlib.util.find_spec(name)))
"""
PROFILE = "[select]\nmaps = true\n"
ACME = """# Comments are for the person who wrote them.
line = "../features.toml"
customer = "Acme"
extends = ["base.toml"]
[select]
seats = 7
[brand]
logo = "acme.svg"
"""


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of the line, in which the test stands; nothing here reaches the network."""
    home = tmp_path / "shop"
    home.mkdir()
    monkeypatch.setenv("SARTO_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("UV_OFFLINE", "1")
    monkeypatch.delenv("SARTO_ORDERS", raising=False)
    monkeypatch.chdir(home)
    make_wheel(home / "wheelhouse", "shop", {"shop.py": SHOP}, SCRIPT, requires=["pluggy"])
    for name in ("maps", "tea"):
        make_wheel(home / "wheelhouse", f"shop-{name}", {f"shop_{name}.py": ""})
    installed_wheel(home / "wheelhouse", "pluggy")
    (home / "features.toml").write_text(LINE)
    (home / "selections").mkdir()
    (home / "selections" / "base.toml").write_text(PROFILE)
    (home / "selections" / "acme.toml").write_text(ACME)
    (home / "selections" / "acme.svg").write_text("<svg/>")
    return home
