"""A build that serves a database on a loopback port, and what a reader gets from it."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

__all__ = ["Answer", "Site", "ask", "launcher", "serving"]

PATIENCE = 60.0
RUNNING = re.compile(r"Uvicorn running on (http://127\.0\.0\.1:\d+)")


@dataclass(frozen=True, slots=True)
class Answer:
    """What a site answered, after all redirects."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()

    @property
    def kind(self) -> str:
        return self.headers.get("content-type", "").partition(";")[0]

    def json(self) -> Any:
        return json.loads(self.body)


@dataclass(frozen=True, slots=True)
class Site:
    """A running product; ``reader`` are the headers with which its readers come."""

    address: str
    reader: Mapping[str, str] = field(default_factory=dict)

    def get(self, path: str, **headers: str) -> Answer:
        """Ask for a path; an underscore in a header's name stands for a hyphen."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        request = urllib.request.Request(self.address + path, headers={**self.reader, **named})
        try:
            with urllib.request.urlopen(request, timeout=PATIENCE) as found:
                return _answer(found.status, found.headers.items(), found.read())
        except urllib.error.HTTPError as error:
            with error:
                return _answer(error.code, error.headers.items(), error.read())


def _answer(status: int, headers: Any, body: bytes) -> Answer:
    return Answer(status, {name.lower(): value for name, value in headers}, body)


def launcher(build: Path) -> Path:
    """The script that starts a build."""
    (found,) = build.glob("*.py")
    return found


def ask(build: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run a build's launcher to its end."""
    command = [sys.executable, str(launcher(build)), *words]
    return subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE, check=False)


@contextmanager
def serving(build: Path, *words: str, reader: Mapping[str, str] | None = None) -> Iterator[Site]:
    """Start a build as a server on a free port, wait until it answers, and end it in any case."""
    command = [sys.executable, str(launcher(build)), *words, "--port", "0"]
    with tempfile.TemporaryFile("w+") as output:
        process = subprocess.Popen(command, stdout=output, stderr=output, env={**os.environ, "PYTHONUNBUFFERED": "1"})
        try:
            yield Site(_address(process, output), reader or {})
        finally:
            process.terminate()
            process.wait(PATIENCE)


def _address(process: subprocess.Popen[bytes], output: Any) -> str:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end and process.poll() is None:
        if found := RUNNING.search(_said(output)):
            return found[1]
        time.sleep(0.05)
    raise AssertionError(f"the product does not serve (exit code {process.poll()}):\n{_said(output)}")


def _said(output: Any) -> str:
    output.seek(0)
    return str(output.read())
