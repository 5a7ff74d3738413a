"""A build starts its core's command with exactly its own parts, in the planned order."""

from __future__ import annotations

import itertools
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from .real_builds import (
    PartOf,
    Sketch,
    ask,
    feature,
    greetings,
    make_build,
    make_plugin,
    make_wheel,
    start,
    surroundings,
)


def listing(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*"))


def test_the_launcher_starts_the_cores_command_under_the_builds_name(tmp_path: Path) -> None:
    done = start(make_build(tmp_path / "acme"), "one", "two words")
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout)["argv"] == ["acme", "one", "two words"]


@pytest.mark.parametrize(
    ("result", "code", "message"),
    [("0", 0, ""), ("None", 0, ""), ("3", 3, ""), ("'no such table'", 1, "no such table\n"), ("sys.exit(4)", 4, "")],
)
def test_the_exit_code_is_that_of_a_console_script(tmp_path: Path, result: str, code: int, message: str) -> None:
    done = start(make_build(tmp_path / "acme"), "return", result)
    assert (done.returncode, done.stderr) == (code, message)


def test_a_bug_of_the_product_keeps_its_traceback(tmp_path: Path) -> None:
    done = start(make_build(tmp_path / "acme"), "return", "1 / 0")
    assert done.returncode == 1
    assert done.stderr.endswith("ZeroDivisionError: division by zero\n")


def test_a_build_starts_from_any_folder_by_a_relative_path(tmp_path: Path) -> None:
    make_build(tmp_path / "builds" / "acme")
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    environment = {"SARTO_CACHE": str(tmp_path / "cache")}
    done = start("../builds/acme/acme.py", "hello", cwd=elsewhere, environment=environment)
    assert json.loads(done.stdout)["argv"] == ["acme", "hello"]


def test_a_build_starts_through_a_symbolic_link(tmp_path: Path) -> None:
    link = tmp_path / "bin" / "greet"
    link.parent.mkdir()
    link.symlink_to(make_build(tmp_path / "acme"))
    assert json.loads(start(link, "hello").stdout)["argv"] == ["acme", "hello"]


def test_a_launcher_that_is_itself_a_link_into_a_store_starts_the_folder_it_lies_in(tmp_path: Path) -> None:
    launcher = make_build(tmp_path / "acme")
    stored = tmp_path / "store" / "launcher.py"
    stored.parent.mkdir()
    launcher.rename(stored)
    launcher.symlink_to(stored)
    assert json.loads(start(launcher, "hello").stdout)["argv"] == ["acme", "hello"]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows starts files by their suffix")
def test_a_build_starts_as_a_program_of_its_own(tmp_path: Path) -> None:
    launcher = make_build(tmp_path / "acme")
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "python3").symlink_to(sys.executable)
    path = {"PATH": f"{tmp_path / 'bin'}:/usr/bin:/bin"}
    assert json.loads(start(launcher, "hello", python=(), environment=path).stdout)["argv"] == ["acme", "hello"]


def test_a_start_writes_nothing_into_the_build(tmp_path: Path) -> None:
    launcher = make_build(tmp_path / "acme")
    before = listing(launcher.parent)
    start(launcher)
    start(launcher, "@features")
    assert listing(launcher.parent) == before


@pytest.mark.skipif(os.name == "nt", reason="the shell of POSIX")
@pytest.mark.parametrize("words", ["", "@features", "@about"])
def test_a_build_starts_also_where_its_output_is_closed(words: str, tmp_path: Path) -> None:
    launcher = make_build(tmp_path / "acme", Sketch())
    command = f"exec {sys.executable} {launcher} {words} >&- 2>&-"
    assert subprocess.run(["sh", "-c", command], env=surroundings(launcher), check=False).returncode == 0


def test_a_folder_that_lost_its_parts_says_so(tmp_path: Path) -> None:
    launcher = make_build(tmp_path / "acme")
    for wheel in launcher.parent.joinpath("parts").glob("sarto_runtime-*"):
        wheel.unlink()
    done = start(launcher)
    parts = launcher.parent / "parts"
    assert done.returncode == 1
    assert done.stderr == f"{launcher}: this is not a whole build: its runtime is not in {parts}\n"


@pytest.mark.parametrize("damage", [b"", b"PK\x03\x04 no archive", None])
def test_a_damaged_runtime_is_one_sentence(damage: bytes | None, tmp_path: Path) -> None:
    launcher = make_build(tmp_path / "acme", Sketch())
    (wheel,) = (launcher.parent / "parts").glob("sarto_runtime-*.whl")
    whole = wheel.read_bytes()
    wheel.write_bytes(bytes(byte ^ (at % 50 == 0) for at, byte in enumerate(whole)) if damage is None else damage)
    alone = [sys.executable, "-I", "-S", str(launcher)]  # no other runtime is there
    done = subprocess.run(alone, env=surroundings(launcher), capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith(f"{launcher}: this build is damaged: {wheel} cannot be read: ")
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize("order", list(itertools.permutations(["red", "green", "blue"])))
def test_plugins_are_called_in_the_planned_order(tmp_path: Path, order: tuple[str, ...]) -> None:
    parts = [make_plugin(tmp_path / "wheels", f"host-{name}", name) for name in ("red", "green", "blue")]
    sketch = Sketch(features={name: feature() for name in order}, parts=parts, order=order)
    assert greetings(make_build(tmp_path / "acme", sketch)) == [f"host-{name}" for name in order]


def test_a_plugin_that_another_feature_needs_too_is_called_in_its_own_place(tmp_path: Path) -> None:
    leaflet = make_plugin(tmp_path / "wheels", "host-leaflet", "leaflet")
    maps = make_plugin(tmp_path / "wheels", "host-maps", "maps")
    parts = [PartOf(leaflet.wheel, ["leaflet", "maps"]), maps]
    for number, order in enumerate((["leaflet", "maps"], ["maps", "leaflet"])):
        sketch = Sketch(features={name: feature() for name in order}, parts=parts, order=order)
        launcher = make_build(tmp_path / f"acme{number}", sketch)
        assert greetings(launcher) == [f"host-{name}" for name in order]


def test_exactly_the_chosen_parts_are_installed_as_far_as_the_product_can_see(tmp_path: Path) -> None:
    parts = [make_plugin(tmp_path / "wheels", f"host-{name}", name) for name in ("maps", "graphql")]
    features = {"maps": feature(), "graphql": feature(False)}
    launcher = make_build(tmp_path / "acme", Sketch(features=features, parts=parts, order=["maps", "graphql"]))
    names = ask(launcher, "[d.metadata['Name'] for d in __import__('importlib.metadata').metadata.distributions()]")
    assert names == ["host", "pluggy", "sarto-runtime", "host-maps"]
    entries = "[e.name for e in __import__('importlib.metadata').metadata.entry_points(group='host')]"
    assert ask(launcher, entries) == ["host-maps"]
    assert ask(launcher, "bool(__import__('importlib.util').util.find_spec('host_maps'))") is True
    assert ask(launcher, "bool(__import__('importlib.util').util.find_spec('host_graphql'))") is False


def test_a_part_of_several_features_is_there_while_one_of_them_is_on(tmp_path: Path) -> None:
    shared = make_wheel(tmp_path / "wheels", "shared", {"shared.py": ""})
    find = "bool(__import__('importlib.util').util.find_spec('shared'))"
    for number, (maps, graphql, expected) in enumerate([(True, False, True), (False, 7, True), (False, False, False)]):
        features = {"maps": feature(maps), "graphql": feature(graphql)}
        sketch = Sketch(features=features, parts=[PartOf(shared, ["maps", "graphql"])])
        assert ask(make_build(tmp_path / f"acme{number}", sketch), find) is expected


def test_no_features_part_can_stand_in_for_the_core(tmp_path: Path) -> None:
    usurper = make_wheel(tmp_path / "wheels", "usurper", {"host/__init__.py": "", "host/cli.py": "main = exit"})
    sketch = Sketch(features={"maps": feature()}, parts=[PartOf(usurper, ["maps"])], order=["maps"])
    assert greetings(make_build(tmp_path / "acme", sketch)) == []


def test_the_settings_of_the_features_that_are_on_reach_the_command_line(tmp_path: Path) -> None:
    sketch = Sketch(
        features={"page_size": feature(50), "downloads": feature(False), "title": feature(False)},
        settings={
            "page_size": {"name": "default_page_size", "value": 50},
            "downloads": {"name": "allow_download", "value": False},
            "title": {"name": "title", "value": "gone"},
        },
        route={"arguments": ["--setting", "{name}", "{value}"], "command": "serve", "but_not": ["inspect"]},
    )
    launcher = make_build(tmp_path / "acme", sketch)
    given = ["--setting", "default_page_size", "50", "--setting", "allow_download", "false"]
    assert json.loads(start(launcher, "data.db").stdout)["argv"] == ["acme", "serve", *given, "data.db"]
    assert json.loads(start(launcher, "inspect", "data.db").stdout)["argv"] == ["acme", "inspect", "data.db"]


def test_settings_reach_the_environment_where_the_route_says_so(tmp_path: Path) -> None:
    sketch = Sketch(
        features={"page_size": feature(50)},
        settings={"page_size": {"name": "page_size", "value": 50}},
        route={"environment": "HOST_{NAME}"},
    )
    assert ask(make_build(tmp_path / "acme", sketch), "__import__('os').environ['HOST_PAGE_SIZE']") == "50"


def test_a_build_for_a_newer_python_is_refused_in_one_sentence(tmp_path: Path) -> None:
    launcher = make_build(tmp_path / "acme", Sketch(target={"python": "3.99", "platform": "any"}))
    done = start(launcher)
    running = f"{sys.version_info[0]}.{sys.version_info[1]}"
    assert done.returncode == 1
    assert done.stderr == f"acme.py: this build is for Python 3.99 or newer, and this is Python {running}\n"


def test_a_part_that_does_not_fit_the_interpreter_is_refused_by_name(tmp_path: Path) -> None:
    wheel = make_wheel(tmp_path / "wheels", "fast", {"fast.py": ""}, tag="cp39-cp39-win_arm64")
    sketch = Sketch(parts=[PartOf(wheel)], target={"python": "3.11", "platform": "win_arm64"})
    done = start(make_build(tmp_path / "acme", sketch))
    running = f"Python {sys.version_info[0]}.{sys.version_info[1]} on {sys.platform}"
    assert done.returncode == 1
    assert done.stderr == (
        f"acme.py: this build is for Python 3.11 on win_arm64, and this is {running}: "
        "part 'fast' needs cp39 on win_arm64\n"
    )


def test_a_pure_build_starts_on_another_platform_than_its_target(tmp_path: Path) -> None:
    launcher = make_build(tmp_path / "acme", Sketch(target={"python": "3.11", "platform": "zos_1_s390"}))
    assert greetings(launcher) == []


def test_a_part_that_does_not_fit_stops_nobody_while_its_feature_is_off(tmp_path: Path) -> None:
    wheel = make_wheel(tmp_path / "wheels", "fast", {"fast.py": ""}, tag="cp39-cp39-win_arm64")
    sketch = Sketch(features={"speed": feature(False)}, parts=[PartOf(wheel, ["speed"])])
    assert greetings(make_build(tmp_path / "acme", sketch)) == []


def test_a_start_pays_nothing_for_the_page_and_the_terminal(tmp_path: Path) -> None:
    of_others = ("commands", "features_page", "followers", "http", "reports", "sheet", "standing", "words")
    expression = f"[name for name in sys.modules if name.rpartition('.')[2] in {of_others!r}]"
    assert ask(make_build(tmp_path / "acme"), expression) == []
