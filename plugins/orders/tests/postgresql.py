"""A PostgreSQL server of the tests' own, in a temporary folder, run by an ordinary user."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest

BINARIES = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name))
SETTINGS = {
    "listen_addresses": "''", "fsync": "off", "full_page_writes": "off",
    "max_connections": "80", "shared_buffers": "32MB",
}  # fmt: skip


def find_binary(name: str) -> Path:
    """Where it is. Where it is not installed the test is skipped, but never in CI."""
    found = shutil.which(name)
    paths = [Path(found)] if found else [path / name for path in reversed(BINARIES) if (path / name).is_file()]
    if paths:
        return paths[0].resolve()
    reason = f"PostgreSQL's {name} is not installed: apt-get install postgresql"
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)


def _ordinary_user() -> list[str]:
    """What a command begins with so that an ordinary user runs it: PostgreSQL refuses to work for root."""
    if os.geteuid() != 0:
        return []
    return ["setpriv", f"--reuid={_name()}", f"--regid={pwd.getpwnam(_name()).pw_gid}", "--clear-groups"]


def _name() -> str:
    names = {each.pw_name for each in pwd.getpwall()}
    return "postgres" if "postgres" in names else "nobody"


class Server:
    """A server that can be stopped and started again, on a socket in its folder."""

    def __init__(self) -> None:
        self.pg_ctl = find_binary("pg_ctl")
        self.folder = Path(tempfile.mkdtemp(prefix="sarto-pg-", dir="/tmp"))
        self.data = self.folder / "data"
        if os.geteuid() == 0:
            shutil.chown(self.folder, _name())
        self._run(find_binary("initdb"), "-D", self.data, "-U", "book", "-A", "trust", "-E", "UTF8", "--no-sync")
        with (self.data / "postgresql.conf").open("a") as file:
            file.writelines(f"{name} = {value}\n" for name, value in SETTINGS.items())
            file.write(f"unix_socket_directories = '{self.folder}'\n")

    def start(self) -> None:
        self._run(self.pg_ctl, "-D", self.data, "-l", self.folder / "log", "-w", "-t", "60", "start")

    def stop(self, mode: str = "fast") -> None:
        self._run(self.pg_ctl, "-D", self.data, "-m", mode, "-w", "-t", "60", "stop")

    def remove(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)

    def url(self, database: str) -> str:
        return f"postgresql://book@/{database}?unix_sock={self.folder}/.s.PGSQL.5432"

    def _run(self, *command: str | Path) -> None:
        env = {"PATH": os.environ.get("PATH", ""), "LC_ALL": "C.UTF-8", "TZ": "UTC"}
        words = [*_ordinary_user(), *map(str, command)]
        done = subprocess.run(
            words, cwd=self.folder, env=env, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, text=True, check=False, timeout=120,
        ) if "start" not in words else self._start(words, env)  # fmt: skip
        if done.returncode:
            log = self.folder / "log"
            raise RuntimeError(f"{command[0]}: {done.stdout}{log.read_text() if log.exists() else ''}")

    def _start(self, words: list[str], env: dict[str, str]) -> subprocess.CompletedProcess[str]:
        """A server keeps what it was given as stdout, and whoever reads a pipe to its end would wait for it."""
        with (self.folder / "starting").open("w+") as file:
            done = subprocess.run(
                words, cwd=self.folder, env=env, stdin=subprocess.DEVNULL, stdout=file,
                stderr=subprocess.STDOUT, check=False, timeout=120,
            )  # fmt: skip
            file.seek(0)
            return subprocess.CompletedProcess(words, done.returncode, file.read(), "")
