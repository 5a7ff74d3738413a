"""A PostgreSQL server of the tests' own: in a temporary folder, on a socket in it, run by an ordinary user."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest

__all__ = ["Server"]

SETTINGS = "listen_addresses = ''\nfsync = off\nmax_connections = 60\nshared_buffers = '16MB'\n"


class Server:
    """A server that can be stopped and started again. Without PostgreSQL the test is skipped, and fails in CI."""

    is_running = False

    def __init__(self) -> None:
        self._control, create = _program("pg_ctl"), _program("initdb")
        self.folder = Path(tempfile.mkdtemp(prefix="sarto-web-", dir="/tmp"))
        if os.geteuid() == 0:
            shutil.chown(self.folder, _ordinary_user())
        self._data = self.folder / "data"
        _run(create, "-D", str(self._data), "-U", "book", "-A", "trust", "-E", "UTF8", "--no-sync")
        with (self._data / "postgresql.conf").open("a", encoding="utf-8") as file:
            file.write(f"{SETTINGS}unix_socket_directories = '{self.folder}'\n")

    def start(self) -> None:
        log = str(self.folder / "log")
        self.is_running = True
        _run(self._control, "-D", str(self._data), "-l", log, "-w", "-t", "60", "start")

    def stop(self) -> None:
        self.is_running = False
        _run(self._control, "-D", str(self._data), "-m", "immediate", "-w", "-t", "60", "stop")

    def remove(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)

    def url(self, database: str) -> str:
        return f"postgresql://book@/{database}?unix_sock={self.folder}/.s.PGSQL.5432"


def _program(name: str) -> str:
    places = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=lambda path: int(path.parts[-3]))
    found = str(places[-1]) if places else shutil.which(name)
    reason = f"PostgreSQL's {name} is not installed: apt-get install postgresql"
    if found is None and os.environ.get("CI") == "true":
        pytest.fail(reason)
    return found or pytest.skip(reason)


def _ordinary_user() -> str:
    """Who runs the server: PostgreSQL refuses to work for root."""
    return "postgres" if any(each.pw_name == "postgres" for each in pwd.getpwall()) else "nobody"


def _run(*command: str) -> None:
    become: list[str] = []
    if os.geteuid() == 0:
        user = _ordinary_user()
        become = ["setpriv", f"--reuid={user}", f"--regid={pwd.getpwnam(user).pw_gid}", "--clear-groups"]
    environment = {"PATH": os.environ.get("PATH", ""), "LC_ALL": "C.UTF-8"}
    with tempfile.TemporaryFile("w+") as said:  # a server keeps what it was given as stdout: a pipe would not end
        done = subprocess.run(
            [*become, *command], cwd="/", env=environment, stdin=subprocess.DEVNULL, stdout=said, stderr=said,
            check=False, timeout=120,
        )  # fmt: skip
        said.seek(0)
        assert done.returncode == 0, said.read()
