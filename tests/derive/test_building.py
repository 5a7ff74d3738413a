from __future__ import annotations

import os
import zipfile
from pathlib import Path

import pytest
from sarto.derive.building import build_project
from sarto.derive.progress import quiet
from sarto.derive.store import PartStore
from sarto.errors import SartoError

from .making import make_project, write


@pytest.fixture
def store(cold_cache: Path) -> PartStore:
    return PartStore.default()


def test_a_project_is_built_once_for_each_content(store: PartStore, tmp_path: Path) -> None:
    project = make_project(tmp_path, "thing", text="answer = 42")
    said: list[str] = []
    first = build_project("thing", project, store, said.append)
    assert build_project("thing", project, store, said.append) == first
    assert said == [f"building thing from {project}"]
    write(project / "src/thing/__init__.py", "answer = 43")
    second = build_project("thing", project, store, said.append)
    assert len(said) == 2
    assert second.sha256 != first.sha256
    assert zipfile.ZipFile(second.path).read("thing/__init__.py") == b"answer = 43"


def test_the_same_files_give_the_same_wheel_in_another_place(
    store: PartStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = build_project("thing", make_project(tmp_path / "a", "thing"), store, quiet)
    monkeypatch.setenv("SARTO_CACHE", str(tmp_path / "other cache"))
    there = build_project("thing", make_project(tmp_path / "b", "thing"), PartStore.default(), quiet)
    assert (there.filename, there.sha256) == (here.filename, here.sha256)
    assert there.path != here.path


BACKEND = """
import os
import zipfile

def build_wheel(folder, config_settings=None, metadata_directory=None):
    name, info = "thing-1-py3-none-any.whl", "thing-1.dist-info"
    files = {
        "thing.py": "",
        f"{info}/METADATA": "Metadata-Version: 2.1\\nName: thing\\nVersion: 1\\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n",
        f"{info}/RECORD": "",
    }
    os.mkdir(info)
    with zipfile.ZipFile(os.path.join(folder, name), "w") as wheel:
        for path, text in files.items():
            with open(path, "w") as file:
                file.write(text)
            os.utime(path, (315532800, 315532800))
            wheel.write(path)
    return name
"""
"""Writes files, as setuptools does, and packs them with their modes."""


@pytest.mark.skipif(os.name != "posix", reason="there are no such modes there")
def test_the_same_files_give_the_same_wheel_whatever_the_umask(
    store: PartStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = tmp_path / "thing"
    system = '[build-system]\nrequires = []\nbuild-backend = "backend"\nbackend-path = ["."]'
    write(project / "pyproject.toml", f'[project]\nname = "thing"\nversion = "1"\n{system}')
    write(project / "backend.py", BACKEND)
    here = build_project("thing", project, store, quiet)
    monkeypatch.setenv("SARTO_CACHE", str(tmp_path / "other cache"))
    usual = os.umask(0o077)
    try:
        there = build_project("thing", project, PartStore.default(), quiet)
    finally:
        os.umask(usual)
    assert there.sha256 == here.sha256


def test_nothing_is_written_into_the_project(store: PartStore, tmp_path: Path) -> None:
    project = make_project(tmp_path, "thing")
    before = sorted(project.rglob("*"))
    build_project("thing", project, store, quiet)
    assert sorted(project.rglob("*")) == before


def test_a_wheel_that_was_damaged_in_the_store_is_built_again(store: PartStore, tmp_path: Path) -> None:
    project = make_project(tmp_path, "thing")
    wheel = build_project("thing", project, store, quiet)
    content = wheel.path.read_bytes()
    wheel.path.chmod(0o644)
    wheel.path.write_bytes(b"damaged")
    again = build_project("thing", project, PartStore.default(), quiet)
    assert again == wheel
    assert again.path.read_bytes() == content


def test_a_damaged_record_of_what_was_built_is_no_harm(store: PartStore, tmp_path: Path, cold_cache: Path) -> None:
    project = make_project(tmp_path, "thing")
    wheel = build_project("thing", project, store, quiet)
    for record in (cold_cache / "built").iterdir():
        record.write_text('{"filename": 3')
    assert build_project("thing", project, store, quiet) == wheel


def test_a_project_that_cannot_be_built_is_named_with_what_its_backend_says(store: PartStore, tmp_path: Path) -> None:
    project = make_project(tmp_path, "thing")
    (project / "src/thing/__init__.py").rename(project / "src/thing/other.py")
    with pytest.raises(SartoError) as caught:
        build_project("thing", project, store, quiet)
    first, *said, hint = str(caught.value).splitlines()
    assert first == f"the source project 'thing' in '{project}' cannot be built:"
    assert len(said) == 1
    assert "__init__.py" in said[0]
    assert hint == "  hint: build it yourself, and name the folder of the wheel in [core] sources"


def test_a_backend_that_is_nowhere_is_said_in_one_sentence(
    store: PartStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = make_project(tmp_path, "thing", backend="hatchling")
    monkeypatch.setenv("UV_OFFLINE", "1")
    with pytest.raises(SartoError) as caught:
        build_project("thing", project, store, quiet)
    assert str(caught.value) == (
        "the package index cannot be reached, and what this line needs is not in Sarto's cache yet: "
        "the network is switched off (UV_OFFLINE)\n"
        "  hint: connect to the network once, or name an index that can be reached in UV_DEFAULT_INDEX"
    )


@pytest.mark.network
@pytest.mark.usefixtures("package_index")
def test_of_a_backend_s_traceback_only_what_it_says_is_shown(store: PartStore, tmp_path: Path) -> None:
    project = make_project(tmp_path, "thing", backend="hatchling")
    pyproject = project / "pyproject.toml"
    write(pyproject, pyproject.read_text().replace("[project]", '[project]\nreadme = "README.md"'))
    with pytest.raises(SartoError) as caught:
        build_project("thing", project, store, quiet)
    assert str(caught.value) == (
        f"the source project 'thing' in '{project}' cannot be built:\n"
        "  OSError: Readme file does not exist: README.md\n"
        "  hint: build it yourself, and name the folder of the wheel in [core] sources"
    )


@pytest.mark.network
@pytest.mark.usefixtures("package_index")
def test_a_project_with_hatchling_is_built_reproducibly(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    digests = set()
    for place in ("a", "b"):
        monkeypatch.setenv("SARTO_CACHE", str(tmp_path / f"cache {place}"))
        project = make_project(tmp_path / place, "thing", backend="hatchling")
        digests.add(build_project("thing", project, PartStore.default(), quiet).sha256)
    assert len(digests) == 1
