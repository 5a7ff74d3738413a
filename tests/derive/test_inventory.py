"""The part store as a whole: counted, checked, and freed of what no build needs, but never under a builder."""

from __future__ import annotations

import errno
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from textwrap import dedent

import pytest
from click.testing import CliRunner, Result
from sarto.cli import program
from sarto.derive.inventory import count_users, free, stored_parts
from sarto.derive.store import PartStore
from sarto.derive.store_use import using
from sarto.errors import SartoError
from sarto.line import ProductLine

from .making import LINE, greeter_projects, make_wheel, pluggy_wheel, write

BUILDING = "a build is being made with the parts of this store"


@pytest.fixture
def built(tmp_path: Path, cold_cache: Path) -> Path:
    """Two builds in a folder, of the greeter's line, and a part in the store that is in neither."""
    folder = tmp_path / "line"
    greeter_projects(folder / "projects")
    pluggy_wheel(folder / "wheelhouse")
    write(folder / "features.toml", LINE)
    for customer, feature in (("acme", "loud"), ("bolt", "polite")):
        text = f'line = "features.toml"\ncustomer = "{customer}"\n[select]\n{feature} = true\nmaps = false\n'
        line, selection = ProductLine.for_selection(write(folder / f"{customer}.toml", text))
        line.build(selection, tmp_path / "builds")
    PartStore.default().add_file(make_wheel(tmp_path, "spare"))
    assert cold_cache.is_dir()
    return tmp_path / "builds"


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(program, ["store", *map(str, arguments)])


def needed(build: Path) -> set[str]:
    return {part["file"] for part in json.loads((build / "build.json").read_bytes())["parts"]}


def names() -> set[str]:
    return {part.filename for part in stored_parts(PartStore.default())}


def test_each_part_is_listed_with_the_number_of_builds_that_need_it(built: Path) -> None:
    listed = {
        part["file"]: part["builds"] for part in json.loads(run("list", "--builds", built, "--json").output)["parts"]
    }
    assert listed["spare-1.0-py3-none-any.whl"] == 0
    assert listed["greeter_loud-1.0-py3-none-any.whl"] == 1
    assert listed["greeter-1.0-py3-none-any.whl"] == 2


def test_a_build_that_is_named_twice_counts_once(built: Path) -> None:
    assert count_users([built, built / "acme", built]) == count_users([built])


def test_what_no_build_needs_is_freed_and_all_builds_keep_their_parts(built: Path) -> None:
    keep = needed(built / "acme") | needed(built / "bolt")
    before = names()
    would = run("free", "--builds", built, "--dry-run")
    assert names() == before
    done = run("free", "--builds", built)
    assert names() == before & keep == keep
    assert would.output.replace("would remove", "removed") == done.output
    assert "spare-1.0-py3-none-any.whl" in done.output


def test_what_was_derived_is_freed_with_the_parts_and_builds_go_on_as_before(built: Path, cold_cache: Path) -> None:
    keep = next(part for part in stored_parts(PartStore.default()) if part.filename.startswith("greeter_loud"))
    spare = next(part for part in stored_parts(PartStore.default()) if part.filename.startswith("spare"))
    for part in (keep, spare):
        write(cold_cache / "trees" / part.sha256 / "lib" / "x.py", "x = 1\n")
    write(cold_cache / "layers" / f"base-{'a' * 64}" / "layer", "12345")
    write(cold_cache / "layers" / ".making-xyz" / "layer", "1")
    write(cold_cache / "tried" / f"{'b' * 64}.json", "{}")
    foreign = [cold_cache / "holiday.jpg", cold_cache / "layers" / "notes.txt", cold_cache / "photos" / "1.jpg"]
    for file in foreign:
        write(file, "mine")
    locks = sorted(path for path in (cold_cache / "locks").rglob("*"))
    records = sorted((cold_cache / "built").iterdir())
    needed_records = [path for path in records if json.loads(path.read_bytes())["sha256"] in count_users([built])]
    assert needed_records
    would = json.loads(run("free", "--builds", built, "--dry-run", "--json").output)
    names = ["layers/.making-xyz", f"layers/base-{'a' * 12}", f"tried/{'b' * 12}", f"trees/{spare.sha256[:12]}"]
    assert {each["name"] for each in would["derived"]} >= set(names)
    assert all(Path(each["path"]).exists() for each in would["derived"])
    done = json.loads(run("free", "--builds", built, "--json").output)
    assert {**done, "dry_run": True} == would
    assert not any(Path(each["path"]).exists() for each in would["derived"])
    assert (cold_cache / "trees" / keep.sha256 / "lib" / "x.py").is_file()
    assert all(file.is_file() for file in foreign)
    assert sorted((cold_cache / "built").iterdir()) == needed_records
    assert sorted(path for path in (cold_cache / "locks").rglob("*")) == locks
    assert not spare.path.parent.exists()
    assert json.loads(run("free", "--builds", built, "--json").output)["bytes"] == 0


def test_what_stopped_processes_left_of_parts_that_came_in_since_is_removed(built: Path) -> None:
    part = stored_parts(PartStore.default())[0]
    old, new = (write(part.path.with_name(f".incoming-{name}"), "half a wheel") for name in ("old", "new"))
    os.utime(old, (time.time() - 7200, time.time() - 7200))
    run("free", "--builds", built, "--dry-run")
    assert old.exists()
    run("free", "--builds", built)
    assert (old.exists(), new.exists(), part.path.exists()) == (False, True, True)


def test_a_build_that_does_not_say_what_it_needs_stops_the_freeing(built: Path) -> None:
    write(built / "torn" / "build.json", "{")
    before = names()
    with pytest.raises(SartoError, match="this build does not say which parts it needs"):
        free(PartStore.default(), [built])
    assert names() == before


def test_a_folder_that_is_not_there_is_not_taken_for_one_without_builds(built: Path) -> None:
    with pytest.raises(SartoError, match="there is no such folder of builds"):
        free(PartStore.default(), [built.parent / "bilds"])


def test_a_damaged_part_is_named_and_removed_and_the_rest_stays(built: Path) -> None:
    before = names()
    part = next(part for part in stored_parts(PartStore.default()) if part.filename.startswith("spare"))
    part.path.chmod(0o666)
    part.path.write_bytes(b"x" + part.path.read_bytes()[1:])
    first, second = run("verify"), run("verify")
    assert first.exit_code == 1
    assert f"error: '{part.filename}' was damaged, and is removed" in first.output
    assert (second.exit_code, second.output) == (0, f"{len(before) - 1} parts, whole\n")
    assert names() == before - {part.filename}


@pytest.mark.parametrize("kind", ["folder", "pipe", "link"])
def test_what_is_no_file_in_the_place_of_a_part_is_named_and_removed(kind: str, built: Path) -> None:
    number = len(names())
    path = next(part.path for part in stored_parts(PartStore.default()) if part.filename.startswith("spare"))
    path.unlink()
    if kind == "folder":
        write(path / "x", "x")
    elif kind == "pipe":
        os.mkfifo(path)
    else:
        path.symlink_to(built / "nowhere")
    first, second = run("verify"), run("verify")
    assert (first.exit_code, first.output) == (
        1,
        f"error: '{path.name}' was damaged, and is removed ({path})\n{number - 1} parts, whole\n",
    )
    assert (second.exit_code, second.output) == (0, f"{number - 1} parts, whole\n")
    assert not os.path.lexists(path)


def test_a_damaged_part_that_may_not_be_removed_is_named_as_damaged(
    built: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(path: Path) -> None:
        raise PermissionError(errno.EPERM, os.strerror(errno.EPERM), str(path))

    part = next(part for part in stored_parts(PartStore.default()) if part.filename.startswith("spare"))
    part.path.chmod(0o666)
    part.path.write_bytes(b"x" + part.path.read_bytes()[1:])
    monkeypatch.setattr("sarto.derive.inventory.throw_away", refuse)
    done = run("verify")
    assert done.exit_code == 1
    assert done.output == (
        f"error: '{part.filename}' in the part store is damaged, and throwing it away failed: "
        f"Operation not permitted: '{part.path}'\n  hint: set SARTO_CACHE to a folder that you may write to\n"
    )


def test_nothing_is_freed_while_a_build_is_made_in_this_process(built: Path) -> None:
    with using(PartStore.default()), using(PartStore.default()), pytest.raises(SartoError, match=BUILDING):
        free(PartStore.default(), [built])
    assert len(free(PartStore.default(), [built]).parts) > 0


@contextmanager
def builder_at_work() -> Iterator[None]:
    """While another process uses the store; it is killed at the end."""
    code = dedent("""
        import sys
        from pathlib import Path
        from sarto.derive.store import PartStore
        from sarto.derive.store_use import using
        with using(PartStore(Path(sys.argv[1]))):
            print("working", flush=True)
            sys.stdin.read()
    """)
    command = [sys.executable, "-c", code, str(PartStore.default().folder)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as builder:
        try:
            assert builder.stdout
            assert builder.stdout.readline() == "working\n"
            yield
        finally:
            builder.kill()


def test_a_builder_in_another_process_keeps_the_store_until_it_is_killed(built: Path) -> None:
    before = names()
    with builder_at_work(), pytest.raises(SartoError, match=BUILDING):
        free(PartStore.default(), [built])
    assert names() == before
    assert len(free(PartStore.default(), [built]).parts) > 0
    assert not list((PartStore.default().folder.parent / "users").iterdir())
