"""The table of features fits the terminal and has colour there; in a pipe it is one line for each feature."""

from __future__ import annotations

import io
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sarto_runtime.sheet import PLAIN, Sheet, sheet_of

from .real_builds import start, surroundings
from .test_switching import BECAUSE, make_open_build

ROWS = [("FEATURE", "STATE", "REASON"), ("maps", "on", "because it is so, and was so"), ("charts", "off", "")]


def test_a_plain_table_has_a_line_for_each_row() -> None:
    assert PLAIN.table(ROWS) == [
        "FEATURE  STATE  REASON",
        "maps     on     because it is so, and was so",
        "charts   off",
    ]


def test_in_a_terminal_the_last_column_goes_on_below_itself() -> None:
    assert Sheet(40, False).table(ROWS) == [
        "FEATURE  STATE  REASON",
        "maps     on     because it is so, and",
        "                was so",
        "charts   off",
    ]


def test_where_the_last_column_has_no_room_it_has_lines_of_its_own() -> None:
    assert Sheet(30, False).table(ROWS)[1:3] == ["maps     on", "    because it is so, and was"]


def test_states_differ_in_colour_and_in_words() -> None:
    _, on, off = Sheet(0, True).table(ROWS)
    assert on == "maps     \033[32mon   \033[0m  because it is so, and was so"
    assert off == "charts   \033[2moff  \033[0m"


@given(st.integers(24, 120), st.text("ab c-", max_size=200))
def test_no_line_is_wider_than_the_terminal_and_no_word_is_lost(width: int, reason: str) -> None:
    lines = Sheet(width, False).table([("F", "STATE", "WHY"), ("x", "on", reason)])
    assert all(len(line) <= width for line in lines)
    assert "".join("".join(lines[1:]).split()) == "xon" + "".join(reason.split())


def test_a_long_line_goes_on_indented() -> None:
    assert Sheet(30, False).fitted("  It is on: the constraint that says so") == [
        "  It is on: the constraint",
        "      that says so",
    ]


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("environment", "is_coloured"),
    [({"WT_SESSION": "1"}, True), ({"WT_SESSION": "1", "NO_COLOR": "1"}, False), ({"TERM": "dumb"}, False)],
)
def test_a_terminal_has_colours_unless_they_are_not_wanted(environment: dict[str, str], is_coloured: bool) -> None:
    assert sheet_of(Terminal(), environment).is_coloured is is_coloured
    assert sheet_of(io.StringIO(), environment) == PLAIN


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pty")
def test_a_real_terminal_gets_what_a_pipe_gets_in_its_own_width_and_with_colour(tmp_path: Path) -> None:
    launcher = make_open_build(tmp_path)
    start(launcher, "@enable", "graphql", "tokens")
    for words in (["@features"], ["@explain", "tokens"]):
        piped = start(launcher, *words).stdout
        shown = on_terminal(launcher, *words, columns=60)
        assert ("\033[32mon" in shown, "\033[" in piped) == (words == ["@features"], False)
        bare = re.sub(r"\033\[\d+m", "", shown)
        assert max(map(len, bare.splitlines())) <= 60 < max(map(len, piped.splitlines()))
        assert bare.split() == piped.split()
    assert BECAUSE.split()[-1] in bare


def on_terminal(launcher: Path, *words: str, columns: int) -> str:
    import pty

    ours, theirs = pty.openpty()
    environment = {**surroundings(launcher), "COLUMNS": str(columns), "TERM": "xterm"}
    environment.pop("NO_COLOR", None)
    process = subprocess.Popen([sys.executable, str(launcher), *words], stdout=theirs, stdin=theirs, env=environment)
    os.close(theirs)
    said = b""
    try:
        while more := os.read(ours, 4096):
            said += more
    except OSError:
        pass  # what Linux says at the end
    os.close(ours)
    assert process.wait(60) == 0
    return said.decode().replace("\r\n", "\n")


def test_json_on_a_terminal_is_json(tmp_path: Path) -> None:
    if sys.platform == "win32":
        pytest.skip("Windows has no pty")
    assert json.loads(on_terminal(make_open_build(tmp_path), "@features", "--json", columns=40))["name"] == "acme"
