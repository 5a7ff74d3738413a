"""The password as it is asked for on a terminal: a real one, typed into by hand."""

from __future__ import annotations

import os
import select
import signal
import sys
import termios
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sarto_orders.book import SqlOrderBook

pty = pytest.importorskip("pty", reason="terminals of POSIX")

PASSWORD = "correct hörse"
PROGRAM = "import sys; from sarto.cli import main; sys.exit(main())"


class Terminal:
    """A terminal in which ``sarto orders`` runs, and all that it has shown."""

    def __init__(self, *words: str) -> None:
        pid, self.controller = pty.fork()
        if pid == 0:
            os.execv(sys.executable, [sys.executable, "-c", PROGRAM, "orders", *words])
        self.pid, self.shown = pid, ""
        self.code: int | None = None
        self._bytes = b""

    def sees(self, text: str) -> None:
        """Read on until the text is there, after what was seen before."""
        seen = len(self.shown)
        while text not in self.shown[seen:]:
            assert self._read(), f"{text!r} is not in {self.shown!r}"

    def types(self, text: str) -> None:
        """Type a text once the program hides what is typed."""
        while termios.tcgetattr(self.controller)[3] & termios.ECHO:
            select.select([], [], [], 0.01)
        os.write(self.controller, text.encode())

    def ends(self) -> int:
        """Read to the end; the exit code."""
        while self._read():
            pass
        if self.code is None:
            self.code = os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])
        return self.code

    def close(self) -> None:
        """End what still runs."""
        if self.code is None:
            os.kill(self.pid, signal.SIGKILL)
            self.ends()
        os.close(self.controller)

    def _read(self) -> bool:
        ready, _, _ = select.select([self.controller], [], [], 60)
        assert ready, f"nothing comes after {self.shown!r}"
        try:
            found = os.read(self.controller, 4096)
        except OSError:  # Linux says so where nobody has the other end any more
            found = b""
        self._bytes += found
        self.shown = self._bytes.decode(errors="ignore")
        return bool(found)


@contextmanager
def adding(url: str) -> Iterator[Terminal]:
    terminal = Terminal("user", "add", "vera", "--role", "vendor", "--book", url)
    try:
        yield terminal
    finally:
        terminal.close()


def opens(url: str, password: str) -> bool:
    book = SqlOrderBook.open(url)
    try:
        return book.log_in("vera", password) is not None
    finally:
        book.close()


@pytest.fixture(autouse=True)
def plain(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("LC_ALL", "C.UTF-8")


def test_a_password_is_asked_for_twice_and_never_shown(file_url: str) -> None:
    with adding(file_url) as terminal:
        terminal.sees("Password: ")
        terminal.types(f"{PASSWORD}\n")
        terminal.sees("Once more: ")
        terminal.types(f"{PASSWORD}\n")
        assert terminal.ends() == 0
    assert terminal.shown == "Password: \r\nOnce more: \r\nadded vera, vendor\r\n"
    assert opens(file_url, PASSWORD)


def test_one_that_is_repeated_wrongly_is_asked_for_again_and_the_last_pair_counts(file_url: str) -> None:
    with adding(file_url) as terminal:
        for first, second in (("a first try", "a worse try"), (PASSWORD, PASSWORD)):
            terminal.sees("Password: ")
            terminal.types(f"{first}\n")
            terminal.sees("Once more: ")
            terminal.types(f"{second}\n")
        assert terminal.ends() == 0
    assert "try" not in terminal.shown.replace("try again", "")
    assert terminal.shown.count("Password: ") == 2
    assert (opens(file_url, PASSWORD), opens(file_url, "a first try")) == (True, False)


@pytest.mark.parametrize(
    ("key", "code", "at"),
    [("\x03", 130, "Password: "), ("\x03", 130, "Once more: "), ("\x04", 1, "Password: ")],
    ids=["Ctrl-C", "Ctrl-C later", "Ctrl-D"],
)
def test_who_gives_up_adds_nobody_and_gets_the_terminal_back_as_it_was(
    file_url: str, at: str, key: str, code: int
) -> None:
    with adding(file_url) as terminal:
        before = termios.tcgetattr(terminal.controller)
        terminal.sees("Password: ")
        if at != "Password: ":
            terminal.types(f"{PASSWORD}\n")
            terminal.sees(at)
        terminal.types(key)
        assert terminal.ends() == code
        assert termios.tcgetattr(terminal.controller) == before
    assert "Traceback" not in terminal.shown
    assert not opens(file_url, PASSWORD)


def test_a_password_that_is_too_short_is_one_error_and_adds_nobody(file_url: str) -> None:
    with adding(file_url) as terminal:
        for prompt in ("Password: ", "Once more: "):
            terminal.sees(prompt)
            terminal.types("short\n")
        assert terminal.ends() == 1
    assert terminal.shown.endswith("error: a password has at least 8 characters\r\n")
    assert not opens(file_url, "short")
