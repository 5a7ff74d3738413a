"""Checking a plugin's project: what is missing, what does not fit, each with its place in the author's files."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from packaging.utils import NormalizedName

from ...errors import SartoError
from ...model.line import LineDescription
from ...solve.soundness import Finding, Severity
from ..bench import core_trial, feature_trials, outcomes
from ..building import build_project
from ..catalog import Catalog
from ..clash_words import clash_finding
from ..clashing_names import clashes_of_names, name_finding
from ..family import Quarrel, clashes
from ..interacting import interactions
from ..interaction_words import interaction_finding
from ..misfits import Misfit, misfits
from ..plan import Part
from ..progress import Progress, quiet
from ..reliance import ImportRelied, hooks_relied_on, imports_relied_on
from ..reliance_words import hook_finding, import_finding
from ..store import PartStore
from ..trees import library, unpack
from ..trial import Kind, Outcome, Step, Trial, Tried
from ..wheel import entry_points, wheel_name
from .code import AuthoredCode, broken_modules, code_of, undeclared, unknown_modules, untyped_packages
from .core_hooks import locked_here
from .project import PluginProject, metadata_findings, read_project
from .signatures import Signed, has_mypy, mypy_findings, word_findings
from .surroundings import Surroundings, environment, line_with, of_line

__all__ = ["SARTO", "Checked", "check_plugin", "check_plugin_of"]

SARTO = "sarto"
"""The group of Sarto's own plugins, whose hooks are known without a line."""

SPECS_OF_SARTO = "sarto.hooks.specs"


@dataclass(frozen=True, slots=True)
class Checked:
    """What was found in a plugin; ``unseen`` says what could not be looked at, and why."""

    name: str
    findings: tuple[Finding, ...]
    unseen: tuple[str, ...] = ()

    @property
    def is_good(self) -> bool:
        """Whether nothing found is an error."""
        return all(finding.severity is not Severity.ERROR for finding in self.findings)


def check_plugin(folder: Path, hooks: str = "", progress: Progress = quiet) -> Checked:
    """Check the plugin in the project ``folder`` alone, in the environment in which Sarto runs.

    ``hooks`` is the module of its host's hook specs, which has to be installed there; without it, those of Sarto's own
    plugins are known. Raises :class:`SartoError` where there is no project, or it cannot be built.
    """
    project = read_project(folder)
    group = SARTO if SARTO in project.groups else ""
    module = hooks or (SPECS_OF_SARTO if group else "")
    code = _built(project, progress)
    around = environment(project)
    found = [*metadata_findings(project, group), *_of_code(code, around)]
    if not module:
        unseen = "its hooks: name the line with --line, or the module of the hook specs with --hooks"
        return Checked(project.name, tuple(found), (unseen,))
    part = _part(code, project.name)
    unpack(part)
    steps = [Step(Kind.HOOKS, part, module), *_steps(part, [group] if group else list(project.groups))]
    outcome = Trial((part,), tuple(steps), beside=around.libraries).run()
    failed = outcome.tried[0].failure
    if failed:
        raise SartoError(f"'{module}' cannot be imported: {failed}", hint="install the host of the plugin beside Sarto")
    specs = outcome.tried[0].specs
    if not specs:
        raise SartoError(f"'{module}' has no hook specs")
    held = replace(outcome, tried=outcome.tried[1:])
    found += [_of_misfit(code, each) for each in misfits(held, specs, outcome.others)]
    around = replace(around, libraries=(str(library(part)), *around.libraries))
    return Checked(project.name, (*found, *_of_types(code, held.tried, module, around)))


def check_plugin_of(line: LineDescription, folder: Path, plugin: Path, progress: Progress = quiet) -> Checked:
    """Check the plugin in the folder ``plugin`` as a part of the line in ``folder``, beside the parts of all features.

    Where it is none yet, it is taken as an optional feature of its own. Raises :class:`SartoError` where there is no
    project, it cannot be built, or the line's parts cannot be had.
    """
    project = read_project(plugin)
    code = _built(project, progress)
    found = [*metadata_findings(project, line.core.group), *unknown_modules(code, line.core.group)]
    line, features = line_with(line, folder, project)
    catalog = locked_here(line, folder, progress)
    catalog.fetch_all(progress)
    around = of_line(catalog, project, features)
    found += _of_code(code, around)
    own = (clash for clash in clashes(line.model, catalog) if _is_about(project.name, clash.quarrel))
    found += [replace(clash_finding(line, clash), where=project.place()) for clash in own]
    of_features = _tried(line, catalog, progress, project.name)
    found += _of_hooks(line, code, of_features, _relied(line, catalog, project.name))
    tried = [each for outcome in of_features.values() for each in _only(outcome, project.name).tried]
    if tried and line.core.hooks:
        around = replace(around, libraries=(str(library(tried[0].step.part)), *around.libraries))
        found += _of_types(code, tried, line.core.hooks, around)
    kept = dict.fromkeys(each for each in found if each.severity is not Severity.NOTE)
    return Checked(project.name, tuple(kept))


def _relied(line: LineDescription, catalog: Catalog, name: str) -> list[ImportRelied]:
    return [each for each in imports_relied_on(line.model, catalog, line.core.group) if each.part[0] == name]


def _tried(line: LineDescription, catalog: Catalog, progress: Progress, name: str) -> dict[str, Outcome]:
    """What came of all the line's trials. Raises :class:`SartoError` where its core cannot be imported."""
    core = core_trial(line, catalog)
    first = outcomes({"": core}, None, progress)
    failures = [each for each in misfits(first[""], {}, {}) if each.step.part.name != name]
    if failures:
        raise SartoError(f"the core cannot be tried: {failures[0].what}", where=line.file)
    return first | outcomes(dict(feature_trials(line, catalog, core)), core.steps[0], progress)


def _of_hooks(
    line: LineDescription, code: AuthoredCode, of_features: Mapping[str, Outcome], relied: Sequence[ImportRelied]
) -> Iterator[Finding]:
    """What the plugin does with the hooks and the code of others."""
    name = code.project.name
    specs = {hook: given for tried in of_features[""].tried for hook, given in tried.specs.items()}
    others = {hook: given for outcome in of_features.values() for hook, given in outcome.others.items()}
    is_told = any(each.is_fatal for each in relied)
    for outcome in of_features.values():
        for misfit in misfits(_only(outcome, name), specs, others):
            if not (is_told and "ModuleNotFoundError" in misfit.what):
                yield _of_misfit(code, misfit)
    for wanted in relied:
        yield import_finding(line.model, wanted, code.place(wanted.at))
    for hook in hooks_relied_on(line.model, specs, of_features):
        if hook.step.part.name == name:
            yield hook_finding(line.model, hook, code.place(hook.implementation.at))
    for found in interactions(line, of_features):
        at = next((side.implementation.at for side in found.sides if side.step.part.name == name), "")
        if at:
            yield replace(interaction_finding(line, found), where=code.place(at))
    for clash in clashes_of_names(line, of_features):
        at = next((side.at for side in clash.sides if side.step.part.name == name), "")
        if at:
            yield replace(name_finding(line, clash), where=code.place(at))


def _built(project: PluginProject, progress: Progress) -> AuthoredCode:
    wheel = build_project(project.name, project.folder, PartStore.default(), progress)
    return code_of(project, wheel.path)


def _of_code(code: AuthoredCode, around: Surroundings) -> Iterator[Finding]:
    yield from broken_modules(code)
    yield from untyped_packages(code)
    yield from undeclared(code, around.owners, around.given)


def _part(code: AuthoredCode, name: NormalizedName) -> Part:
    path = code.modules.path
    version, sha256 = str(wheel_name(path.name).version), path.parent.name
    return Part(name=name, version=version, filename=path.name, sha256=sha256, size=path.stat().st_size, path=path)


def _steps(part: Part, groups: list[str]) -> Iterator[Step]:
    for group in groups:
        for name, value in sorted(entry_points(part.path, group).items()):
            if group not in ("console_scripts", "gui_scripts"):
                yield Step(Kind.PLUGIN, part, value, name)


def _only(outcome: Outcome, part: str) -> Outcome:
    return replace(outcome, tried=tuple(each for each in outcome.tried if each.step.part.name == part))


def _is_about(name: str, quarrel: Quarrel) -> bool:
    return name in (quarrel.first[0], quarrel.second[0])


def _of_misfit(code: AuthoredCode, misfit: Misfit) -> Finding:
    """A misfit with its place in the author's file, else that of the entry point."""
    where = code.place(misfit.at) if misfit.at else code.project.place("entry-points")
    what = re.sub(r" of part '[^']*' \S+", "", misfit.what, count=1)
    return Finding(misfit.severity, "plugin", what, where, hint=misfit.hint)


def _of_types(code: AuthoredCode, tried: Sequence[Tried], specs_module: str, around: Surroundings) -> Iterator[Finding]:
    """What does not fit the types of the hooks, where their module is written in Python."""
    specs = around.file_of(specs_module.partition(":")[0])
    signed = [
        Signed(each, module, ".".join([module, *filter(None, [rest]), each.function]))
        for one in tried
        if one.step.kind is Kind.PLUGIN
        for module, _, rest in [one.step.value.replace(" ", "").partition(":")]
        for each in one.implementations
        if each.function and each.at
    ]
    if specs is None or not signed:
        return
    if has_mypy():
        yield from mypy_findings(code, signed, specs_module.partition(":")[0], specs, around.libraries)
    else:
        yield from word_findings(code, signed, specs, Path(around.libraries[0]))
