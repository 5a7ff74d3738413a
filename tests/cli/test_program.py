"""The program as a whole: help, exit codes, interruptions, colours, what is imported when."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from itertools import combinations
from pathlib import Path

import click
import pytest
from sarto.cli import program
from sarto.cli.declaring import ExampleCommand
from sarto.cli.program import SECTIONS

from .conftest import Sarto, start, write

NAMES = [name for section in SECTIONS.values() for name in section]

HELP = """\
Usage: sarto [OPTIONS] COMMAND [ARGS]...

  Sarto turns a Python product with plugins into a product line, and each
  customer's choice into a build.

Options:
  -V, --version  Show the version and exit.
  -h, --help     Show this message and exit.

From a product line to a build:
  check       Is a product line sound?
  choose      Choose features in the terminal, question by question.
  resolve     The configuration of a selection, each decision with its reason.
  explain     Why a feature is in or out, or a selection impossible.
  brand       What fills each slot of a brand, and from where.
  build       Assemble builds from selections.
  run         Start a build.
  verify      Check a build: every hash, the lock, the validity, the signature.
  store       The parts on this machine: list, verify, free.
  tailor      A selection from what is known of a customer, with the evidence.
  lock        The versions of a line's parts, written down.
  migrate     A selection carried over to another version of its line.

Feature models:
  analyse     Void, core, dead and false-optional features of a model.
  convert     Write a feature model in another format.
  sample      Configurations of a model: few that cover, some drawn, or all.
  diff        What an edit of a model does to the products, and what differs.

For authors:
  new         Start a product line, or a plugin.
  plugin      Check a plugin that you write.
  test        Run a line's tests in a sample of its products.
  docs        The documentation of a line, as a site or in the terminal.
  plugins     The plugins that take part, and what each adds.
  completion  The script that completes commands in your shell.

Example:
  sarto build selections/acme.toml && python builds/acme/acme.py
"""


def command_named(name: str) -> click.Command:
    found = program.get_command(click.Context(program, info_name="sarto"), name)
    assert found is not None
    return found


def examples_of(command: click.Command) -> tuple[str, ...]:
    if isinstance(command, click.Group):
        return tuple(example for below in command.commands.values() for example in examples_of(below))
    assert isinstance(command, ExampleCommand)
    return command.examples


def test_the_help_lists_the_commands_by_what_they_are_for(sarto: Sarto) -> None:
    result = sarto("--help")

    assert (result.exit_code, result.stdout, result.stderr) == (0, HELP, "")


@pytest.mark.parametrize("name", NAMES)
def test_every_command_has_examples_which_begin_with_it(name: str) -> None:
    examples = examples_of(command_named(name))

    assert examples
    assert all(f"sarto {name}" in example for example in examples)


@pytest.mark.parametrize("name", NAMES)
def test_the_help_of_every_command_shows_its_examples(name: str, sarto: Sarto) -> None:
    command = command_named(name)
    paths = [[name, below] for below in command.commands] if isinstance(command, click.Group) else [[name]]

    shown = "".join(sarto(*path, "--help").stdout for path in paths)

    assert "\nExample" in shown
    assert all(f"\n  {example}\n" in shown for example in examples_of(command))


@pytest.mark.parametrize("name", NAMES)
def test_the_summary_in_the_list_is_the_first_line_of_the_commands_own_help(name: str) -> None:
    summaries = {name: summary for section in SECTIONS.values() for name, summary in section.items()}

    assert (command_named(name).help or "").splitlines()[0] == summaries[name]


def test_the_version_is_said(sarto: Sarto) -> None:
    from sarto import __version__

    assert sarto("--version").stdout == f"sarto {__version__}\n"
    assert sarto("-V").stdout == f"sarto {__version__}\n"


def test_an_unknown_command_is_a_usage_error_with_the_nearest_name(sarto: Sarto) -> None:
    result = sarto("reslove", "acme.toml")

    assert result.exit_code == 2
    assert result.stderr == (
        "Usage: sarto [OPTIONS] COMMAND [ARGS]...\n"
        "Try 'sarto --help' for help.\n\n"
        "Error: there is no command 'reslove'; did you mean 'resolve'?\n"
    )


def test_a_missing_argument_is_a_usage_error(sarto: Sarto) -> None:
    result = sarto("resolve")

    assert result.exit_code == 2
    assert result.stderr.endswith("Error: Missing argument 'SELECTION'.\n")


def test_input_that_cannot_be_honoured_is_exit_code_1_and_a_message_on_stderr(sarto: Sarto, shop: Path) -> None:
    result = sarto("resolve", "nobody.toml")

    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == "error: there is no such file\n  --> nobody.toml\n"


def test_the_console_script_says_the_same_without_a_traceback(shop: Path) -> None:
    process = start("resolve", "nobody.toml")

    assert process.communicate() == ("", "error: there is no such file\n  --> nobody.toml\n")
    assert process.returncode == 1


@pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")
def test_an_interruption_ends_the_program_silently_with_130(shop: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "sarto.cli", "choose"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
    )
    assert process.stdout is not None
    while not process.stdout.readline().startswith("Answer"):
        pass
    time.sleep(0.3)
    process.send_signal(signal.SIGINT)
    _, stderr = process.communicate(timeout=30)

    assert (process.returncode, stderr) == (130, "")


@pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")
def test_an_interruption_that_the_solver_notices_is_one_too(shop: Path) -> None:
    """One pigeon more than there are holes: a search that would take hours."""
    homes = [[f"p{pigeon}h{hole}" for hole in range(12)] for pigeon in range(13)]
    text = f'[line]\nroot = "loft"\n[features.loft]\nmandatory = {[f"p{pigeon}" for pigeon in range(13)]}\n'
    text += "".join(f"[features.p{pigeon}]\nalternative = {home}\n" for pigeon, home in enumerate(homes))
    for hole in zip(*homes, strict=True):
        text += "".join(f'[[constraints]]\nrule = "!({one} & {other})"\n' for one, other in combinations(hole, 2))
    write(shop, features=text)
    process = start("analyse", "features.toml")
    time.sleep(2)
    process.send_signal(signal.SIGINT)
    stdout, stderr = process.communicate(timeout=30)

    assert (process.returncode, stdout, stderr) == (130, "", "")


def test_what_others_make_of_an_interruption_is_one(sarto: Sarto, shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sarto.line.read_model", interrupted_import)

    result = sarto("analyse", "features.toml")

    assert (result.exit_code, result.stdout, result.stderr) == (130, "", "")


def interrupted_import(*_: object, **__: object) -> None:
    try:
        raise KeyboardInterrupt
    except KeyboardInterrupt as error:
        raise ImportError("initialization failed") from error


@pytest.mark.skipif(os.name == "nt", reason="pipes of POSIX")
def test_a_pipe_that_is_closed_early_is_no_error(shop: Path) -> None:
    command = f"{sys.executable} -m sarto.cli resolve acme.toml | true; echo ${{PIPESTATUS[0]}}"

    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=True)

    assert (done.stdout.strip() in ("0", "141"), done.stderr) == (True, "")


@pytest.mark.skipif(os.name == "nt", reason="the shell of POSIX")
@pytest.mark.parametrize("words", ["--help", "--version", "resolve --help", "resolve acme.toml"])
def test_a_pipe_that_nobody_reads_ends_every_command_with_141(words: str, shop: Path) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    command = [sys.executable, "-m", "sarto.cli", *words.split()]
    done = subprocess.run(command, stdout=writing, stderr=subprocess.PIPE, text=True, check=False)
    os.close(writing)
    assert (done.returncode, done.stderr) == (141, "")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="Linux has a device that is always full")
@pytest.mark.parametrize("words", ["--help", "resolve acme.toml", "resolve acme.toml --json"])
def test_an_output_that_has_no_room_is_one_sentence(words: str, shop: Path) -> None:
    command = [sys.executable, "-m", "sarto.cli", *words.split()]
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert (done.returncode, done.stderr) == (1, "error: No space left on device\n")


@pytest.mark.skipif(os.name == "nt", reason="the shell of POSIX")
@pytest.mark.parametrize("words", ["resolve acme.toml", "resolve acme.toml --json", "analyse features.toml"])
def test_a_command_does_its_work_also_where_its_output_is_closed(words: str, shop: Path) -> None:
    command = f"exec {sys.executable} -m sarto.cli {words} <&- >&-"
    done = subprocess.run(["sh", "-c", command], stderr=subprocess.PIPE, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_an_interruption_before_the_command_is_known_is_silent_too(
    sarto: Sarto, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("sarto.cli.lazy.LazyGroup.make_context", interrupted)

    result = sarto("resolve", "acme.toml")

    assert (result.exit_code, result.stdout, result.stderr) == (130, "", "")


def test_a_pipe_that_has_no_place_for_a_letter_gets_its_number(shop: Path) -> None:
    acme = (shop / "acme.toml").read_text().replace("Acme GmbH", "日本")
    (shop / "acme.toml").write_text(acme, encoding="utf-8")

    stdout, stderr = start("resolve", "acme.toml", PYTHONIOENCODING="latin-1").communicate()

    assert (stdout.splitlines()[-1], stderr) == ("\\u65e5\\u672c: 8 of 11 features", "")


HEAVY = (
    "rich",
    "pysat",
    "pluggy",
    "uv",
    "tomli_w",
    "packaging",
    "tomllib",
    "pathlib",
    "json",
    "dataclasses",
    "sarto.model",
)


def imported_by(*arguments: str) -> set[str]:
    code = (
        "import sys\nfrom sarto.cli import program\n"
        f"try: program({list(arguments)!r})\nexcept SystemExit: pass\nprint(*sorted(sys.modules), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return set(done.stderr.split())


def test_help_and_version_import_nothing_heavy() -> None:
    imported_by("--help")  # the first time, the plugins' commands may have to be found out

    assert imported_by("--help").isdisjoint(HEAVY)
    assert imported_by("--version").isdisjoint(HEAVY)


def test_a_command_without_progress_imports_no_rich(shop: Path) -> None:
    assert "rich" not in imported_by("resolve", "acme.toml")


def test_a_command_imports_no_other_command() -> None:
    modules = {f"sarto.cli.{name}" for name in NAMES}

    assert modules & imported_by("analyse", "--help") == {"sarto.cli.analyse"}


RED_ERROR = "\x1b[31m\x1b[1merror\x1b[0m: "


def test_a_pipe_gets_no_colours(shop: Path) -> None:
    _, stderr = start("resolve", "nobody.toml").communicate()

    assert stderr.startswith("error: ")


def test_colours_can_be_forced(shop: Path) -> None:
    _, stderr = start("resolve", "nobody.toml", FORCE_COLOR="1").communicate()

    assert stderr.startswith(RED_ERROR)


def test_no_color_wins_over_everything(shop: Path) -> None:
    _, stderr = start("resolve", "nobody.toml", FORCE_COLOR="1", NO_COLOR="1").communicate()

    assert stderr.startswith("error: ")


@pytest.mark.skipif(os.name == "nt", reason="terminals of POSIX")
@pytest.mark.parametrize(
    ("variables", "beginning"),
    [({}, RED_ERROR), ({"NO_COLOR": "1"}, "error: "), ({"NO_COLOR": ""}, RED_ERROR), ({"TERM": "dumb"}, "error: ")],
)
def test_a_terminal_gets_colours_unless_it_wants_none(shop: Path, variables: dict[str, str], beginning: str) -> None:
    import pty

    controller, terminal = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "sarto.cli", "resolve", "nobody.toml"], env={**os.environ, **variables}, stderr=terminal
    )
    process.wait()
    os.close(terminal)

    assert os.read(controller, 10_000).decode().startswith(beginning)
