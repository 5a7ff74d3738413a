"""The decisions that complete a choice: those that are needed, and no other."""

from __future__ import annotations

from pathlib import Path

import pytest
from sarto.line import ProductLine
from sarto.model.expression import Value
from sarto.solve.choices import Choices
from sarto_web.completing import completion

from .lines import HEAD

LINE = (
    HEAD
    + """[features.f0]
mandatory = ["f1", "f2"]
[features.f1]
type = "integer"
[features.f2]
alternative = ["f3", "f4"]
"""
)


@pytest.mark.parametrize("number", [0, 1, 2])
def test_a_number_that_nobody_had_said_is_decided_whatever_it_is(tmp_path: Path, number: int) -> None:
    (tmp_path / "features.toml").write_text(LINE, encoding="utf-8")
    model = ProductLine.open(tmp_path).model
    choices = Choices(model)
    whole: dict[str, Value] = {"f0": True, "f1": number, "f2": True, "f3": True, "f4": False}

    open, said = choices.choice({}), choices.choice({"f1": number})

    assert completion(model, open, whole, lambda _name: True) == {"f1": number, "f3": True}
    assert completion(model, said, whole, lambda _name: True) == {"f3": True}
    assert completion(model, open, whole, lambda name: name == "f1") == {"f1": number}
