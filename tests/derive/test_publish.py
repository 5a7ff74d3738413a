"""Putting builds in their place: refusals, replacements, crowds, and processes that are killed at every step."""

from __future__ import annotations

import json
import os
import pickle
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from sarto.derive.aside import aside
from sarto.derive.deliver import deliver
from sarto.derive.exchange import exchange
from sarto.derive.locking import hold, release, take
from sarto.derive.plan import Plan
from sarto.derive.publish import check_destination
from sarto.derive.verify import verify
from sarto.errors import SartoError

from .making import write

HINT = "\n  hint: move it away, or name another folder with -o"


def bundle(_plan: Plan, folder: Path, _output: Path) -> Path:
    return folder


def archive(plan: Plan, folder: Path, output: Path) -> Path:
    """A stand-in for a format that makes one file: the names of what it packs."""
    return write(output / f"{plan.name}.txt", "\n".join(sorted(path.name for path in folder.rglob("*"))))


def leftovers(output: Path) -> list[str]:
    return [path.name for path in output.iterdir() if path.name.startswith(".")]


def test_a_build_is_in_its_place_and_nothing_else(greeter_plan: Plan, tmp_path: Path) -> None:
    said: list[str] = []
    made = deliver(greeter_plan, {}, {"bundle": bundle}, tmp_path / "new" / "out", said.append)
    assert made == {"bundle": tmp_path / "new/out/acme-gmbh"}
    assert [path.name for path in (tmp_path / "new/out").iterdir()] == ["acme-gmbh"]
    assert verify(made["bundle"]).problems == ()
    assert said == ["assembling acme-gmbh"]


def test_every_format_is_made_from_one_bundle(greeter_plan: Plan, tmp_path: Path) -> None:
    made = deliver(greeter_plan, {}, {"list": archive, "bundle": bundle, "again": archive_as("x.txt")}, tmp_path)
    assert made == {"list": tmp_path / "acme-gmbh.txt", "bundle": tmp_path / "acme-gmbh", "again": tmp_path / "x.txt"}
    assert made["list"].read_text() == made["again"].read_text()
    assert "build.json" in made["list"].read_text().splitlines()


def archive_as(name: str) -> Any:
    return lambda plan, folder, output: archive(plan, folder, output).rename(output / name)


def test_without_the_bundle_only_what_was_asked_for_is_there(greeter_plan: Plan, tmp_path: Path) -> None:
    deliver(greeter_plan, {}, {"list": archive}, tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["acme-gmbh.txt"]


def test_formats_that_make_the_same_name_are_an_error(greeter_plan: Plan, tmp_path: Path) -> None:
    with pytest.raises(SartoError) as caught:
        deliver(greeter_plan, {}, {"list": archive, "index": archive}, tmp_path)
    assert str(caught.value) == (
        "the formats 'list' and 'index' both make 'acme-gmbh.txt'\n  hint: ask for one of them"
    )
    assert list(tmp_path.iterdir()) == []


def test_a_format_that_fails_leaves_nothing(greeter_plan: Plan, tmp_path: Path) -> None:
    def fails(plan: Plan, folder: Path, output: Path) -> Path:
        archive(plan, folder, output)
        raise SartoError("no")

    with pytest.raises(SartoError, match="no"):
        deliver(greeter_plan, {}, {"bundle": bundle, "bad": fails}, tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_an_earlier_build_is_replaced_as_a_whole(greeter_plan: Plan, tmp_path: Path) -> None:
    deliver(greeter_plan, {"old.txt": b"old"}, {"bundle": bundle, "list": archive}, tmp_path)
    deliver(greeter_plan, {"new.txt": b"new"}, {"bundle": bundle, "list": archive}, tmp_path)
    assert verify(tmp_path / "acme-gmbh").problems == ()
    assert not (tmp_path / "acme-gmbh/old.txt").exists()
    assert "new.txt" in (tmp_path / "acme-gmbh.txt").read_text()
    assert leftovers(tmp_path) == []


def test_an_earlier_build_is_replaced_where_the_system_cannot_exchange(
    greeter_plan: Plan, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sarto.derive.publish.exchange", lambda *_: False)
    for name in ("old.txt", "new.txt"):
        deliver(greeter_plan, {name: b""}, {"bundle": bundle, "list": archive}, tmp_path)
    assert verify(tmp_path / "acme-gmbh").problems == ()
    assert (tmp_path / "acme-gmbh/new.txt").exists()
    assert leftovers(tmp_path) == []


def test_a_build_that_someone_tampered_with_is_replaced(greeter_plan: Plan, tmp_path: Path) -> None:
    folder = deliver(greeter_plan, {}, {"bundle": bundle}, tmp_path)["bundle"]
    write(folder / "pylock.toml", "tampered")
    (folder / "SHA256SUMS").unlink()
    deliver(greeter_plan, {}, {"bundle": bundle}, tmp_path)
    assert verify(folder).problems == ()


def test_an_empty_folder_is_no_hindrance(greeter_plan: Plan, tmp_path: Path) -> None:
    (tmp_path / "acme-gmbh").mkdir()
    assert verify(deliver(greeter_plan, {}, {"bundle": bundle}, tmp_path)["bundle"]).problems == ()


def refused(plan: Plan, output: Path) -> str:
    before = sorted(output.rglob("*"))
    with pytest.raises(SartoError) as caught:
        deliver(plan, {}, {"bundle": bundle}, output)
    assert sorted(output.rglob("*")) == before
    return str(caught.value)


def test_a_folder_that_holds_something_else_is_left_alone(greeter_plan: Plan, tmp_path: Path) -> None:
    write(tmp_path / "acme-gmbh/thesis.odt", "years of work")
    expected = f"the folder '{tmp_path}/acme-gmbh' holds something else than a build{HINT}"
    assert refused(greeter_plan, tmp_path) == expected


@pytest.mark.parametrize("text", ["{}", "[]", "not json", '{"format": 1}'])
def test_a_build_json_of_someone_else_does_not_make_a_folder_ours(
    text: str, greeter_plan: Plan, tmp_path: Path
) -> None:
    write(tmp_path / "acme-gmbh/build.json", text)
    assert "holds something else than a build" in refused(greeter_plan, tmp_path)


def test_a_build_with_a_person_s_file_in_it_is_left_alone(greeter_plan: Plan, tmp_path: Path) -> None:
    deliver(greeter_plan, {}, {"bundle": bundle}, tmp_path)
    write(tmp_path / "acme-gmbh/data/customers.db", "precious")
    assert refused(greeter_plan, tmp_path) == (
        f"the build in '{tmp_path}/acme-gmbh' also holds 'data/customers.db', which Sarto did not make{HINT}"
    )


def test_what_a_file_manager_leaves_in_a_build_is_no_hindrance(greeter_plan: Plan, tmp_path: Path) -> None:
    deliver(greeter_plan, {}, {"bundle": bundle}, tmp_path)
    write(tmp_path / "acme-gmbh/.DS_Store", "")
    deliver(greeter_plan, {}, {"bundle": bundle}, tmp_path)
    assert not (tmp_path / "acme-gmbh/.DS_Store").exists()


def test_a_file_in_the_place_of_a_folder_is_left_alone(greeter_plan: Plan, tmp_path: Path) -> None:
    write(tmp_path / "acme-gmbh", "a letter")
    expected = f"'{tmp_path}/acme-gmbh' is there already, and Sarto did not make it{HINT}"
    assert refused(greeter_plan, tmp_path) == expected


def test_a_link_is_not_followed_even_to_a_build(greeter_plan: Plan, tmp_path: Path) -> None:
    deliver(greeter_plan, {}, {"bundle": bundle}, tmp_path / "real")
    (tmp_path / "out").mkdir()
    (tmp_path / "out/acme-gmbh").symlink_to(tmp_path / "real/acme-gmbh")
    assert "is there already, and Sarto did not make it" in refused(greeter_plan, tmp_path / "out")


def test_a_folder_in_the_place_of_a_file_is_left_alone(tmp_path: Path) -> None:
    write(tmp_path / "acme.pyz/file", "")
    with pytest.raises(SartoError, match=r"acme\.pyz' is there already, and Sarto did not make it"):
        check_destination(tmp_path / "acme.pyz", is_folder=False)


def test_what_takes_the_place_while_the_build_is_made_is_left_alone(greeter_plan: Plan, tmp_path: Path) -> None:
    def meddle(plan: Plan, folder: Path, output: Path) -> Path:
        write(tmp_path / "acme-gmbh/thesis.odt", "years of work")
        return folder

    with pytest.raises(SartoError, match="holds something else than a build"):
        deliver(greeter_plan, {}, {"bundle": meddle}, tmp_path)
    assert (tmp_path / "acme-gmbh/thesis.odt").read_text() == "years of work"
    assert leftovers(tmp_path) == []


def test_an_output_folder_that_cannot_be_made_is_one_sentence(greeter_plan: Plan, tmp_path: Path) -> None:
    write(tmp_path / "file", "")
    with pytest.raises(SartoError) as caught:
        deliver(greeter_plan, {}, {"bundle": bundle}, tmp_path / "file" / "out")
    assert str(caught.value) == (
        f"writing to the folder '{tmp_path}/file/out' failed: Not a directory: '{tmp_path}/file/out'\n"
        "  hint: name another folder with -o"
    )


def test_the_folder_of_a_builder_that_is_at_work_is_left_to_it(tmp_path: Path) -> None:
    with aside(tmp_path, "acme") as first:
        write(first / "half", "made")
        with aside(tmp_path, "acme") as second:
            assert first != second
            assert (first / "half").exists()
    assert list(tmp_path.iterdir()) == []


def test_two_paths_change_places(tmp_path: Path) -> None:
    one, other = write(tmp_path / "a/one", "1").parent, write(tmp_path / "b/other", "2").parent
    if not exchange(one, other):
        pytest.skip("this file system cannot")
    assert [path.name for path in (one, other) for path in path.iterdir()] == ["other", "one"]


def test_a_path_that_is_not_there_changes_places_with_nothing(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    assert not exchange(tmp_path / "a", tmp_path / "b")
    assert (tmp_path / "a").is_dir()


def test_a_held_file_is_held_by_one_at_a_time_and_waited_for(tmp_path: Path) -> None:
    held = take(tmp_path / "lock")
    assert held is not None
    assert take(tmp_path / "lock") is None
    waited: list[str] = []

    def let_go() -> None:
        waited.append("waited")
        release(held)

    with hold(tmp_path / "lock", let_go):
        assert take(tmp_path / "lock") is None
    assert waited == ["waited"]


def test_a_file_that_was_removed_while_it_was_taken_is_not_held(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = os.open

    def open_and_remove(path: Path, flags: int, mode: int) -> int:
        handle = opened(path, flags, mode)
        path.unlink()
        return handle

    monkeypatch.setattr(os, "open", open_and_remove)
    assert take(tmp_path / "lock") is None


PROGRAM = """
import json, os, pickle, signal, sys
from pathlib import Path
from sarto.derive import publish
from sarto.derive.deliver import deliver
from sarto.derive.verify import verify

plan, output, variant = pickle.load(sys.stdin.buffer)
if variant == "renaming":
    publish.exchange = lambda *_: False
bundle = lambda plan, folder, output: folder

def child(step):
    left = step
    def count(event, arguments):
        nonlocal left
        if event == "open" or event.startswith(("os.", "shutil.", "ctypes.", "fcntl.")):
            left -= 1
            if left == 0:
                os.kill(os.getpid(), 9)
    sys.addaudithook(count)
    deliver(plan, {f"made by {step}": b""}, {"bundle": bundle}, output)

for step in range(1, 1000):
    pid = os.fork()
    if pid == 0:
        try:
            child(step)
        except BaseException:
            sys.excepthook(*sys.exc_info())
            os._exit(1)
        os._exit(0)
    _, status = os.waitpid(pid, 0)
    folder = output / plan.name
    there = sorted(path.name for path in folder.glob("made by *")) if folder.exists() else None
    print(json.dumps([step, status, there, verify(folder).problems if folder.exists() else ()]), flush=True)
    if status != 9:
        break
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="the steps are walked by forks")
@pytest.mark.parametrize("variant", ["exchanging", "renaming"])
def test_a_builder_that_is_killed_at_any_step_leaves_the_old_build_or_the_new(
    variant: str, greeter_plan: Plan, tmp_path: Path
) -> None:
    """Each child is killed at the next system call that Python tells of; each build says which of them made it."""
    deliver(greeter_plan, {"made by 0": b""}, {"bundle": bundle}, tmp_path)
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], input=pickle.dumps((greeter_plan, tmp_path, variant)), capture_output=True,
        check=False, timeout=300,
    )  # fmt: skip
    assert done.stderr.decode() == ""
    steps = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(steps) > 60
    assert {tuple(problems) for _, _, _, problems in steps} == {()}
    makers = [int(there[0].removeprefix("made by ")) for _, _, there, _ in steps if there]
    assert makers == sorted(makers)
    missing = [step for step, _, there, _ in steps if there is None]
    assert len(missing) <= (0 if variant == "exchanging" else 3)
    last = len(steps)
    assert steps[-1] == [last, 0, [f"made by {last}"], []]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["acme-gmbh"]


CROWD = """
import pickle, sys
from sarto.derive.deliver import deliver
plan, output, name = pickle.load(sys.stdin.buffer)
for _ in range(15):
    deliver(plan, {name: name.encode()}, {"bundle": lambda plan, folder, output: folder}, output)
"""


def test_builders_at_once_do_each_other_no_harm(greeter_plan: Plan, tmp_path: Path) -> None:
    crowd = []
    for name in ("one", "two", "three"):
        process = subprocess.Popen([sys.executable, "-c", CROWD], stdin=subprocess.PIPE, stderr=subprocess.PIPE)
        assert process.stdin is not None
        process.stdin.write(pickle.dumps((greeter_plan, tmp_path, name)))
        process.stdin.close()
        process.stdin = None
        crowd.append(process)
    assert [process.communicate(timeout=120)[1] for process in crowd] == [b"", b"", b""]
    assert verify(tmp_path / "acme-gmbh").problems == ()
    assert len({"one", "two", "three"} & {path.name for path in (tmp_path / "acme-gmbh").iterdir()}) == 1
    assert sorted(path.name for path in tmp_path.iterdir()) == ["acme-gmbh"]


def test_a_builder_that_is_killed_in_the_middle_is_cleared_away_by_the_next(greeter_plan: Plan, tmp_path: Path) -> None:
    program = f"""
import time
from pathlib import Path
from sarto.derive.aside import aside
with aside(Path({str(tmp_path)!r}), "acme-gmbh") as folder:
    (folder / "half").write_text("made")
    print("ready", flush=True)
    time.sleep(60)
"""
    with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        with aside(tmp_path, "other"):
            assert len(leftovers(tmp_path)) == 4
        process.kill()
    assert len(leftovers(tmp_path)) == 2
    deliver(greeter_plan, {}, {"bundle": bundle}, tmp_path)
    assert leftovers(tmp_path) == []


def test_a_build_that_a_killed_builder_had_moved_away_is_put_back(greeter_plan: Plan, tmp_path: Path) -> None:
    """As it is left where the system cannot exchange, between moving the old build and putting the new one in place."""
    deliver(greeter_plan, {}, {"bundle": bundle}, tmp_path)
    beside = tmp_path / ".acme-gmbh.tmp-0123abcd"
    (beside / "bundle/replaced-1").mkdir(parents=True)
    (tmp_path / "acme-gmbh").rename(beside / "bundle/replaced-1/acme-gmbh")
    write(tmp_path / ".acme-gmbh.tmp-0123abcd.lock", "")
    with aside(tmp_path, "other"):
        assert verify(tmp_path / "acme-gmbh").problems == ()
    assert [path.name for path in tmp_path.iterdir()] == ["acme-gmbh"]


def test_publishing_flushes_what_was_made_before_it_has_its_place(
    greeter_plan: Plan, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    flushed: list[str] = []
    real = os.fsync

    def flush(handle: int) -> None:
        flushed.append(str(Path(f"/proc/self/fd/{handle}").readlink()))
        real(handle)

    if not Path("/proc/self/fd").exists():
        pytest.skip("needs /proc to name what is flushed")
    monkeypatch.setattr(os, "fsync", flush)
    deliver(greeter_plan, {}, {"bundle": bundle}, tmp_path)
    names = [Path(path).name for path in flushed]
    for name in ("build.json", "pylock.toml", "SHA256SUMS", "acme-gmbh.py", "parts"):
        assert name in names
    assert not any(name.endswith(".whl") for name in names)
    assert flushed[-1] == str(tmp_path)
