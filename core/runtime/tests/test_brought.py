"""A build that brings its parts unpacked or installed starts from these, in the planned order, without any cache."""

from __future__ import annotations

import hashlib
import json
import shutil
import sys
import zipfile
from pathlib import Path

import pytest

from .real_builds import Sketch, ask, feature, greetings, make_build, make_plugin, start, write_sums

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="laid out as on Linux and macOS")
LIBRARY = f"lib/python{sys.version_info.major}.{sys.version_info.minor}/site-packages"


def sketch(tmp_path: Path) -> Sketch:
    wheels = tmp_path / "wheels"
    names = ["ant", "bee", "cow"]
    return Sketch(
        features={name: feature(stage="user", binding="start") for name in names},
        parts=[make_plugin(wheels, f"host-{name}", name) for name in names],
        order=["bee", "cow", "ant"],
        open=names,
    )


def unpack_parts(launcher: Path, *, but: tuple[str, ...] = ("sarto_runtime",)) -> None:
    """Turn all wheels but the runtime's into folders of the build, with sums of their own."""
    folder = launcher.parent
    for part in json.loads((folder / "build.json").read_text())["parts"]:
        tree = folder / "unpacked" / part["sha256"]
        library = tree / "lib/python3/site-packages"
        library.mkdir(parents=True)
        with zipfile.ZipFile(folder / "parts" / part["file"]) as wheel:
            wheel.extractall(library)
        write_sums(tree)
        if not part["file"].startswith(but):
            (folder / "parts" / part["file"]).unlink()
    own = [path for path in folder.rglob("*") if path.is_file() and path != folder / "SHA256SUMS"]
    named = [path for path in own if "lib" not in path.relative_to(folder).parts]
    lines = [
        f"{hashlib.sha256(p.read_bytes()).hexdigest()}  {p.relative_to(folder).as_posix()}\n" for p in sorted(named)
    ]
    (folder / "SHA256SUMS").write_text("".join(lines))


def install_parts(launcher: Path) -> None:
    """Turn all wheels into an environment: the plugins, which may be off, in folders of their own."""
    folder = launcher.parent
    for part in json.loads((folder / "build.json").read_text())["parts"]:
        library = folder / (f"lib/switched/{part['name']}" if part.get("features") else LIBRARY)
        library.mkdir(parents=True, exist_ok=True)
        with zipfile.ZipFile(folder / "parts" / part["file"]) as wheel:
            wheel.extractall(library)
        next(path for path in library.glob("*.dist-info") if path.name.startswith(part["file"].split("-")[0])).joinpath(
            "RECORD"
        ).write_text("")
    shutil.rmtree(folder / "parts")
    (folder / LIBRARY / "sarto.pth").write_text(
        "".join(f"../../switched/host-{name}\n" for name in ("ant", "bee", "cow"))
    )
    (folder / "pyvenv.cfg").write_text("home = /usr/bin\nexecutable = /usr/bin/python3\n")
    library = folder / LIBRARY
    launcher.write_text(
        f"import sys\nsys.path.insert(0, {str(library)!r})\nfrom sarto_runtime import launch\n"
        f"sys.exit(launch({str(folder)!r}, sys.argv))\n"
    )
    write_sums(folder)


@pytest.fixture(params=[unpack_parts, install_parts])
def launcher(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    made = make_build(tmp_path / "acme", sketch(tmp_path))
    request.param(made)
    return made


def test_its_plugins_are_called_in_the_planned_order(launcher: Path, tmp_path: Path) -> None:
    assert greetings(launcher) == ["host-bee", "host-cow", "host-ant"]
    assert not (tmp_path / "cache").exists()


def test_a_part_that_is_off_is_not_on_the_path(launcher: Path) -> None:
    assert start(launcher, "@disable", "cow").returncode == 0
    assert greetings(launcher) == ["host-bee", "host-ant"]
    assert ask(launcher, "__import__('importlib.util').util.find_spec('host_cow') is None") is True


def test_a_single_distribution_is_found_by_its_name(launcher: Path) -> None:
    assert ask(launcher, "__import__('importlib.metadata').metadata.version('host-bee')") == "1.0"
    everything = "sorted(d.name for d in __import__('importlib.metadata').metadata.distributions())"
    assert ask(launcher, everything) == ["host", "host-ant", "host-bee", "host-cow", "pluggy", "sarto-runtime"]


def test_verify_finds_it_whole_and_names_what_was_changed_or_taken_out(launcher: Path) -> None:
    assert start(launcher, "@verify").stdout == "every file is as it was handed out\n"
    (changed,) = launcher.parent.rglob("host_ant.py")
    changed.write_text("evil = True")
    (gone,) = launcher.parent.rglob("host_bee.py")
    shutil.rmtree(next(each for each in gone.parents if each.parent.name in ("unpacked", "switched")))
    said = start(launcher, "@verify").stdout.splitlines()
    assert f"{changed.relative_to(launcher.parent).as_posix()}: was changed" in said
    assert "parts/host_bee-1.0-py3-none-any.whl: is missing" in said


def test_a_build_that_brings_only_some_parts_takes_the_others_from_the_cache(tmp_path: Path) -> None:
    launcher = make_build(tmp_path / "acme", sketch(tmp_path))
    unpack_parts(launcher, but=("sarto_runtime", "host_bee"))
    shutil.rmtree(next(launcher.parent.rglob("host_bee.py")).parents[3])
    assert greetings(launcher) == ["host-bee", "host-cow", "host-ant"]
