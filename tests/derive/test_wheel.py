from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
from sarto.derive.members import climbs_out
from sarto.derive.wheel import check_wheel, console_scripts, requirements, wheel_name
from sarto.errors import SartoError

from .making import make_wheel


def test_a_wheel_from_a_build_backend_is_one(tmp_path: Path) -> None:
    path = make_wheel(tmp_path, "thing")
    check_wheel(path, path.name)


@pytest.mark.parametrize("member", ["../evil.py", "thing/../../evil.py", "/etc/passwd", "C:/evil.py", "..\\evil.py"])
def test_a_wheel_with_a_path_that_climbs_out_is_refused_by_name(member: str, tmp_path: Path) -> None:
    path = make_wheel(tmp_path, "thing", files={member: "evil = True"})
    with pytest.raises(SartoError) as caught:
        check_wheel(path, path.name)
    assert str(caught.value) == (
        f"the wheel 'thing-1.0-py3-none-any.whl' is refused: its member '{member}' climbs out of its folder\n"
        "  hint: do not use it before its author has explained this"
    )


@pytest.mark.parametrize("member", ["thing/..hidden", "a..b/c", "thing/C:x", "...", "./thing.py"])
def test_names_with_dots_that_stay_inside_are_left_alone(member: str) -> None:
    assert not climbs_out(member)


def test_a_file_that_is_no_archive_is_no_wheel(tmp_path: Path) -> None:
    path = tmp_path / "thing-1.0-py3-none-any.whl"
    path.write_text("<html>Not Found</html>")
    with pytest.raises(SartoError) as caught:
        check_wheel(path, path.name)
    assert str(caught.value) == (
        "'thing-1.0-py3-none-any.whl' is not a wheel: File is not a zip file\n  hint: build or fetch it again"
    )


def test_an_archive_without_metadata_is_no_wheel(tmp_path: Path) -> None:
    path = tmp_path / "thing-1.0-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("thing.py", "")
    with pytest.raises(SartoError, match="is not a wheel: it has no metadata"):
        check_wheel(path, path.name)


@pytest.mark.parametrize(
    ("files", "elsewhere"),
    [
        ({"_thing.pth": "/home/ada/thing/src\n"}, "'/home/ada/thing/src'"),
        ({"_thing.pth": "C:\\ada\\thing"}, "'C:\\ada\\thing'"),
        ({"thing-1.0.data/purelib/_thing.pth": "import sys\n/srv/thing"}, "'/srv/thing'"),
        ({"_thing.pth": "# ../here\n../../../../home/ada/thing\n"}, "'../../../../home/ada/thing'"),
        ({"_thing.pth": "\ufeff/srv/thing"}, "'/srv/thing'"),
        ({"__editable__.thing-1.0.pth": "import __editable___thing_finder"}, "the folder of its project"),
    ],
)
def test_an_editable_wheel_is_refused_with_the_way_out(files: dict[str, str], elsewhere: str, tmp_path: Path) -> None:
    wheel = make_wheel(tmp_path, "thing", files=files)
    with pytest.raises(SartoError) as caught:
        check_wheel(wheel, wheel.name)
    assert str(caught.value) == (
        f"the wheel '{wheel.name}' is refused: it is an editable one, whose code stays in {elsewhere}\n"
        "  hint: build the wheel that is delivered: uv build --wheel"
    )


@pytest.mark.parametrize("file", ["thing.pth", "pack/thing.pth"])
def test_path_files_that_stay_in_the_library_are_left_alone(file: str, tmp_path: Path) -> None:
    lines = {
        "thing.pth": "import thing_hook; thing_hook.add('/../x')\nthing/vendored\n",
        "pack/thing.pth": "/no/path/file/here",
    }
    wheel = make_wheel(tmp_path, "thing", files={file: lines[file]})
    check_wheel(wheel, wheel.name)


def test_a_file_name_that_is_none_of_a_wheel_is_refused() -> None:
    with pytest.raises(SartoError) as caught:
        wheel_name("thing.whl")
    assert str(caught.value) == "'thing.whl' is not the file name of a wheel"


def test_a_file_name_gives_name_version_build_and_every_tag() -> None:
    name = wheel_name("Some_Thing-1.0-2b-cp311-cp311-manylinux_2_17_x86_64.manylinux2014_x86_64.whl")
    assert (name.name, str(name.version), name.build) == ("some-thing", "1.0", (2, "b"))
    assert name.tags == {"cp311-cp311-manylinux_2_17_x86_64", "cp311-cp311-manylinux2014_x86_64"}


def test_console_scripts_are_those_of_the_metadata_with_capitals_and_without_extras(tmp_path: Path) -> None:
    points = """
    [console_scripts]
    Thing = thing.cli:main
    thing-dev = thing.dev : run [dev]

    [thing.plugins]
    other = thing.other:main
    """
    path = make_wheel(tmp_path, "thing", entry_points=points)
    assert console_scripts(path) == {"Thing": "thing.cli:main", "thing-dev": "thing.dev:run"}


def test_a_wheel_without_entry_points_has_no_console_scripts(tmp_path: Path) -> None:
    assert console_scripts(make_wheel(tmp_path, "thing")) == {}


def test_entry_points_that_cannot_be_read_are_an_error_that_names_the_wheel(tmp_path: Path) -> None:
    path = make_wheel(tmp_path, "thing", entry_points="no section\n")
    with pytest.raises(SartoError, match=r"^the wheel 'thing-1\.0-py3-none-any\.whl' has entry points that cannot be "):
        console_scripts(path)


def test_requirements_come_with_their_extras_and_markers(tmp_path: Path) -> None:
    path = make_wheel(tmp_path, "thing", requires=["Other[fast]>=2", "tests; extra == 'dev'"])
    assert [str(each) for each in requirements(path)] == ["Other[fast]>=2", 'tests; extra == "dev"']


def test_a_requirement_that_is_none_is_an_error_that_names_the_wheel(tmp_path: Path) -> None:
    path = make_wheel(tmp_path, "thing", requires=["other >= >="])
    with pytest.raises(SartoError) as caught:
        requirements(path)
    assert str(caught.value) == (
        "the wheel 'thing-1.0-py3-none-any.whl' requires 'other >= >=', which is not a requirement"
    )
