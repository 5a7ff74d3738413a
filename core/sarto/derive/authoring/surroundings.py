"""What a plugin is tried in: the parts of a line, or the environment in which Sarto runs."""

from __future__ import annotations

import importlib.metadata
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import NormalizedName, canonicalize_name

from ...errors import Place
from ...model.feature import Delivery, Feature, Group, GroupKind
from ...model.line import LineDescription
from ..catalog import Catalog
from ..modules import modules_of
from ..request import read_request
from ..sources import find_sources
from ..trees import library
from ..wheel import requirements
from .code import Owners
from .core_hooks import for_this_machine
from .project import PluginProject

__all__ = ["Surroundings", "environment", "line_with", "of_line"]


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What can be imported beside the plugin: by whom which module is brought, and what comes with what it requires."""

    owners: Owners
    given: frozenset[NormalizedName]
    libraries: tuple[str, ...]

    def file_of(self, module: str) -> Path | None:
        """The file of a module, where it is written in Python."""
        below = module.replace(".", "/")
        paths = (Path(each, name) for each in self.libraries for name in (f"{below}.py", f"{below}/__init__.py"))
        return next((path for path in paths if path.is_file()), None)


def line_with(line: LineDescription, folder: Path, project: PluginProject) -> tuple[LineDescription, tuple[str, ...]]:
    """The line with the project as a source, and the features whose part it is.

    One that is no part of it yet is an optional feature of its own, below the root.
    """
    line = for_this_machine(line)
    if find_sources(line, folder).projects.get(project.name) is None:
        sources = (*line.core.sources, str(project.folder.resolve()))
        line = replace(line, core=replace(line.core, sources=sources))
    request = read_request(line)
    asked = tuple(feature for feature, parts in request.features.items() if any(p.name == project.name for p in parts))
    if asked or any(each.name == project.name for each in request.core):
        return line, asked or ("",)
    name = project.name
    while name in line.model.features:
        name = canonicalize_name(f"{name}-plugin")
    delivery = Delivery(parts=(project.name,))
    feature = Feature(name=name, delivery=delivery, where=Place(str(project.file), "project.name"))
    model = line.model
    features = {**model.features, name: feature}
    groups = (*model.groups, Group(model.root, GroupKind.OPTIONAL, (name,), where=feature.where))
    return replace(line, model=replace(model, features=features, groups=groups)), (name,)


def of_line(catalog: Catalog, project: PluginProject, features: Iterable[str]) -> Surroundings:
    """The parts of every feature of a line; the plugin's own modules are left out."""
    every = [part for part in catalog.every_part() if part.name != project.name]
    owners: dict[str, set[NormalizedName]] = {}
    for part in every:
        for module in modules_of(part.path).members:
            owners.setdefault(module, set()).add(canonicalize_name(part.name))
    paths = {canonicalize_name(part.name): part.path for part in every}

    def needs(name: NormalizedName) -> Iterator[str]:
        return (each.name for each in (requirements(paths[name]) if name in paths else ()))

    company = catalog.parts(feature for feature in features if feature)
    libraries = tuple(str(library(part)) for part in company if part.name != project.name)
    return Surroundings(owners, _closure(project, needs), libraries)


def environment(project: PluginProject) -> Surroundings:
    """What is installed where Sarto is."""
    found = importlib.metadata.packages_distributions()
    owners = {module: {canonicalize_name(name) for name in names} for module, names in found.items()}
    return Surroundings(
        owners, _closure(project, _installed_needs), tuple(path for path in sys.path if Path(path).is_dir())
    )


def _installed_needs(name: NormalizedName) -> Iterator[str]:
    try:
        texts = importlib.metadata.requires(name) or []
    except importlib.metadata.PackageNotFoundError:
        return
    for text in texts:
        try:
            needed = Requirement(text)
        except InvalidRequirement:
            continue
        if needed.marker is None or needed.marker.evaluate({"extra": ""}):
            yield needed.name


def _closure(project: PluginProject, needs: Callable[[NormalizedName], Iterable[str]]) -> frozenset[NormalizedName]:
    """All that comes with what the project requires."""
    work = [*project.requirements(with_optional=False)]
    found: set[NormalizedName] = set()
    while work:
        name = work.pop()
        if name not in found:
            found.add(name)
            work += [canonicalize_name(each) for each in needs(name)]
    return frozenset(found)
