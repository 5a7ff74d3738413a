"""The program as people run it: in a folder with a small line, in this process or in one of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from textwrap import dedent

import pytest
from click.testing import CliRunner, Result
from sarto.cli import program
from sarto.cli.application import Application

SHOP = """
[line]
name = "shop"
version = "1.2"
summary = "Sells things"
root = "shop"

[core]
parts = ["shop"]
command = "shop"

[features.shop]
mandatory = ["payment", "page_size"]
optional = ["search", "reviews", "audit"]

[features.payment]
summary = "How customers pay"
or = ["card", "invoice", "coins"]

[features.search]
summary = "Finds what is sold"
alternative = ["simple", "full"]

[features.simple]
attributes = { price = 90.5 }

[features.full]
summary = "Finds words inside texts"
attributes = { price = 400 }

[features.reviews]
default = true
stage = "user"
binding = "start"

[features.page_size]
type = "integer"
minimum = 10
maximum = 100
default = 20

[[constraints]]
rule = "audit => invoice & !coins"
because = "Auditors want paper."

[[constraints]]
rule = "full => page_size <= 50"
because = "Long pages are slow to search."

[[rules]]
when = "employees > 50"
select = { audit = true, page_size = 50 }
because = "Large customers are audited."

[[rules]]
when = "region == 'EU'"
select = { reviews = false }
because = "Reviews are regulated there."
"""

ACME = """
line = "features.toml"
customer = "Acme GmbH"

[select]
audit = true
full = true
"""

IMPOSSIBLE = """
line = "features.toml"
customer = "Coin Club"

[select]
audit = true
coins = true
"""

Sarto = Callable[..., Result]


def write(folder: Path, **files: str) -> None:
    """Write files named like the keyword with ``.toml``."""
    for name, text in files.items():
        (folder / f"{name}.toml").write_text(dedent(text), encoding="utf-8")


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder in which commands run: with the shop's line and two selections."""
    folder = tmp_path / "shop"
    folder.mkdir()
    write(folder, features=SHOP, acme=ACME, impossible=IMPOSSIBLE)
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture(autouse=True)
def surroundings(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing of the machine's own is seen or written."""
    monkeypatch.setenv("SARTO_CACHE", str(tmp_path_factory.getbasetemp() / "sarto-cache"))
    for name in ("NO_COLOR", "FORCE_COLOR", "SARTO_BUILD_JOBS", "COLUMNS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "xterm-256color")


@pytest.fixture
def sarto() -> Sarto:
    """``sarto("resolve", "acme.toml")`` runs a command in this process, with the plugins of a path: by default none."""

    def run(*arguments: str | Path, input: str = "", plugins: Sequence[str] = ()) -> Result:
        application = Application(path=plugins)
        return CliRunner().invoke(
            program,
            [str(a) for a in arguments],
            obj=application,
            input=input,
            prog_name="sarto",
            catch_exceptions=False,
        )

    return run


def start(*arguments: str | Path, **variables: str) -> subprocess.Popen[str]:
    """The program in a process of its own, with pipes."""
    return subprocess.Popen(
        [sys.executable, "-m", "sarto.cli", *map(str, arguments)],
        env={**os.environ, **variables},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
    )
