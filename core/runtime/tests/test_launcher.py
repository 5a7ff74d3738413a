"""The launcher is one constant text that any Python can at least read."""

from __future__ import annotations

import ast
import runpy
import sys

import pytest

from .real_builds import LAUNCHER, SOURCES


def test_an_older_python_can_read_it() -> None:
    ast.parse(LAUNCHER, feature_version=(3, 4))
    assert LAUNCHER.isascii()
    assert b"\r" not in LAUNCHER


def test_it_begins_with_the_line_that_makes_it_a_program() -> None:
    assert LAUNCHER.startswith(b"#!/usr/bin/env python3\n")


@pytest.mark.parametrize("version", [(2, 7, 18), (3, 6, 15), (3, 10, 13)])
def test_an_older_python_is_told_that_it_is_too_old(
    monkeypatch: pytest.MonkeyPatch, version: tuple[int, int, int]
) -> None:
    monkeypatch.setattr(sys, "version_info", version)
    with pytest.raises(SystemExit) as caught:
        runpy.run_path(str(SOURCES / "launcher.py"), run_name="__main__")
    expected = f"{SOURCES / 'launcher.py'} needs Python 3.11 or newer, and this is Python {version[0]}.{version[1]}"
    assert caught.value.code == expected


def test_importing_it_starts_nothing() -> None:
    names = runpy.run_path(str(SOURCES / "launcher.py"), run_name="__mp_main__")
    assert callable(names["start"])
