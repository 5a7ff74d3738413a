"""A real tiny line with a wheelhouse, and orders for it."""

from __future__ import annotations

from pathlib import Path

LINE = """
[line]
name = "shop"
version = "1"
root = "shop"
[core]
parts = ["shop"]
command = "shop"
sources = ["wheelhouse"]
[targets]
python = "3.11"
platforms = "manylinux_2_28_x86_64"
[features.shop]
optional = ["maps"]
[features.maps]
parts = ["shop-maps"]
[cosmetics.logo]
type = "file"
"""
SCRIPT = "[console_scripts]\nshop = shop:main\n"
SHOP = """
import importlib.util
def main():
    print("shop", *(name for name in ("shop_maps",) if importlib.util.find_spec(name)))
"""
MAPS = "[select]\nmaps = true\n"


def order(home: Path, name: str, rest: str = "", head: str = "") -> Path:
    file = home / "orders" / f"{name}.toml"
    file.write_text(f'line = "../features.toml"\ncustomer = "{name}"\n{head}{rest}')
    return file


def tree(folder: Path) -> dict[str, bytes]:
    """The bytes of all files below the folder."""
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}
