"""The reference of the two files has the keys that Sarto accepts, no others, with an example of each that it reads."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from sarto.errors import SartoError
from sarto.model.facts import read_facts
from sarto.model.toml_line import read_line
from sarto.model.toml_selection import read_selection
from sarto.model.toml_writing import line_to_toml

from .page import Page

LINE = Page.read("docs/reference/features-toml.md")
SELECTION = Page.read("docs/reference/selection-toml.md")
FIRST = next(block.text for block in LINE.blocks if block.language == "toml")
STRANGE = "zzzzzzzz"
_ROW = re.compile(r"^\| `([^`]+)` \|", re.MULTILINE)

Place = tuple[str | list[str], ...]
PLACES: dict[str, Place] = {
    "The tables": (),
    "`[line]`": ("line",),
    "`[core]`": ("core",),
    "`[core.settings]`": ("core", "settings"),
    "`[features.NAME]`": ("features", "*"),
    "`groups`": ("features", "*", "groups", []),
    "`instances`": ("features", "*", "instances"),
    "`[[constraints]]`": ("constraints", []),
    "`[[interactions]]`": ("interactions", []),
    "`[[rules]]`": ("rules", []),
    "`[cosmetics.NAME]`": ("cosmetics", "*"),
    "`[prices]`": ("prices",),
    "`[[prices.rules]]`": ("prices", "rules", []),
    "`[[prices.taxes]]`": ("prices", "taxes", []),
    "`[targets]`": ("targets",),
    "`[[targets]]`": ("targets", []),
    "`[licences]`": ("licences",),
    "`[tests]`": ("tests",),
}
"""Heading of the reference of features.toml to the place of the table that it is about; ``[]`` is a list of tables."""

SELECTION_PLACES: dict[str, Place] = {
    "The file": (),
    "`[open]`": ("open",),
    "`[prefer]`": ("prefer",),
    "`[target]`": ("target",),
}

CASES = [
    pytest.param(page, heading, place, read, id=heading)
    for page, places, read in ((LINE, PLACES, read_line), (SELECTION, SELECTION_PLACES, read_selection))
    for heading, place in places.items()
]


def accepted_keys(place: Place, read: Callable[[str, str], object]) -> set[str]:
    """The keys that may stand at a place: what the message for a strange one names."""
    with pytest.raises(SartoError) as caught:
        read(toml_of(nested(place, {STRANGE: 1})), "file.toml")
    (hint,) = [error.hint for error in caught.value.errors if error.what == f"unknown key '{STRANGE}'"]
    return set(hint.removeprefix("the keys here are ").split(", "))


def nested(place: Place, content: Any) -> Any:
    for step in reversed(place):
        content = {"name" if step == "*" else str(step): content} if isinstance(step, str) else [content]
    return content


def toml_of(content: dict[str, Any]) -> str:
    import tomli_w

    return tomli_w.dumps(content)


def used_keys(content: Any, place: Place) -> Iterator[str]:
    """The keys that stand at a place of an example."""
    if not place:
        yield from content
    elif isinstance(place[0], list):
        for item in content if isinstance(content, list) else ():
            yield from used_keys(item, place[1:])
    elif isinstance(content, dict):
        for key, below in content.items():
            if place[0] in ("*", key):
                yield from used_keys(below, place[1:])


def examples(page: Page) -> list[Any]:
    return [
        pytest.param(tomllib.loads(block.text), id=f"{page.name}:{block.line}")
        for block in page.blocks
        if block.language == "toml" and not block.title
    ]


def whole_line(example: dict[str, Any]) -> dict[str, Any]:
    """An example with what it leaves out of the page's first one; where it has features, with those alone."""
    content: dict[str, Any] = tomllib.loads(FIRST)
    content |= {key: {**content[key], **example.get(key, {})} for key in ("line", "core")}
    if "model" in content["line"]:
        return {**content, "line": example["line"], "features": example.get("features", {})}
    if "features" in example:
        content |= {"features": example["features"], "constraints": []}
        content["line"] = {**content["line"], "root": next(iter(example["features"]))}
        if any(table.get("licensed") for table in example["features"].values()):
            content["line"]["licence_key"] = "0" * 64
    return content | {key: table for key, table in example.items() if key not in ("line", "core")}


@pytest.mark.parametrize(("page", "heading", "place", "read"), CASES)
def test_the_keys_of_a_table_are_those_that_sarto_accepts(
    page: Page, heading: str, place: Place, read: Callable[[str, str], object]
) -> None:
    documented = _ROW.findall(page.sections()[heading])
    assert len(documented) == len(set(documented))
    assert set(documented) == accepted_keys(place, read)


@pytest.mark.parametrize(("page", "heading", "place", "read"), CASES)
def test_each_key_has_an_example_beside_it(
    page: Page, heading: str, place: Place, read: Callable[[str, str], object]
) -> None:
    texts = [tomllib.loads(b.text) for b in page.blocks if b.language == "toml" and (b.heading == heading or not place)]
    assert {key for text in texts for key in used_keys(text, place)} >= accepted_keys(place, read)


def test_every_table_of_the_reference_is_held_against_the_code() -> None:
    tables = [heading for page in (LINE, SELECTION) for heading, text in page.sections().items() if _ROW.search(text)]
    assert tables == [*PLACES, *SELECTION_PLACES]


@pytest.mark.parametrize("example", examples(LINE))
def test_an_example_of_a_line_can_be_read(example: dict[str, Any]) -> None:
    model = read_line(FIRST, "model.toml").model if "model" in example.get("line", {}) else None
    line = read_line(toml_of(whole_line(example)), "features.toml", model)
    assert line_to_toml(line).keys() >= {key for key in example if key != "features"}


@pytest.mark.parametrize("example", examples(SELECTION))
def test_an_example_of_a_selection_can_be_read(example: dict[str, Any]) -> None:
    selection = read_selection(toml_of(example), "selection.toml")
    assert {topic for topic, _ in selection.says} >= {key for key in example if key not in ("extends", "open")}


def test_the_example_of_facts_can_be_read() -> None:
    (block,) = [block for block in SELECTION.blocks if block.heading == "Facts"]
    assert read_facts(block.text, block.title) == {
        "region": "europe", "personal_data": True, "visitors.per_day": 1200
    }  # fmt: skip
