"""``sarto new line``: a line that can be checked, built and started at once."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from ..derive.making import pluggy_wheel
from .conftest import Sarto


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("UV_OFFLINE", "1")
    return tmp_path


def test_a_new_line_is_made_with_all_its_files(sarto: Sarto, here: Path) -> None:
    result = sarto("new", "line", "wine-shop")

    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout == (
        "made the line 'wine-shop' in wine-shop; go there and say: sarto build selections/first.toml\n"
    )
    assert sorted(path.relative_to(here).as_posix() for path in here.rglob("*") if path.is_file()) == [
        "wine-shop/.gitignore",
        "wine-shop/README.md",
        "wine-shop/features.toml",
        "wine-shop/parts/wine-shop-welcome/pyproject.toml",
        "wine-shop/parts/wine-shop-welcome/src/wine_shop_welcome/__init__.py",
        "wine-shop/parts/wine-shop/pyproject.toml",
        "wine-shop/parts/wine-shop/src/wine_shop/__init__.py",
        "wine-shop/parts/wine-shop/src/wine_shop/hooks.py",
        "wine-shop/selections/first.toml",
    ]
    assert not any("$" in path.read_text() for path in here.rglob("*") if path.suffix in (".toml", ".py"))


def test_it_passes_its_check_and_its_first_selection_resolves(sarto: Sarto, here: Path) -> None:
    sarto("new", "line", "wine-shop")
    pluggy_wheel(here / "wine-shop" / "parts")  # instead of the package index

    result = sarto("check", "wine-shop")

    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout == "wine-shop 0.1.0: 2 features, 0 constraints; 0 errors, 0 warnings\n"
    assert sarto("resolve", "wine-shop/selections/first.toml").exit_code == 0


def test_its_first_build_starts_as_its_readme_says(sarto: Sarto, here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sarto("new", "line", "lines/shop")
    folder = here / "lines" / "shop"
    pluggy_wheel(folder / "parts")
    monkeypatch.chdir(folder)

    result = sarto("build", "selections/first.toml")
    command = result.stdout.strip().partition("start it with: python ")[2]
    done = subprocess.run([sys.executable, command], capture_output=True, text=True, check=True)

    assert (result.exit_code, result.stderr) == (0, "")
    assert f"$ python {command}\n{done.stdout}```" in (folder / "README.md").read_text()
    assert done.stdout == "Welcome!\nThis is shop.\n"


def test_without_the_feature_the_product_does_not_greet(
    sarto: Sarto, here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sarto("new", "line", "shop")
    pluggy_wheel(here / "shop" / "parts")
    monkeypatch.chdir(here / "shop")
    first = here / "shop" / "selections" / "first.toml"
    first.write_text(first.read_text().replace("welcome = true", "welcome = false"))

    sarto("build", "selections/first.toml")
    done = subprocess.run(
        [sys.executable, "builds/first-customer/first-customer.py"], capture_output=True, text=True, check=True
    )

    assert done.stdout == "This is shop.\n"


@pytest.mark.parametrize("name", ["Shop", "shop_one", "1shop", "shop-", "-shop", "shöp", "class"])
def test_a_name_that_no_distribution_can_have_is_refused(sarto: Sarto, here: Path, name: str) -> None:
    result = sarto("new", "line", "--", name)

    assert result.exit_code == 1
    assert result.stderr == (
        f"error: a line cannot be called '{name}': its product is a Python distribution\n"
        "  hint: use small letters, digits and hyphens, beginning with a letter\n"
    )
    assert list(here.iterdir()) == []


def test_a_name_that_hides_a_module_of_python_is_refused(sarto: Sarto) -> None:
    result = sarto("new", "line", "json")

    assert result.exit_code == 1
    assert result.stderr == (
        "error: a line cannot be called 'json': Python has a module of that name\n  hint: choose another name\n"
    )


def test_a_folder_that_is_there_is_left_alone(sarto: Sarto, here: Path) -> None:
    (here / "shop").mkdir()
    (here / "shop" / "mine.txt").write_text("mine")

    result = sarto("new", "line", "shop")

    assert result.exit_code == 1
    assert result.stderr == "error: this folder is there already\n  --> shop\n  hint: choose another name\n"
    assert [path.name for path in here.rglob("*")] == ["shop", "mine.txt"]
