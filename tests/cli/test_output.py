"""Tables: columns that line up, in a pipe and on a terminal of any width."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sarto.cli.output import Cell, counted, print_table


def test_columns_line_up(capsys: pytest.CaptureFixture[str]) -> None:
    print_table([("a", "bb", "why"), ("longer", "b", "because")])

    assert capsys.readouterr().out == "a       bb  why\nlonger  b   because\n"


def test_wide_and_combining_characters_line_up_as_a_terminal_shows_them(capsys: pytest.CaptureFixture[str]) -> None:
    print_table([("日本", "x"), ("e\N{COMBINING ACUTE ACCENT}", "x"), ("abcd", "x")])

    assert capsys.readouterr().out == "日本  x\ne\N{COMBINING ACUTE ACCENT}     x\nabcd  x\n"


def test_nothing_is_left_at_the_end_of_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    print_table([("a", ""), ("b", "x")], indent="  ")

    assert capsys.readouterr().out == "  a\n  b  x\n"


def test_no_rows_are_no_output(capsys: pytest.CaptureFixture[str]) -> None:
    print_table([])

    assert capsys.readouterr().out == ""


def test_a_pipe_gets_long_texts_whole(capsys: pytest.CaptureFixture[str]) -> None:
    print_table([("a", "word " * 100)])

    assert capsys.readouterr().out.count("\n") == 1


def test_colours_do_not_count_as_width() -> None:
    assert Cell("no", colour="red", dim=True).painted("no") == "\x1b[31m\x1b[2mno\x1b[0m"
    assert Cell("no").painted("no") == "no"


@pytest.mark.skipif(os.name == "nt", reason="terminals of POSIX")
def test_a_terminal_gets_long_texts_wrapped_under_themselves() -> None:
    import pty

    controller, terminal = pty.openpty()
    code = "from sarto.cli.output import print_table; print_table([('feature', 'a long reason that does not fit')])"
    environment = {**os.environ, "COLUMNS": "32"}
    subprocess.run([sys.executable, "-c", code], stdout=terminal, env=environment, check=True)
    os.close(terminal)

    shown = os.read(controller, 10_000).decode().replace("\r\n", "\n")
    assert shown == "feature  a long reason that does\n         not fit\n"


@given(st.lists(st.tuples(st.text("ab日 ", max_size=6), st.just("x")), min_size=1, max_size=5))
def test_the_last_column_begins_in_one_place(rows: list[tuple[str, str]]) -> None:
    import contextlib
    import io

    stream = io.StringIO()
    with contextlib.redirect_stdout(stream):
        print_table(rows)

    starts = {line[:-1].count("日") + len(line[:-1]) for line in stream.getvalue().splitlines()}
    assert len(starts) == 1


def test_numbers_agree_with_their_nouns() -> None:
    assert [counted(n, "part") for n in (0, 1, 2)] == ["0 parts", "1 part", "2 parts"]
    assert counted(2, "entry", "entries") == "2 entries"
