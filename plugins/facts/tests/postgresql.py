"""A PostgreSQL server of the tests' own: in a temporary folder, on a socket in it, run by an ordinary user."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

SETTINGS = "listen_addresses = ''\nfsync = off\nmax_connections = 10\nshared_buffers = '16MB'\n"


def program(name: str) -> str:
    """Where a program of PostgreSQL is. Without it the test is skipped, and fails in CI."""
    places = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=lambda path: int(path.parts[-3]))
    found = str(places[-1]) if places else shutil.which(name)
    if found is None and os.environ.get("CI") == "true":
        pytest.fail(f"PostgreSQL is not installed: there is no {name}")
    return found or pytest.skip(f"PostgreSQL is not installed: there is no {name}")


@contextmanager
def server() -> Iterator[str]:
    """A running server; gives the address of its database."""
    control, create = program("pg_ctl"), program("initdb")
    user = _ordinary_user()
    with tempfile.TemporaryDirectory(prefix="sarto-facts-", dir="/tmp") as name:
        folder = Path(name)
        if user:
            shutil.chown(folder, user)
        data = folder / "data"
        _run(user, create, "-D", str(data), "-U", "crm", "-A", "trust", "-E", "UTF8", "--no-sync")
        with (data / "postgresql.conf").open("a", encoding="utf-8") as file:
            file.write(f"{SETTINGS}unix_socket_directories = '{folder}'\n")
        _run(user, control, "-D", str(data), "-l", str(folder / "log"), "-w", "-t", "60", "start")
        try:
            yield f"postgresql://crm@/postgres?unix_sock={folder}/.s.PGSQL.5432"
        finally:
            _run(user, control, "-D", str(data), "-m", "immediate", "-w", "stop")


def _ordinary_user() -> str:
    """Who runs the server: PostgreSQL refuses to work for root."""
    if os.geteuid() != 0:
        return ""
    return "postgres" if any(each.pw_name == "postgres" for each in pwd.getpwall()) else "nobody"


def _run(user: str, *command: str) -> None:
    group = str(pwd.getpwnam(user).pw_gid) if user else ""
    become = ["setpriv", f"--reuid={user}", f"--regid={group}", "--clear-groups"] if user else []
    with tempfile.TemporaryFile("w+") as said:
        environment = {"PATH": os.environ.get("PATH", ""), "LC_ALL": "C.UTF-8"}
        done = subprocess.run(
            [*become, *command], cwd="/", env=environment, stdin=subprocess.DEVNULL, stdout=said, stderr=said,
            check=False, timeout=120,
        )  # fmt: skip
        said.seek(0)
        assert done.returncode == 0, said.read()
