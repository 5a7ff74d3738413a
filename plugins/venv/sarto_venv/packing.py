"""Packs a build as a virtual environment: the files of its parts as links, and what is the customer's own."""

from __future__ import annotations

import hashlib
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

from packaging.tags import sys_tags
from sarto.derive.bytecode import can_compile
from sarto.derive.cache import cache_folder
from sarto.derive.contents import folders_above, own_files
from sarto.derive.files import refusals, write_new
from sarto.derive.packed import Packed
from sarto.derive.sums import ENVIRONMENT, LINK, SIGNATURE, SUMS, UPGRADES, sums_line
from sarto.derive.wheel import wheel_name
from sarto.errors import Place, SartoError

from .destination import library_of
from .linking import LaidOut, laid_out, link_all
from .part_trees import part_tree

if TYPE_CHECKING:
    from sarto.derive.contents import Bundle
    from sarto.derive.part import Part
    from sarto.derive.plan import Plan

__all__ = ["pack"]

SWITCHED_PATHS = "sarto.pth"
WAY_OUT = "build it as a folder, which is for any machine: --format bundle"


def pack(plan: Plan, bundle: Bundle, output: Path) -> Packed:
    """Write the environment into ``output`` as ``<name>-venv``.

    The same plan gives the same bytes with the same Python. Raises :class:`SartoError` where the build is not for the
    Python and the machine that build it, a part cannot be installed, two parts have a file of the same name with
    different contents or one has it in the place of the environment's own, or the file system refuses.
    """
    _check_target(plan)
    folder = output / f"{plan.name}-venv"
    with refusals(f"packing the build '{plan.name}'"):
        own = _own_files(plan, bundle)
        switched = _switched(plan)
        cache = f"{cache_folder()}{os.sep}venv"
        trees = [laid_out(part_tree(part, cache), part.name if part in switched else "") for part in plan.parts]
        sums = _sums(plan, trees, {name: hashlib.sha256(content).hexdigest() for name, content in own.items()})
        folder.mkdir()
        below, made = f"{folder}{os.sep}", folders_above(own)
        for path in made:
            os.mkdir(below + path)  # noqa: PTH102  (as the links: with plain texts)
        for name, content in {**own, SUMS: sums}.items():
            write_new(below + name, content)
        for name in (f"bin/{plan.launcher}", f"{plan.launcher}.py"):
            (folder / name).chmod(0o755)
        for link, target in _links():
            (folder / "bin" / link).symlink_to(target)
        folders, copies = link_all(trees, folder, made)
    return Packed(folder, (*own, *copies), folders)


def _check_target(plan: Plan) -> None:
    where = Place(plan.selection.file, "target")
    if sys.platform == "win32":
        raise SartoError("there are no environments on Windows yet", where=where, hint=WAY_OUT)
    if not can_compile(plan.target.python):
        raise SartoError(
            f"an environment is of the Python that makes it, {sys.version_info.major}.{sys.version_info.minor}, "
            f"and this build is for {plan.target.python}",
            where=where,
            hint=f"run Sarto with Python {plan.target.python}, or {WAY_OUT}",
        )
    for part in plan.parts:
        if not _fits(part.filename):
            raise SartoError(
                f"an environment is for the machine that makes it, and part '{part.name}' is not: {part.filename}",
                where=where,
                hint=WAY_OUT,
            )


@lru_cache(maxsize=4096)
def _fits(filename: str) -> bool:
    return not _tags().isdisjoint(wheel_name(filename).tags)


@lru_cache(maxsize=1)
def _tags() -> frozenset[str]:
    return frozenset(map(str, sys_tags()))


def _own_files(plan: Plan, bundle: Bundle) -> dict[str, bytes]:
    """What is in no other customer's environment, and the few small files that are not worth a link."""
    launcher = f"{plan.launcher}.py"
    files = {name: bytes(content) for name, content in own_files(bundle).items() if name not in (SUMS, SIGNATURE)}
    files |= {launcher: _text("enter.py.in"), f"bin/{plan.launcher}": _text("start.py.in"), ENVIRONMENT: _settings()}
    switched = _switched(plan)
    paths = "".join(f"../../switched/{part.name}\n" for part in plan.parts if part in switched)
    return files | ({f"{library_of(plan.target.python)}/{SWITCHED_PATHS}": paths.encode()} if paths else {})


@lru_cache(maxsize=2)
def _text(name: str) -> bytes:
    return resources.files(__package__).joinpath(name).read_bytes()


def _python() -> str:
    """The Python that an environment stands on: not that of another environment in which Sarto may run."""
    return os.path.abspath(getattr(sys, "_base_executable", "") or sys.executable)  # noqa: PTH100  (links are kept)


def _settings() -> bytes:
    python = Path(_python())
    version = ".".join(map(str, sys.version_info[:3]))
    lines = (f"home = {python.parent}", "include-system-site-packages = false", f"version = {version}")
    return "\n".join([*lines, f"executable = {python}", ""]).encode()


def _links() -> Iterator[tuple[str, str]]:
    yield LINK, _python()
    yield "python3", LINK
    yield f"python3.{sys.version_info.minor}", LINK


def _switched(plan: Plan) -> frozenset[Part]:
    """The parts that are there only while a feature is on that may be off."""
    moving = {*plan.resolution.open, *plan.resolution.follows}
    lasting = {name for name in plan.resolution.selected if name not in moving}
    return frozenset(part for part in plan.parts if part.features and lasting.isdisjoint(part.features))


def _sums(plan: Plan, trees: Sequence[LaidOut], own: Mapping[str, str]) -> bytes:
    """The sums of all files: of the build's own, which keep their places, and of those of its parts."""
    sums: dict[str, str] = {}
    for tree in trees:
        sums |= tree.sums
    _check_places(plan, trees, own)
    if len(sums) < sum(len(tree.sums) for tree in trees):  # two have a file of the same name, a rare thing
        _check_same(plan, trees, own)
    for part, tree in zip(plan.parts, trees, strict=True):
        if not sums.keys().isdisjoint(tree.folders):
            name = next(folder for folder in tree.folders if folder in sums)
            what = f"part '{part.name}' has a folder '{name}', and another part a file of that name"
            raise SartoError(what, hint=WAY_OUT)
    sums |= {name: sums_line(name, digest) for name, digest in own.items()}
    return "".join(map(sums.__getitem__, sorted(sums))).encode()


def _check_places(plan: Plan, trees: Sequence[LaidOut], own: Mapping[str, str]) -> None:
    """Whether the parts leave to the environment what is its own; but a program of the build's name is the build's."""
    kept = {*own, *(f"bin/{link}" for link, _ in _links()), UPGRADES} - {f"bin/{plan.launcher}"}
    for part, tree in zip(plan.parts, trees, strict=True):
        if not (tree.sums.keys().isdisjoint(kept) and kept.isdisjoint(tree.folders)):
            taken = min(name for name in kept if name in tree.sums or name in tree.folders)
            what = f"part '{part.name}' would put a '{taken}' in the place of the environment's own"
            raise SartoError(what, hint=WAY_OUT)


def _check_same(plan: Plan, trees: Sequence[LaidOut], own: Mapping[str, str]) -> None:
    first: dict[str, str] = {}
    for part, tree in zip(plan.parts, trees, strict=True):
        for name, line in tree.sums.items():
            if name not in own and first.setdefault(name, line) != line:
                raise SartoError(f"part '{part.name}' and another part both have a file '{name}'", hint=WAY_OUT)
