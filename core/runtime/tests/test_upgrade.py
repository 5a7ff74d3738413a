"""A build goes on to a newer one and back, with only the parts that it lacks, and always one of them starts."""

from __future__ import annotations

import errno
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import NamedTuple

import pytest

from sarto_runtime import upgrade as upgrading
from sarto_runtime.errors import ProductError
from sarto_runtime.pointer import Pointer, write_pointer
from sarto_runtime.upgrade import upgrade
from sarto_runtime.verify import verify

from .real_builds import Sketch, greetings, make_build, pack, start, surroundings, write_sums
from .test_switching import make_open_build
from .upgrades import build_hash, make_delta, next_version

FORTH = "acme: greeter 2026.12.0 from the next start, in place of 2026.11.0\n"
BACK = "acme: greeter 2026.11.0 from the next start, in place of 2026.12.0\n"


class Customer(NamedTuple):
    """A build as a customer has it, and what leads to the next one."""

    launcher: Path
    new: Path
    delta: Path


@pytest.fixture
def customer(tmp_path: Path) -> Customer:
    launcher = make_open_build(tmp_path)
    new = next_version(launcher, tmp_path / "vendor" / "acme")
    return Customer(launcher, new.parent, make_delta(launcher.parent, new.parent, tmp_path / "acme.delta"))


def said(launcher: Path, *words: str) -> str:
    done = start(launcher, *words)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


def refusal(launcher: Path, *words: str) -> str:
    """What is said where it cannot be done; what starts is as before."""
    before = [greetings(launcher), verify(str(launcher.parent))]
    done = start(launcher, *words)
    assert (done.returncode, done.stdout) == (1, "")
    assert [greetings(launcher), verify(str(launcher.parent))] == before
    return done.stderr


def test_an_upgraded_build_starts_the_new_one_and_is_rolled_back_and_forth(customer: Customer) -> None:
    launcher = customer.launcher
    assert greetings(launcher) == ["host-maps", "host-dark"]
    assert said(launcher, "@upgrade", str(customer.delta)) == FORTH
    assert greetings(launcher) == ["host-maps", "host-dark", "news"]
    assert "greeter 2026.12.0 (Greets)" in said(launcher, "@about")
    assert said(launcher, "@verify") == "every file is as it was handed out\n"
    assert said(launcher, "@rollback") == BACK
    assert greetings(launcher) == ["host-maps", "host-dark"]
    assert said(launcher, "@rollback") == FORTH
    assert greetings(launcher) == ["host-maps", "host-dark", "news"]


def test_the_new_build_is_the_vendors_byte_for_byte_and_shares_its_parts_with_the_old(customer: Customer) -> None:
    said(customer.launcher, "@upgrade", str(customer.delta))
    (made,) = customer.launcher.parent.glob("upgrades/*/")
    assert tree(made) == tree(customer.new)
    assert (made / "parts" / "host-1.0-py3-none-any.whl").samefile(
        customer.launcher.parent / "parts" / "host-1.0-py3-none-any.whl"
    )
    assert made.name == build_hash(customer.new)[:16]
    assert os.access(made / "acme.py", os.X_OK)


def tree(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def test_it_stays_upgraded_where_its_folder_is_moved_linked_or_copied(customer: Customer, tmp_path: Path) -> None:
    said(customer.launcher, "@upgrade", str(customer.delta))
    (tmp_path / "elsewhere").mkdir()
    moved = customer.launcher.parent.rename(tmp_path / "elsewhere" / "other")
    assert greetings(moved / "acme.py")[-1] == "news"
    (tmp_path / "elsewhere" / "start").symlink_to(moved / "acme.py")
    assert greetings(tmp_path / "elsewhere" / "start")[-1] == "news"
    shutil.copytree(moved, tmp_path / "elsewhere" / "copy")
    assert said(tmp_path / "elsewhere" / "copy" / "acme.py", "@rollback") == BACK


def test_the_same_delta_again_changes_nothing(customer: Customer) -> None:
    said(customer.launcher, "@upgrade", str(customer.delta))
    before = tree(customer.launcher.parent)
    again = "acme is greeter 2026.12.0 of this delta already; nothing was done\n"
    assert said(customer.launcher, "@upgrade", str(customer.delta)) == again
    assert tree(customer.launcher.parent) == before


def test_after_two_upgrades_the_one_before_is_kept_and_no_other(customer: Customer, tmp_path: Path) -> None:
    launcher = customer.launcher
    said(launcher, "@upgrade", str(customer.delta))
    for number in (1, 2):
        current = customer.new if number == 1 else tmp_path / "v1"
        shutil.copytree(current, tmp_path / f"v{number}")
        build = json.loads((current / "build.json").read_text())
        build["line"]["version"] = f"2027.{number}"
        (tmp_path / f"v{number}" / "build.json").write_text(json.dumps(build))
        write_sums(tmp_path / f"v{number}")
        delta = make_delta(current, tmp_path / f"v{number}", tmp_path / "next.delta")
        assert said(launcher, "@upgrade", str(delta)).startswith(f"acme: greeter 2027.{number} from the next start")
    kept = {path.name for path in launcher.parent.glob("upgrades/*/")}
    assert kept == {build_hash(tmp_path / "v1")[:16], build_hash(tmp_path / "v2")[:16]}
    assert said(launcher, "@rollback").startswith("acme: greeter 2027.1 from the next start")


def test_switches_survive_and_those_that_no_longer_count_are_named(tmp_path: Path) -> None:
    launcher = make_open_build(tmp_path)
    said(launcher, "@disable", "maps", "@enable", "tokens")
    opened = ["maps", "graphql", "dark", "light"]
    new = next_version(launcher, tmp_path / "vendor" / "acme", open=opened, residual=[]).parent
    delta = make_delta(launcher.parent, new, tmp_path / "acme.delta")
    assert said(launcher, "@upgrade", str(delta)) == (
        f"{FORTH}Kept: you switched 'maps' off.\nIgnored: you switched 'tokens' on, but it is not open in this build.\n"
    )
    assert greetings(launcher) == ["host-dark", "news"]
    assert said(launcher, "@rollback").startswith(f"{BACK}Kept: you switched 'maps' off.\nKept: you switched 'tokens'")


@pytest.mark.parametrize(
    ("header", "sentence"),
    [
        (
            {"name": "bolt", "customer": "Bolt Ltd"},
            "the delta is for 'Bolt Ltd' (bolt of greeter), and this build is for 'Acme GmbH' (acme of greeter)\n",
        ),
        (
            {"from": {"version": "2026.10.0", "build": "0" * 64}},
            "the delta is for another build: for 2026.10.0 (000000000000), and this one is 2026.11.0 ({hash})\n"
            "  hint: ask for one that is made from {folder}/build.json\n",
        ),
        (
            {"format": 2},
            "the delta has format 2; this build's runtime reads format 1\n"
            "  hint: take the whole new build from the vendor\n",
        ),
        (
            {"from": 7},
            "this file is no delta ('int' object is not subscriptable)\n  hint: take it again from where it came\n",
        ),
        (
            {"from": {"version": 7, "build": []}, "to": {"version": "8", "build": "9"}, "line": "greeter"},
            "this file is no delta (it is described by ('greeter', 'acme', 'Acme GmbH', [], 7, '9'), which are not all "
            "texts)\n  hint: take it again from where it came\n",
        ),
        (
            {"to": {"version": "2026.12.0", "build": "0" * 64}},
            "the delta has another build than it says\n  hint: take it again from where it came\n",
        ),
    ],
)
def test_a_delta_that_is_not_for_this_build_is_refused(
    customer: Customer, header: dict[str, object], sentence: str
) -> None:
    folder = customer.launcher.parent
    delta = make_delta(folder, customer.new, customer.delta, header=header)
    expected = sentence.format(folder=folder, hash=build_hash(folder)[:12])
    assert refusal(customer.launcher, "@upgrade", str(delta)) == f"acme.py: {expected}"


@pytest.mark.parametrize("part", [0.0, 0.3, 0.7, 0.999])
def test_a_torn_delta_is_refused(customer: Customer, part: float) -> None:
    content = customer.delta.read_bytes()
    customer.delta.write_bytes(content[: int(len(content) * part)])
    assert "acme.py: the delta is damaged, or not whole (" in refusal(
        customer.launcher, "@upgrade", str(customer.delta)
    )


def test_a_byte_changed_anywhere_in_a_delta_is_refused_or_harmless(customer: Customer) -> None:
    content = customer.delta.read_bytes()
    for position in range(7, len(content), len(content) // 60):
        customer.delta.write_bytes(content[:position] + bytes([content[position] ^ 0x20]) + content[position + 1 :])
        copy = customer.launcher.parent.with_name("copy")
        shutil.copytree(customer.launcher.parent, copy)
        try:
            moved = upgrade(str(copy), str(customer.delta))
        except ProductError:
            assert not (copy / "upgrades" / "current").exists()
        else:
            assert verify(moved.build.folder) == ()
            assert build_hash(Path(moved.build.folder)) == build_hash(customer.new)
        shutil.rmtree(copy)


def test_files_that_do_not_belong_to_the_new_build_are_refused(customer: Customer) -> None:
    for name, sentence in {
        "build/evil.py": "the delta has a file that the new build has not: 'build/evil.py'",
        "build/../../evil.py": "the delta has a member that would be written outside its folder: 'build/../../evil.py'",
        "other": "the delta has a file that the new build has not: 'other'",
    }.items():
        make_delta(customer.launcher.parent, customer.new, customer.delta, more={name: b"evil"})
        assert sentence in refusal(customer.launcher, "@upgrade", str(customer.delta))


def test_a_file_that_is_not_there_is_said(customer: Customer) -> None:
    assert refusal(customer.launcher, "@upgrade", "nowhere") == (
        "acme.py: the delta cannot be read: No such file or directory: nowhere\n"
    )


def test_a_part_of_the_old_build_that_is_damaged_is_not_carried_on(customer: Customer) -> None:
    part = customer.launcher.parent / "parts" / "host_tokens-1.0-py3-none-any.whl"
    part.write_bytes(b"damaged")
    told = refusal(customer.launcher, "@upgrade", str(customer.delta))
    assert told.startswith("acme.py: the new build is not as it should be: parts/host_tokens-1.0-py3-none-any.whl: was")
    part.unlink()
    told = refusal(customer.launcher, "@upgrade", str(customer.delta))
    assert told.startswith("acme.py: this build is damaged: parts/host_tokens-1.0-py3-none-any.whl is missing\n")


def test_a_build_that_cannot_run_here_is_not_gone_on_to(tmp_path: Path) -> None:
    launcher = make_open_build(tmp_path)
    new = next_version(launcher, tmp_path / "new" / "acme", target={"python": "3.99", "platform": "any"}).parent
    delta = make_delta(launcher.parent, new, tmp_path / "acme.delta")
    assert "this build is for Python 3.99 or newer, and this is" in refusal(launcher, "@upgrade", str(delta))


@pytest.mark.parametrize("where", ["unpack_delta", "write_pointer", "_flush"])
def test_a_full_disk_changes_nothing(customer: Customer, where: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*arguments: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), "parts/x.whl")

    monkeypatch.setattr(upgrading, where, full)
    with pytest.raises(ProductError) as caught:
        upgrade(str(customer.launcher.parent), str(customer.delta))
    assert str(caught.value) == "upgrading failed, and nothing has changed: No space left on device: parts/x.whl"
    assert greetings(customer.launcher) == ["host-maps", "host-dark"]
    monkeypatch.undo()
    assert said(customer.launcher, "@upgrade", str(customer.delta)) == FORTH


def test_once_it_is_pointed_at_the_new_build_is_not_said_to_have_failed(
    customer: Customer, monkeypatch: pytest.MonkeyPatch
) -> None:
    def point(home: str, pointer: Pointer) -> None:
        write_pointer(home, pointer)
        monkeypatch.setattr(upgrading, "_flush_folder", broken)

    def broken(folder: str) -> None:
        raise OSError(errno.EIO, os.strerror(errno.EIO), folder)

    monkeypatch.setattr(upgrading, "write_pointer", point)
    moved = upgrade(str(customer.launcher.parent), str(customer.delta))
    assert moved.build.line.version == "2026.12.0"
    assert greetings(customer.launcher)[-1] == "news"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="Linux has a device that is always full")
def test_an_answer_that_cannot_be_written_is_one_sentence(customer: Customer) -> None:
    with open("/dev/full", "w") as full:
        done = subprocess.run(
            [sys.executable, str(customer.launcher), "@about"], stdout=full, stderr=subprocess.PIPE, text=True,
            env=surroundings(customer.launcher), check=False,
        )  # fmt: skip
    assert (done.returncode, done.stderr) == (1, "acme.py: No space left on device\n")


def test_a_name_that_no_file_can_have_is_said(customer: Customer) -> None:
    name = "a" * 300
    assert refusal(customer.launcher, "@upgrade", name) == f"acme.py: File name too long: {name}\n"


@pytest.mark.skipif(os.name == "nt", reason="pipes in folders and signals are POSIX")
def test_an_interrupted_upgrade_is_silent_and_changes_nothing(customer: Customer, tmp_path: Path) -> None:
    delta = tmp_path / "slow.delta"
    os.mkfifo(delta)
    process = subprocess.Popen(
        [sys.executable, str(customer.launcher), "@upgrade", str(delta)], env=surroundings(customer.launcher),
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    waits, enough = Path(f"/proc/{process.pid}/wchan"), time.monotonic() + 5  # where the system does not tell
    while time.monotonic() < enough:
        if waits.exists() and waits.read_text().startswith(("wait_for_partner", "fifo_open")):
            break  # it waits for somebody who writes the delta
    process.send_signal(signal.SIGINT)
    assert process.communicate(timeout=60) == ("", "")
    assert process.returncode == 130
    assert not (customer.launcher.parent / "upgrades" / "current").exists()


def test_there_is_nothing_to_roll_back_to_at_first(customer: Customer) -> None:
    assert refusal(customer.launcher, "@rollback") == (
        "acme.py: there is no build before this one: it has not been upgraded\n"
    )


def test_a_build_before_that_was_damaged_is_not_gone_back_to(customer: Customer) -> None:
    said(customer.launcher, "@upgrade", str(customer.delta))
    (customer.launcher.parent / "parts" / "host-1.0-py3-none-any.whl").unlink()
    assert "the build before is damaged: parts/host-1.0-py3" in refusal(customer.launcher, "@rollback")


@pytest.mark.parametrize("damage", ["{", '{"format": 1}'])
def test_one_goes_back_from_a_build_that_is_damaged_and_on_again(damage: str, customer: Customer) -> None:
    said(customer.launcher, "@upgrade", str(customer.delta))
    (manifest,) = customer.launcher.parent.glob("upgrades/*/build.json")
    manifest.unlink()
    manifest.write_text(damage)
    assert "build.json is damaged" in start(customer.launcher).stderr
    assert said(customer.launcher, "@rollback") == (
        "acme: greeter 2026.11.0 from the next start, in place of a build that is damaged\n"
    )
    assert start(customer.launcher).returncode == 0
    assert "the build before is damaged: build.json: was changed" in refusal(customer.launcher, "@rollback")
    said(customer.launcher, "@upgrade", str(customer.delta))
    assert start(customer.launcher).returncode == 0


def test_where_the_runtime_of_an_upgrade_is_damaged_it_is_said_how_the_first_build_starts(customer: Customer) -> None:
    said(customer.launcher, "@upgrade", str(customer.delta))
    (runtime,) = customer.launcher.parent.glob("upgrades/*/parts/sarto_runtime-*.whl")
    way = f"; without {customer.launcher.parent / 'upgrades' / 'current'} the first build starts\n"
    runtime.unlink()
    runtime.write_text("damaged")
    for words in ((), ("@rollback",)):
        done = start(customer.launcher, *words, python=(sys.executable, "-I", "-S"))  # no other runtime is there
        assert done.returncode == 1
        assert done.stderr.startswith(f"{customer.launcher}: this build is damaged: {runtime} cannot be read: ")
        assert done.stderr.endswith(way)
    runtime.unlink()
    assert start(customer.launcher).stderr == (
        f"{customer.launcher}: this is not a whole build: its runtime is not in {runtime.parent}{way}"
    )
    (customer.launcher.parent / "upgrades" / "current").unlink()
    assert start(customer.launcher).returncode == 0


def test_a_pointer_that_names_no_build_is_said(customer: Customer) -> None:
    said(customer.launcher, "@upgrade", str(customer.delta))
    pointer = customer.launcher.parent / "upgrades" / "current"
    pointer.write_text("upgrades/gone\n.\n")
    done = start(customer.launcher)
    assert done.returncode == 1
    assert done.stderr == (f"{customer.launcher}: {pointer} names no build; without that file the first build starts\n")


def test_one_file_is_upgraded_by_another_file(tmp_path: Path) -> None:
    (tmp_path / "handed").mkdir()
    packed = pack(make_build(tmp_path / "handed" / "acme", Sketch()))
    for words in (["@upgrade", "acme.delta"], ["@rollback"]):
        done = start(packed, *words)
        assert (done.returncode, done.stderr) == (
            1, "acme.pyz: this build is one file\n  hint: to upgrade it, put the new file in its place\n",
        )  # fmt: skip


@pytest.mark.skipif(sys.platform == "win32", reason="another way of locking")
def test_who_comes_second_is_told_to_wait(customer: Customer) -> None:
    import fcntl

    (customer.launcher.parent / "upgrades").mkdir()
    with (customer.launcher.parent / "upgrades" / "lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        assert "this build is being upgraded just now" in refusal(customer.launcher, "@upgrade", str(customer.delta))


PROGRAM = """
import json, os, sys, traceback
from sarto_runtime.upgrade import rollback, upgrade
from sarto_runtime.verify import verify

folder, delta, what = sys.argv[1:]

def child(step):
    left = step
    def count(event, arguments):
        nonlocal left
        if event == "open" or event.startswith(("os.", "shutil.", "fcntl.", "tempfile.")):
            left -= 1
            if left == 0:
                os.kill(os.getpid(), 9)
    sys.addaudithook(count)
    upgrade(folder, delta) if what == "upgrade" else rollback(folder)

for step in range(1, 2000):
    pid = os.fork()
    if pid == 0:
        try:
            child(step)
        except BaseException:
            traceback.print_exc()
            os._exit(1)
        os._exit(0)
    _, status = os.waitpid(pid, 0)
    print(json.dumps([step, status]), flush=True)
    sys.stdin.readline()
    if status != 9:
        break
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="the steps are walked by forks")
@pytest.mark.parametrize("what", ["upgrade", "rollback"])
def test_killed_at_any_step_the_old_build_or_the_new_starts(customer: Customer, what: str) -> None:
    """Each child is killed at the next system call that Python tells of; the build is started where it left a trace."""
    launcher, folder = customer.launcher, customer.launcher.parent
    ends = [["host-maps", "host-dark"], ["host-maps", "host-dark", "news"]]
    if what == "rollback":
        said(launcher, "@upgrade", str(customer.delta))
        ends.reverse()
    greetings(launcher)
    process = subprocess.Popen(
        [sys.executable, "-c", PROGRAM, str(folder), str(customer.delta), what],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stdin is not None
    assert process.stdout is not None
    found, seen, killed = [], None, 0
    for line in process.stdout:
        _, status = json.loads(line)
        state = sorted((str(path), path.stat().st_size) for path in folder.rglob("*"))
        if state != seen:
            seen = state
            found.append(greetings(launcher))
            pointer = folder / "upgrades" / "current"
            current = folder / (pointer.read_text().split()[0] if pointer.exists() else ".")
            assert verify(str(current)) == ()
        killed += status == 9
        process.stdin.write("\n")
        process.stdin.flush()
    assert process.wait() == 0
    process.stdin.close()
    process.stdout.close()
    assert status == 0
    assert killed > (60 if what == "upgrade" else 15)
    assert found == [ends[0]] * found.count(ends[0]) + [ends[1]] * found.count(ends[1])
    assert found[0] == ends[0]
    assert found[-1] == ends[1]
    assert {path.name for path in (folder / "upgrades").iterdir() if path.name.startswith(".")} == set()
