"""The page about the API names every endpoint and every code of a problem, and no other."""

from __future__ import annotations

import json
import re
from importlib.resources import files
from pathlib import Path

PAGE = Path(__file__).parents[3] / "docs" / "reference" / "http-api.md"
DESCRIPTION = json.loads((files("sarto_web") / "openapi.json").read_text(encoding="utf-8"))


def test_the_page_has_every_endpoint_as_it_is_described() -> None:
    there = {
        f"{m.upper()} {path}": each["summary"]
        for path, methods in DESCRIPTION["paths"].items()
        for m, each in methods.items()
    }

    assert dict(re.findall(r"^\| `([A-Z]+ /\S+)` \| (.+) \|$", PAGE.read_text(encoding="utf-8"), re.MULTILINE)) == there


def test_the_page_has_every_code_of_a_problem_as_it_is_described() -> None:
    described = {each["const"]: each["description"] for each in DESCRIPTION["components"]["schemas"]["Code"]["oneOf"]}

    told = PAGE.read_text(encoding="utf-8").partition("\n## Errors\n")[2].partition("\n## ")[0]
    assert dict(re.findall(r"^\| `([a-z-]+)` \| (.+) \|$", told, re.MULTILINE)) == described
