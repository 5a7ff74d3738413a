"""The project of a plugin as its pyproject.toml describes it, and what is missing there."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import NormalizedName, canonicalize_name

from ...errors import Place, SartoError, did_you_mean
from ...solve.soundness import Finding, Severity

__all__ = ["KIND", "PluginProject", "metadata_findings", "read_project"]

KIND = "metadata"
FILE = "pyproject.toml"
LARGEST = 1024 * 1024
"""Bytes of a pyproject.toml, beyond which it is none that a person wrote."""

WANTED = {
    "license": ("says nothing of its licence", 'license = "MIT", an SPDX expression'),
    "requires-python": ("does not say which Pythons it is for", 'requires-python = ">=3.11"'),
    "description": ("has no description", 'description = "What it does, in one line"'),
    "readme": ("has no README", 'readme = "README.md"'),
}
"""What every distribution should say of itself, beside its name and version."""


@dataclass(frozen=True, slots=True)
class PluginProject:
    """A project folder. ``table`` is what stands under ``[project]``, ``file`` the pyproject.toml."""

    folder: Path
    file: Path
    name: NormalizedName
    table: Mapping[str, Any]
    has_build_system: bool

    @property
    def groups(self) -> Mapping[str, Mapping[str, str]]:
        """Its entry points by their groups."""
        given = self.table.get("entry-points")
        groups = given if isinstance(given, dict) else {}
        return {name: points for name, points in groups.items() if isinstance(points, dict)}

    def requirements(self, *, with_optional: bool) -> frozenset[NormalizedName]:
        """The names of the distributions that it requires, with those of its extras where they are wanted."""
        lists = [self.table.get("dependencies")]
        optional = self.table.get("optional-dependencies")
        if with_optional and isinstance(optional, dict):
            lists += optional.values()
        texts = [text for each in lists if isinstance(each, list) for text in each if isinstance(text, str)]
        return frozenset(filter(None, map(_name_in, texts)))

    def place(self, key: str = "") -> Place:
        """The place of a key of the project's table."""
        return Place(str(self.file), f"project.{key}" if key else "project")


def read_project(folder: Path) -> PluginProject:
    """The project in the folder. Raises :class:`SartoError` where there is none, or it cannot be read."""
    file = folder / FILE
    where = Place(str(file))
    if not file.is_file():
        what = "there is no such folder" if not folder.is_dir() else "there is no pyproject.toml in this folder"
        raise SartoError(what, where=str(folder), hint="name the folder of a plugin's project")
    if file.stat().st_size > LARGEST:
        raise SartoError(f"this file has more than {LARGEST // 1024} KB", where=where)
    try:
        data = tomllib.loads(file.read_text(encoding="utf-8"))
    except (ValueError, RecursionError) as error:  # UnicodeDecodeError and TOMLDecodeError are such
        raise SartoError(f"this file cannot be read: {error}", where=where) from None
    table = data.get("project")
    name = table.get("name") if isinstance(table, dict) else None
    if not isinstance(table, dict) or not isinstance(name, str) or not name:
        hint = 'add [project] with name = "…" and version = "…"'
        raise SartoError("this project does not say its name", where=Place(str(file), "project.name"), hint=hint)
    return PluginProject(folder, file, canonicalize_name(name), table, "build-system" in data)


def metadata_findings(project: PluginProject, group: str) -> Iterator[Finding]:
    """What the metadata lack. ``group`` is where the core looks for its plugins; empty where that is not known."""
    table, dynamic = project.table, project.table.get("dynamic")
    said = {*table, *(dynamic if isinstance(dynamic, list) else ())}
    if "version" not in said:
        hint = 'add version = "0.1.0"'
        yield Finding(Severity.ERROR, KIND, "the project has no version", project.place("version"), hint=hint)
    for key, (what, example) in WANTED.items():
        if key not in said and not (key == "license" and _is_licensed(table)):
            yield Finding(Severity.WARNING, KIND, f"the project {what}", project.place(key), hint=f"add {example}")
    if not project.has_build_system:
        what, hint = "the project does not say how it is built", 'add [build-system] requires = ["hatchling"] …'
        yield Finding(Severity.WARNING, KIND, what, Place(str(project.file), "build-system"), hint=hint)
    yield from _of_groups(project, group)


def _is_licensed(table: Mapping[str, Any]) -> bool:
    classifiers = table.get("classifiers")
    named = classifiers if isinstance(classifiers, list) else []
    return "license-files" in table or any(str(each).startswith("License ::") for each in named)


def _of_groups(project: PluginProject, group: str) -> Iterator[Finding]:
    where = project.place("entry-points")
    if group and not project.groups.get(group):
        near = did_you_mean(group, project.groups)
        hint = near and f"it has the group {near.split()[-1].rstrip('?')}; call that '{group}'"
        hint = hint or f'add [project.entry-points.{group}] with a line such as name = "module"'
        what = f"the project has no entry point in the group '{group}', so no product finds it"
        yield Finding(Severity.ERROR, KIND, what, where, hint=hint)
    elif not project.groups:
        hint = 'add [project.entry-points.GROUP] with a line such as name = "module"'
        yield Finding(Severity.ERROR, KIND, "the project has no entry point, so no product finds it", where, hint=hint)


def _name_in(text: str) -> NormalizedName | None:
    try:
        return canonicalize_name(Requirement(text).name)
    except InvalidRequirement:
        return None
