"""``sarto completion``, and what a shell gets that asks for completions."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner
from sarto.cli import program

from .conftest import Sarto


def complete(words: str) -> str:
    arguments = words.split(" ")
    environment = {
        "_SARTO_COMPLETE": "bash_complete",
        "COMP_WORDS": words,
        "COMP_CWORD": str(len(arguments) - 1),
    }
    return CliRunner().invoke(program, [], prog_name="sarto", env=environment).stdout


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_script_names_the_program_and_its_variable(sarto: Sarto, shell: str) -> None:
    script = sarto("completion", shell).stdout

    assert "_SARTO_COMPLETE" in script
    assert f"{shell}_complete" in script


def test_an_unknown_shell_is_a_usage_error(sarto: Sarto) -> None:
    result = sarto("completion", "csh")

    assert result.exit_code == 2
    assert "'csh' is not one of 'bash', 'zsh', 'fish'" in result.stderr


def test_commands_are_completed_by_their_beginnings() -> None:
    assert complete("sarto c") == "plain,check\nplain,choose\nplain,convert\nplain,completion\n"


def test_options_of_a_command_are_completed() -> None:
    assert "plain,--strict\n" in complete("sarto analyse --s")


def test_the_features_of_a_selections_line_are_completed(shop: Path) -> None:
    assert complete("sarto explain acme.toml c") == "plain,card\nplain,coins\n"


def test_where_the_selection_cannot_be_read_nothing_is_offered_and_nothing_said(shop: Path) -> None:
    assert complete("sarto explain nobody.toml c").strip() == ""


def test_build_formats_are_completed(shop: Path) -> None:
    assert "plain,bundle\n" in complete("sarto build --format b")


@pytest.mark.skipif(not shutil.which("bash"), reason="needs bash")
def test_bash_accepts_the_script_and_completes_with_it(tmp_path: Path) -> None:
    launcher = tmp_path / "sarto"
    launcher.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m sarto.cli "$@"\n')
    launcher.chmod(0o755)
    code = (
        'eval "$(sarto completion bash)"\n'
        'COMP_WORDS=(sarto res) COMP_CWORD=1\n_sarto_completion sarto\necho "${COMPREPLY[@]}"\n'
    )
    environment = {**os.environ, "PATH": f"{tmp_path}{os.pathsep}{os.environ['PATH']}"}

    done = subprocess.run(["bash", "-c", code], env=environment, capture_output=True, text=True, check=True)

    assert (done.stdout, done.stderr) == ("resolve\n", "")
