"""``sarto plugin check``: what an author is told, each with its place in the author's own files."""

from __future__ import annotations

import json
from pathlib import Path
from textwrap import dedent

import pytest

from ..derive.hall import hall, plugin
from .conftest import Sarto

HOOKS = """
from __future__ import annotations
import pluggy

hookspec = pluggy.HookspecMarker("hall")
hookimpl = pluggy.HookimplMarker("hall")

class Guest:
    name = "?"

@hookspec
def greeting(guest: Guest, day: int) -> str:
    "Words for a guest."

@hookspec
def song():
    "What is sung."
"""
WHOLE = """
[build-system]
requires = ["uv_build>=0.9,<1"]
build-backend = "uv_build"

[project]
name = "hall-maps"
version = "0.1.0"
description = "Maps"
readme = "README.md"
requires-python = ">=3.11"
license = "MIT"
dependencies = ["hall"]

[project.entry-points.hall]
maps = "hall_maps"
"""
TREE = 'optional = ["one"]\n[features.one]\nparts = ["hall-one"]\n'
GOOD = """
from hall_hooks import Guest, hookimpl

@hookimpl
def greeting(guest: Guest) -> str:
    return guest.name
"""
CODE = "maps/src/hall_maps/__init__.py"


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("UV_OFFLINE", "1")
    monkeypatch.delenv("UV_DEFAULT_INDEX", raising=False)
    return tmp_path


def project(folder: Path, text: str = GOOD, *, whole: str = WHOLE, more: bytes = b"") -> None:
    """The project ``maps`` with a module of this text, and one that is called ``more``."""
    package = folder / "maps" / "src" / "hall_maps"
    package.mkdir(parents=True, exist_ok=True)
    (folder / "maps" / "pyproject.toml").write_text(whole, encoding="utf-8")
    (folder / "maps" / "README.md").write_text("# Maps\n", encoding="utf-8")
    (package / "py.typed").touch()
    (package / "__init__.py").write_text(dedent(text), encoding="utf-8")
    (package / "more.py").write_bytes(more)


def said(sarto: Sarto, *words: str) -> list[str]:
    """What is found: severity, place, and what it is, with the hint; the last line is left out."""
    found = json.loads(sarto("plugin", "check", "maps", "--json", *words).stdout)["findings"]
    return [
        f"{each['severity']} {each['where']}: {each['what']}" + (f" ({each['hint']})" if each["hint"] else "")
        for each in found
    ]


def in_hall(sarto: Sarto, folder: Path, text: str = GOOD, *, one: str = "", whole: str = WHOLE) -> list[str]:
    """What is found in the plugin beside the feature ``one``."""
    hall(folder, TREE, hooks=HOOKS)
    plugin(folder, "one", one)
    project(folder, text, whole=whole)
    return said(sarto, "--line", "features.toml")


def test_a_plugin_that_fits_is_said_to(sarto: Sarto, here: Path) -> None:
    assert in_hall(sarto, here) == []
    result = sarto("plugin", "check", "maps", "--line", ".")
    assert (result.exit_code, result.stdout, result.stderr) == (0, "hall-maps: 0 errors, 0 warnings\n", "")


def test_a_finding_has_its_place_and_the_exit_code_is_one(sarto: Sarto, here: Path) -> None:
    in_hall(sarto, here, GOOD.replace("def greeting", "def greting"))
    result = sarto("plugin", "check", "maps", "--line", ".")
    assert (result.exit_code, result.stderr) == (1, "")
    assert result.stdout == (
        "error: the entry point 'maps = hall_maps' implements 'greting', which is no hook of the core or of another "
        f"part\n  --> {CODE}:4\n  hint: did you mean 'greeting'?\nhall-maps: 1 error, 0 warnings\n"
    )


def test_an_argument_that_the_hook_does_not_give_has_its_line(sarto: Sarto, here: Path) -> None:
    assert in_hall(sarto, here, GOOD.replace("guest: Guest", "gest: Guest").replace("guest.name", "gest.name")) == [
        f"error {CODE}:4: the entry point 'maps = hall_maps' takes 'gest' in the hook 'greeting', which gives no such "
        "argument (did you mean 'guest'?)"
    ]


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ("guest: Guest", "day: str, guest: Guest",
         'argument "day" to "greeting" has incompatible type "int"; expected "str"'),
        ("-> str:\n    return guest.name", "-> int:\n    return 3",
         'incompatible return value type (got "int", expected "str | None")'),
    ],
)  # fmt: skip
def test_types_are_held_against_those_of_the_hook_as_mypy_sees_them(
    sarto: Sarto, here: Path, old: str, new: str, what: str
) -> None:
    assert in_hall(sarto, here, GOOD.replace(old, new)) == [
        f"error {CODE}:4: 'greeting' does not fit the types of the hook 'greeting': {what}"
    ]


@pytest.mark.parametrize(
    "text",
    [
        GOOD.replace("-> str:\n    return guest.name", "-> str | None:\n    return None"),
        GOOD.replace("guest: Guest", "guest: object").replace("guest.name", "str(guest)"),
        GOOD.replace("guest: Guest) -> str", "guest)").replace("guest.name", "3"),
        GOOD.replace("@hookimpl", "@hookimpl(wrapper=True)").replace("-> str", "").replace("guest.name", "(yield)"),
    ],
    ids=["nothing is a result", "more is taken", "without annotations", "a wrapper"],
)
def test_types_that_fit_are_not_complained_of(sarto: Sarto, here: Path, text: str) -> None:
    assert in_hall(sarto, here, text) == []


def test_without_mypy_annotations_are_compared_word_by_word(
    sarto: Sarto, here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sarto.derive.authoring.checking.has_mypy", lambda: False)
    assert in_hall(sarto, here) == []
    project(here, GOOD.replace("guest: Guest", "day: str, guest: Guest"))
    assert said(sarto, "--line", ".") == [
        f"warning {CODE}:4: 'greeting' takes 'day' as 'str', and the hook 'greeting' gives 'int'"
    ]


def test_what_only_another_feature_brings_is_no_ground_to_stand_on(sarto: Sarto, here: Path) -> None:
    assert in_hall(sarto, here, "import hall_one\n", whole=WHOLE.replace('"hall"]', '"hall"]\n')) == [
        f"error {CODE}:1: imports 'hall_one' of 'hall-one', which the metadata do not require (add 'hall-one' to "
        "dependencies, or let the import fail: try … except ImportError)",
        f"error {CODE}:1: feature 'hall-maps': part 'hall-maps' 0.1.0 imports 'hall_one' (hall_maps/__init__.py:1), "
        "which only feature 'one' brings, and the feature model does not say that it is there (promise it: requires = "
        '["one"] in features.hall-maps, or let the import fail: try … except ImportError)',
    ]


def test_what_is_required_is_there(sarto: Sarto, here: Path) -> None:
    whole = WHOLE.replace('"hall"]', '"hall", "hall-one"]')
    assert in_hall(sarto, here, "import hall_one\n", whole=whole) == []


def test_a_requirement_that_is_there_for_the_sake_of_another_is_a_warning(sarto: Sarto, here: Path) -> None:
    assert in_hall(sarto, here, "import pluggy\n" + GOOD) == [
        f"warning {CODE}:1: imports 'pluggy' of 'pluggy', which the metadata do not require but for the sake of "
        "another requirement (add 'pluggy' to dependencies, or let the import fail: try … except ImportError)"
    ]


def test_what_only_an_extra_requires_is_said_so(sarto: Sarto, here: Path) -> None:
    extra = '[project.optional-dependencies]\none = ["hall-one"]\n[project.entry-points.hall]'
    whole = WHOLE.replace("[project.entry-points.hall]", extra)
    found = in_hall(sarto, here, "def late():\n    import hall_one\n", whole=whole)
    assert found[0] == (
        f"error {CODE}:2: imports 'hall_one' of 'hall-one', which only an extra requires (import it where the extra is "
        "used, inside try … except ImportError)"
    )


def test_a_file_that_another_part_writes_too_is_a_collision(sarto: Sarto, here: Path) -> None:
    hall(here, TREE, hooks=HOOKS)
    plugin(here, "one", "", files={"hall_one.py": "", "hall_maps/__init__.py": "mine = True\n"})
    project(here)
    (found, *_) = said(sarto, "--line", ".")
    assert found.startswith(
        "error maps/pyproject.toml: project: features 'hall-maps' and 'one' are allowed together and "
    )
    assert "both write 'hall_maps/__init__.py'" in found


def test_a_part_of_the_line_is_checked_as_the_feature_that_it_is(sarto: Sarto, here: Path) -> None:
    hall(here, TREE + '[[constraints]]\nrule = "maps => one"\n', hooks=HOOKS)
    text = (here / "features.toml").read_text().replace('["one"]', '["one", "maps"]')
    text = text.replace('"wheelhouse"]', '"wheelhouse", "maps"]')
    (here / "features.toml").write_text(text + '[features.maps]\nparts = ["hall-maps"]\n')
    plugin(here, "one")
    project(here, "def late():\n    import hall_one\n")
    assert said(sarto, "--line", ".") == [
        f"error {CODE}:2: imports 'hall_one' of 'hall-one', which the metadata do not require (add 'hall-one' to "
        "dependencies, or let the import fail: try … except ImportError)"
    ]


BARE = '[project]\nname = "hall-maps"\nversion = "1"\n[project.entry-points.hal]\nmaps = "hall_maps"\n'


def test_what_the_metadata_lack_is_said_with_what_to_add(sarto: Sarto, here: Path) -> None:
    hall(here, TREE, hooks=HOOKS)
    plugin(here, "one")
    project(here, "", whole=BARE + '[build-system]\nrequires = ["uv_build>=0.9,<1"]\nbuild-backend = "uv_build"\n')
    (here / "maps" / "src" / "hall_maps" / "py.typed").unlink()
    file = "maps/pyproject.toml: project"
    assert said(sarto, "--line", ".") == [
        f'warning {file}.license: the project says nothing of its licence (add license = "MIT", an SPDX expression)',
        f"warning {file}.requires-python: the project does not say which Pythons it is for "
        '(add requires-python = ">=3.11")',
        f'warning {file}.description: the project has no description (add description = "What it does, in one line")',
        f'warning {file}.readme: the project has no README (add readme = "README.md")',
        f"error {file}.entry-points: the project has no entry point in the group 'hall', so no product finds it "
        "(it has the group 'hal'; call that 'hall')",
        f"warning {CODE}: the package 'hall_maps' has no py.typed, so type checkers do not look at its annotations "
        "(add an empty file py.typed to 'hall_maps')",
    ]


def test_an_entry_point_that_names_no_module_is_an_error(sarto: Sarto, here: Path) -> None:
    found = in_hall(sarto, here, "", whole=WHOLE.replace('maps = "hall_maps"', 'maps = "hall_map"'))
    assert found[0] == "error maps/pyproject.toml: project.entry-points.hall.maps: the wheel has no module 'hall_map'"


def test_without_a_line_what_needs_one_is_said_not_to_be_looked_at(sarto: Sarto, here: Path) -> None:
    project(here, "import wanting\n")
    result = sarto("plugin", "check", "maps")
    assert (result.exit_code, result.stderr) == (1, "")
    assert result.stdout == (
        "error: imports 'wanting', which the metadata do not require\n"
        f"  --> {CODE}:1\n"
        "  hint: add 'wanting' to dependencies, or let the import fail: try … except ImportError\n"
        "not looked at: its hooks: name the line with --line, or the module of the hook specs with --hooks\n"
        "hall-maps: 1 error, 0 warnings\n"
    )


SARTO = WHOLE.replace("entry-points.hall", "entry-points.sarto").replace('["hall"]', '["sarto"]')
FORMATS = "from sarto.hooks import hookimpl\n@hookimpl\ndef sarto_build_files({}): ...\n"


def test_the_hooks_of_sarto_itself_are_known(sarto: Sarto, here: Path) -> None:
    project(here, FORMATS.format("plan"), whole=SARTO)
    assert said(sarto) == []
    project(here, FORMATS.format("plam"), whole=SARTO)
    assert said(sarto) == [
        f"error {CODE}:2: the entry point 'maps = hall_maps' takes 'plam' in the hook 'sarto_build_files', which gives "
        "no such argument (did you mean 'plan'?)"
    ]


def test_a_host_that_is_installed_beside_sarto_is_named_by_its_hooks(sarto: Sarto, here: Path) -> None:
    project(here, FORMATS.format("plam").replace("sarto.hooks", "sarto.hooks"), whole=SARTO)
    assert len(said(sarto, "--hooks", "sarto.hooks.specs")) == 1
    result = sarto("plugin", "check", "maps", "--hooks", "no.such.host")
    assert result.exit_code == 1
    assert result.stderr == (
        "error: 'no.such.host' cannot be imported: ModuleNotFoundError: No module named 'no'\n"
        "  hint: install the host of the plugin beside Sarto\n"
    )


def test_a_line_knows_its_hooks(sarto: Sarto, here: Path) -> None:
    project(here)
    result = sarto("plugin", "check", "maps", "--line", ".", "--hooks", "x")
    assert (result.exit_code, "--line knows the hooks: leave out --hooks" in result.stderr) == (2, True)


IMPORTED = f"error {CODE}:{{}}: the entry point 'maps = hall_maps' cannot be imported: {{}}"


@pytest.mark.parametrize(
    ("text", "line", "what"),
    [
        ("import sys\nsys.exit(3)\n", 2, "SystemExit: 3 (hall_maps/__init__.py:2)"),
        ("x = 1\n1 / 0\n", 2, "ZeroDivisionError: division by zero (hall_maps/__init__.py:2)"),
    ],
    ids=["it exits", "it raises"],
)
def test_a_plugin_that_cannot_be_imported_has_the_line_where_it_fails(
    sarto: Sarto, here: Path, text: str, line: int, what: str
) -> None:
    assert in_hall(sarto, here, text) == [IMPORTED.format(line, what)]


def test_a_plugin_that_ends_its_process_is_named(sarto: Sarto, here: Path) -> None:
    assert in_hall(sarto, here, "import os\nos._exit(7)\n") == [
        "error maps/pyproject.toml: project.entry-points: the entry point 'maps = hall_maps' cannot be imported: it "
        "ends the process with exit code 7"
    ]


def test_a_plugin_that_changes_pluggy_itself_is_named(sarto: Sarto, here: Path) -> None:
    text = "import pluggy\npluggy.PluginManager.register = lambda *_, **__: None\n"
    assert in_hall(sarto, here, text, whole=WHOLE.replace('"hall"]', '"hall", "pluggy"]')) == [
        "error maps/pyproject.toml: project.entry-points: the entry point 'maps = hall_maps' changes pluggy itself: "
        "pluggy._manager.PluginManager.register (use pluggy's hooks; what all plugins share is not one plugin's)"
    ]


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"x = 1\ndef broken(:\n", "maps/src/hall_maps/more.py:2: this module cannot be read: invalid syntax"),
        (b"# \xff\n", "maps/src/hall_maps/more.py:1: this module cannot be read: invalid or missing encoding"),
        (b"# one\n# two\n# \xff\n", "maps/src/hall_maps/more.py:3: this module cannot be read: it is not UTF-8"),
        (
            b"\0",
            "maps/src/hall_maps/more.py:1: this module cannot be read: source code string cannot contain null bytes",
        ),
        (b"#" * 5_000_000, "maps/src/hall_maps/more.py:1: this module cannot be read: it has more than 4 MB"),
    ],
    ids=["a syntax error", "no UTF-8", "no UTF-8 later", "a null byte", "huge"],
)
def test_a_module_that_cannot_be_read_is_an_error_with_its_line(
    sarto: Sarto, here: Path, content: bytes, what: str
) -> None:
    project(here, "", more=content)
    (found,) = said(sarto)
    assert found.startswith(f"error {what}")


@pytest.mark.parametrize(
    ("text", "error"),
    [
        (None, "there is no pyproject.toml in this folder\n  --> maps\n  hint: name the folder of a plugin's project"),
        ("a = ", "this file cannot be read: Invalid value (at end of document)\n  --> maps/pyproject.toml"),
        ("[project]\n", "this project does not say its name\n  --> maps/pyproject.toml: project.name\n"),
        ("[tool]\n" + "#" * 1_100_000, "this file has more than 1024 KB\n  --> maps/pyproject.toml"),
    ],
    ids=["none", "broken", "without a name", "huge"],
)
def test_a_folder_that_is_no_project_is_one_clear_error(sarto: Sarto, here: Path, text: str | None, error: str) -> None:
    (here / "maps").mkdir()
    if text is not None:
        (here / "maps" / "pyproject.toml").write_text(text)
    result = sarto("plugin", "check", "maps")
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.startswith(f"error: {error}")


def test_an_error_is_json_too(sarto: Sarto) -> None:
    result = sarto("plugin", "check", "nowhere", "--json")
    assert result.exit_code == 1
    assert "there is no such folder" in json.dumps(json.loads(result.stdout))
