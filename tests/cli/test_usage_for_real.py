"""From a line that lets its products record, through a real build that does, to a rule that speaks of it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from sarto.testing import installed_wheel, make_wheel

from .conftest import Sarto

CORE = """
import sys
from sarto_runtime import load_plugins, product, variation_point

@variation_point
def price(n: int) -> int:
    return n

def main():
    load_plugins()
    for n in range(int(sys.argv[1])):
        price(n)
    print(product().reach("maps"))
"""
MORE = "from sarto_runtime import after\n\n@after('price')\ndef more(result, n):\n    return result + 1\n"
LINE = """
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
optional = ["more", "maps"]
[features.more]
parts = ["shop-more"]
default = true
[usage]
record = ["calls", "reached"]
[[rules]]
when = "usage.maps.reached >= 2 & usage.more.calls == 12"
select = { maps = true }
because = "Somebody keeps asking for it."
"""


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    wheels = tmp_path / "wheels"
    installed_wheel(wheels, "pluggy")
    make_wheel(wheels, "shop", {"shop.py": CORE}, "[console_scripts]\nshop = shop:main\n")
    make_wheel(wheels, "shop-more", {"shop_more.py": MORE}, "[shop]\nmore = shop_more\n")
    (tmp_path / "features.toml").write_text(LINE)
    (tmp_path / "facts.toml").write_text('customer = "Acme"\n')
    monkeypatch.setenv("UV_OFFLINE", "1")
    monkeypatch.setenv("SARTO_STATE", str(tmp_path / "state"))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def start(build: str, *words: str) -> str:
    command = [sys.executable, f"builds/{build}/{build}.py", *words]
    done = subprocess.run(command, capture_output=True, text=True, check=True, env=dict(os.environ))
    assert done.stderr == ""
    return done.stdout


def test_a_product_records_where_its_customer_consents_and_a_rule_speaks_of_it(sarto: Sarto, shop: Path) -> None:
    for name, consent in (("acme", "[consent]\nusage = true\n"), ("bolt", "")):
        text = f'line = "features.toml"\ncustomer = "{name.capitalize()}"\n{consent}'
        (shop / f"{name}.toml").write_text(text)
        assert sarto("build", f"{name}.toml").exit_code == 0

    for build in ("acme", "bolt"):
        assert [start(build, number) for number in ("5", "7")] == ["False\n"] * 2
    start("acme", "@usage", "--export", "usage.json")

    found = json.loads(
        sarto("tailor", "facts.toml", "--usage", "usage.json", "--build", "builds/acme", "--json").stdout
    )
    assert found["decisions"][0]["evidence"] == {"usage.maps.reached": 2, "usage.more.calls": 12}
    assert found["changes"] == {"maps": [False, True]}
    assert not (shop / "state" / "sarto" / "shop" / "bolt").exists()
    sarto("tailor", "facts.toml", "--usage", "usage.json", "--build", "builds/acme", "-o", "next.toml")
    assert "\n[consent]\nusage = true\n" in (shop / "next.toml").read_text()
