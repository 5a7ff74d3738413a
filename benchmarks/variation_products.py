"""What the start of a product costs beside that of the same host in a virtual environment."""

from __future__ import annotations

import os
import subprocess
import time
import venv
import zipfile
from collections.abc import Mapping
from pathlib import Path

from sarto.hooks import PluginManager
from sarto.line import ProductLine
from sarto.testing import installed_wheel, make_wheel
from variants import Times

__all__ = ["SHOP", "make_products", "starting"]

SHOP = """
import sys
from sarto_runtime import load_plugins, variation_point

@variation_point
def price(n: int, rate: int) -> int:
    return n * rate

def main():
    load_plugins("shop")
    print(price(int(sys.argv[1]), 2))
"""
SHOP_PLUGIN = """
from sarto_runtime import after

@after("price")
def more(result, n, rate):
    return result + {number}
"""
FEATURES = 8
SHOP_LINE = """
[line]
name = "shop"
version = "1.0"
root = "shop"

[core]
parts = ["shop"]
command = "shop"
group = "shop"
sources = ["wheels"]

[targets]
python = "host"
platforms = ["host"]

[features.shop]
mandatory = [{names}]
"""


def make_products(folder: Path) -> dict[str, list[str]]:
    """The commands that start the same host with the same parts: in a build, and in a virtual environment."""
    wheels = folder / "wheels"
    installed_wheel(wheels, "pluggy")
    make_wheel(wheels, "shop", {"shop.py": SHOP}, "[console_scripts]\nshop = shop:main\n")
    features = [f"f{number}" for number in range(FEATURES)]
    line = SHOP_LINE.format(names=", ".join(f'"{name}"' for name in features))
    for number, name in enumerate(features):
        files = {f"shop_{name}.py": SHOP_PLUGIN.format(number=number)}
        make_wheel(wheels, f"shop-{name}", files, f"[shop]\n{name} = shop_{name}\n")
        line += f'\n[features.{name}]\nparts = ["shop-{name}"]\n'
    (folder / "features.toml").write_text(line, encoding="utf-8")
    (folder / "acme.toml").write_text('line = "features.toml"\ncustomer = "Acme"\n', encoding="utf-8")
    os.environ |= {"SARTO_CACHE": str(folder / "cache"), "UV_OFFLINE": "1"}
    opened, selection = ProductLine.for_selection(folder / "acme.toml", plugins=PluginManager())
    opened.build(selection, folder / "builds")
    build = folder / "builds" / "acme"
    venv.create(folder / "venv", symlinks=True)
    python = folder / "venv" / "bin" / "python"
    (site,) = (folder / "venv" / "lib").glob("python*/site-packages")
    for wheel in sorted((build / "parts").glob("*.whl")):
        with zipfile.ZipFile(wheel) as archive:
            archive.extractall(site)
    subprocess.run([str(python), "-m", "compileall", "-q", str(site)], check=True)
    script = folder / "venv" / "bin" / "shop"
    script.write_text("import sys\nfrom shop import main\nsys.exit(main())\n", encoding="utf-8")
    return {
        "python -c pass": [str(python), "-c", "pass"],
        "start in a virtual environment": [str(python), str(script), "4"],
        "start of the build": [str(python), str(build / "acme.py"), "4"],
    }


def starting(commands: Mapping[str, list[str]], times: Times) -> None:
    """One start of each."""
    for name, command in commands.items():
        begun = time.perf_counter()
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        times.setdefault(name, []).append((time.perf_counter() - begun) * 1000)
        assert done.stdout == ("" if "-c" in command else f"{8 + sum(range(FEATURES))}\n")
