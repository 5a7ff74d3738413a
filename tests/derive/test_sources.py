from __future__ import annotations

import os
from pathlib import Path

import pytest
from sarto.derive.source_tree import copy_tree, tree_digest
from sarto.derive.sources import Sources, find_sources
from sarto.errors import SartoError

from .making import line_of, make_project, make_wheel, write

HEAD = (
    '[line]\nname = "shop"\nversion = "1"\nroot = "shop"\n[features.shop]\n[core]\nparts = ["shop"]\ncommand = "shop"\n'
)


def sources_of(folder: Path, *named: str) -> Sources:
    line = line_of(f"{HEAD}sources = {list(named)}\n", folder)
    return find_sources(line, folder)


def test_a_source_is_a_project_or_holds_projects_or_wheels(tmp_path: Path) -> None:
    make_project(tmp_path, "core")
    make_project(tmp_path / "plugins", "Plug.One")
    make_project(tmp_path / "plugins", "plug-two")
    old, new = make_wheel(tmp_path / "wheels", "thing", "1.0"), make_wheel(tmp_path / "wheels", "thing", "2.0")
    found = sources_of(tmp_path, "core", "plugins", "wheels")
    assert found.projects == {
        "core": tmp_path / "core", "plug-one": tmp_path / "plugins/Plug.One", "plug-two": tmp_path / "plugins/plug-two",
    }  # fmt: skip
    assert found.wheels == {"thing": (old, new)}
    assert found.parts == ("core", "plug-one", "plug-two", "thing")


def test_the_line_s_own_folder_can_be_the_project(tmp_path: Path) -> None:
    make_project(tmp_path, "here")
    assert sources_of(tmp_path / "here", ".").projects == {"here": tmp_path / "here"}


def test_a_folder_with_a_pyproject_that_is_no_project_is_passed_over_among_projects(tmp_path: Path) -> None:
    make_project(tmp_path / "plugins", "plug")
    write(tmp_path / "plugins/tools/pyproject.toml", "[tool.ruff]\n")
    write(tmp_path / "plugins/README.md", "")
    assert list(sources_of(tmp_path, "plugins").projects) == ["plug"]


def test_all_that_is_wrong_with_the_sources_is_said_together(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    write(tmp_path / "broken/pyproject.toml", "[project\n")
    make_wheel(tmp_path / "odd", "thing").rename(tmp_path / "odd/thing.whl")
    with pytest.raises(SartoError) as caught:
        sources_of(tmp_path, "nowhere", "empty", "broken", "odd")
    assert str(caught.value) == (
        "features.toml: core.sources[0]: there is no folder 'nowhere'\n"
        "  hint: a source is relative to the line's folder\n"
        "features.toml: core.sources[1]: the folder 'empty' holds neither a project nor projects nor wheels\n"
        "  hint: a project has a pyproject.toml with a [project] name\n"
        f"{tmp_path}/broken/pyproject.toml: this file cannot be read: "
        "Expected ']' at the end of a table declaration (at line 1, column 9)\n"
        "features.toml: core.sources[3]: 'thing.whl' is not the file name of a wheel\n"
        "  hint: give it the name that it was built with, or take it away"
    )


def test_a_source_distribution_without_its_wheel_is_refused_with_the_way_out(tmp_path: Path) -> None:
    make_wheel(tmp_path / "wheels", "thing")
    write(tmp_path / "wheels/thing-1.0.tar.gz", "")
    write(tmp_path / "wheels/notes.tar.gz", "")
    assert list(sources_of(tmp_path, "wheels").wheels) == ["thing"]
    write(tmp_path / "wheels/other-1.0.tar.gz", "")
    with pytest.raises(SartoError) as caught:
        sources_of(tmp_path, "wheels")
    assert str(caught.value) == (
        "features.toml: core.sources[0]: 'other-1.0.tar.gz' in 'wheels' is a source distribution, "
        "and builds are made of wheels\n"
        "  hint: build its wheel beside it: uv build --wheel --out-dir wheels wheels/other-1.0.tar.gz"
    )


@pytest.mark.parametrize("ending", ["zip", "tgz", "tar.bz2", "tar.xz"])
def test_a_source_distribution_of_another_ending_is_one_too(ending: str, tmp_path: Path) -> None:
    make_wheel(tmp_path / "wheels", "thing")
    write(tmp_path / f"wheels/notes.{ending}", "")
    write(tmp_path / f"wheels/other-1.0.{ending}", "")
    with pytest.raises(SartoError, match=f"'other-1.0.{ending}' in 'wheels' is a source distribution"):
        sources_of(tmp_path, "wheels")


def test_a_file_is_no_source_and_its_folder_may_be_one(tmp_path: Path) -> None:
    write(tmp_path / "thing-1.0.tar.gz", "")
    make_wheel(tmp_path, "thing")
    with pytest.raises(SartoError) as caught:
        sources_of(tmp_path, "thing-1.0.tar.gz", "thing-1.0-py3-none-any.whl")
    assert str(caught.value) == (
        "features.toml: core.sources[0]: 'thing-1.0.tar.gz' is a source distribution, and a source is a folder\n"
        "  hint: build its wheel, uv build --wheel --out-dir wheels thing-1.0.tar.gz, and name the folder that the "
        "wheel is in\n"
        "features.toml: core.sources[1]: 'thing-1.0-py3-none-any.whl' is a file, and a source is a folder\n"
        "  hint: name the folder that the wheel is in"
    )


def test_archives_beside_projects_are_nobodys_business(tmp_path: Path) -> None:
    make_project(tmp_path / "plugins", "plug")
    write(tmp_path / "plugins/backup-2026.tar.gz", "")
    assert list(sources_of(tmp_path, "plugins").projects) == ["plug"]


def test_a_part_with_two_source_projects_is_an_error_that_names_both(tmp_path: Path) -> None:
    make_project(tmp_path / "a", "plug")
    make_project(tmp_path / "b", "plug")
    with pytest.raises(SartoError) as caught:
        sources_of(tmp_path, "a", "b")
    assert str(caught.value) == (
        f"features.toml: core.sources[1]: part 'plug' has two sources, '{tmp_path}/a/plug' and '{tmp_path}/b/plug'\n"
        "  hint: keep one of them"
    )


def test_a_part_with_a_project_and_a_wheel_is_an_error_too(tmp_path: Path) -> None:
    make_project(tmp_path / "a", "plug")
    make_wheel(tmp_path / "wheels", "plug")
    with pytest.raises(
        SartoError, match=r"^part 'plug' has two sources, '.*/a/plug' and '.*plug-1\.0-py3-none-any\.whl'"
    ):
        sources_of(tmp_path, "a", "wheels")


def test_a_source_that_is_named_twice_is_one_source(tmp_path: Path) -> None:
    make_project(tmp_path / "plugins", "plug")
    assert list(sources_of(tmp_path, "plugins", "plugins/plug").projects) == ["plug"]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return make_project(tmp_path, "thing", text="answer = 42")


def test_the_digest_follows_contents_names_and_the_right_to_execute(project: Path) -> None:
    seen = [tree_digest(project)]
    write(project / "src/thing/__init__.py", "answer = 43")
    seen.append(tree_digest(project))
    (project / "src/thing/__init__.py").rename(project / "src/thing/other.py")
    seen.append(tree_digest(project))
    (project / "src/thing/other.py").chmod(0o755)
    seen.append(tree_digest(project))
    assert len(set(seen)) == 4


def test_the_digest_is_the_same_wherever_the_project_lies_and_whenever_it_was_written(
    project: Path, tmp_path: Path
) -> None:
    before = tree_digest(project)
    moved = project.rename(tmp_path / "elsewhere")
    os.utime(moved / "pyproject.toml", (0, 0))
    assert tree_digest(moved) == before


@pytest.mark.parametrize(
    "made",
    [
        "src/thing/__pycache__/x.pyc", "src/thing/x.pyc", ".git/HEAD", ".venv/bin/python", "build/lib/thing.py",
        "dist/thing.whl", "src/thing.egg-info/PKG-INFO", "node_modules/x.js", "builds/acme.pyz", ".DS_Store",
    ],
)  # fmt: skip
def test_what_tools_make_is_not_part_of_a_project(made: str, project: Path) -> None:
    before = tree_digest(project)
    write(project / made, "made by a tool")
    assert tree_digest(project) == before


@pytest.mark.parametrize("kept", ["src/thing/build/x.py", "src/thing/dist/x.py", ".gitignore", "src/thing/.htaccess"])
def test_what_only_looks_like_it_is(kept: str, project: Path) -> None:
    before = tree_digest(project)
    write(project / kept, "made by a person")
    assert tree_digest(project) != before


def test_environments_and_builds_of_sarto_are_not_part_of_a_project(project: Path) -> None:
    before = tree_digest(project)
    write(project / "env/pyvenv.cfg", "home = /usr")
    write(project / "env/lib/module.py", "")
    write(project / "out/acme/build.json", "{}")
    write(project / "out/acme/SHA256SUMS", "")
    assert tree_digest(project) == before


def test_a_copy_has_what_the_digest_covers_and_the_same_digest(project: Path, tmp_path: Path) -> None:
    write(project / "run.sh", "#!/bin/sh").chmod(0o700)
    write(project / "build/junk.py", "")
    (project / "src/thing/linked.py").symlink_to(project / "src/thing/__init__.py")
    copy_tree(project, tmp_path / "copy")
    assert tree_digest(tmp_path / "copy") == tree_digest(project)
    assert not (tmp_path / "copy/build").exists()
    assert not (tmp_path / "copy/src/thing/linked.py").is_symlink()
    assert (tmp_path / "copy/run.sh").stat().st_mode & 0o777 == 0o755
