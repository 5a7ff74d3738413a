"""Trying parts: what a product does when it starts is done in a process of its own, and told as data."""

from __future__ import annotations

import hashlib
import json
import re
import signal
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any

from ..errors import SartoError
from .cache import cache_folder, made
from .files import refusals
from .plan import Part
from .trees import library

__all__ = ["Implementation", "Kind", "Outcome", "Specs", "Step", "Trial", "Tried"]

PROBE = Path(__file__).with_name("probe.py")
PATIENCE = 60.0
"""Seconds after which a step is given up."""
HANGING = re.compile(r'File "(.+)", line (\d+)')

Specs = Mapping[str, tuple[str, ...]]
"""Hooks, each with the arguments that it gives."""


class Kind(StrEnum):
    """What a step imports: the object that the core's command runs, the core's hook specs, or a plugin."""

    CORE = "core"
    HOOKS = "hooks"
    PLUGIN = "plugin"


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to import: ``value`` is ``module`` or ``module:attribute`` in ``part``.

    ``name`` is that of a plugin's entry point.
    """

    kind: Kind
    part: Part
    value: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Implementation:
    """An implementation of a hook, and the arguments that it cannot do without."""

    hook: str
    arguments: tuple[str, ...]
    is_optional: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """What came of a step. ``failure`` says why nothing was imported; ``refusal`` why pluggy refuses the plugin."""

    step: Step
    failure: str = ""
    refusal: str = ""
    specs: Specs = field(default_factory=dict)
    implementations: tuple[Implementation, ...] = ()


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of each step; ``others`` are the hook specs that parts add to those of the core."""

    tried: tuple[Tried, ...]
    others: Specs


@dataclass(frozen=True, slots=True)
class Trial:
    """Steps that are gone through in one process, in which ``parts`` are all that can be imported.

    What goes well is remembered by its content; what fails may be for want of something on this machine, and is
    tried again the next time.
    """

    parts: tuple[Part, ...]
    steps: tuple[Step, ...]
    patience: float = PATIENCE

    def remembered(self) -> Outcome | None:
        """The outcome of an earlier run of the same, if it went well."""
        try:
            return self._outcome(json.loads(self._record.read_text(encoding="utf-8")))
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return None

    def run(self) -> Outcome:
        """Go through the steps, with the parts unpacked. A step that ends the process does not end the trial.

        Raises :class:`SartoError` where no process can be started.
        """
        said = self._all_said()
        if not any("failed" in step for step in said["steps"].values()):
            self._remember(said)
        return self._outcome(said)

    def _all_said(self) -> dict[str, Any]:
        lost: dict[str, dict[str, str]] = {}
        while True:
            run = _Run.of(self._order([int(number) for number in lost]))
            if run.others is not None:
                return {"steps": run.steps | lost, "others": run.others}
            if run.last is None:
                raise RuntimeError(f"the trial of parts has gone wrong:\n{run.stderr}")
            lost[run.last] = run.how_it_ended(str(library(self.steps[int(run.last)].part)), self.patience)

    def _order(self, skip: list[int]) -> dict[str, Any]:
        steps = [
            {"kind": step.kind, "name": step.name, "value": step.value, "home": str(library(step.part))}
            for step in self.steps
        ]
        folders = [str(library(part)) for part in self.parts]
        return {"folders": folders, "steps": steps, "skip": skip, "patience": self.patience}

    def _outcome(self, said: Mapping[str, Any]) -> Outcome:
        found = (said["steps"][str(number)] for number in range(len(self.steps)))
        return Outcome(tuple(map(_tried, self.steps, found)), _specs(said["others"]))

    @property
    def _record(self) -> Path:
        content = [
            hashlib.sha256(PROBE.read_bytes()).hexdigest(),
            [sys.version, sys.platform],
            [part.sha256 for part in self.parts],
            [(step.kind, step.name, step.value) for step in self.steps],
        ]
        return cache_folder() / "tried" / f"{hashlib.sha256(json.dumps(content).encode()).hexdigest()}.json"

    def _remember(self, said: Mapping[str, Any]) -> None:
        folder = made(self._record.parent)
        with (
            refusals("writing to Sarto's cache"),
            tempfile.NamedTemporaryFile("w", dir=folder, prefix=".", delete=False, encoding="utf-8") as aside,
        ):
            json.dump(said, aside)
        Path(aside.name).replace(self._record)


@dataclass(frozen=True, slots=True)
class _Run:
    """What one process said before it ended; ``others`` is None where it did not come to its end."""

    steps: dict[str, Any]
    last: str | None
    others: dict[str, list[str]] | None
    rest: str
    stderr: str
    code: int

    @classmethod
    def of(cls, order: Mapping[str, Any]) -> _Run:
        with tempfile.TemporaryDirectory(prefix="sarto-trial-") as scratch:
            said, stderr = Path(scratch, "said"), Path(scratch, "stderr")
            folder = Path(scratch, "here")
            folder.mkdir()
            code = _start(order, folder, said, stderr)
            lines = said.read_text(encoding="utf-8", errors="replace").splitlines()
            complaint = stderr.read_text(encoding="utf-8", errors="replace")
        objects = [json.loads(line) for line in lines if line.startswith("{")]
        steps = {str(each["step"]): each for each in objects if "step" in each}
        others = next((each["others"] for each in objects if "others" in each), None)
        rest = "\n".join(line for line in lines if not line.startswith("{"))
        return cls(steps, next(reversed(steps), None), others, rest, complaint, code)

    def how_it_ended(self, home: str, patience: float) -> dict[str, str]:
        """Why there is nothing from the last step, as the probe says it of other failures."""
        if self.rest.startswith("Timeout"):
            lines = [(file, line) for file, line in HANGING.findall(self.rest) if Path(home) in Path(file).parents]
            at = next((f"{Path(file).relative_to(home).as_posix()}:{line}" for file, line in lines), "")
            return {"failed": f"it was not done after {patience:g} seconds", "at": at}
        if self.code < 0:
            return {"failed": f"it ends the process with {signal.Signals(-self.code).name}"}
        return {"failed": f"it ends the process with exit code {self.code}"}


def _start(order: Mapping[str, Any], folder: Path, said: Path, stderr: Path) -> int:
    """Run the probe to its end and return its exit code. Files, not pipes: what a part has started may live on."""
    with said.open("wb") as out, stderr.open("wb") as err:
        try:
            done = subprocess.run(
                [sys.executable, "-I", "-S", str(PROBE)],
                input=json.dumps(order).encode(), stdout=out, stderr=err, cwd=folder, check=False,
            )  # fmt: skip
        except OSError as error:
            raise SartoError(f"Python cannot be started to try the parts: {error}") from error
    if done.returncode == -signal.SIGINT:
        raise KeyboardInterrupt
    return done.returncode


def _tried(step: Step, said: Mapping[str, Any]) -> Tried:
    failure = said.get("failed", "")
    return Tried(
        step=step,
        failure=f"{failure} ({said['at']})" if said.get("at") else failure,
        refusal=said.get("refused", ""),
        specs=_specs(said.get("specs", {})),
        implementations=tuple(
            Implementation(hook, tuple(arguments), is_optional)
            for hook, arguments, is_optional in said.get("implements", ())
        ),
    )


def _specs(said: Mapping[str, list[str]]) -> Specs:
    return {hook: tuple(arguments) for hook, arguments in said.items()}
