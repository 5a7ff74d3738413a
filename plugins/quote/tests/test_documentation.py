"""The offer that the documentation shows is the one that Datasette's library gets."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner
from sarto.commands import Application
from sarto_quote.command import quote

ROOT = Path(__file__).parents[3]
PAGE = ROOT / "docs" / "reference" / "plugins.md"


@pytest.mark.skipif(not PAGE.exists(), reason="the documentation is not beside the plugin")
def test_the_offer_in_the_documentation_is_what_is_printed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT / "examples" / "datasette")
    command = "selections/library.toml --number 2026-17 --valid-until 2026-12-31"
    shown = CliRunner().invoke(quote, command.split(), obj=Application(), catch_exceptions=False).stdout

    assert f"```text\n$ sarto quote {command}\n{shown}```\n" in PAGE.read_text(encoding="utf-8")
