"""Builders that get in each other's way, and builders that are killed at every step."""

from __future__ import annotations

import errno
import json
import os
import pickle
import subprocess
import sys
from pathlib import Path

import pytest
from sarto.derive.aside import aside
from sarto.derive.deliver import deliver
from sarto.derive.exchange import exchange
from sarto.derive.locking import hold, release, take
from sarto.derive.plan import Plan
from sarto.derive.verify import verify
from sarto.errors import SartoError

from .formats import bundle, leftovers
from .making import write


def test_the_folder_of_a_builder_that_is_at_work_is_left_to_it(tmp_path: Path) -> None:
    with aside(tmp_path, "acme") as first:
        write(first / "half", "made")
        with aside(tmp_path, "acme") as second:
            assert first != second
            assert (first / "half").exists()
    assert list(tmp_path.iterdir()) == []


def test_where_the_folder_cannot_be_made_nothing_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(path: Path, *arguments: object, **settings: object) -> None:
        if path.parent == tmp_path:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path))

    monkeypatch.setattr(Path, "mkdir", full)
    with pytest.raises(SartoError, match="No space left on device"), aside(tmp_path, "acme"):
        pass
    assert [*tmp_path.iterdir()] == []


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
