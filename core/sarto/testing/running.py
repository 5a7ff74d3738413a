"""A line's suite in one product: the product is built, pytest runs inside it, and what it tells is read."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from itertools import count
from pathlib import Path
from threading import Lock
from types import TracebackType
from typing import Any

from ..derive.progress import Progress, quiet
from ..errors import Place, SartoError
from ..line import ProductLine
from ..model.expression import Value
from ..model.selection import Selection, Wish
from .needs import needs_of

__all__ = ["BUILD", "SUITE", "ProductRun", "SuiteRunner", "Verdict"]

BUILD = "(the product can be built)"
SUITE = "(the suite comes to its end)"
"""In the place of a test: what has to go well besides."""

BOOT = Path(__file__).with_name("boot.py")
BRIDGE = Path(__file__).with_name("bridge")
GOOD_ENDS = (0, 1, 5)
"""How pytest ends where all went well, tests failed, or none were there."""
COLLECTION = 2
LAST_LINES = 20
Told = Mapping[str, Any]


class Verdict(StrEnum):
    """What came of a test."""

    PASSED = "passed"
    FAILED = "failed"
    SKIPPED = "skipped"


_OUTCOMES = frozenset(verdict.value for verdict in Verdict)


@dataclass(frozen=True, slots=True)
class ProductRun:
    """What came of each test in one product; ``messages`` say it of those that failed."""

    configuration: Mapping[str, Value]
    verdicts: Mapping[str, Verdict]
    messages: Mapping[str, str]


class SuiteRunner:
    """Runs the suite of a line in products, several at the same time where it is asked to by several threads.

    ``arguments`` are for pytest. At the end of the ``with`` whatever still runs is ended, and no build is left. Raises
    SartoError where the line has no suite, or one of its paths is not there.
    """

    def __init__(
        self, line: ProductLine, arguments: Sequence[str] = (), seconds: float | None = None, progress: Progress = quiet
    ) -> None:
        self.line = line
        self.arguments = tuple(arguments)
        self.seconds = line.description.tests.seconds if seconds is None else seconds
        self.progress = progress
        self.paths = _paths(line)
        self._numbers = count(1)
        self._running: set[subprocess.Popen[bytes]] = set()
        self._is_over = False
        self._lock = Lock()
        self._installing = Lock()
        self._scratch = tempfile.TemporaryDirectory(prefix="sarto-test-", ignore_cleanup_errors=True)

    def __enter__(self) -> SuiteRunner:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:  # fmt: skip
        self.stop()
        self._scratch.cleanup()

    def stop(self) -> None:
        """End whatever runs, and start nothing more."""
        with self._lock:
            self._is_over = True
            running = list(self._running)
        for process in running:
            _end(process)

    def prepare(self, selection: Selection) -> None:
        """Lock the line and install what the suite needs, so that products need not wait for each other."""
        self._needs(selection, ())

    def run(self, configuration: Mapping[str, Value], tests: Sequence[str] = ()) -> ProductRun:
        """Build the product and run the suite in it, or only these tests."""
        folder = Path(self._scratch.name, f"{next(self._numbers):04}")
        try:
            return self._run(configuration, tests, folder)
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def _run(self, configuration: Mapping[str, Value], tests: Sequence[str], folder: Path) -> ProductRun:
        selection = Selection(
            line=self.line.description.file, customer="Product",
            wishes={name: Wish(name, value) for name, value in configuration.items()},
        )  # fmt: skip
        try:
            build = self.line.build(selection, folder).outputs["bundle"]
        except SartoError as error:
            return ProductRun(configuration, {BUILD: Verdict.FAILED}, {BUILD: str(error)})
        needs = self._needs(selection, [name for name, value in configuration.items() if value is not False])
        ended = self._pytest(build, needs, folder, tests)
        return _read(configuration, folder / "report", *ended, self.seconds)

    def _needs(self, selection: Selection, features: Sequence[str]) -> Path:
        catalog = self.line.catalog(selection, self.progress)
        with self._installing:
            return needs_of(self.line, catalog, features, self.progress)

    def _pytest(self, build: Path, needs: Path, folder: Path, tests: Sequence[str]) -> tuple[int | None, str]:
        """How pytest ended, None where it did not, and the last that it said."""
        runtime = next((build / "parts").glob("sarto_runtime-*.whl"))
        order = {
            "build": str(build), "runtime": str(runtime), "beside": [str(needs), str(BRIDGE)],
            "arguments": [*_SETTINGS, *self.arguments, *(tests or self.paths)],
        }  # fmt: skip
        (folder / "order.json").write_text(json.dumps(order), encoding="utf-8")
        own = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "PYTEST"))}
        own |= {"SARTO_TEST_REPORT": str(folder / "report"), "SARTO_STATE": str(folder / "state")}
        with (folder / "said").open("wb") as said:
            with self._lock:
                if self._is_over:
                    return None, ""
                process = subprocess.Popen(
                    [sys.executable, "-I", str(BOOT), str(folder / "order.json")], cwd=self.line.folder or None,
                    env=own, stdin=subprocess.DEVNULL, stdout=said, stderr=subprocess.STDOUT, start_new_session=True,
                )  # fmt: skip
                self._running.add(process)
            try:
                code: int | None = process.wait(self.seconds)
            except subprocess.TimeoutExpired:
                code = None
            finally:
                _end(process)
                self._running.discard(process)
        lines = (folder / "said").read_text(encoding="utf-8", errors="replace").splitlines()
        return code, "\n".join(lines[-LAST_LINES:])


_SETTINGS = ("-p", "sarto_inside", "-p", "no:sarto", "-p", "no:cacheprovider", "-q", "--color=no", "--rootdir", ".")


def _paths(line: ProductLine) -> list[str]:
    suite, file = line.description.tests, line.description.file
    if not suite.paths:
        raise SartoError(
            "the line says nothing of its tests", where=Place(file), hint='add [tests] with paths = ["tests"]'
        )
    for index, path in enumerate(suite.paths):
        if not (line.folder / path.partition("::")[0]).exists():
            raise SartoError(
                f"there is no '{path}'", where=Place(file, f"tests.paths[{index}]"),
                hint="a path is relative to the line's folder",
            )  # fmt: skip
    return list(suite.paths)


def _end(process: subprocess.Popen[bytes]) -> None:
    """End the process and all that it has started."""
    with suppress(ProcessLookupError, PermissionError):
        if sys.platform == "win32":
            process.kill()
        else:
            os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _read(
    configuration: Mapping[str, Value], report: Path, code: int | None, said: str, seconds: float
) -> ProductRun:  # fmt: skip
    verdicts: dict[str, Verdict] = {BUILD: Verdict.PASSED}
    messages: dict[str, str] = {}
    begun: dict[str, None] = {}
    for told in _told(report):
        if "begins" in told:
            begun[told["begins"]] = None
            continue
        name = told["test"]
        if told["phase"] == "teardown":
            begun.pop(name, None)
        if told["outcome"] not in _OUTCOMES:
            continue  # a plugin's own, such as a test that will be run again
        outcome = Verdict(told["outcome"])
        if outcome is Verdict.FAILED:
            messages.setdefault(name, told["message"])
        if outcome is not Verdict.PASSED or told["phase"] == "call":
            verdicts[name] = Verdict.FAILED if Verdict.FAILED in (outcome, verdicts.get(name)) else outcome
    why = f"not ended within {seconds:g} s" if code is None else f"pytest ended with {code}:\n{said}"
    for name in begun:
        verdicts[name], messages[name] = Verdict.FAILED, why.partition(":")[0]
    if code in GOOD_ENDS or (code == COLLECTION and messages) or begun:
        verdicts[SUITE] = Verdict.PASSED if not begun else Verdict.SKIPPED
    else:
        verdicts[SUITE], messages[SUITE] = Verdict.FAILED, why
    return ProductRun(configuration, verdicts, messages)


def _told(report: Path) -> Iterator[Told]:
    """What was told; the last line may have been cut off."""
    lines = report.read_text(encoding="utf-8").splitlines() if report.exists() else []
    for line in lines:
        with suppress(ValueError):
            yield json.loads(line)
