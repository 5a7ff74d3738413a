"""Reasons as data are as the description of the API says, whatever kind they are."""

from __future__ import annotations

import json
from importlib.resources import files
from pathlib import Path
from typing import Any

import jsonschema_rs
from sarto.line import ProductLine
from sarto_web.reasons import reason_data, rule_data

from .house import EVERYTHING, decisions, rules

DESCRIPTION: dict[str, Any] = json.loads((files("sarto_web") / "openapi.json").read_text(encoding="utf-8"))


def test_every_rule_and_every_reason_is_as_described(tmp_path: Path) -> None:
    (tmp_path / "features.toml").write_text(EVERYTHING, encoding="utf-8")
    line = ProductLine.open(tmp_path)
    said = [rule_data(rule) for rule in rules(line)]

    for name, told in (("Rule", said), ("Reason", [reason_data(each) for each in decisions(line)])):
        schema = {"type": "array", "items": {"$ref": f"#/components/schemas/{name}"}, **DESCRIPTION}
        jsonschema_rs.Draft202012Validator(schema).validate(told)
    kinds = [each["properties"] for each in DESCRIPTION["components"]["schemas"]["Rule"]["oneOf"]]
    described = {(each["kind"]["const"], each.get("form", {}).get("const")) for each in kinds}
    assert {(each["kind"], each.get("form")) for each in said} == described
