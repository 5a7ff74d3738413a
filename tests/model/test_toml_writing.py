"""What is written reads back equal: models, lines, selections; and how it looks."""

from __future__ import annotations

from dataclasses import replace

import pytest
import tomli_w
from hypothesis import HealthCheck, given, settings
from sarto.errors import Place
from sarto.model.feature_model import FeatureModel
from sarto.model.line import LineDescription
from sarto.model.selection import Selection
from sarto.model.toml_line import model_from_toml, read_line
from sarto.model.toml_selection import load_selection
from sarto.model.toml_writing import line_to_toml, model_to_toml, selection_to_toml

from .reading import HEAD, line, model
from .strategies import lines, models, selections

patient = settings(deadline=None, suppress_health_check=list(HealthCheck))


@patient
@given(models())
def test_a_model_that_is_written_reads_back_equal_and_in_the_order_of_the_tree(given_model: FeatureModel) -> None:
    read = model_from_toml(tomli_w.dumps(model_to_toml(given_model)), "features.toml")
    assert read == given_model
    assert list(read.features) == list(given_model.preorder())


@settings(patient, max_examples=40)
@given(lines())
def test_a_line_that_is_written_reads_back_equal(given_line: LineDescription) -> None:
    assert read_line(tomli_w.dumps(line_to_toml(given_line)), "features.toml") == given_line


@patient
@given(selections())
def test_a_selection_that_is_written_reads_back_equal(given_selection: Selection) -> None:
    text = tomli_w.dumps(selection_to_toml(given_selection))
    read = load_selection("acme.toml", lambda _: text)
    assert without_places(read) == without_places(given_selection)


def without_places(selection: Selection) -> Selection:
    return replace(selection, open=dict.fromkeys(selection.open, Place()))


GROUPS = """
[features.shop]
or = ["a", "b"]
optional = ["c"]
groups = [{ min = 1, max = 2, of = ["d", "e"] }, { min = 0, max = 1, of = ["f"] }]
"""


def test_groups_are_written_short_where_that_keeps_them_in_order() -> None:
    assert model_to_toml(model(GROUPS))["features"] == {
        "shop": {
            "or": ["a", "b"],
            "optional": ["c"],
            "groups": [{"min": 1, "max": 2, "of": ["d", "e"]}, {"min": 0, "max": 1, "of": ["f"]}],
        }
    }


@pytest.mark.parametrize(
    "entries",
    [
        [{"kind": "or", "of": ["a"]}, {"kind": "or", "of": ["b"]}],
        [{"min": 0, "max": 1, "of": ["a"]}, {"kind": "mandatory", "of": ["b"]}],
    ],
)
def test_two_groups_of_a_kind_and_a_group_behind_a_range_are_written_as_entries(
    entries: list[dict[str, object]],
) -> None:
    content = {"line": {"root": "shop"}, "features": {"shop": {"groups": entries}}}
    assert model_to_toml(model_from_toml(tomli_w.dumps(content), "features.toml")) == content


def test_what_has_its_default_is_left_out() -> None:
    text = '[features.shop]\noptional = ["a"]\n[features.a]\nstage = "customer"\nbinding = "build"\nabstract = false\n'
    assert model_to_toml(model(text)) == {"line": {"root": "shop"}, "features": {"shop": {"optional": ["a"]}}}


def test_requires_and_excludes_are_written_as_constraints() -> None:
    read = model('[features.shop]\noptional = ["a", "b"]\n[features.a]\nrequires = ["b"]\nexcludes = ["shop"]\n')
    assert model_to_toml(read)["constraints"] == [{"rule": "a => b"}, {"rule": "a => !shop"}]


BASE = """
[features.shop]
optional = ["a", "b"]
[features.a]
type = "integer"
minimum = 1
[[constraints]]
rule = "a => b"
[[constraints]]
rule = "b => a"
"""

BESIDE = """
[features.a]
parts = ["uv"]
default = 3
[[constraints]]
rule = "b => a"
because = "B counts what A sets."
[[constraints]]
rule = "a | b"
"""


def test_a_line_beside_its_model_is_written_without_what_the_model_says() -> None:
    base = model(BASE, "shop.toml")
    head = HEAD.replace('root = "shop"', 'model = "shop.toml"')
    read = read_line(head + BESIDE, "features.toml", base)
    written = line_to_toml(read)
    assert written["features"] == {"a": {"parts": ["uv"], "default": 3}}
    assert written["constraints"] == [
        {"rule": "b => a", "because": "B counts what A sets."},
        {"rule": "a | b"},
    ]
    assert read_line(tomli_w.dumps(written), "features.toml", base) == read


def test_targets_that_are_every_python_with_every_platform_are_written_short() -> None:
    read = line('[features.shop]\n[targets]\npython = ["3.11", "3.12"]\nplatforms = ["win_amd64", "host"]\n')
    assert line_to_toml(read)["targets"] == {"python": ["3.11", "3.12"], "platforms": ["win_amd64", "host"]}


def test_other_targets_are_written_in_pairs() -> None:
    pairs = [{"python": "3.11", "platform": "host"}, {"python": "3.12", "platform": "win_amd64"}]
    text = "".join(f"[[targets]]\n{tomli_w.dumps(pair)}" for pair in pairs)
    assert line_to_toml(line(f"[features.shop]\n{text}"))["targets"] == pairs


PROFILED = {
    "acme.toml": 'line = "features.toml"\ncustomer = "Acme"\nextends = ["eu.toml"]\n'
    "[select]\nmaps = true\n[prefer]\n[brand]\nname = 'A'\n",
    "eu.toml": '[select]\nmaps = false\ntokens = true\n[open]\nfeatures = ["notebook"]\n'
    '[prefer]\nminimise = ["price"]\n[brand]\nlogo = "eu.png"\n[target]\npython = "3.12"\n',
}


def test_what_a_profile_says_is_left_to_the_profile() -> None:
    read = load_selection("acme.toml", PROFILED.__getitem__)
    written = selection_to_toml(read)
    assert written == {
        "line": "features.toml",
        "customer": "Acme",
        "extends": ["eu.toml"],
        "select": {"maps": True},
        "brand": {"name": "A"},
        "prefer": {},
    }
    assert load_selection("acme.toml", (PROFILED | {"acme.toml": tomli_w.dumps(written)}).__getitem__) == read
