"""The trials of a line: one of its core, and one of each feature with plugins, in the company that it always has."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

from packaging.utils import canonicalize_name

from ..model.line import LineDescription
from ..solve.implication import always_with
from .catalog import Catalog
from .plan import Part
from .planning import core_object
from .progress import Progress, one_at_a_time
from .trees import unpack
from .trial import Kind, Outcome, Step, Trial
from .wheel import entry_points

__all__ = ["core_trial", "feature_trials", "outcomes"]

WORKERS = 4
"""Processes at the same time, at most."""


def core_trial(line: LineDescription, catalog: Catalog) -> Trial:
    """The core alone: its command, its hook specs, and plugins among its own parts.

    Raises :class:`SartoError` where it has no such command.
    """
    parts = catalog.parts(())
    own = canonicalize_name(catalog.request.core[0].requirement.name)
    home = next(part for part in parts if part.name == own)
    steps = [Step(Kind.CORE, home, core_object(line, parts))]
    if line.core.hooks:
        steps.append(Step(Kind.HOOKS, home, line.core.hooks))
    return Trial(parts, (*steps, *_plugins(parts, line.core.group)))


def feature_trials(line: LineDescription, catalog: Catalog, core: Trial) -> Iterator[tuple[str, Trial]]:
    """Each feature's plugins, with the parts of the core and of those features that are always there with it.

    What else a build may have is left out, so that a plugin that needs it without saying so is found. The core's
    command is left out, too, for it takes the most time; see :func:`outcomes`.
    """
    begin = tuple(step for step in core.steps if step.kind is Kind.HOOKS)
    for feature, company in always_with(line.model, catalog.request.features).items():
        parts = catalog.parts(company)
        plugins = _plugins((part for part in parts if feature in part.features), line.core.group)
        if plugins:
            yield feature, Trial(parts, begin + plugins)


def _plugins(parts: Iterable[Part], group: str) -> tuple[Step, ...]:
    """The plugins in the parts, as the core would find them."""
    return tuple(
        Step(Kind.PLUGIN, part, value, name)
        for part in parts
        for name, value in (sorted(entry_points(part.path, group).items()) if group else ())
    )


def outcomes(trials: Mapping[str, Trial], command: Step | None, progress: Progress) -> dict[str, Outcome]:
    """The outcome of each feature's trial, in the same order; those that are remembered are not gone through again.

    A trial in which something cannot be imported is gone through again after the step ``command``, with which a
    product begins: a plugin may rely on that.
    """
    found = {name: _remembered(trial, command) for name, trial in trials.items()}
    missing = [name for name, outcome in found.items() if outcome is None]
    for part in {part.sha256: part for name in missing for part in trials[name].parts}.values():
        progress(f"unpacking {part.filename}")
        unpack(part)
    say = one_at_a_time(progress)

    def run(name: str) -> Outcome:
        say(f"trying feature '{name}'" if name else "trying the core")
        outcome = trials[name].run()
        can_change = any(tried.failure and not tried.has_ended for tried in outcome.tried)
        return _after(command, trials[name]).run() if command and can_change else outcome

    pool = ThreadPoolExecutor(min(WORKERS, os.cpu_count() or 1))
    try:
        made = dict(zip(missing, pool.map(run, missing), strict=True))
    finally:
        pool.shutdown(cancel_futures=True)
    return {name: outcome or made[name] for name, outcome in found.items()}


def _remembered(trial: Trial, command: Step | None) -> Outcome | None:
    return trial.remembered() or (_after(command, trial).remembered() if command else None)


def _after(command: Step, trial: Trial) -> Trial:
    return replace(trial, steps=(command, *trial.steps))
