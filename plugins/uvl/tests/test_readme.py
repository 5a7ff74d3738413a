"""The README's examples do what it says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from sarto_uvl.reading import read_text
from sarto_uvl.writing import write

README = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)


def test_the_model_with_sartos_own_words_is_as_it_would_be_written() -> None:
    [text] = blocks("uvl")
    model = read_text(text, strict=True).model
    assert write(model) == text
    assert model.features["maps"].summary == "It's a map"
    assert model.constraints[0].because == "Maps have a size."


def test_the_lines_of_python_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "shop.uvl").write_text(blocks("uvl")[0], encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    [code] = blocks("python")
    found: dict[str, str] = {}
    exec(code, found)
    assert found["text"] == blocks("uvl")[0]
