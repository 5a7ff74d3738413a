"""Whether what a line delivers holds: parts are there and go together, and plugins fit the core's hooks."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from packaging.tags import sys_tags

from ..errors import Place, SartoError, did_you_mean, raise_all
from ..model.line import LineDescription
from ..solve.soundness import Finding, Severity
from .bench import core_trial, feature_trials, outcomes
from .catalog import Catalog
from .clash_words import clash_finding
from .clashing_names import clashes_of_names, name_finding
from .family import Clash, clashes
from .interacting import interactions
from .interaction_words import interaction_finding, order_findings
from .licences import licence_errors, unknown_licences
from .long_paths import ROOM, long_paths
from .misfits import Misfit, misfits
from .other_pythons import for_other_pythons
from .plan import ResolvedTarget
from .prepare import lock
from .progress import Progress, quiet
from .reliance import hooks_relied_on, imports_relied_on
from .reliance_words import hook_finding, import_finding
from .request import LineRequest
from .target import target_for
from .trial import Kind

__all__ = ["part_findings"]

LONG_PATHS = "have them switch on long paths in Windows, or name a short folder in SARTO_CACHE"
NO_TARGET = "not looking at the parts: the line names no target"


def part_findings(line: LineDescription, folder: Path, progress: Progress = quiet) -> tuple[Finding, ...]:
    """What is wrong with the parts of the line in ``folder``, whose model is not void.

    Each part has to have a wheel for each target of the line; all of them are brought into the store. No two parts
    that get in each other's way may meet in a build that the model allows, on any target. Where one of the targets is
    this machine, each plugin is imported in a process of its own. A line that names no whole target is not looked at.
    """
    try:
        licences = (*order_findings(line), *_of_licences(line, folder, progress))
        catalogs = _catalogs(line, folder, progress)
        together = (*_of_clashes(line, catalogs), *_of_pythons(catalogs), *_of_long_paths(catalogs))
        here = next((each for each in catalogs if _is_here(each.target)), None)
        if here is None:
            progress("not trying the plugins: the line is not for this machine" if catalogs else NO_TARGET)
            return (*licences, *together)
        return (*licences, *together, *_of_code(line, here, progress))
    except SartoError as error:
        return tuple(_of_part(single) for single in error.errors)


def _of_licences(line: LineDescription, folder: Path, progress: Progress) -> Iterator[Finding]:
    """What the line's policy has against the parts of any build for one of its targets."""
    if not line.licences.is_set:
        return
    said: set[str] = set()
    for target in _targets(line):
        parts = lock(line, folder, target, progress).every_part(progress)
        for severity, errors in (
            (Severity.ERROR, licence_errors(line, parts)),
            (Severity.WARNING, unknown_licences(line, parts)),
        ):
            fresh = [error for error in errors if error.what not in said]
            said.update(error.what for error in fresh)
            yield from (replace(_of_part(error), severity=severity, kind="licence") for error in fresh)


def _targets(line: LineDescription) -> list[ResolvedTarget]:
    place = Place(line.file, "targets")
    return [target_for(target, place) for target in line.targets if target.python and target.platform]


def _of_part(error: SartoError) -> Finding:
    where = error.where if isinstance(error.where, Place) else Place(error.where or "")
    return Finding(Severity.ERROR, "part", error.what, where, hint=error.hint)


def _of_clashes(line: LineDescription, catalogs: Sequence[Catalog]) -> Iterator[Finding]:
    """Each clash once, with the target where it is not one of the first target's."""
    said: set[Clash] = set()
    for catalog in catalogs:
        for clash in clashes(line.model, catalog):
            if clash not in said:
                said.add(clash)
                found = clash_finding(line, clash)
                target = f" (for Python {catalog.target.python} on {catalog.target.platform})"
                yield found if catalog is catalogs[0] else replace(found, what=found.what + target)


def _of_pythons(catalogs: Sequence[Catalog]) -> Iterator[Finding]:
    """Each part once; what a part says of Pythons that came after it is often too strict."""
    said: set[str] = set()
    for catalog in catalogs:
        for part, asked in for_other_pythons(catalog):
            if part.filename not in said:
                said.add(part.filename)
                what = (
                    f"part '{part.name}' {part.version} says that it is for Python {asked}, and the line is for Python "
                    f"{catalog.target.python}: pip would not install it"
                )
                where = _place(catalog.request, next(iter(part.features), ""), part.name)
                hint = f"'{part.name}!={part.version}' among the requirements lets another version be taken"
                yield Finding(Severity.WARNING, "part", what, where, hint=hint)


def _of_long_paths(catalogs: Sequence[Catalog]) -> Iterator[Finding]:
    """Each part once; the end user may have room for it."""
    said: set[tuple[str, str]] = set()
    for catalog in catalogs:
        for part, path in long_paths(catalog):
            if (part.name, part.version) in said:
                continue
            said.add((part.name, part.version))
            shown = path if len(path) <= ROOM + 40 else f"{path[:60]}…{path[-40:]}"
            what = (
                f"the path of '{shown}' in part '{part.name}' {part.version} has {len(path)} characters; where a user "
                f"of Windows has his parts unpacked there is room for {ROOM}"
            )
            where = _place(catalog.request, next(iter(part.features), ""), part.name)
            yield Finding(Severity.WARNING, "part", what, where, hint=LONG_PATHS)


def _catalogs(line: LineDescription, folder: Path, progress: Progress) -> list[Catalog]:
    """The line's catalog for each of its targets, their parts in the store."""
    targets = _targets(line)
    if not targets:
        return []
    locked = lock(line, folder, targets[0], progress)
    catalogs = [replace(locked, target=target) for target in targets]
    errors = []
    for catalog in catalogs:
        try:
            catalog.check_all()
        except SartoError as error:
            errors.append(error)
    raise_all(errors)
    for catalog in catalogs:
        catalog.fetch_all(progress)
    return catalogs


def _is_here(target: ResolvedTarget) -> bool:
    """Whether this Python takes what the target takes."""
    return target.tags[0] in {str(tag) for tag in sys_tags()}


def _of_code(line: LineDescription, catalog: Catalog, progress: Progress) -> Iterator[Finding]:
    """What the parts' code does that does not fit: as it is written, and as the trials bring it to light.

    Of a core that cannot be imported only that is said.
    """
    core = core_trial(line, catalog)
    (found,) = outcomes({"": core}, None, progress).values()
    failures = [_of_misfit(line, catalog.request, "", misfit) for misfit in misfits(found, {}, {})]
    if failures:
        yield from failures
        return
    specs = {hook: given for tried in found.tried for hook, given in tried.specs.items()}
    if line.core.hooks and not specs:
        what = f"'{line.core.hooks}' has no hook specs"
        yield Finding(Severity.ERROR, "plugin", what, Place(line.file, "core.hooks"))
    for index, hook in enumerate(line.core.ordered):
        if specs and hook not in specs:
            where = Place(line.file, f"core.ordered[{index}]")
            yield Finding(
                Severity.ERROR, "plugin", f"'{hook}' is no hook of the core", where, hint=did_you_mean(hook, specs)
            )
    trials = dict(feature_trials(line, catalog, core))
    of_features = {"": found} | outcomes(trials, core.steps[0], progress)
    relied = tuple(imports_relied_on(line.model, catalog, line.core.group))
    told = {(each.feature, each.part) for each in relied if each.is_fatal}
    others = {hook: given for outcome in of_features.values() for hook, given in outcome.others.items()}
    said: set[str] = set()
    for feature, outcome in of_features.items():
        found_here = [each for each in misfits(outcome, specs, others) if not _is_told(feature, each, told)]
        fresh = [misfit for misfit in found_here if misfit.what not in said]
        said.update(misfit.what for misfit in fresh)
        yield from (_of_misfit(line, catalog.request, feature, misfit) for misfit in fresh)
    for each in relied:
        yield import_finding(line.model, each, _place(catalog.request, each.feature, each.part[0]))
    for use in hooks_relied_on(line.model, specs, of_features):
        yield hook_finding(line.model, use, _place(catalog.request, use.feature, use.step.part.name))
    yield from (interaction_finding(line, each) for each in interactions(line, of_features))
    yield from (name_finding(line, each) for each in clashes_of_names(line, of_features))


def _is_told(feature: str, misfit: Misfit, told: Collection[tuple[str, tuple[str, str]]]) -> bool:
    """Whether an import that fails for want of another feature's code is told with the selection that lacks it."""
    part = misfit.step.part
    return "ModuleNotFoundError" in misfit.what and (feature, (part.name, part.version)) in told


def _of_misfit(line: LineDescription, request: LineRequest, feature: str, misfit: Misfit) -> Finding:
    subject = f"feature '{feature}': " if feature else "the core: " if misfit.step.kind is Kind.PLUGIN else ""
    is_plugin = misfit.step.kind is Kind.PLUGIN
    core = Place(line.file, "core.command" if misfit.step.kind is Kind.CORE else "core.hooks")
    where = _place(request, feature, misfit.step.part.name) if feature or is_plugin else core
    return Finding(misfit.severity, "plugin", subject + misfit.what, where, hint=misfit.hint)


def _place(request: LineRequest, feature: str, part: str) -> Place:
    """The requirement that names the part, or all those that bring it."""
    asked = request.features[feature] if feature else request.core
    first = asked[0].where
    whole = replace(first, key=first.key.removesuffix("[0]"))
    return next((each.where for each in asked if each.name == part), whole)
