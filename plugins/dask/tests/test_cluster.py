"""A real scheduler and real workers on this machine, one of which is killed in the middle."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from sarto.derive.verify import verify
from sarto.errors import SartoError
from sarto.hooks import PluginManager
from sarto.testing import installed_wheel, make_wheel
from sarto_dask.cluster import run

from .shop import LINE, SCRIPT

pytest.importorskip("sarto_fleet", reason="the fleet is what is built here")
pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows does not kill as it is done here")

CUSTOMERS = 160


class Cluster:
    """A scheduler with two workers, each a process of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.processes: list[subprocess.Popen[bytes]] = []
        contact = folder / "scheduler.json"
        self.start("scheduler", "--host", "127.0.0.1", "--port", "0", "--scheduler-file", str(contact))
        deadline = time.monotonic() + 60
        while not contact.is_file() or not contact.read_text().strip():
            assert time.monotonic() < deadline
            time.sleep(0.05)
        self.tcp = json.loads(contact.read_text())["address"]
        self.address = self.tcp.replace("tcp://", "dask://")
        self.workers = [self.start("worker", self.tcp, "--nthreads", "1", "--no-nanny") for _ in range(2)]

    def start(self, what: str, *words: str) -> subprocess.Popen[bytes]:
        line = [sys.executable, "-m", "dask", what, *words, "--no-dashboard"]
        with (self.folder / f"{what}-{len(self.processes)}.log").open("wb") as log:
            process = subprocess.Popen(line, stdout=log, stderr=log, cwd=self.folder)
        self.processes.append(process)
        return process

    def wait(self) -> None:
        """Until both workers have joined."""
        deadline = time.monotonic() + 60
        while sum(b"Registered to" in path.read_bytes() for path in self.folder.glob("worker-*.log")) < 2:
            assert time.monotonic() < deadline
            time.sleep(0.05)

    def stop(self) -> None:
        for process in self.processes:
            process.kill()
            process.wait()


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SARTO_CACHE", str(tmp_path / "cache"))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("UV_OFFLINE", "1")
    installed_wheel(tmp_path / "wheelhouse", "pluggy")
    make_wheel(
        tmp_path / "wheelhouse", "shop", {"shop.py": "def main():\n    print('shop')\n"}, SCRIPT, requires=["pluggy"]
    )
    (tmp_path / "features.toml").write_text(LINE)
    (tmp_path / "orders").mkdir()
    for number in range(CUSTOMERS):
        (tmp_path / "orders" / f"c{number:03}.toml").write_text(
            f'line = "../features.toml"\ncustomer = "c{number:03}"\n'
        )
    return tmp_path


@pytest.fixture
def cluster(home: Path) -> Iterator[Cluster]:
    (home / "cluster").mkdir()
    made = Cluster(home / "cluster")
    try:
        made.wait()
        yield made
    finally:
        made.stop()


def fleet(*words: str) -> subprocess.Popen[str]:
    line = [sys.executable, "-m", "sarto.cli", "fleet", *words]
    return subprocess.Popen(line, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=dict(os.environ))


def test_a_worker_is_killed_in_the_middle_and_every_build_is_there_once(home: Path, cluster: Cluster) -> None:
    started = fleet("build", "orders", "--on", cluster.address, "--json")
    deadline = time.monotonic() + 120
    while len(list((home / "builds").glob(".fleet/*.json"))) < 20:
        assert started.poll() is None
        assert time.monotonic() < deadline
        time.sleep(0.01)
    cluster.workers[0].send_signal(signal.SIGKILL)
    assert len(list((home / "builds").glob(".fleet/*.json"))) < CUSTOMERS
    out, err = started.communicate(timeout=240)
    assert (started.returncode, "Traceback" in err) == (0, False), err
    said = json.loads(out)
    names = [f"c{number:03}" for number in range(CUSTOMERS)]
    assert [each["name"] for each in said["customers"]] == names
    assert [each["selection"] for each in said["customers"]] == [f"orders/{name}.toml" for name in names]
    assert (said["built"] + said["unchanged"], said["failed"]) == (CUSTOMERS, 0)
    there = sorted(path.name for path in (home / "builds").iterdir() if path.name != ".fleet")
    assert [name for name in there if not name.startswith(".")] == names
    assert all(verify(home / "builds" / name).is_good for name in names)
    done = subprocess.run(
        [sys.executable, "builds/c007/c007.py"], capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stdout == "shop\n"

    (home / "orders" / "c001.toml").write_text('line = "../features.toml"\ncustomer = "c001"\n[select]\nmops = true\n')
    (home / "orders" / "c002.toml").write_text('line = "../features.toml"\ncustomer = "c002"\n[select]\ntea = true\n')
    far, near = fleet("status", "orders", "--on", cluster.address, "--json"), fleet("status", "orders", "--json")
    far_said, near_said = (json.loads(each.communicate(timeout=120)[0]) for each in (far, near))
    assert far_said == near_said
    assert (far_said["built"], far_said["out of date"], far_said["broken"]) == (CUSTOMERS - 2, 1, 1)
    far, near = fleet("diff", "orders", "--on", cluster.address, "--json"), fleet("diff", "orders", "--json")
    far_said, near_said = (json.loads(each.communicate(timeout=120)[0]) for each in (far, near))
    assert far_said == near_said
    assert [each.get("name", "refused") for each in far_said["customers"]] == ["refused", "c002"]
    again = fleet("rebuild", "orders", "--affected", "--on", cluster.address)
    out, err = again.communicate(timeout=120)
    assert (again.returncode, out) == (1, f"built 1, unchanged {CUSTOMERS - 2}, failed 1\n"), err
    (home / "orders" / "c002.toml").write_text('line = "../features.toml"\ncustomer = "c002"\n')
    rebuilt = fleet("build", "orders", "--on", cluster.address)
    out, err = rebuilt.communicate(timeout=120)
    assert (rebuilt.returncode, out) == (1, f"built 1, unchanged {CUSTOMERS - 2}, failed 1\n")
    assert "mops" in err


def test_where_no_scheduler_answers_it_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sarto_dask.cluster.PATIENCE", "1s")
    with pytest.raises(SartoError, match=r"no Dask scheduler answers at 'dask://127\.0\.0\.1:9'"):
        list(run("dask://127.0.0.1:9", len, ["one"]))


def test_a_scheme_that_no_plugin_knows_is_said() -> None:
    with pytest.raises(SartoError, match="nothing is known that works on 'moon://base'"):
        PluginManager.discover().executor("moon://base")
    assert PluginManager.discover().executor("dask://127.0.0.1:9").name == "dask"
