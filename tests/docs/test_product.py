"""The reference of the product has each of the runtime's commands, and all that code may ask of the product."""

from __future__ import annotations

import re
from dataclasses import fields

import pytest
from sarto_runtime import Product
from sarto_runtime.commands import answer

from .page import Page

PAGE = Page.read("docs/reference/product.md")


def test_the_reference_has_the_runtimes_commands(capsys: pytest.CaptureFixture[str]) -> None:
    assert answer("no folder is looked at", ["acme.py", "@help"]) == 0
    known = re.findall(r"^  (@\w+)", capsys.readouterr().out, re.MULTILINE)
    headings = [heading for heading in PAGE.sections() if heading.startswith("`@")]
    assert sorted(headings) == sorted(f"`{name}`" for name in known)


def test_the_reference_has_what_code_may_ask_of_the_product() -> None:
    methods = {name for name, value in vars(Product).items() if callable(value) and not name.startswith("_")}
    section = PAGE.sections()["In the product's own code"]
    documented = re.findall(r"^\| `(\w+)[^`]*` \|", section, re.MULTILINE)
    assert sorted(documented) == sorted({field.name for field in fields(Product)} | methods)
