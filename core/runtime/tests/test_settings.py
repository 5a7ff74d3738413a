"""Settings are put into the command line where the line's settings route wants them."""

from __future__ import annotations

import pytest

from sarto_runtime.build import SettingsRoute, Value
from sarto_runtime.settings import command_line, environment

SERVE = SettingsRoute(("--setting", "{name}", "{value}"), "serve", ("--version", "inspect"), "")
FIRST = SettingsRoute(("--{name}={value}",), "", ("--version",), "")
GIVEN: dict[str, Value] = {"page_size": 50, "download": False}


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("", "serve --setting page_size 50 --setting download false"),
        ("data.db", "serve --setting page_size 50 --setting download false data.db"),
        ("serve data.db --port 0", "serve --setting page_size 50 --setting download false data.db --port 0"),
        ("inspect data.db", "inspect data.db"),
        ("--version", "--version"),
        ("data.db inspect", "serve --setting page_size 50 --setting download false data.db inspect"),
    ],
)
def test_settings_stand_behind_the_subcommand(words: str, expected: str) -> None:
    assert command_line(SERVE, GIVEN, words.split()) == expected.split()


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("", "--page_size=50 --download=false"),
        ("data.db", "--page_size=50 --download=false data.db"),
        ("--version", "--version"),
    ],
)
def test_without_a_subcommand_settings_stand_first(words: str, expected: str) -> None:
    assert command_line(FIRST, GIVEN, words.split()) == expected.split()


def test_without_settings_the_command_line_is_the_users() -> None:
    assert command_line(SERVE, {}, ["data.db"]) == ["data.db"]
    assert command_line(SettingsRoute((), "serve", (), ""), GIVEN, ["data.db"]) == ["data.db"]


def test_values_and_names_with_braces_are_taken_as_they_are() -> None:
    assert command_line(FIRST, {"title": "{name} {value}"}, []) == ["--title={name} {value}"]


@pytest.mark.parametrize(("value", "text"), [(True, "true"), (False, "false"), (7, "7"), (0.5, "0.5"), ("a b", "a b")])
def test_a_value_is_written_as_commands_read_it(value: Value, text: str) -> None:
    assert environment(SettingsRoute((), "", (), "APP_{NAME}"), {"size": value}) == {"APP_SIZE": text}


def test_a_variable_may_have_the_name_as_it_is() -> None:
    assert environment(SettingsRoute((), "", (), "APP_{name}"), {"size": 1}) == {"APP_size": "1"}
    assert environment(SettingsRoute((), "", (), ""), {"size": 1}) == {}
