"""The page about the API names every endpoint with what it does, and no other."""

from __future__ import annotations

import json
import re
from importlib.resources import files
from pathlib import Path

PAGE = Path(__file__).parents[3] / "docs" / "reference" / "http-api.md"


def test_the_page_has_every_endpoint_as_it_is_described() -> None:
    described = json.loads((files("sarto_web") / "openapi.json").read_text(encoding="utf-8"))["paths"]
    there = {
        f"{m.upper()} {path}": each["summary"] for path, methods in described.items() for m, each in methods.items()
    }

    assert dict(re.findall(r"^\| `([A-Z]+ /\S+)` \| (.+) \|$", PAGE.read_text(encoding="utf-8"), re.MULTILINE)) == there
