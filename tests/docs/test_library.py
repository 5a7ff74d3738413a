"""The page on the library has everything that is public of a product line."""

from __future__ import annotations

import re

from sarto.hooks import PluginManager
from sarto.line import ProductLine

from .page import ROOT, Page


def test_the_page_has_everything_public_of_a_line() -> None:
    line = ProductLine.open(ROOT / "examples" / "datasette", plugins=PluginManager())
    public = {name for name in (*vars(ProductLine), *vars(line)) if not name.startswith("_")}
    assert set(re.findall(r"^\| `(\w+)", Page.read("docs/reference/library.md").text, re.MULTILINE)) == public
