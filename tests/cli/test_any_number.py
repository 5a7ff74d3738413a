"""Features of which there may be any number of instances, in every command: the selection says how many."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sarto.errors import SartoError
from sarto.hooks.manager import PluginManager
from sarto.line import ProductLine
from sarto.model.selection import Selection, Wish
from sarto.model.toml_line import read_line
from sarto.solve.conflict import Conflict

from .conftest import Sarto, write

LINE = """
[line]
name = "house"
version = "1"
root = "house"
[core]
parts = ["house"]
command = "house"
[features.house]
optional = ["room", "garden"]
[features.room]
instances = { min = 1 }
optional = ["balcony", "window"]
attributes = { price = 100 }
[features.window]
instances = { min = 2 }
[[constraints]]
rule = "balcony => window"
[[constraints]]
rule = "garden => balcony"
"""
SUM = '[[constraints]]\nrule = "sum(price) {}"\n'
WISHES = 'line = "features.toml"\ncustomer = "C"\n'


def numbers(configuration: dict[str, bool], start: str) -> int:
    return sum(value for name, value in configuration.items() if name.startswith(start))


@pytest.mark.parametrize(
    ("selected", "rooms", "windows"),
    [
        ("", 0, 0),
        ("room = true", 1, 0),
        ("room = 40", 40, 0),
        ('"room#40" = true', 40, 0),
        ("balcony = true", 1, 2),
        ('room = 5\n"window#3" = 7', 5, 7),
        ('"window#2.9" = true\n"balcony#1" = true', 2, 9 + 2),
        ("garden = true", 1, 2),
        ("garden = true\nroom = 3", 3, 2),
    ],
)
def test_as_many_instances_are_there_as_the_selection_says_and_else_as_few_as_can_be(
    sarto: Sarto, tmp_path: Path, selected: str, rooms: int, windows: int
) -> None:
    write(tmp_path, features=LINE, own=f"{WISHES}[select]\n{selected}\n")
    configuration = json.loads(sarto("resolve", tmp_path / "own.toml", "--json").stdout)["configuration"]
    assert (numbers(configuration, "room#"), sum(configuration[name] for name in configuration if "." in name)) == (
        rooms, windows,
    )  # fmt: skip
    assert sarto("resolve", tmp_path / "own.toml").exit_code == 0


def test_a_number_below_the_least_is_an_error(sarto: Sarto, tmp_path: Path) -> None:
    write(tmp_path, features=LINE, own=f'{WISHES}[select]\n"window#1" = 1\n')
    found = sarto("resolve", tmp_path / "own.toml")
    assert "'window#1' has at least 2 instances, not 1" in found.stderr


def test_a_preference_without_end_is_an_error_unless_the_selection_says_how_many(sarto: Sarto, tmp_path: Path) -> None:
    write(tmp_path, features=LINE, own=f'{WISHES}[prefer]\nmaximise = ["price"]\n')
    found = sarto("resolve", tmp_path / "own.toml")
    assert found.stderr == (
        "error: there is no best way to maximise 'price': 'room' may be there any number of times\n"
        f"  --> {tmp_path / 'own.toml'}: prefer\n  hint: say under [select] how many there are\n"
    )
    write(tmp_path, own=f'{WISHES}[select]\nroom = 2\n[prefer]\nmaximise = ["price"]\n')
    assert sarto("resolve", tmp_path / "own.toml").exit_code == 0
    write(tmp_path, own=f'{WISHES}[prefer]\nminimise = ["price"]\n')
    assert sarto("resolve", tmp_path / "own.toml").exit_code == 0


def test_a_sum_is_kept_where_few_instances_do_and_unknown_is_said_where_more_might(
    sarto: Sarto, tmp_path: Path
) -> None:
    write(tmp_path, features=LINE + SUM.format("<= 300"), own=f"{WISHES}[select]\nroom = 3\n")
    assert sarto("resolve", tmp_path / "own.toml").exit_code == 0
    write(tmp_path, own=f"{WISHES}[select]\nroom = 4\n")
    assert "'room' is wanted 4 times" in sarto("resolve", tmp_path / "own.toml").stderr
    write(tmp_path, features=LINE + SUM.format(">= 1500"), own=f"{WISHES}[select]\ngarden = true\n")
    enough = json.loads(sarto("resolve", tmp_path / "own.toml", "--json").stdout)["configuration"]
    assert numbers(enough, "room#") == 15
    write(tmp_path, features=LINE + SUM.format("<= -1"), own=WISHES)
    assert "the constraint sum(price) <= -1" in sarto("resolve", tmp_path / "own.toml").stderr
    write(tmp_path, features=LINE + SUM.format(">= 99900"), own=WISHES)
    assert sarto("resolve", tmp_path / "own.toml").stderr == (
        "error: no configuration with up to 3 instances of 'room' fits; more were not looked at, and a sum counts each "
        f"of them\n  --> {tmp_path / 'features.toml'}: features.room\n"
        "  hint: say under [select] how many there are, or give its cardinality an upper bound\n"
    )
    write(tmp_path, own=f"{WISHES}[select]\nroom = 999\n")
    assert sarto("resolve", tmp_path / "own.toml").exit_code == 0
    write(tmp_path, own=f"{WISHES}[select]\ngarden = true\nbalcony = false\n")
    found = sarto("resolve", tmp_path / "own.toml").stderr
    assert "the constraint garden => balcony" in found
    assert "sum(price)" not in found


def test_check_diff_sample_and_migrate_work_and_what_has_no_number_is_said(sarto: Sarto, tmp_path: Path) -> None:
    write(tmp_path, features=LINE, own=f"{WISHES}[select]\nroom = 7\n")
    line, own = tmp_path / "features.toml", tmp_path / "own.toml"
    assert "0 errors" in sarto("check", line, "--no-parts").stdout
    assert "which cover all" in sarto("sample", line, "-t", "1").stdout
    assert "a refactoring" in sarto("diff", line, line).stdout
    for command in (("sample", line, "--uniform", "2"), ("sample", line, "--all")):
        found = sarto(*command)
        assert (found.exit_code, "'room' may have any number of instances" in found.stderr) == (1, True)
    assert json.loads(sarto("analyse", line, "--count", "--json").stdout)["unbounded"] == ["room", "window"]
    (tmp_path / "next").mkdir()
    write(tmp_path / "next", features=LINE.replace('version = "1"', 'version = "2"'))
    moved = json.loads(sarto("migrate", own, "--to", tmp_path / "next", "--json").stdout)
    assert moved["select"] == {"room#7": True, "room#8": False}
    assert moved["configuration"] == []


HOUSE = read_line(LINE, "features.toml")
SMALL = read_line(
    LINE.replace("{ min = 1 }", "{ min = 1, max = 9 }").replace("{ min = 2 }", "{ min = 2, max = 9 }"), ""
)
NAMES = st.sampled_from(
    ["room", "garden", "balcony", "window", "room#2", "room#4", "balcony#1", "balcony#3", "window#2", "window#3.4"]
)


@settings(max_examples=25, deadline=None)
@given(st.dictionaries(NAMES, st.booleans(), max_size=4), st.none() | st.integers(0, 4))
def test_a_selection_is_possible_as_it_is_with_a_bound_that_is_far_away(
    wished: dict[str, bool], number: int | None
) -> None:
    wishes = wished | ({} if number is None else {"room": number})
    selection = Selection(line="", customer="", wishes={name: Wish(name, value) for name, value in wishes.items()})
    answers: list[object] = []
    for line in (HOUSE, SMALL):
        try:
            found = ProductLine(line, Path(), PluginManager.discover()).resolve(selection)
        except Conflict:
            answers.append(None)
        except SartoError as error:
            answers.append(str(error))
        else:
            answers.append({name for name, value in found.configuration.items() if value})
    assert answers[0] == answers[1]
