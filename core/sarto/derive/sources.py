"""Where parts come from besides the package index: project folders, and folders of wheels."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from packaging.utils import InvalidSdistFilename, NormalizedName, canonicalize_name, parse_sdist_filename

from ..errors import Place, SartoError, raise_all
from ..model.line import LineDescription
from .wheel import wheel_name

__all__ = ["Sources", "find_sources"]


SDISTS = (".tar.gz", ".tgz", ".zip", ".tar.bz2", ".tar.xz")
"""How source distributions end: today's first, and those of old."""


@dataclass(frozen=True, slots=True)
class Sources:
    """What lies in a line's source folders, by the name of the part: project folders, and wheels as they are."""

    projects: Mapping[NormalizedName, Path]
    wheels: Mapping[NormalizedName, tuple[Path, ...]]

    def __contains__(self, name: object) -> bool:
        return name in self.projects or name in self.wheels

    @property
    def parts(self) -> tuple[NormalizedName, ...]:
        """The names of all parts that are here, sorted."""
        return tuple(sorted({*self.projects, *self.wheels}))


def find_sources(line: LineDescription, folder: Path) -> Sources:
    """Look into the folders that the line names, which are relative to its own ``folder``.

    Each is a project folder, holds project folders, or holds wheels. Raises :class:`SartoErrors` with every
    folder that is none of these, and every part that is in two places.
    """
    errors: list[SartoError] = []
    projects: dict[NormalizedName, Path] = {}
    wheels: dict[NormalizedName, list[Path]] = {}
    for index, source in enumerate(line.core.sources):
        place = Place(line.file, f"core.sources[{index}]")
        try:
            found = list(_look_into(folder / source, source, place))
        except SartoError as error:
            errors.append(error)
            continue
        for name, path in found:
            if path.suffix == ".whl":
                wheels.setdefault(name, []).append(path)
            elif name in projects and projects[name] != path:
                errors.append(_twice(name, projects[name], path, place))
            else:
                projects[name] = path
    errors += [_twice(name, projects[name], wheels[name][0], None) for name in projects if name in wheels]
    raise_all(errors)
    return Sources(projects, {name: tuple(sorted(found)) for name, found in wheels.items()})


def _twice(name: str, first: Path, second: Path, place: Place | None) -> SartoError:
    return SartoError(f"part '{name}' has two sources, '{first}' and '{second}'", where=place, hint="keep one of them")


def _look_into(path: Path, source: str, place: Place) -> Iterator[tuple[NormalizedName, Path]]:
    if path.is_file():
        is_source = _sdist_name(path.name) is not None
        way_out = f"build its wheel, uv build --wheel --out-dir wheels {source}, and name" if is_source else "name"
        what = f"'{source}' is a {'source distribution' if is_source else 'file'}, and a source is a folder"
        raise SartoError(what, where=place, hint=f"{way_out} the folder that the wheel is in")
    if not path.is_dir():
        raise SartoError(
            f"there is no folder '{source}'", where=place, hint="a source is relative to the line's folder"
        )
    if project := _project_name(path):
        yield project, path
        return
    found = [*_wheels_in(path, place), *_projects_in(sorted(path.iterdir()))]
    if all(each.suffix == ".whl" for _, each in found):
        _check_sdists(path, source, frozenset(name for name, _ in found), place)
    if not found:
        raise SartoError(
            f"the folder '{source}' holds neither a project nor projects nor wheels",
            where=place,
            hint="a project has a pyproject.toml with a [project] name",
        )
    yield from found


def _check_sdists(path: Path, source: str, have: frozenset[NormalizedName], place: Place) -> None:
    """A source distribution beside its wheel does no harm; alone, it is a part that cannot be delivered."""
    for sdist in sorted(each for each in path.iterdir() if each.name.endswith(SDISTS)):
        if _sdist_name(sdist.name) not in {*have, None}:
            raise SartoError(
                f"'{sdist.name}' in '{source}' is a source distribution, and builds are made of wheels",
                where=place,
                hint=f"build its wheel beside it: uv build --wheel --out-dir {source} {source}/{sdist.name}",
            )


def _sdist_name(filename: str) -> NormalizedName | None:
    """The name of the part; None where the file's name is none of a source distribution."""
    ending = next((ending for ending in SDISTS if filename.endswith(ending)), "")
    try:
        return parse_sdist_filename(f"{filename.removesuffix(ending)}.tar.gz")[0] if ending else None
    except InvalidSdistFilename:
        return None


def _wheels_in(folder: Path, place: Place) -> Iterator[tuple[NormalizedName, Path]]:
    for path in sorted(folder.glob("*.whl")):
        try:
            yield wheel_name(path.name).name, path
        except SartoError as error:
            error.where, error.hint = place, "give it the name that it was built with, or take it away"
            raise


def _projects_in(paths: Iterable[Path]) -> Iterator[tuple[NormalizedName, Path]]:
    for path in paths:
        if path.is_dir() and (name := _project_name(path)):
            yield name, path


def _project_name(folder: Path) -> NormalizedName | None:
    """The name of the project in the folder; None where there is none."""
    file = folder / "pyproject.toml"
    if not file.is_file():
        return None
    try:
        data: Mapping[str, Any] = tomllib.loads(file.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SartoError(f"this file cannot be read: {error}", where=Place(str(file))) from error
    project = data.get("project")
    name = project.get("name") if isinstance(project, dict) else None
    return canonicalize_name(name) if isinstance(name, str) else None
