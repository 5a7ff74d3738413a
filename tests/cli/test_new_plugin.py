"""``sarto new plugin``: a plugin that passes its own tests, and whatever looks at it, at once."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
import tomllib
from pathlib import Path

import pytest
from uv import find_uv_bin

from ..derive.hall import HOOKS, hall
from ..derive.making import pluggy_wheel
from .conftest import Sarto


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("UV_OFFLINE", "1")
    return tmp_path


def run(*words: str | Path, **settings: str) -> str:
    """Run a program to its good end; what it says."""
    environment = {**os.environ, **settings}
    done = subprocess.run([*map(str, words)], capture_output=True, text=True, env=environment, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def own_tests(folder: Path, *others: Path) -> str:
    """The summary of the plugin's own tests, in a new environment with it, ``others`` and what this one has."""
    venv = folder.parent / "venv"
    run(sys.executable, "-m", "venv", "--without-pip", venv)
    python = venv / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    run(find_uv_bin(), "pip", "install", "--quiet", "--no-deps", "--python", python, folder, *others)
    library = run(python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))").strip()
    Path(library, "around.pth").write_text(f"import site; site.addsitedir({sysconfig.get_path('purelib')!r})\n")
    return run(python, "-m", "pytest", "-q", "-p", "no:cacheprovider", folder, PYTHONPATH="").splitlines()[-1]


def looked_at(folder: Path) -> None:
    """ruff and mypy have nothing against it."""
    run(sys.executable, "-m", "ruff", "check", "--isolated", "--no-cache", folder)
    run(sys.executable, "-m", "ruff", "format", "--isolated", "--no-cache", "--check", folder)
    cache = Path(os.environ["SARTO_CACHE"], "strict")
    settings: list[str | Path] = ["--strict", "--config-file", os.devnull, "--cache-dir", cache]
    run(sys.executable, "-m", "mypy", *settings, folder / "src", folder / "tests")


def test_a_plugin_of_a_line_passes_its_own_tests_and_every_check(sarto: Sarto, here: Path) -> None:
    sarto("new", "line", "shop")
    pluggy_wheel(here / "shop" / "parts")

    result = sarto("new", "plugin", "shop-maps", "--line", "shop")

    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout == (
        "made the plugin 'shop-maps' in shop-maps; go there and say: sarto plugin check --line ../shop\n"
    )
    assert sorted(path.relative_to(here / "shop-maps").as_posix() for path in (here / "shop-maps").rglob("*.*")) == [
        ".gitignore", "README.md", "pyproject.toml", "src/shop_maps/__init__.py", "src/shop_maps/py.typed",
        "tests/test_shop_maps.py",
    ]  # fmt: skip
    checked = sarto("plugin", "check", "shop-maps", "--line", "shop")
    assert (checked.exit_code, checked.stdout) == (0, "shop-maps: 0 errors, 0 warnings\n")
    looked_at(here / "shop-maps")
    assert own_tests(here / "shop-maps", here / "shop" / "parts" / "shop").startswith("2 passed")


def test_what_its_readme_says_leads_to_a_product_with_it(sarto: Sarto, here: Path) -> None:
    sarto("new", "line", "shop")
    pluggy_wheel(here / "shop" / "parts")
    sarto("new", "plugin", "more/shop-maps", "--line", "shop")
    readme = (here / "more" / "shop-maps" / "README.md").read_text()
    assert (
        "$ pip install -e ../../shop/parts/shop -e . pytest\n$ pytest\n$ sarto plugin check --line ../../shop\n"
        in readme
    )
    said = {
        row.partition("=")[0].strip(): row.partition("=")[2].partition("#")[0].strip() for row in readme.splitlines()
    }
    file = here / "shop" / "features.toml"
    text = file.read_text()
    text = text.replace('["parts"] ', f'["parts", {said["sources"].strip("[]")}] ')
    text = text.replace('["welcome"]', f'["welcome", {said["optional"].strip("[]")}]')
    file.write_text(f"{text}\n[features.maps]\nparts = {said['parts']}\n")
    checked = sarto("check", "shop")
    assert (checked.exit_code, checked.stdout) == (0, "shop 0.1.0: 3 features, 0 constraints; 0 errors, 0 warnings\n")


def test_a_plugin_of_sarto_passes_its_own_tests_and_every_check(sarto: Sarto, here: Path) -> None:
    result = sarto("new", "plugin", "plugins/sarto-notice")

    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout == (
        "made the plugin 'sarto-notice' in plugins/sarto-notice; go there and say: sarto plugin check\n"
    )
    checked = sarto("plugin", "check", "plugins/sarto-notice")
    assert (checked.exit_code, checked.stdout) == (0, "sarto-notice: 0 errors, 0 warnings\n")
    looked_at(here / "plugins" / "sarto-notice")
    assert own_tests(here / "plugins" / "sarto-notice").startswith("2 passed")


def test_it_implements_the_hook_that_is_asked_for_with_all_its_arguments(sarto: Sarto, here: Path) -> None:
    hall(here, "", hooks=HOOKS)
    result = sarto("new", "plugin", "hall-songs", "--line", ".", "--hook", "greeting")
    assert (result.exit_code, result.stderr) == (0, "")
    text = (here / "hall-songs" / "src" / "hall_songs" / "__init__.py").read_text()
    assert "def greeting(guest: object, day: object) -> None:" in text
    project = tomllib.loads((here / "hall-songs" / "pyproject.toml").read_text())["project"]
    assert (project["dependencies"], project["entry-points"]) == (
        ["hall", "pluggy>=1.5"], {"hall": {"songs": "hall_songs"}},
    )  # fmt: skip


def test_a_hook_with_many_arguments_is_written_on_several_lines(sarto: Sarto, here: Path) -> None:
    many = ", ".join(f"an_argument_{number}" for number in range(6))
    hall(here, "", hooks=HOOKS.replace("guest, day", many))
    sarto("new", "plugin", "hall-songs", "--line", ".")
    run(sys.executable, "-m", "ruff", "format", "--isolated", "--no-cache", "--check", here / "hall-songs")


def test_a_hook_that_the_core_does_not_have_is_refused(sarto: Sarto, here: Path) -> None:
    hall(here, "", hooks=HOOKS)
    result = sarto("new", "plugin", "hall-songs", "--line", ".", "--hook", "greting")
    assert (result.exit_code, result.stderr) == (
        1, "error: the core has no hook 'greting'\n  --> hall_hooks\n  hint: did you mean 'greeting'?\n",
    )  # fmt: skip
    assert not (here / "hall-songs").exists()


@pytest.mark.parametrize(
    ("old", "said"),
    [
        ('hooks = "hall_hooks"\n',
         "error: the line does not say what its core's hook specs are\n  --> features.toml: core.hooks\n"
         '  hint: add hooks = "…" to [core]\n'),
        ('group = "hall"\n',
         "error: the line does not say what its core's plugins are found by\n  --> features.toml: core.group\n"
         '  hint: add group = "…" to [core]\n'),
    ],
)  # fmt: skip
def test_a_line_that_does_not_say_how_it_takes_plugins_is_one_clear_error(
    sarto: Sarto, here: Path, old: str, said: str
) -> None:
    hall(here, "")
    file = here / "features.toml"
    file.write_text(file.read_text().replace(old, ""))
    result = sarto("new", "plugin", "hall-songs", "--line", ".")
    assert (result.exit_code, result.stderr) == (1, said)


def test_hooks_that_cannot_be_imported_are_one_clear_error(sarto: Sarto, here: Path) -> None:
    hall(here, "", hooks="import gone\n")
    result = sarto("new", "plugin", "hall-songs", "--line", ".")
    assert (result.exit_code, result.stderr) == (
        1,
        "error: 'hall_hooks' cannot be imported: ModuleNotFoundError: No module named 'gone' (hall_hooks.py:1)\n"
        "  --> features.toml: core.hooks\n",
    )


@pytest.mark.parametrize("name", ["Maps", "maps_one", "json", "class"])
def test_a_name_that_no_distribution_should_have_is_refused(sarto: Sarto, here: Path, name: str) -> None:
    result = sarto("new", "plugin", name)
    assert result.exit_code == 1
    assert result.stderr.startswith(f"error: a plugin cannot be called '{name}': ")
    assert list(here.iterdir()) == []


def test_a_hook_without_a_line_is_a_question_of_usage(sarto: Sarto) -> None:
    result = sarto("new", "plugin", "maps", "--hook", "greeting")
    assert (result.exit_code, "--hook is one of a line: name it with --line" in result.stderr) == (2, True)
