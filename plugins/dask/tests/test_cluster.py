"""A real scheduler and real workers on this machine, one of which is killed in the middle."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from click.testing import CliRunner
from distributed import Client
from sarto.cli import program
from sarto.derive.files import file_digest
from sarto.derive.verify import verify
from sarto.errors import SartoError
from sarto.hooks import PluginManager
from sarto.testing import installed_wheel, make_wheel
from sarto_dask.cluster import run

from .shop import LINE, SCRIPT

pytest.importorskip("sarto_fleet", reason="the fleet is what is built here")
pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows does not kill as it is done here")

CUSTOMERS = 160
FEW = 20


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


def asked(*words: str) -> Any:
    done = CliRunner().invoke(program, [*words, "--json"], prog_name="sarto", catch_exceptions=False)
    assert (done.exit_code, done.stderr) == (0, ""), done.stderr
    return json.loads(done.stdout)


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *arguments: object) -> None:
        pass


class Index(ThreadingHTTPServer):
    def handle_error(self, request: object, client_address: object) -> None:
        """Who has read enough of a wheel hangs up, which is no fault."""


@pytest.fixture
def index(home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A package index with the line's parts, which are in no folder of its own any more; few orders."""
    for wheel in (home / "wheelhouse").iterdir():
        page = home / "simple" / wheel.name.split("-")[0]
        page.mkdir(parents=True)
        (page / "index.html").write_text(f'<a href="{wheel.name}#sha256={file_digest(wheel)}">{wheel.name}</a>')
        wheel.rename(page / wheel.name)
    for order in sorted((home / "orders").iterdir())[FEW:]:
        order.unlink()
    (home / "features.toml").write_text(LINE.replace('sources = ["wheelhouse"]\n', ""))
    server = Index(("127.0.0.1", 0), partial(Quiet, directory=str(home)))
    Thread(target=server.serve_forever, daemon=True).start()
    monkeypatch.setenv("UV_DEFAULT_INDEX", f"http://127.0.0.1:{server.server_port}/simple/")
    monkeypatch.setenv("UV_CACHE_DIR", str(home / "uv"))
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.delenv("UV_OFFLINE")
    yield
    server.shutdown()
    server.server_close()


def test_parts_are_fetched_and_forecasts_made_elsewhere_and_a_key_signs_here(
    home: Path, index: None, cluster: Cluster
) -> None:
    pytest.importorskip("sarto_stock", reason="its inventory is what is asked here")
    pytest.importorskip("sarto_sign", reason="it has the keys")
    on = ("--on", cluster.address)
    needed = asked("stock", "list", "orders", *on)
    assert needed == asked("stock", "list", "orders")
    assert (len(needed["open"]), len(needed["needed"])) == (FEW, 2)
    assert asked("stock", "forecast", "orders", *on) == asked("stock", "forecast", "orders")
    fetched = asked("stock", "fetch", "orders", *on)["fetched"]
    assert [each["file"] for each in fetched] == [each["file"] for each in needed["needed"]]
    assert asked("stock", "list", "orders", *on)["needed"] == []
    CliRunner().invoke(program, ["key", "new", "vendor"], catch_exceptions=False)
    key = PluginManager.discover().signer().public(Path("vendor.pub"))
    said = asked("fleet", "build", "orders", "--sign", "vendor.key", *on)
    assert said["built"] == FEW
    assert all(verify(home / "builds" / each["name"], key).is_good for each in said["customers"])
    assert asked("fleet", "build", "orders", "--sign", "vendor.key", *on)["unchanged"] == FEW
    assert asked("fleet", "rebuild", "orders", "--provenance", "--sign", "vendor.key", *on)["built"] == FEW


def test_where_no_scheduler_answers_it_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sarto_dask.cluster.PATIENCE", "1s")
    with pytest.raises(SartoError, match=r"no Dask scheduler answers at 'dask://127\.0\.0\.1:9'"):
        list(run("dask://127.0.0.1:9", len, ["one"]))


def test_a_scheme_that_no_plugin_knows_is_said() -> None:
    with pytest.raises(SartoError, match="nothing is known that works on 'moon://base'"):
        PluginManager.discover().executor("moon://base")
    assert PluginManager.discover().executor("dask://127.0.0.1:9").name == "dask"


@pytest.mark.parametrize("address", ["dask://", "dask://host", "dask://:8786", "dask://host:x", "dask://host:8786/x"])
def test_an_address_without_a_host_and_a_port_is_said_at_once(address: str) -> None:
    with pytest.raises(SartoError, match="does not say where a scheduler is"):
        list(run(address, len, ["one"]))


@pytest.mark.parametrize(("who", "said"), [("workers", "all workers of"), ("scheduler", "was lost in the middle")])
def test_nobody_waits_for_who_is_lost(cluster: Cluster, who: str, said: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sarto_dask.cluster.LOOK", "1s")
    monkeypatch.setattr("sarto_dask.cluster.LOOKS", 3)
    results = run(f"{cluster.address}/", time.sleep, [0, 600])
    assert next(results) is None
    for process in cluster.workers if who == "workers" else cluster.processes[:1]:
        process.kill()
    with pytest.raises(SartoError, match=said):
        next(results)


def check_that_it_says_and_waits(
    cluster: Cluster, reason: str, mend: Callable[[], object], capsys: pytest.CaptureFixture[str]
) -> None:
    results: list[int] = []
    waiting = Thread(target=lambda: results.extend(run(cluster.address, len, ["four", "eleven"])))
    waiting.start()
    said, deadline = "", time.monotonic() + 240
    while not said:
        assert time.monotonic() < deadline
        said = capsys.readouterr().err
    assert said == (
        f"warning: the workers of the Dask scheduler at '{cluster.address}' do not begin: {reason}\n"
        "  hint: this waits until they do; Ctrl-C ends it, and what was done stays\n"
    )
    assert not results
    mend()
    waiting.join(60)
    assert (results, capsys.readouterr().err) == ([4, 6], "")


def test_that_workers_are_busy_with_other_work_is_said_once(
    cluster: Cluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sarto_dask.cluster.LOOK", "1s")
    go = tmp_path / "go"
    with Client(cluster.tcp, set_as_default=False) as other:  # type: ignore[no-untyped-call]  # of distributed
        until = ["sh", "-c", f"until [ -e {go} ]; do sleep 0.1; done"]
        theirs = other.map(subprocess.check_call, [until, until], pure=False)
        deadline = time.monotonic() + 60
        while len(other.call_stack()) < len(theirs):
            assert time.monotonic() < deadline
        check_that_it_says_and_waits(cluster, "they are busy with other work", go.touch, capsys)


def test_that_the_memory_of_workers_is_full_is_said_once(
    cluster: Cluster, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sarto_dask.cluster.LOOK", "1s")
    for process in cluster.workers:
        process.kill()
        process.wait()
    worker = ("worker", cluster.tcp, "--nthreads", "1", "--no-nanny")
    cluster.start(*worker, "--memory-limit", "1MB")
    deadline = time.monotonic() + 60
    with Client(cluster.tcp, set_as_default=False) as other:  # type: ignore[no-untyped-call]  # of distributed
        while [each["status"] for each in other.scheduler_info()["workers"].values()] != ["paused"]:
            assert time.monotonic() < deadline
    check_that_it_says_and_waits(cluster, "their memory is full", lambda: cluster.start(*worker), capsys)
