"""The tests of the documentation have tests of their own: a page that shows what does not happen must not pass."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

import pytest

from .comparison import difference, is_shown
from .page import Command, Page, commands
from .refresh import refresh
from .session import Mismatch, Session


def page(text: str) -> Page:
    return Page("page.md", dedent(text))


@pytest.fixture
def session(tmp_path: Path) -> Session:
    return Session(tmp_path / "session", tmp_path / "cache")


@pytest.mark.parametrize(
    ("shown", "printed"),
    [
        ("one\ntwo", "one\ntwo\n"),
        ("built … in … s", "built out/acme in 3.2 s"),
        ("one\n…\nfour", "one\ntwo\nthree\nfour"),
        ("one\n…\ntwo", "one\ntwo"),
        ("a [b] (c) * d", "a [b] (c) * d"),
        ("one", "\none  \n\n"),
        ("", ""),
    ],
)
def test_what_is_printed_as_shown_is_accepted(shown: str, printed: str) -> None:
    assert is_shown(shown, printed)


@pytest.mark.parametrize(
    ("shown", "printed"),
    [
        ("one", "two"),
        ("one", "one\ntwo"),
        ("one\ntwo", "one"),
        ("built … in", "built\nin"),
        ("a.b", "axb"),
        ("  one", "one"),
        ("", "one"),
        ("one", ""),
        ("one\n…\nfour", "one\ntwo\nthree"),
    ],
)
def test_what_is_printed_otherwise_is_refused(shown: str, printed: str) -> None:
    assert not is_shown(shown, printed)


def test_a_difference_is_said_line_by_line() -> None:
    lines = difference("one\ntwo", "one\nthree").splitlines()
    assert (lines[0], *lines[-3:]) == ("this line was not printed: two", " one", "-two", "+three")


def test_the_first_difference_is_found_behind_what_was_left_out() -> None:
    shown = "one\n…\nfour\nfive"
    assert difference(shown, "one\ntwo\nfour\nsix").startswith("this line was not printed: five\n")
    assert difference(shown, "one\nfour\nfive\nsix").startswith("more was printed than is shown\n")


def test_blocks_know_their_language_file_heading_and_line() -> None:
    found = page(
        """\
        # Title
        ```toml title="a/b.toml"
        # no heading
        x = 1
        ```
        ## Next {#anchor}
        !!! note
            ```console
            $ true
            ```
        """
    ).blocks
    assert [(b.language, b.title, b.text, b.heading, b.line, b.is_step) for b in found] == [
        ("toml", "a/b.toml", "# no heading\nx = 1\n", "Title", 3, True),
        ("console", "", "$ true\n", "Next", 9, True),
    ]


def test_a_block_that_is_never_closed_is_refused() -> None:
    with pytest.raises(ValueError, match=r"page.md:2: this block is never closed"):
        _ = page("one\n```toml\nx = 1").blocks


def test_sections_end_at_the_next_heading_and_blocks_have_none() -> None:
    text = "# A\none\n```toml\n# no heading\n```\n## B\ntwo\n"
    assert page(text).sections() == {"A": "# A\none\n```toml\n# no heading\n```\n", "B": "## B\ntwo\n"}


def test_commands_are_told_from_their_output() -> None:
    (block,) = page("```console\n$ one \\\n    two\nout\n\nput\n$ three\nerror: no\n```").blocks
    assert [(c.text, c.output, c.line, c.shows_an_error) for c in commands(block)] == [
        ("one \\\n    two", "out\n\nput", 2, False),
        ("three", "error: no", 7, True),
    ]


@pytest.mark.parametrize("output", ["fine\nerror: no", '{\n  "error": {', "acme.py: no"])
def test_an_error_is_seen_on_the_page(output: str) -> None:
    assert Command("command", output, 1).shows_an_error


@pytest.mark.parametrize("output", ["", "no error: none", "warning: no", "acme: no", "built acme.py"])
def test_what_is_no_error_is_not_taken_for_one(output: str) -> None:
    assert not Command("command", output, 1).shows_an_error


def test_a_console_block_without_a_command_is_refused() -> None:
    (block,) = page("```console\none\n```").blocks
    with pytest.raises(ValueError, match=r"line 2: a console block begins with a command"):
        commands(block)


def test_a_session_keeps_its_folder_and_its_files(session: Session) -> None:
    text = """\
        ```console
        $ ls
        examples
        $ mkdir work && cd work
        ```
        ```text title="notes/a.txt"
        hello
        ```
        ```console
        $ cat notes/a.txt
        hello
        $ cat no-such-file
        error: …
        ```
        """
    with pytest.raises(Mismatch, match=r"(?s)page.md:12: \$ cat no-such-file.*\+cat: no-such-file"):
        session.follow(page(text))


def test_a_command_that_fails_unannounced_is_refused(session: Session) -> None:
    with pytest.raises(Mismatch, match="ended with exit code 3, and the page shows no error"):
        session.follow(page("```console\n$ echo fine; (exit 3)\nfine\n```"))


def test_a_command_whose_error_is_shown_may_fail(session: Session) -> None:
    session.follow(page("```console\n$ echo error: no; (exit 1)\nerror: no\n```"))


def test_a_snippet_runs_where_the_reader_is(session: Session) -> None:
    snippet = "from pathlib import Path\nassert Path.cwd().name == 'examples'"
    session.follow(page(f"```console\n$ cd examples\n```\n```python\n{snippet}\n```"))


def test_a_snippet_that_fails_is_refused(session: Session) -> None:
    with pytest.raises(Mismatch, match=r"(?s)page.md:3: this snippet does not go through.*AssertionError"):
        session.follow(page("# Title\n```python\nassert 1 == 2\n```"))


def test_refreshing_replaces_what_no_longer_holds_and_leaves_the_rest(session: Session) -> None:
    shown = page(
        """\
        # Title
        ```console
        $ echo one; echo two
        …
        two
        $ echo three
        four
        $ pwd
        ```
        !!! note
            ```console
            $ echo five
            ```
        """
    )
    fresh = (
        shown.text.replace("four\n", "three\n").replace("$ pwd\n", "$ pwd\n…\n").replace("five\n", "five\n    five\n")
    )
    assert refresh(shown, session) == fresh
    assert refresh(Page("page.md", fresh), session) == fresh


def test_refreshing_makes_the_files_of_the_page(session: Session) -> None:
    shown = page('```text title="a.txt"\nhello\n```\n```console\n$ cat a.txt\n```\n')
    assert "$ cat a.txt\nhello\n```" in refresh(shown, session)
