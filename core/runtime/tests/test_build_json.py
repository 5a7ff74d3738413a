"""What is wrong with a ``build.json`` is one sentence, for the product and for every command."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sarto_runtime import ProductError
from sarto_runtime.build import Rule, read_build

from .real_builds import Sketch, feature, make_build, start


def change(launcher: Path, edit: Callable[[dict[str, Any]], object]) -> None:
    path = launcher.parent / "build.json"
    data = json.loads(path.read_text(encoding="utf-8"))
    edit(data)
    path.write_text(json.dumps(data), encoding="utf-8")


def test_a_build_is_read_as_it_was_written(tmp_path: Path) -> None:
    sketch = Sketch(features={"maps": feature(), "b": feature(3)}, open=["maps"], residual=[(["!maps", "#1"], "Why.")])
    build = read_build(str(make_build(tmp_path / "acme", sketch).parent))
    assert (build.name, build.customer, build.line.name, build.python) == ("acme", "Acme GmbH", "greeter", (3, 11))
    assert build.features["b"].value == 3
    assert build.open == ("maps",)
    assert build.rules == (Rule((("maps", False), ("#1", True)), "Why."),)
    assert [part.name for part in build.parts] == ["host", "pluggy", "sarto-runtime"]


def test_keys_that_a_runtime_does_not_know_are_passed_over(tmp_path: Path) -> None:
    launcher = make_build(tmp_path / "acme")
    change(launcher, lambda data: data.update(later={"more": 1}))
    assert start(launcher).returncode == 0


@pytest.mark.parametrize("words", [[], ["@features"], ["@about"], ["@enable", "maps"]])
def test_a_build_without_build_json_says_so(tmp_path: Path, words: list[str]) -> None:
    launcher = make_build(tmp_path / "acme")
    path = launcher.parent / "build.json"
    path.unlink()
    done = start(launcher, *words)
    assert done.returncode == 1
    assert done.stderr == f"acme.py: build.json cannot be read: No such file or directory: {path}\n"


DAMAGE: list[tuple[Callable[[dict[str, Any]], object], str]] = [
    (lambda data: data.pop("parts"), "KeyError: 'parts'"),
    (lambda data: data.update(parts=[{}]), "KeyError: 'name'"),
    (lambda data: data.update(features=[]), "AttributeError: 'list' object has no attribute 'items'"),
    (lambda data: data["parts"][0].update(file=5), "TypeError: a part is described by "),
    (lambda data: data["target"].update(python="three"), "ValueError: not enough values to unpack (expected 2, got 1)"),
]


@pytest.mark.parametrize(("edit", "detail"), DAMAGE)
def test_a_damaged_build_json_says_what_does_not_fit(
    tmp_path: Path, edit: Callable[[dict[str, Any]], object], detail: str
) -> None:
    launcher = make_build(tmp_path / "acme")
    change(launcher, edit)
    done = start(launcher)
    assert done.returncode == 1
    hint = "  hint: @verify names every file that was changed\n"
    assert done.stderr.startswith(f"acme.py: build.json is damaged ({detail}")
    assert done.stderr.endswith(f")\n{hint}")


def test_a_build_json_that_is_no_json_is_damaged(tmp_path: Path) -> None:
    tmp_path.joinpath("build.json").write_text('{"format": 1,')
    with pytest.raises(ProductError, match=r"^build\.json is damaged \(Expecting property name .*\)"):
        read_build(str(tmp_path))


def test_a_build_json_that_is_nested_without_end_is_damaged(tmp_path: Path) -> None:
    tmp_path.joinpath("build.json").write_text("[" * 200_000)
    with pytest.raises(ProductError, match=r"^build\.json is damaged \("):
        read_build(str(tmp_path))


@pytest.mark.parametrize(("text", "found"), [('{"format": 2}', "2"), ("{}", "None"), ("[]", "None")])
def test_another_format_is_refused_by_its_number(tmp_path: Path, text: str, found: str) -> None:
    tmp_path.joinpath("build.json").write_text(text)
    with pytest.raises(ProductError) as caught:
        read_build(str(tmp_path))
    assert caught.value.what == f"build.json has format {found}; this build's runtime reads format 1"
    assert caught.value.hint == "take the whole build again from where it came"
