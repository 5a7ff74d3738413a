"""Options and commands that two features, or one and the core, define are found, and proved apart or shown together."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import pytest
from sarto.solve.soundness import Finding

from .hall import HOOKS, check, hall, plugin
from .making import make_wheel

SPECS = HOOKS + "\n@hookspec\ndef hall_addoption(parser): ...\n@hookspec\ndef register_commands(cli): ...\n"
HEAD = "from hall_hooks import hookimpl\n"
TWO = 'optional = ["one", "two", "both"]\n[features.one]\nparts = ["hall-one"]\n[features.two]\nparts = ["hall-two"]\n'
BOTH = "it is so with the selection { one = true, two = true }"
SIDES = (
    "'one' does it with part 'hall-one' 1.0 in hall_one.py:2",
    "'two' does it with part 'hall-two' 1.0 in hall_two.py:2",
)


def options(*names: str, more: str = "") -> str:
    body = "".join(f"  group.addoption('{name}', action='store')\n" for name in names)
    start = "  group = parser.getgroup('hall', 'of the hall')\n"
    return f"{HEAD}@hookimpl\ndef hall_addoption(parser):\n{start}{body}{more}"


def found(folder: Path, one: str, two: str, *, line: str = "") -> tuple[Finding, ...]:
    hall(folder, TWO + line, hooks=SPECS)
    plugin(folder, "one", one)
    plugin(folder, "two", two)
    return check(folder)


def test_two_that_define_the_same_options_are_an_error_with_the_smallest_selection(tmp_path: Path) -> None:
    one = options("--song", "-s", "--own", more="  parser.addini('songs', 'how many')\n")
    two = options("--song", "-s", "--other", more="  parser.addini('songs', 'which')\n")
    (finding,) = found(tmp_path, one, two)
    assert (finding.severity, finding.kind, finding.what) == (
        "error", "interaction",
        "features 'one' and 'two' both define the options '--song' and '-s' and the setting 'songs', "
        "and a product can have both",
    )  # fmt: skip
    assert finding.because == (*SIDES, BOTH)
    assert finding.hint == (
        'settle it: [[interactions]] between = ["one", "two"], with exclude = true or resolved_by, and because'
    )


def test_no_order_settles_it_but_excluding_does_and_so_does_a_feature_that_resolves_it(tmp_path: Path) -> None:
    settled = '[[interactions]]\nbetween = ["one", "two"]\n{way}\nbecause = "One song."\n'
    cases = {
        'order = ["one", "two"]': ("error", "and a product can have both"),
        "exclude = true": ("note", "and no product has both"),
        'resolved_by = "both"': ("note", "and 'both' resolves it"),
    }
    for number, (way, (severity, end)) in enumerate(cases.items()):
        (finding,) = found(tmp_path / str(number), options("--x"), options("--x"), line=settled.format(way=way))
        assert (finding.severity, finding.what.endswith(end)) == (severity, True), way


def test_different_options_are_no_matter(tmp_path: Path) -> None:
    assert found(tmp_path, options("--one"), options("--two")) == ()


def test_what_fails_for_want_of_the_real_host_says_what_it_had_said(tmp_path: Path) -> None:
    early = options("--song", more="  raise SystemExit(parser.extra_info['x'].y)\n")
    (finding,) = found(tmp_path, early, options("--late", "--song"))
    assert "the option '--song'," in finding.what


def test_a_hook_that_needs_more_than_a_parser_is_not_called(tmp_path: Path) -> None:
    text = f"{HEAD}@hookimpl\ndef greeting(guest): raise RuntimeError('called')\n@hookimpl\ndef song(): 1 / 0\n"
    assert found(tmp_path, text, text) == ()


def click_wheel(folder: Path) -> None:
    import click

    package = Path(click.__file__).parent
    files = {f"click/{file.name}": file.read_text(encoding="utf-8") for file in package.glob("*.py")}
    make_wheel(folder / "wheelhouse", "click", files=files)


@pytest.mark.skipif(find_spec("click") is None, reason="click is not here")
def test_two_that_define_one_click_command_are_found(tmp_path: Path) -> None:
    click_wheel(tmp_path)
    text = f"{HEAD}import click\n@hookimpl\ndef register_commands(cli):\n  @cli.command()\n  def sing(): ...\n"
    hall(tmp_path, TWO, hooks=SPECS)
    for name in ("one", "two"):
        plugin(tmp_path, name, text, requires=["click"])
    (finding,) = check(tmp_path)
    assert finding.what == "features 'one' and 'two' both define the command 'sing', and a product can have both"


CORE_PARSER = """
import pluggy, hall_hooks
class Own:
  @hall_hooks.hookimpl
  def hall_addoption(self, parser):
    parser.addoption('--guests', '-g')
    parser.addini('songs', 'how many')
manager = pluggy.PluginManager('hall')
manager.add_hookspecs(hall_hooks)
manager.register(Own())
"""


def test_an_option_that_the_core_has_is_an_error_with_the_smallest_selection(tmp_path: Path) -> None:
    hall(tmp_path, TWO, hooks=SPECS, command=CORE_PARSER)
    plugin(tmp_path, "one", options("--own", "-g", more="  parser.addini('songs', 'which')\n"))
    plugin(tmp_path, "two", options("--other"))
    (finding,) = check(tmp_path)
    assert (finding.severity, finding.kind, finding.what) == (
        "error", "interaction",
        "feature 'one' defines the option '-g' and the setting 'songs', which the core has already, "
        "and a product can have it",
    )  # fmt: skip
    assert finding.because == (SIDES[0], "it is so with the selection { one = true }")
    assert finding.hint == "take a version of the part that does not, or take the feature out"


@pytest.mark.skipif(find_spec("click") is None, reason="click is not here")
def test_a_command_that_takes_the_place_of_the_cores_is_a_warning(tmp_path: Path) -> None:
    click_wheel(tmp_path)
    core = "import click\n@click.group()\ndef main(): ...\n@main.command()\ndef sing(): ...\n"
    text = f"{HEAD}import click\n@hookimpl\ndef register_commands(cli):\n  @cli.command()\n  def sing(): ...\n"
    hall(tmp_path, TWO, hooks=SPECS)
    make_wheel(
        tmp_path / "wheelhouse", "hall", requires=["pluggy", "click"],
        files={"hall.py": core, "hall_hooks.py": SPECS}, entry_points="[console_scripts]\nhall = hall:main\n",
    )  # fmt: skip
    plugin(tmp_path, "one", text, requires=["click"])
    plugin(tmp_path, "two", HEAD)
    (finding,) = check(tmp_path)
    assert (finding.severity, finding.what, finding.because[-1]) == (
        "warning",
        "feature 'one' defines the command 'sing', which the core has already, and takes its place",
        "it is so with the selection { one = true }",
    )


def test_commands_that_argparse_gets_or_that_a_hook_gives_are_found_too(tmp_path: Path) -> None:
    specs = SPECS + "\n@hookspec\ndef hall_commands(): ...\n@hookspec\ndef add_commands(subparsers): ...\n"
    given = f"{HEAD}import types\n@hookimpl\ndef hall_commands():\n  yield types.SimpleNamespace(name='dance')\n"
    added = (
        f"{HEAD}@hookimpl\ndef add_commands(subparsers):\n"
        "  parser = subparsers.add_parser('dance')\n  parser.add_argument('--slow')\n"
    )
    hall(tmp_path, TWO, hooks=specs)
    plugin(tmp_path, "one", given)
    plugin(tmp_path, "two", added + "@hookimpl\ndef hall_addoption(parser): parser.addoption('--fast')\n")
    (finding,) = check(tmp_path)
    assert finding.what == "features 'one' and 'two' both define the command 'dance', and a product can have both"
    assert finding.because == (SIDES[0].replace(":2", ":3"), SIDES[1], BOTH)
