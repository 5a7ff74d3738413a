"""What a suite needs beside a product: its requirements, with the line's versions, installed in Sarto's cache."""

from __future__ import annotations

import hashlib
import importlib.metadata
import json
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from ..derive.building import build_project
from ..derive.cache import cache_folder
from ..derive.catalog import Catalog
from ..derive.files import link_or_copy, refusals
from ..derive.made_once import made_once
from ..derive.progress import Progress
from ..derive.sources import find_sources
from ..derive.uv import choosing, run_uv
from ..derive.uv_words import essence, network_error
from ..errors import Place, SartoError
from ..line import ProductLine

__all__ = ["needs_of"]


def needs_of(line: ProductLine, catalog: Catalog, features: Iterable[str], progress: Progress) -> Path:
    """The folder with the suite's requirements, for products with these features; installed once for each content.

    Versions of parts are those of the line. Raises SartoError where the requirements cannot be had, or bring a part
    of a feature, which every product would have then.
    """
    pins = [f"{package.name}=={package.version}" for package in catalog.projection(features).packages]
    wheels = _wheels(line, catalog, progress)
    content = [
        list(line.description.tests.requirements), pins, sorted((wheel.name, _digest(wheel)) for wheel in wheels),
        sys.version, choosing(),
    ]  # fmt: skip
    key = hashlib.sha256(json.dumps(content).encode()).hexdigest()

    def install(folder: Path) -> None:
        progress("installing what the tests need")
        _install(line, pins, wheels, folder)
        _refuse_parts(line, catalog, folder)

    with refusals("writing to Sarto's cache"):
        return made_once(cache_folder() / "needs" / key, install)


def _wheels(line: ProductLine, catalog: Catalog, progress: Progress) -> list[Path]:
    """The wheels of the line's own sources, also of those that only the tests need."""
    sources = find_sources(line.description, line.folder)
    found = {path.name: path for paths in sources.wheels.values() for path in paths}
    found |= {wheel.filename: wheel.path for wheel in catalog.locked.source_wheels.values()}
    for text in line.description.tests.requirements:
        name = canonicalize_name(Requirement(text).name)
        if name in sources.projects:
            wheel = build_project(name, sources.projects[name], catalog.store, progress)
            found[wheel.filename] = wheel.path
    return list(found.values())


def _digest(wheel: Path) -> str:
    return hashlib.sha256(wheel.read_bytes()).hexdigest()


def _install(line: ProductLine, pins: Iterable[str], wheels: Iterable[Path], folder: Path) -> None:
    suite = line.description.tests
    with tempfile.TemporaryDirectory(prefix="sarto-needs-") as scratch:
        links, constraints = Path(scratch, "wheels"), Path(scratch, "constraints.txt")
        links.mkdir()
        for wheel in wheels:
            link_or_copy(wheel, links / wheel.name)
        constraints.write_text("\n".join(pins), encoding="utf-8")
        wanted = ["--target", str(folder), "--constraint", str(constraints), "--find-links", str(links)]
        answer = run_uv(["pip", "install", "--no-build", *wanted, *suite.requirements], Path(scratch))
    if not answer.is_good:
        raise network_error(answer.said) or SartoError(
            f"what the tests need cannot be had:\n{essence(answer.said)}",
            where=Place(line.description.file, "tests.requirements"),
        )


def _refuse_parts(line: ProductLine, catalog: Catalog, folder: Path) -> None:
    core = {asked.name for asked in catalog.request.core}
    parts = {each.name: name for name, asked in catalog.request.features.items() for each in asked}
    for found in importlib.metadata.distributions(path=[str(folder)]):
        name = canonicalize_name(found.metadata["Name"])
        if name in parts and name not in core:
            raise SartoError(
                f"what the tests need brings '{name}', a part of feature '{parts[name]}': every product would have it",
                where=Place(line.description.file, "tests.requirements"), hint="take it out of the requirements",
            )  # fmt: skip
