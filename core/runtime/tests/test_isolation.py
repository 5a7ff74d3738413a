"""Nothing that is installed on the machine can be imported by a product, whichever way it got there."""

from __future__ import annotations

import json
import subprocess
import sys
import venv
from pathlib import Path

import pytest

from sarto_runtime.isolation import standard_library

from .real_builds import Sketch, ask, feature, make_build, make_plugin

FINDER = """
import importlib.util, sys
class Finder:
    def find_spec(self, name, path=None, target=None):
        if name in ("by_finder", "json_of_finder"):
            return importlib.util.spec_from_loader(name, self)
    def create_module(self, spec): return None
    def exec_module(self, module): module.HERE = True
sys.meta_path.insert(0, Finder())
"""


@pytest.fixture(scope="module")
def crowded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An interpreter with everything installed in it that could get in a product's way; its folder."""
    folder = tmp_path_factory.mktemp("crowded")
    venv.create(folder / "venv", symlinks=sys.platform != "win32")
    site = next((folder / "venv").rglob("site-packages"))
    info = site / "installed-1.0.dist-info"
    info.mkdir()
    info.joinpath("METADATA").write_text("Metadata-Version: 2.1\nName: installed\nVersion: 1.0\n")
    info.joinpath("entry_points.txt").write_text("[host]\ninstalled = installed\n")
    site.joinpath("installed.py").write_text("")
    site.joinpath("finder.py").write_text(FINDER)
    site.joinpath("editable.pth").write_text(f"import finder, imported_by_pth\n{folder / 'editable'}\n")
    site.joinpath("imported_by_pth.py").write_text("")
    site.joinpath("sitecustomize.py").write_text("import builtins, installed\n")
    for name in ("editable", "on_pythonpath"):
        folder.joinpath(name).mkdir()
        folder.joinpath(name, f"{name}_module.py").write_text("")
    folder.joinpath("shadows").mkdir()
    for name in ("json", "typing", "dataclasses", "colorsys"):
        folder.joinpath("shadows", f"{name}.py").write_text(f"raise SystemExit('a stranger stood in for {name}')")
    return folder


def interpreter(crowded: Path) -> str:
    return str(crowded.joinpath("venv", *(["Scripts", "python.exe"] if sys.platform == "win32" else ["bin", "python"])))


STRANGERS = (
    "installed", "finder", "by_finder", "imported_by_pth", "sitecustomize", "editable_module", "on_pythonpath_module",
    "beside_the_launcher",
)  # fmt: skip
FINDABLE = "[name for name in {} if __import__('importlib.util').util.find_spec(name)]"


def test_the_crowded_interpreter_is_really_crowded(crowded: Path) -> None:
    find = f"import importlib.util; print({FINDABLE.format(STRANGERS)})"
    environment = {"PYTHONPATH": str(crowded / "on_pythonpath")}
    command = [interpreter(crowded), "-c", find]
    done = subprocess.run(command, capture_output=True, text=True, env=environment, check=True)
    assert done.stdout.strip() == str(list(STRANGERS[:-1]))


def test_nothing_installed_anywhere_can_be_imported(tmp_path: Path, crowded: Path) -> None:
    launcher = make_build(tmp_path / "acme")
    launcher.parent.joinpath("beside_the_launcher.py").write_text("")
    environment = {"PYTHONPATH": str(crowded / "on_pythonpath")}
    how = {"python": [interpreter(crowded)], "environment": environment}
    assert ask(launcher, FINDABLE.format(STRANGERS), **how) == []
    assert ask(launcher, f"[name for name in {STRANGERS} if name in sys.modules]", **how) == []


def test_no_module_on_pythonpath_stands_in_for_the_standard_librarys(tmp_path: Path, crowded: Path) -> None:
    launcher = make_build(tmp_path / "acme")
    environment = {"PYTHONPATH": str(crowded / "shadows")}
    assert ask(launcher, "__import__('colorsys').__name__", environment=environment) == "colorsys"


def test_only_the_parts_offer_entry_points_and_metadata(tmp_path: Path, crowded: Path) -> None:
    maps = make_plugin(tmp_path / "wheels", "host-maps", "maps")
    launcher = make_build(tmp_path / "acme", Sketch(features={"maps": feature()}, parts=[maps], order=["maps"]))
    python = [interpreter(crowded)]
    entries = "[e.name for e in __import__('importlib.metadata').metadata.entry_points(group='host')]"
    names = "sorted(d.metadata['Name'] for d in __import__('importlib.metadata').metadata.distributions())"
    assert ask(launcher, entries, python=python) == ["host-maps"]
    assert ask(launcher, names, python=python) == ["host", "host-maps", "pluggy", "sarto-runtime"]


def test_the_users_own_site_packages_stay_outside(tmp_path: Path) -> None:
    launcher = make_build(tmp_path / "acme")
    base = [str(Path(sys.base_prefix, "python.exe" if sys.platform == "win32" else "bin/python3"))]
    user = {"PYTHONUSERBASE": str(tmp_path / "user")}
    where = "import site; print(site.getusersitepackages())"
    site = subprocess.run([*base, "-c", where], env=user, capture_output=True, text=True, check=True).stdout.strip()
    Path(site).mkdir(parents=True)
    Path(site, "users_own.py").write_text("")
    Path(site, "usercustomize.py").write_text("import users_own")
    assert ask(launcher, FINDABLE.format(["users_own", "usercustomize"]), python=base, environment=user) == []


def test_the_path_begins_with_what_an_empty_interpreter_has(tmp_path: Path, crowded: Path) -> None:
    launcher = make_build(tmp_path / "acme")
    bare = [interpreter(crowded), "-I", "-S", "-c", "import json, sys; print(json.dumps(sys.path))"]
    expected = json.loads(subprocess.run(bare, capture_output=True, text=True, check=True).stdout)
    path = ask(launcher, "sys.path", python=[interpreter(crowded)])
    assert path[: len(expected)] == expected
    assert all(entry.startswith(str(tmp_path / "cache")) for entry in path[len(expected) :])


def test_finders_and_hooks_are_pythons_own(tmp_path: Path, crowded: Path) -> None:
    launcher = make_build(tmp_path / "acme")
    names = "[getattr(f, '__name__', repr(f)) for f in [*sys.meta_path, *sys.path_hooks]]"
    found = ask(launcher, names, python=[interpreter(crowded)])
    own = ["BuiltinImporter", "FrozenImporter", "PathFinder", "zipimporter", "path_hook_for_FileFinder"]
    assert [name for name in found if "Windows" not in name] == own


def test_other_folders_are_not_the_standard_library() -> None:
    strange = ["", ".", "/usr/lib/python3/dist-packages", str(Path.home())]
    assert standard_library([*strange, *sys.path, *strange]) == standard_library(sys.path)
    assert standard_library(strange) == []


def test_the_whole_standard_library_stays_importable(tmp_path: Path) -> None:
    launcher = make_build(tmp_path / "acme")
    tops = "sorted(name for name in sys.stdlib_module_names if __import__('importlib.util').util.find_spec(name))"
    expected = [sys.executable, "-I", "-S", "-c", f"import json, sys; print(json.dumps({tops}))"]
    here = json.loads(subprocess.run(expected, capture_output=True, text=True, check=True).stdout)
    assert ask(launcher, tops) == here
