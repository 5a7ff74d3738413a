"""Parts are unpacked once, whole or not at all, and never outside their folder."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
import tempfile
import time
import zipfile
from pathlib import Path

import pytest

from sarto_runtime.cache import choose
from sarto_runtime.errors import ProductError

from .real_builds import (
    PartOf,
    Sketch,
    ask,
    greetings,
    make_build,
    make_wheel,
    native_module,
    start,
    start_together,
    surroundings,
    write_build_json,
)

FOLDER = "lib/python3/site-packages" if sys.platform != "win32" else "Lib/site-packages"


def make_build_with(tmp_path: Path, wheel: Path) -> Path:
    return make_build(tmp_path / "acme", Sketch(parts=[PartOf(wheel)]))


def unpacked(tmp_path: Path) -> Path:
    return tmp_path / "cache" / "unpacked"


def test_a_part_that_opens_its_own_data_by_path_finds_it(tmp_path: Path) -> None:
    files = {"poems/__init__.py": "", "poems/data/one.txt": "Nel mezzo del cammin"}
    launcher = make_build_with(tmp_path, make_wheel(tmp_path / "wheels", "poems", files))
    read = "open(__import__('os').path.join(__import__('poems').__path__[0], 'data', 'one.txt')).read()"
    assert ask(launcher, read) == "Nel mezzo del cammin"


def test_a_part_with_native_code_works(tmp_path: Path) -> None:
    wheel = make_wheel(tmp_path / "wheels", "native", native_module())
    launcher = make_build_with(tmp_path, wheel)
    assert ask(launcher, "__import__('pysolvers').__file__").startswith(str(unpacked(tmp_path)))
    assert ask(launcher, "callable(__import__('pysolvers').glucose41_new)") is True


def test_the_data_folders_of_a_wheel_go_where_an_installation_has_them(tmp_path: Path) -> None:
    data = "tool-1.0.data"
    files = {
        f"{data}/purelib/tool/__init__.py": "",
        f"{data}/platlib/tool/more.py": "NAME = 'more'",
        f"{data}/scripts/tool": "#!/bin/sh\n",
        f"{data}/data/share/tool/help.txt": "help",
        f"{data}/headers/tool.h": "",
    }
    launcher = make_build_with(tmp_path, make_wheel(tmp_path / "wheels", "tool", files))
    site = Path(ask(launcher, "__import__('tool.more').__path__[0]")).parent
    prefix = Path(str(site).removesuffix(str(Path(FOLDER))))
    assert (prefix / "share" / "tool" / "help.txt").read_text() == "help"
    assert (prefix / ("Scripts" if sys.platform == "win32" else "bin") / "tool").is_file()
    assert (prefix / "include" / "tool.h").is_file()
    assert not list(site.glob("*.data"))


@pytest.mark.skipif(sys.platform == "win32", reason="Windows knows no executable bit")
def test_a_program_in_a_wheel_stays_executable(tmp_path: Path) -> None:
    wheel = make_wheel(tmp_path / "wheels", "tool", {"tool/__init__.py": ""})
    with zipfile.ZipFile(wheel, "a") as archive:
        program = zipfile.ZipInfo("tool-1.0.data/scripts/tool")
        program.external_attr = 0o100755 << 16
        archive.writestr(program, "#!/bin/sh\n")
    start(make_build_with(tmp_path, wheel))
    (found,) = unpacked(tmp_path).glob("*/bin/tool")
    assert found.stat().st_mode & stat.S_IXUSR


def test_the_pth_files_of_a_part_are_read_as_those_of_an_installed_one(tmp_path: Path) -> None:
    files = {"older.pth": "older_lib\n", "older_lib/older.py": "NAME = 'older'"}
    launcher = make_build_with(tmp_path, make_wheel(tmp_path / "wheels", "older", files))
    assert ask(launcher, "__import__('older').NAME") == "older"


def test_parts_are_unpacked_once_and_shared_by_all_builds(tmp_path: Path) -> None:
    greetings(make_build(tmp_path / "acme"))
    before = {path: path.stat().st_mtime_ns for path in unpacked(tmp_path).iterdir()}
    other = make_build(tmp_path / "globex")
    shared = {path.name: path.read_bytes() for path in (tmp_path / "acme" / "parts").iterdir()}
    for name, data in shared.items():
        (tmp_path / "globex" / "parts" / name).write_bytes(data)
    write_build_json(other.parent, Sketch(), [PartOf(path) for path in (other.parent / "parts").iterdir()])
    greetings(other)
    assert {path: path.stat().st_mtime_ns for path in unpacked(tmp_path).iterdir()} == before


def test_the_second_start_goes_on_from_the_unpacked_runtime(tmp_path: Path) -> None:
    launcher = make_build(tmp_path / "acme")
    file = "sys.modules['sarto_runtime.start'].__file__"
    assert ask(launcher, file).startswith(str(tmp_path / "acme" / "parts"))
    assert ask(launcher, file).startswith(str(unpacked(tmp_path)))


def test_bytecode_is_made_at_once_where_python_may_not_write_it_later(tmp_path: Path) -> None:
    launcher = make_build(tmp_path / "acme")
    greetings(launcher, environment={"PYTHONDONTWRITEBYTECODE": "1"})
    (host,) = unpacked(tmp_path).glob(f"*/{FOLDER}/host")
    assert {path.name.partition(".")[0] for path in host.glob("__pycache__/*.pyc")} == {"__init__", "cli"}


def test_a_part_that_was_changed_is_not_unpacked(tmp_path: Path) -> None:
    wheel = make_wheel(tmp_path / "wheels", "poems", {"poems.py": ""})
    launcher = make_build_with(tmp_path, wheel)
    launcher.parent.joinpath("parts", wheel.name).write_bytes(b"something else")
    done = start(launcher)
    assert done.returncode == 1
    assert done.stderr == (
        f"acme.py: part 'poems' is not the one that was built in: parts/{wheel.name} was changed\n"
        "  hint: take the whole build again from where it came\n"
    )
    assert len(list(unpacked(tmp_path).iterdir())) == 2  # host and pluggy, which come before it


def test_a_part_that_is_gone_is_named(tmp_path: Path) -> None:
    wheel = make_wheel(tmp_path / "wheels", "poems", {"poems.py": ""})
    launcher = make_build_with(tmp_path, wheel)
    gone = launcher.parent / "parts" / wheel.name
    gone.unlink()
    done = start(launcher)
    assert done.returncode == 1
    assert done.stderr.startswith("acme.py: part 'poems' cannot be unpacked: ")
    assert str(gone) in done.stderr


def test_a_part_that_is_no_wheel_is_named(tmp_path: Path) -> None:
    wheel = tmp_path / "broken-1.0-py3-none-any.whl"
    wheel.write_bytes(b"not a wheel")
    done = start(make_build_with(tmp_path, wheel))
    assert done.returncode == 1
    assert done.stderr == "acme.py: part 'broken' is not a wheel that can be read: File is not a zip file\n"


def test_a_part_with_a_member_that_cannot_be_unpacked_is_named(tmp_path: Path) -> None:
    wheel = tmp_path / "broken-1.0-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("broken.py", "x = 1\n" * 1000)
        begin = archive.getinfo("broken.py").header_offset + 30 + len("broken.py")
    content = bytearray(wheel.read_bytes())
    content[begin] = 0xFF
    wheel.write_bytes(content)
    done = start(make_build_with(tmp_path, wheel))
    assert done.returncode == 1
    assert done.stderr.startswith("acme.py: part 'broken' is not a wheel that can be read: ")
    assert done.stderr.count("\n") == 1


@pytest.mark.skipif(sys.platform != "linux", reason="the names of files are not in the locale's encoding there")
def test_a_name_that_the_locale_has_no_letters_for_is_said_with_the_way_out(tmp_path: Path) -> None:
    launcher = make_build_with(tmp_path, make_wheel(tmp_path / "wheels", "poems", {"poems.py": "", "größe.txt": ""}))
    done = start(launcher, environment={"LC_ALL": "C", "PYTHONUTF8": "0"})
    assert done.returncode == 1
    assert "part 'poems' cannot be unpacked: the names of files are in ascii here, and one is '" in done.stderr
    assert done.stderr.endswith("hint: start it with PYTHONUTF8=1, or in a locale of UTF-8\n")
    assert start(launcher, environment={"LC_ALL": "C", "PYTHONUTF8": "1"}).returncode == 0


CLIMBING = [
    "../evil.py",
    "evil/../../evil.py",
    "/evil.py",
    "C:/evil.py",
    "c:evil.py",
    "..\\evil.py",
    "evil-1.0.data/data/../../../../evil.py",
]


@pytest.mark.parametrize("member", CLIMBING)
def test_a_member_that_climbs_out_is_refused_by_name(tmp_path: Path, member: str) -> None:
    wheel = make_wheel(tmp_path / "wheels", "evil", {"fine.py": "", member: ""})
    done = start(make_build_with(tmp_path, wheel))
    assert done.returncode == 1
    assert done.stderr == (
        f"acme.py: part 'evil' has a member that would be written outside its folder: {member!r}\n"
        "  hint: it is not to be trusted; tell the vendor\n"
    )
    assert not list(tmp_path.rglob("evil.py"))
    assert not list(tmp_path.rglob("fine.py"))


def test_a_symbolic_link_in_a_wheel_is_refused(tmp_path: Path) -> None:
    wheel = make_wheel(tmp_path / "wheels", "evil", {})
    with zipfile.ZipFile(wheel, "a") as archive:
        link = zipfile.ZipInfo("link")
        link.external_attr = 0o120777 << 16
        archive.writestr(link, "/etc")
    done = start(make_build_with(tmp_path, wheel))
    assert done.returncode == 1
    assert "part 'evil' has a member that would be written outside its folder: 'link'" in done.stderr


def test_several_first_starts_at_once_do_not_harm_each_other(tmp_path: Path) -> None:
    launcher = make_build(tmp_path / "acme")
    assert start_together(launcher, 5) == [("", 0)] * 5
    assert len(list(unpacked(tmp_path).iterdir())) == 3
    assert not list(unpacked(tmp_path).glob(".*"))


@pytest.mark.skipif(sys.platform == "win32", reason="kills with a signal")
def test_a_start_that_is_killed_while_unpacking_leaves_nothing_half_made(tmp_path: Path) -> None:
    wheel = make_wheel(tmp_path / "wheels", "large", {f"large/{number}.bin": bytes(4096) for number in range(4000)})
    launcher = make_build_with(tmp_path, wheel)
    process = subprocess.Popen([sys.executable, str(launcher)], env=surroundings(launcher), stdout=subprocess.DEVNULL)
    while process.poll() is None and not list(unpacked(tmp_path).glob(f".*/{FOLDER}/large/*")):
        time.sleep(0.001)
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert not list(unpacked(tmp_path).glob("[0-9a-f]*/*/*/*/large"))
    assert ask(launcher, "len(__import__('os').listdir(__import__('large').__path__[0]))") == 4000


def test_what_a_killed_start_left_is_cleared_away_after_a_day(tmp_path: Path) -> None:
    wheel = make_wheel(tmp_path / "wheels", "poems", {"poems.py": ""})
    launcher = make_build_with(tmp_path, wheel)
    greetings(launcher)
    (poems,) = (path.parent.parent.parent.parent for path in unpacked(tmp_path).glob(f"*/{FOLDER}/poems.py"))
    old, young, other = (unpacked(tmp_path) / f".{name}" for name in (f"{poems.name}-a", f"{poems.name}-b", "0123-c"))
    poems.rename(old)
    young.mkdir()
    other.mkdir()  # of a part that was unpacked by the next start, and never will be again
    yesterday = time.time() - 25 * 60 * 60
    for left in (old, other):
        os.utime(left, (yesterday, yesterday))
    greetings(launcher)
    assert (poems.is_dir(), old.exists(), young.exists(), other.exists()) == (True, False, True, False)


def test_without_a_cache_that_can_be_written_parts_go_to_the_temporary_files(tmp_path: Path) -> None:
    launcher = make_build(tmp_path / "acme")
    blocked = tmp_path / "blocked"
    blocked.write_text("a file where the cache should be")
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    environment = {"SARTO_CACHE": str(blocked), "TMPDIR": str(temporary), "TEMP": str(temporary)}
    assert greetings(launcher, environment=environment) == []
    (own,) = temporary.iterdir()
    assert len(list((own / "unpacked").iterdir())) == 3


@pytest.mark.skipif(sys.platform == "win32", reason="each Windows user has temporary files of their own")
def test_a_folder_that_others_may_write_to_is_not_trusted(tmp_path: Path) -> None:
    launcher = make_build(tmp_path / "acme")
    blocked = tmp_path / "blocked"
    blocked.write_text("")
    temporary = tmp_path / "temporary"
    theirs = temporary / f"sarto-{os.getuid()}"
    theirs.mkdir(parents=True)
    theirs.chmod(0o777)
    assert greetings(launcher, environment={"SARTO_CACHE": str(blocked), "TMPDIR": str(temporary)}) == []
    assert list(theirs.iterdir()) == []
    assert len(list(temporary.glob("sarto-*/unpacked/*"))) == 3


def test_where_nothing_can_be_written_at_all_that_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not even temporary files: some containers have no place for them."""
    (tmp_path / "blocked").write_text("a file where folders should be")
    monkeypatch.setenv("SARTO_CACHE", str(tmp_path / "blocked"))
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "blocked"))
    with pytest.raises(ProductError) as caught:
        choose("unpacked", ["a part"])
    assert str(caught.value) == (
        "there is no folder in which this build could be unpacked\n  hint: SARTO_CACHE may name one"
    )
