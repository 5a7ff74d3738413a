"""The hooks of a line's core, found by importing their module as a product would."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from ...errors import Place, SartoError
from ...model.line import LineDescription
from ...model.selection import Target
from ..bench import core_trial, outcomes
from ..catalog import Catalog
from ..plan import Part
from ..prepare import lock
from ..progress import Progress
from ..target import HOST, target_for
from ..trial import Kind, Specs, Tried

__all__ = ["CoreHooks", "for_this_machine", "hooks_of_core", "locked_here"]


@dataclass(frozen=True, slots=True)
class CoreHooks:
    """The hook specs of a core: by which name pluggy knows them, in which module of which part they are."""

    project: str
    specs: Specs
    module: str
    part: Part


def for_this_machine(line: LineDescription) -> LineDescription:
    """The line, to be tried on this machine whatever its builds are for."""
    return replace(line, targets=(Target(HOST, HOST),))


def locked_here(line: LineDescription, folder: Path, progress: Progress) -> Catalog:
    """The line's catalog for this machine. Raises :class:`SartoError` where its parts cannot be had."""
    return lock(line, folder, target_for(Target(HOST, HOST), Place(line.file, "targets")), progress)


def hooks_of_core(line: LineDescription, catalog: Catalog, progress: Progress) -> CoreHooks:
    """The hooks of the line's core. Raises :class:`SartoError` where it names no module of them, or that has none."""
    where = Place(line.file, "core.hooks")
    if not line.core.hooks or not line.core.group:
        key = "group" if line.core.hooks else "hooks"
        what = f"the line does not say what its core's {'plugins are found by' if key == 'group' else 'hook specs are'}"
        raise SartoError(what, where=Place(line.file, f"core.{key}"), hint=f'add {key} = "…" to [core]')
    trial = core_trial(line, catalog)
    trial = replace(trial, steps=tuple(step for step in trial.steps if step.kind is Kind.HOOKS))
    (outcome,) = outcomes({"": trial}, None, progress).values()
    tried: Tried = outcome.tried[0]
    if tried.failure:
        raise SartoError(f"'{line.core.hooks}' cannot be imported: {tried.failure}", where=where)
    if not tried.specs:
        raise SartoError(f"'{line.core.hooks}' has no hook specs", where=where)
    return CoreHooks(tried.project, tried.specs, line.core.hooks, tried.step.part)
