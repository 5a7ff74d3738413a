"""Trying parts: what a product does when it starts is done in a process of its own, and told as data."""

from __future__ import annotations

import hashlib
import json
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
from .probing import PROBE, REGISTERING, ProbeRun
from .trees import library

__all__ = ["Implementation", "Kind", "Outcome", "Registration", "Specs", "Step", "Trial", "Tried"]

PATIENCE = 60.0
"""Seconds after which a step is given up."""

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
    """An implementation of a hook, and the arguments that it cannot do without.

    ``kind`` is that of a variant of ``sarto_runtime`` (``before``, ``after``, ``around``, ``replace``, ``add``), empty
    for one of pluggy's own, which may be a wrapper; ``rank`` is ``tryfirst``, ``trylast`` or empty.
    ``gives_nothing`` says that it is annotated to return None. ``function`` is its own name, and ``at`` where it is
    written, ``maps/__init__.py:12``, empty where that is not known.
    """

    hook: str
    arguments: tuple[str, ...]
    is_optional: bool = False
    kind: str = ""
    is_wrapper: bool = False
    rank: str = ""
    gives_nothing: bool = False
    at: str = ""
    function: str = ""


@dataclass(frozen=True, slots=True)
class Registration:
    """A name that a plugin registers by a hook: of an ``option`` or ``setting``, or of a ``command``."""

    hook: str
    kind: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """What came of a step.

    ``failure`` says why nothing was imported, ``has_ended`` whether that ended the process; ``refusal`` why pluggy
    refuses the plugin. ``first`` are those of the ``specs`` whose first result is the only one, ``project`` is the
    name that pluggy knows the core's hooks by. ``at`` is where the failure was, ``patches`` what the plugin changes in
    pluggy itself.
    """

    step: Step
    failure: str = ""
    has_ended: bool = False
    refusal: str = ""
    specs: Specs = field(default_factory=dict)
    first: frozenset[str] = frozenset()
    project: str = ""
    at: str = ""
    patches: tuple[str, ...] = ()
    implementations: tuple[Implementation, ...] = ()
    registrations: tuple[Registration, ...] = ()


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of each step; ``others`` are the hook specs that parts add to those of the core.

    ``first`` are those of them whose first result is the only one, ``brought_by`` the parts that have them.
    """

    tried: tuple[Tried, ...]
    others: Specs
    first: frozenset[str] = frozenset()
    brought_by: Mapping[str, Part] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Trial:
    """Steps that are gone through in one process, in which ``parts`` are all that can be imported.

    What goes well is remembered by its content; what fails may be for want of something on this machine, and is
    tried again the next time. ``beside`` are folders from which more can be imported.
    """

    parts: tuple[Part, ...]
    steps: tuple[Step, ...]
    patience: float = PATIENCE
    beside: tuple[str, ...] = ()

    def remembered(self) -> Outcome | None:
        """The outcome of an earlier run of the same, if it went well."""
        try:
            return self._outcome(json.loads(self._record.read_text(encoding="utf-8")))
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return None

    def run(self) -> Outcome:
        """Go through the steps, with the parts unpacked. A step that ends the process does not end the trial.

        Raises :class:`SartoError` where no process can be started, or it ends before the first import.
        """
        said = self._all_said()
        if not any("failed" in step for step in said["steps"].values()):
            self._remember(said)
        return self._outcome(said)

    def _all_said(self) -> dict[str, Any]:
        lost: dict[str, dict[str, Any]] = {}
        while True:
            run = ProbeRun.of(self._order([int(number) for number in lost]))
            if run.end_word is not None:
                return {**run.end_word, "steps": run.steps | lost, "homes": self._shas(run.end_word["homes"])}
            if run.last is None:  # as a .pth file may do it
                said = "".join(f"\n  {line}" for line in run.stderr.splitlines())
                raise SartoError(f"the parts cannot be tried: one of them ends {run.end} before the first import{said}")
            lost[run.last] = run.how_it_ended(str(library(self.steps[int(run.last)].part)), self.patience)

    def _shas(self, homes: Mapping[str, str]) -> dict[str, str]:
        """For each hook the hash of the part that has it, in place of the part's folder on this machine."""
        parts = {str(library(part)): part.sha256 for part in self.parts}
        return {hook: parts[home] for hook, home in homes.items() if home in parts}

    def _order(self, skip: list[int]) -> dict[str, Any]:
        steps = [
            {"kind": step.kind, "name": step.name, "value": step.value, "home": str(library(step.part))}
            for step in self.steps
        ]
        folders = [*(str(library(part)) for part in self.parts), *self.beside]
        return {"folders": folders, "steps": steps, "skip": skip, "patience": self.patience}

    def _outcome(self, said: Mapping[str, Any]) -> Outcome:
        found = (said["steps"][str(number)] for number in range(len(self.steps)))
        parts = {part.sha256: part for part in self.parts}
        brought_by = {hook: parts[sha256] for hook, sha256 in said["homes"].items()}
        first = frozenset(said["first"])
        return Outcome(tuple(map(_tried, self.steps, found)), _specs(said["others"]), first, brought_by)

    @property
    def _record(self) -> Path:
        content = [
            *(hashlib.sha256(file.read_bytes()).hexdigest() for file in (PROBE, REGISTERING)),
            [sys.version, sys.platform],
            [[part.sha256 for part in self.parts], *self.beside],
            [(step.kind, step.name, step.value) for step in self.steps],
        ]
        return cache_folder() / "tried" / f"{hashlib.sha256(json.dumps(content).encode()).hexdigest()}.json"

    def _remember(self, said: Mapping[str, Any]) -> None:
        folder = made(self._record.parent)
        with (
            refusals("writing to Sarto's cache"),
            tempfile.NamedTemporaryFile("w", dir=folder, prefix=".making-", delete=False, encoding="utf-8") as aside,
        ):
            json.dump(said, aside)
        Path(aside.name).replace(self._record)


def _tried(step: Step, said: Mapping[str, Any]) -> Tried:
    failure = said.get("failed", "")
    return Tried(
        step=step,
        failure=f"{failure} ({said['at']})" if said.get("at") else failure,
        has_ended=said.get("ended", False),
        refusal=said.get("refused", ""),
        specs=_specs(said.get("specs", {})),
        first=frozenset(said.get("first", ())),
        project=said.get("project", ""),
        at=said.get("at", ""),
        patches=tuple(said.get("patches", ())),
        implementations=tuple(map(_implementation, said.get("implements", ()))),
        registrations=tuple(Registration(**each) for each in said.get("registers", ())),
    )


def _implementation(said: Mapping[str, Any]) -> Implementation:
    return Implementation(
        hook=said["hook"],
        arguments=tuple(said["arguments"]),
        is_optional=said["optional"],
        kind=said["kind"],
        is_wrapper=said["wraps"],
        rank=said["rank"],
        gives_nothing=said["gives_nothing"],
        at=said["at"],
        function=said["function"],
    )


def _specs(said: Mapping[str, list[str]]) -> Specs:
    return {hook: tuple(arguments) for hook, arguments in said.items()}
