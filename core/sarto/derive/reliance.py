"""What a part relies on that the feature model does not promise: another feature's code, another feature's hooks."""

from __future__ import annotations

import sys
import zipfile
import zlib
from collections.abc import Collection, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass

from ..model.feature_model import FeatureModel
from ..solve.company import Apart, Company, Meeting
from .catalog import Catalog
from .classes import version_classes
from .imports import Import
from .modules import Modules, imported_first, modules_of, providers
from .projection import CORE, Projection
from .trial import Implementation, Kind, Outcome, Specs, Step
from .wheel import entry_points

__all__ = ["HookRelied", "ImportRelied", "hooks_relied_on", "imports_relied_on"]

Release = tuple[str, str]


@dataclass(frozen=True, slots=True)
class ImportRelied:
    """A part that imports what only other features bring, and the selection that has the one without the others.

    ``feature`` is whose part it is, empty for the core; ``at`` where it does that; ``is_fatal`` where the plugin cannot
    even be imported then.
    """

    feature: str
    part: Release
    at: str
    wanted: Import
    others: tuple[str, ...]
    is_fatal: bool
    meeting: Meeting


@dataclass(frozen=True, slots=True)
class HookRelied:
    """A plugin with an implementation of a hook that only parts of other features bring.

    ``can_meet`` says whether any product has it with one of these.
    """

    feature: str
    step: Step
    implementation: Implementation
    others: tuple[str, ...]
    meeting: Meeting
    can_meet: bool


def imports_relied_on(model: FeatureModel, catalog: Catalog, group: str) -> Iterator[ImportRelied]:
    """Every such import of a part that the core or a feature asks for, or that is a plugin of the ``group``.

    Parts are looked at as they are written, without running them; they have to be in the store. Of a library only what
    its import needs counts. An import is told once for each feature and module. Raises SartoError for arithmetic that
    no formula expresses.
    """
    asking = tuple(catalog.request.features)
    telling = catalog.versions_depend_on
    said: set[tuple[str, Release, str]] = set()
    with closing(Company(model, (model.root, *asking))) as company:
        for active in version_classes(model, catalog.versions_depend_on):
            given = {name: name in active for name in telling}
            for found in _of_class(company, catalog, catalog.projection(active), group, given, model.root):
                key = (found.feature, found.part, found.wanted.candidates[-1])
                if key not in said:
                    said.add(key)
                    yield found


def _of_class(
    company: Company, catalog: Catalog, projection: Projection, group: str, given: Mapping[str, bool], root: str
) -> Iterator[ImportRelied]:
    brought = {
        (package.name, package.version): (catalog.wheel_of(package), _askers(projection, by))
        for package, by in zip(projection.packages, projection.asked_by, strict=True)
    }
    modules = {" ".join(release): modules_of(path) for release, (path, _) in brought.items()}
    askers_of = {" ".join(release): askers for release, (_, askers) in brought.items()}
    asked_for = {each.name for each in catalog.request}
    tops = {
        own: sorted({name.partition(".")[0] for name in theirs.members})
        for own, theirs in modules.items()
        if CORE not in askers_of[own]
    }
    for release, (path, askers) in brought.items():
        plugins = entry_points(path, group) if group else {}
        if not plugins and release[0] not in asked_for:
            continue
        own = " ".join(release)
        first: frozenset[str] | None = None
        words = sorted({word for other, names in tops.items() if not askers <= askers_of[other] for word in names})
        for module, file, wanted in _imports(modules[own], words):
            found = providers(wanted, modules)
            others = {asker for name in found for asker in askers_of[name]}
            is_standard = wanted.module.partition(".")[0] in sys.stdlib_module_names
            if not found or is_standard or own in found or CORE in others or askers <= others:
                continue
            first = imported_first(modules[own], _begin(modules[own], plugins)) if first is None else first
            is_fatal = module in first and not wanted.is_late
            if not plugins and CORE not in askers and not is_fatal:
                continue  # a library has extras of its own, which only those use who have what these need
            for feature in sorted(askers - others):
                meeting = company.without(feature or root, sorted(others), given)
                if meeting:
                    at = f"{file}:{wanted.line}"
                    yield ImportRelied(feature, release, at, wanted, tuple(sorted(others)), is_fatal, meeting)


def _imports(modules: Modules, words: Collection[str]) -> Iterator[tuple[str, str, Import]]:
    """Those that are done at once before those that come late."""
    try:
        found = list(modules.imports(words))
    except (OSError, zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError):
        return iter(())
    return iter(sorted(found, key=lambda each: each[2].is_late))


def _begin(modules: Modules, plugins: Mapping[str, str]) -> list[str]:
    """The modules that a product imports of a part: its plugins; of a library what is not inside a package."""
    named = [value.partition(":")[0].strip() for value in plugins.values()]
    return named or [name for name in modules.members if "." not in name]


def _askers(projection: Projection, by: int) -> frozenset[str]:
    """Who brings a package: the core alone where it does, for then every build has it."""
    if by & projection.bits[CORE]:
        return frozenset({CORE})
    return frozenset(name for name, bit in projection.bits.items() if by & bit)


def hooks_relied_on(model: FeatureModel, specs: Specs, outcomes: Mapping[str, Outcome]) -> Iterator[HookRelied]:
    """Every implementation of a hook that is none of the core's ``specs``, in a product that lacks the part with it.

    One that is optional may do without.
    """
    bringers: dict[str, set[str]] = {}
    for outcome in outcomes.values():
        for hook, part in outcome.brought_by.items():
            bringers.setdefault(hook, set()).update(part.features or (CORE,))
    asked = list(_of_others(specs, outcomes, bringers))
    if not asked:
        return
    with closing(Company(model, {name for feature, *_, others in asked for name in (feature, *others)})) as company:
        for feature, step, implementation, others in asked:
            meeting = company.without(feature, others)
            if meeting:
                can_meet = any(not isinstance(company.between(feature, other), Apart) for other in others)
                yield HookRelied(feature, step, implementation, others, meeting, can_meet)


def _of_others(
    specs: Specs, outcomes: Mapping[str, Outcome], bringers: Mapping[str, Collection[str]]
) -> Iterator[tuple[str, Step, Implementation, tuple[str, ...]]]:
    for feature, outcome in outcomes.items():
        for tried in outcome.tried if feature else ():
            for each in tried.implementations if tried.step.kind is Kind.PLUGIN else ():
                others = bringers.get(each.hook, ())
                if others and not each.is_optional and each.hook not in specs and CORE not in others:
                    yield feature, tried.step, each, tuple(sorted(others))
