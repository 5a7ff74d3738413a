"""``sarto fleet build``: a real tiny line, its customers, and what is built again for whom."""

from __future__ import annotations

import errno
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sarto.cli import program as sarto
from sarto.derive.verify import verify
from sarto.line import ProductLine
from sarto.testing import make_wheel
from sarto_fleet.command import fleet
from sarto_fleet.crew import side_by_side

from .shop import LINE, MAPS, order, tree


def run(*arguments: str) -> Result:
    return CliRunner().invoke(fleet, ["build", "orders", *arguments], catch_exceptions=False)


def outcomes() -> dict[str, str]:
    return {each["selection"][7:-5]: each["outcome"] for each in json.loads(run("--json").stdout)["customers"]}


def test_what_is_built_is_left_as_it_is_the_second_time(home: Path) -> None:
    first = run("--jobs", "2")
    assert (first.exit_code, first.output) == (0, "built 3, unchanged 0, failed 0\n")
    inodes = {path: path.stat().st_ino for path in (home / "builds").rglob("*")}
    assert run().output == "built 0, unchanged 3, failed 0\n"
    assert {path: path.stat().st_ino for path in (home / "builds").rglob("*")} == inodes


@pytest.mark.parametrize(
    ("change", "rebuilt"),
    [
        ("selection", {"bolt"}),
        ("profile", {"cord"}),
        ("line", {"acme", "bolt", "cord"}),
        ("part", {"bolt", "cord"}),
        ("build", {"acme"}),
        ("record", {"acme"}),
        ("removed", {"acme"}),
    ],
)
def test_exactly_those_are_built_again_for_whom_something_changed(home: Path, change: str, rebuilt: set[str]) -> None:
    run()
    if change == "selection":
        order(home, "bolt", "[select]\nmaps = false\n")
    elif change == "profile":
        (home / "orders" / "base.toml").write_text("[select]\nmaps = false\n")
    elif change == "line":
        (home / "features.toml").write_text(LINE.replace('version = "1"', 'version = "2"'))
    elif change == "part":
        (home / "wheelhouse" / "shop_maps-1.0-py3-none-any.whl").unlink()
        make_wheel(home / "wheelhouse", "shop-maps", {"shop_maps.py": "new = 1\n"}, version="1.1")
    elif change == "build":
        (home / "builds" / "acme" / "SHA256SUMS").chmod(0o644)
        (home / "builds" / "acme" / "SHA256SUMS").write_text("")
    elif change == "record":
        (home / "builds" / ".fleet" / "acme.json").write_text("{")
    else:
        (home / "builds" / "acme").rename(home / "elsewhere")
    assert outcomes() == {name: "built" if name in rebuilt else "unchanged" for name in ("acme", "bolt", "cord")}

    run("-o", "full")
    for name in ("acme", "bolt", "cord"):
        assert tree(home / "builds" / name) == tree(home / "full" / name)


def test_a_customer_of_a_fleet_gets_the_same_bytes_as_one_alone(home: Path) -> None:
    run("--jobs", "2")
    for name in ("acme", "bolt", "cord"):
        line, selection = ProductLine.for_selection(home / "orders" / f"{name}.toml")
        line.build(selection, home / "alone")
        assert tree(home / "builds" / name) == tree(home / "alone" / name)


def test_what_a_stopped_builder_left_is_cleared_when_a_fleet_is_built(home: Path) -> None:
    (home / "builds" / ".acme.tmp-0123abcd").mkdir(parents=True)
    (home / "builds" / ".acme.tmp-0123abcd.lock").touch()
    run()
    assert sorted(path.name for path in (home / "builds").iterdir()) == [".fleet", "acme", "bolt", "cord"]


def test_half_records_are_cleared_too(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run("--jobs", "1")
    old, new = (home / "builds/.fleet" / f".acme.{end}" for end in ("01234567", "89abcdef"))
    for file in (old, new):
        file.write_text("{")
    os.utime(old, (time.time() - 7200, time.time() - 7200))
    assert run().output == "built 0, unchanged 3, failed 0\n"
    assert (old.exists(), new.exists()) == (False, True)
    new.unlink()
    order(home, "acme", MAPS)
    monkeypatch.setattr(os, "replace", full_disk)
    assert "failed: No space left on device" in run("--jobs", "1").stderr
    assert sorted(path.name for path in (home / "builds/.fleet").iterdir()) == ["acme.json", "bolt.json", "cord.json"]


def full_disk(*arguments: object) -> None:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


@pytest.mark.parametrize(
    "harm",
    [
        lambda acme: (acme / "build.json").write_bytes((acme / "build.json").read_bytes().replace(b"acme", b"amce")),
        lambda acme: (acme / "pylock.toml").unlink(),
        lambda acme: (acme / "parts" / "shop-1.0-py3-none-any.whl").unlink(),
        lambda acme: _replace(acme / "parts" / "shop-1.0-py3-none-any.whl", b"shorter"),
    ],
)
def test_a_build_that_was_harmed_is_made_anew_and_no_other(home: Path, harm: Callable[[Path], None]) -> None:
    run()
    before = tree(home / "builds")
    harm(home / "builds" / "acme")
    assert outcomes() == {"acme": "built", "bolt": "unchanged", "cord": "unchanged"}
    assert tree(home / "builds") == before


def _replace(file: Path, content: bytes) -> None:
    file.unlink()
    file.write_bytes(content)


def test_a_file_of_the_brand_that_changed_makes_its_build_anew(home: Path) -> None:
    order(home, "acme", '[brand]\nlogo = "logo.svg"\n')
    (home / "orders" / "logo.svg").write_text("<svg/>")
    run()
    (home / "orders" / "logo.svg").write_text("<svg></svg>")
    assert outcomes() == {"acme": "built", "bolt": "unchanged", "cord": "unchanged"}
    assert (home / "builds" / "acme" / "brand" / "logo.svg").read_text() == "<svg></svg>"


def test_bad_customers_are_reported_and_the_others_are_built(home: Path) -> None:
    order(home, "bad", "[select]\nmops = true\n")
    order(home, "again").write_text('line = "../features.toml"\ncustomer = "Bolt"\n')
    (home / "orders" / "none.toml").write_text("line = ")
    order(home, "lost").write_text('line = "nowhere.toml"\ncustomer = "Lost"\n')
    done = run()
    assert done.exit_code == 1
    assert done.stdout == "built 3, unchanged 0, failed 4\n"
    for name in ("bad", "bolt", "none", "lost"):
        assert f"orders/{name}.toml was not built\n" in done.stderr
    assert "did you mean 'maps'?" in done.stderr
    assert "orders/again.toml, 'bolt'" in done.stderr
    said = json.loads(run("--json").stdout)
    assert (said["built"], said["unchanged"], said["failed"]) == (0, 3, 4)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('line = 5\ncustomer = "Dove"\n', "expected a text, but found 5"),
        ('customer = "Dove"\n', "'line' is missing"),
        (f'line = "../{"f" * 5000}.toml"\ncustomer = "Dove"\n', "reading this selection failed: File name too long"),
        ('line = ".."\ncustomer = "Dove"\nextends = "\\u0000.toml"\n', "expected one line without control characters"),
    ],
    ids=["line-is-no-text", "no-line", "path-too-long", "nul-in-path"],
)
def test_a_customer_whose_line_cannot_be_looked_for_is_reported_and_none_is_passed_over(
    home: Path, text: str, said: str
) -> None:
    (home / "orders" / "dove.toml").write_text(text)
    done = run()
    assert (done.exit_code, done.stdout) == (1, "built 3, unchanged 0, failed 1\n")
    assert said in done.stderr


def test_a_line_may_be_named_by_a_profile_elsewhere_and_hidden_files_are_no_customers(home: Path) -> None:
    (home / "europe.toml").write_text('line = "features.toml"\n')
    (home / "orders" / "dove.toml").write_text('customer = "Dove"\nextends = "../europe.toml"\n')
    (home / "orders" / "._acme.toml").write_bytes(b"\x00\x05\x16\x07")
    assert run().output == "built 4, unchanged 0, failed 0\n"


@pytest.mark.skipif(sys.platform == "win32", reason="terminals of POSIX")
def test_a_terminal_sees_how_many_are_done_and_a_pipe_the_summary_alone(home: Path) -> None:
    import pty

    controller, terminal = pty.openpty()
    order(home, "bad", "[select]\nmops = true\n")
    program = [sys.executable, "-m", "sarto.cli", "fleet", "build", "orders"]
    done = subprocess.run(program, env=dict(os.environ), stdout=subprocess.PIPE, stderr=terminal, text=True, timeout=60)
    os.close(terminal)
    shown = os.read(controller, 65536).decode()
    assert done.stdout == "built 3, unchanged 0, failed 1\n"
    assert "building: built 1, unchanged 0, failed 0" in shown
    assert "orders/bad.toml was not built\r\n" in shown


@pytest.mark.skipif(os.name == "nt", reason="pipes in folders are POSIX")
def test_a_pipe_among_the_orders_is_reported_and_not_waited_for(home: Path) -> None:
    os.mkfifo(home / "orders" / "pipe.toml")
    done = run()
    assert (done.exit_code, done.stdout) == (1, "built 3, unchanged 0, failed 1\n")
    assert (
        "error: this is a pipe, not a file\n  --> orders/pipe.toml\n  hint: move it to another folder\n" in done.stderr
    )


def test_a_folder_that_is_not_there_is_said(home: Path) -> None:
    with pytest.raises(Exception, match="there is no such folder of selections"):
        CliRunner().invoke(fleet, ["build", "nowhere"], catch_exceptions=False)
    assert not (home / "builds").exists()


def test_only_a_few_are_held_at_a_time_and_the_order_is_kept() -> None:
    taken: list[int] = []

    def given() -> Iterator[int]:
        for number in range(100):
            taken.append(number)
            yield number

    for number, result in enumerate(side_by_side(lambda each: each, given(), 2)):
        assert result == number
        assert len(taken) - number <= 6


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGINT for one process")
def test_an_interrupted_run_leaves_whole_builds_and_is_resumed(home: Path) -> None:
    for number in range(500):
        order(home, f"c{number:03}")
    program = [sys.executable, "-m", "sarto.cli", "fleet", "build", "orders", "--jobs", "2"]
    started = subprocess.Popen(program, env=dict(os.environ), stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    records = home / "builds" / ".fleet"
    while started.poll() is None and not list(records.glob("*.json")):
        time.sleep(0.01)
    started.send_signal(signal.SIGINT)
    started.communicate(timeout=60)

    assert started.returncode != 0
    made = [path for path in (home / "builds").iterdir() if not path.name.startswith(".")]
    kept = len(list(records.glob("*.json")))
    assert 0 < kept <= len(made) < 503
    for path in made:
        verify(path)
    assert run().output == f"built {503 - kept}, unchanged {kept}, failed 0\n"


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="processes inherit what stands open on Linux only")
def test_processes_make_the_same_builds_as_one_and_report_bad_customers_in_their_places(home: Path) -> None:
    for number in range(60):
        order(home, f"c{number:02}", MAPS if number % 3 else "")
    order(home, "c07", "[select]\nmap = true\n")
    order(home, "c31", "[select]\nshop = false\n")
    (home / "orders" / "c50.toml").write_text("broken")
    one = run("--jobs", "1", "-o", "one", "--json")
    several = run("--jobs", "3", "-o", "several", "--json")
    assert json.loads(several.stdout) == json.loads(one.stdout)
    assert json.loads(one.stdout)["failed"] == 3
    assert tree(home / "several") == tree(home / "one")


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="processes inherit what stands open on Linux only")
def test_processes_learn_of_a_line_that_is_named_late(home: Path) -> None:
    (home / "other.toml").write_text(LINE.replace('version = "1"', 'version = "2"'))
    for number in range(70):
        order(home, f"d{number:02}")
    for number in range(20):
        order(home, f"e{number:02}", MAPS).write_text(f'line = "../other.toml"\ncustomer = "e{number:02}"\n{MAPS}')
    assert run("--jobs", "2").stdout == "built 93, unchanged 0, failed 0\n"
    said = {name: json.loads((home / "builds" / name / "build.json").read_text()) for name in ("d69", "e00", "e19")}
    assert {name: each["line"]["version"] for name, each in said.items()} == {"d69": "1", "e00": "2", "e19": "2"}
    assert run("--jobs", "2").stdout == "built 0, unchanged 93, failed 0\n"


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="processes inherit what stands open on Linux only")
def test_a_process_that_is_killed_is_said_and_what_it_built_stays(home: Path) -> None:
    for number in range(150):
        order(home, f"c{number:03}")
    program = [sys.executable, "-m", "sarto.cli", "fleet", "build", "orders", "--jobs", "2"]
    started = subprocess.Popen(program, env=dict(os.environ), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    children = Path(f"/proc/{started.pid}/task/{started.pid}/children")
    while len(list((home / "builds" / ".fleet").glob("*.json"))) < 5:
        assert started.poll() is None
        time.sleep(0.01)
    os.kill(int(children.read_text().split()[0]), signal.SIGKILL)
    _, said = started.communicate(timeout=60)
    assert (started.returncode, said) == (
        1,
        "error: a process that built was ended from outside\n"
        "  hint: run it again: what was built stays, and the rest is built then\n",
    )
    assert run().exit_code == 0
    for path in (home / "builds").glob("[!.]*"):
        assert verify(path).problems == ()


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="processes inherit what stands open on Linux only")
def test_where_the_one_that_waits_is_killed_no_process_outlives_it(home: Path) -> None:
    for number in range(150):
        order(home, f"c{number:03}")
    program = [sys.executable, "-m", "sarto.cli", "fleet", "build", "orders", "--jobs", "3"]
    started = subprocess.Popen(program, env=dict(os.environ), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    while len(list((home / "builds" / ".fleet").glob("*.json"))) < 20:
        assert started.poll() is None
        time.sleep(0.01)
    started.kill()
    started.communicate(timeout=60)  # what processes hold open, too, ends with the last of them
    freed = CliRunner().invoke(sarto, ["store", "free", "--builds", "builds"], catch_exceptions=False)
    assert (freed.exit_code, freed.stderr) == (0, "")
    assert run("--jobs", "3").exit_code == 0
    assert not [path for path in (home / "builds").iterdir() if path.name.startswith(".") and path.name != ".fleet"]


LET_GO = """
import gc, multiprocessing
from functools import partial
from pathlib import Path
from sarto.hooks import PluginManager
from sarto.orders import Refusal, read_orders
from sarto_fleet.building import bring_up_to_date
from sarto_fleet.crew import for_all

gc.disable()
found = list(for_all(partial(bring_up_to_date, builds=Path("builds")), read_orders(Path("orders"), PluginManager()), 2))
print(len(found), [isinstance(each, Refusal) for each in found].index(True), multiprocessing.active_children())
"""


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere there are threads instead of processes")
def test_the_processes_are_let_go_also_where_the_first_customer_s_build_fails(home: Path) -> None:
    order(home, "aaa", '[brand]\nlogo = "gone.svg"\n')
    for number in range(20):
        order(home, f"d{number}")
    done = subprocess.run([sys.executable, "-c", LET_GO], capture_output=True, text=True, timeout=60, check=False)
    assert (done.stdout, done.stderr) == ("24 0 []\n", "")
