"""A real tiny line with prices and parts, customers for it, and what stands on a page."""

from __future__ import annotations

from html.parser import HTMLParser
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
sources = ["wheels"]

[targets]
python = "3.11"
platforms = "manylinux_2_28_x86_64"

[features.shop]
mandatory = ["till", "seats"]
optional = ["maps", "tea", "cake", "stand", "never"]

[features.till]
alternative = ["cash", "card"]

[features.cash]
default = true

[features.card]

[features.seats]
type = "integer"
minimum = 0
maximum = 60
default = 20

[features.maps]
parts = ["shop-maps"]
attributes = { price = 400 }

[features.tea]
parts = ["shop-tea"]
attributes = { price = 30.5 }

[features.cake]
parts = ["shop-tea"]
requires = ["tea"]
stage = "user"
binding = "start"
attributes = { price = 12 }

[features.stand]
instances = { min = 0, max = 3 }
mandatory = ["width"]

[features.width]
type = "integer"
minimum = 1
maximum = 9
default = 2

[features.never]
excludes = ["shop"]

[prices]
currency = "EUR"
base = 100

[[prices.rules]]
name = "Seats shared"
when = "maps"
add = "120 / seats"

[[prices.taxes]]
name = "VAT"
percent = 22
"""

SCRIPT = "[console_scripts]\nshop = shop:main\n"


def write_line(folder: Path, text: str = LINE) -> None:
    """The line with its parts, which all are in its own folder."""
    wheels = folder / "wheels"
    installed_wheel(wheels, "pluggy")
    make_wheel(wheels, "shop", {"shop.py": "def main():\n    print('open')\n"}, SCRIPT)
    make_wheel(wheels, "shop-maps", {"shop_maps.py": "# " + "x" * 3000})
    make_wheel(wheels, "shop-tea", {"shop_tea.py": ""})
    (folder / "features.toml").write_text(text)
    (folder / "orders").mkdir()


def order(home: Path, name: str, select: str = "", customer: str = "", rest: str = "", folder: str = "orders") -> None:
    """A selection in a folder beside the line."""
    text = f'line = "../features.toml"\ncustomer = "{customer or name}"\n[select]\n{select}\n{rest}'
    (home / folder / f"{name}.toml").write_text(text)


def five_orders(folder: Path) -> None:
    """Customers of whom none is like another, one without a price and one impossible."""
    order(folder, "acme", "maps = true")
    order(folder, "bolt", "maps = true\ntea = true\nseats = 40", rest='[open]\nfeatures = ["cake"]')
    order(folder, "cord", "card = true\nstand = [{ width = 3 }, { width = 2 }]")
    order(folder, "dove", "maps = true\nseats = 0")
    order(folder, "ever", "cake = true\ntea = false")


def settle(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    """Work in the folder, with caches of its own and without a network."""
    monkeypatch.setenv("SARTO_CACHE", str(folder / "cache"))
    monkeypatch.setenv("UV_CACHE_DIR", str(folder / "uv"))
    monkeypatch.setenv("UV_OFFLINE", "1")
    monkeypatch.chdir(folder)


class Page(HTMLParser):
    """The tags of a page with their attributes, and its text."""

    def __init__(self, html: bytes) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.words: list[str] = []
        self.feed(html.decode())
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs
        self.words += [] if tag in ("bdi", "b", "span") else [" "]

    def handle_data(self, data: str) -> None:
        if self.tags[-1:] != ["style"]:
            self.words.append(data)

    @property
    def text(self) -> str:
        """All that can be read, in one line."""
        return " ".join("".join(self.words).replace("\N{NO-BREAK SPACE}", " ").split())
