"""A plugin's own code, as its wheel has it and as its author wrote it: broken modules, undeclared requirements."""

from __future__ import annotations

import re
import sys
import zipfile
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from packaging.utils import NormalizedName, canonicalize_name

from ...errors import Place
from ...solve.soundness import Finding, Severity
from ..imports import Import, parsed
from ..modules import Modules, modules_of
from .project import KIND, PluginProject

__all__ = ["AuthoredCode", "broken_modules", "code_of", "untyped_packages", "undeclared", "unknown_modules"]

Owners = Mapping[str, Collection[NormalizedName]]
"""For each module of the surroundings that can be imported, the distributions that have it."""


@dataclass(frozen=True, slots=True)
class AuthoredCode:
    """The modules of a plugin's wheel, which ``sources`` leads back to the files of its project."""

    project: PluginProject
    modules: Modules
    sources: Mapping[str, Path]

    def place(self, at: str) -> Place:
        """Where ``hall_maps/__init__.py:12`` of the wheel stands in the author's files."""
        file, _, line = at.partition(":")
        path = self.sources.get(file)
        return Place(str(path) if path else file, line=int(line) if line.isdigit() else None)


def code_of(project: PluginProject, wheel: Path) -> AuthoredCode:
    """The code of a project whose wheel is given."""
    modules = modules_of(wheel)
    written = {path: path.read_bytes() for path in _python_files(project.folder)}
    sources: dict[str, Path] = {}
    with zipfile.ZipFile(wheel) as archive:
        for member in modules.members.values():
            content = archive.read(member)
            same = [path for path, text in written.items() if text == content and path.as_posix().endswith(member)]
            if same:
                sources[member] = min(same, key=lambda path: len(path.parts))
    return AuthoredCode(project, modules, sources)


def _python_files(folder: Path) -> Iterator[Path]:
    hidden = re.compile(r"/(\.[^/]+|__pycache__|build|dist|node_modules)/")
    for path in sorted(folder.rglob("*.py")):
        if path.is_file() and not hidden.search(f"/{path.relative_to(folder).as_posix()}"):
            yield path


def broken_modules(code: AuthoredCode) -> Iterator[Finding]:
    """Modules that Python does not read: of broken syntax, of no known encoding, nested without end, or huge."""
    with zipfile.ZipFile(code.modules.path) as archive:
        for member in code.modules.members.values():
            if not member.endswith(".py"):
                continue
            try:
                parsed(archive.read(member))
            except SyntaxError as error:
                what = f"this module cannot be read: {error.msg or error}"
                where = code.place(f"{member}:{error.lineno or 1}")
                yield Finding(Severity.ERROR, "code", what, where)


def untyped_packages(code: AuthoredCode) -> Iterator[Finding]:
    """Packages without a ``py.typed``, whose annotations no type checker believes."""
    tops = {name.partition(".")[0] for name in code.modules.members}
    with zipfile.ZipFile(code.modules.path) as archive:
        names = {re.sub(r"^[^/]+\.data/(purelib|platlib)/", "", each) for each in archive.namelist()}
    for top in sorted(tops):
        if f"{top}/__init__.py" in names and f"{top}/py.typed" not in names:
            what = f"the package '{top}' has no py.typed, so type checkers do not look at its annotations"
            where = code.place(f"{top}/__init__.py")
            yield Finding(Severity.WARNING, KIND, what, where, hint=f"add an empty file py.typed to '{top}'")


def unknown_modules(code: AuthoredCode, group: str) -> Iterator[Finding]:
    """Entry points that name no module of the project."""
    for name, value in code.project.groups.get(group, {}).items():
        module = str(value).partition(":")[0].strip()
        if module not in code.modules.members:
            where = Place(str(code.project.file), f"project.entry-points.{group}.{name}")
            yield Finding(Severity.ERROR, KIND, f"the wheel has no module '{module}'", where)


def undeclared(code: AuthoredCode, owners: Owners, given: Collection[NormalizedName]) -> Iterator[Finding]:
    """Imports of distributions that the metadata do not require, each distribution or unknown module once.

    ``owners`` are the modules of the surroundings, ``given`` the distributions that come with those that are required.
    """
    required = code.project.requirements(with_optional=False)
    optional = code.project.requirements(with_optional=True)
    said: set[str] = set()
    for _, file, wanted in sorted(code.modules.imports(), key=lambda each: (each[1], each[2].line)):
        top = wanted.module.partition(".")[0]
        is_own = any(candidate in code.modules.members for candidate in wanted.candidates)
        if is_own or top in sys.stdlib_module_names:
            continue
        known = _owners(wanted, owners)
        names = known or {canonicalize_name(top)}
        if names & required or top in said:
            continue
        said.add(top)
        where = code.place(f"{file}:{wanted.line}")
        yield _undeclared(where, wanted.module, names, optional, given, bool(known))


def _owners(wanted: Import, owners: Owners) -> set[NormalizedName]:
    return next((set(owners[each]) for each in wanted.candidates if each in owners), set())


def _undeclared(
    where: Place, module: str, names: Collection[NormalizedName], optional: Collection[NormalizedName],
    given: Collection[NormalizedName], is_known: bool,
) -> Finding:  # fmt: skip
    name = min(names)
    what = f"imports '{module}'" + (f" of '{name}'" if is_known else "") + ", which the metadata do not require"
    hint = f"add '{name}' to dependencies, or let the import fail: try … except ImportError"
    severity = Severity.ERROR
    if set(names) & set(optional):
        what = f"imports '{module}' of '{name}', which only an extra requires"
        hint = "import it where the extra is used, inside try … except ImportError"
    elif set(names) & set(given):
        what = f"{what} but for the sake of another requirement"
        severity = Severity.WARNING
    return Finding(severity, "requirement", what, where, hint=hint)
