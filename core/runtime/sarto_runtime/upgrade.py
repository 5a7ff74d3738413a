"""Going on to another build and back: the new one is made beside the old, checked, and then pointed at in one step."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, NamedTuple

from .alone import alone
from .build import Build, read_build
from .delta import Delta, build_hash, check_base, opened, read_delta, unpack_delta
from .errors import ProductError
from .places import BROUGHT, ENVIRONMENT
from .pointer import UPGRADES, Pointer, first_build, read_pointer, write_pointer
from .start import check_interpreter
from .state import parts_in_use, state_of
from .sums import SUMS, parse_sums
from .vendor import check_vendor
from .verify import verify

if TYPE_CHECKING:
    from zipfile import ZipFile

__all__ = ["Moved", "rollback", "upgrade"]

ASIDE = ".new"
LOCK = "lock"


class Moved(NamedTuple):
    """The build that starts from now on, and the one that did before; the same where there was nothing to do.

    ``before`` is None where that one can no longer be read.
    """

    build: Build
    before: Build | None


def upgrade(folder: str, file: str) -> Moved:
    """Go on from the build in ``folder`` to the one that the delta in ``file`` leads to.

    Raises :class:`ProductError`, and changes nothing that starts, where the delta is not whole, is for another build
    or customer or not signed by the vendor whose key this build has, what it leads to cannot run here, or the disk is
    full. However this ends, a whole build starts.
    """
    home = first_build(folder)
    if any(os.path.exists(os.path.join(home, form)) for form in (ENVIRONMENT, BROUGHT)):
        raise ProductError(
            "this build has its parts installed", hint="to upgrade it, put the whole new one in its place"
        )
    with opened(file) as archive, _refusals("upgrading"), _alone(home):
        old = read_build(_current(home))
        check_vendor(file, old.signing_key)
        delta = read_delta(archive)
        found = build_hash(old.folder)
        if (delta.line, delta.name, delta.new) == (old.line.name, old.name, found):
            return Moved(old, old)
        check_base(delta, old, found)
        place = f"{UPGRADES}/{delta.new[:16]}"
        new = os.path.join(home, *place.split("/"))
        if not _is_whole(new):
            _make(archive, delta, old, new)
        build = _able(new)
        pointer = Pointer(place, read_pointer(home).current)
        _point(home, pointer)
    return Moved(build, old)


def rollback(folder: str) -> Moved:
    """Go back to the build before; done again, it goes on to the newer one.

    The one that starts now may be damaged: that is what one goes back from. Raises :class:`ProductError` where there is
    none before it, or that is no longer whole.
    """
    home = first_build(folder)
    pointer = read_pointer(home)
    if not pointer.before:
        raise ProductError("there is no build before this one: it has not been upgraded")
    with _refusals("rolling back"), _alone(home):
        pointer = read_pointer(home)
        old = _readable(_current(home))
        new = os.path.normpath(os.path.join(home, pointer.before))
        if faults := verify(new):
            raise ProductError(f"the build before is damaged: {'; '.join(map(str, faults))}: {new}")
        build = _able(new)
        _point(home, Pointer(pointer.before, pointer.current))
    return Moved(build, old)


def _current(home: str) -> str:
    return os.path.normpath(os.path.join(home, read_pointer(home).current))


def _readable(folder: str) -> Build | None:
    try:
        return read_build(folder)
    except ProductError:
        return None


def _is_whole(folder: str) -> bool:
    """Whether the new build is there from before, as it is after a rollback."""
    return os.path.isdir(folder) and not verify(folder)


def _make(archive: ZipFile, delta: Delta, old: Build, new: str) -> None:
    """Make the new build aside, check all of it, and give it its place, where nothing points at yet."""
    aside = os.path.join(os.path.dirname(new), ASIDE)
    _remove(aside)
    try:
        os.mkdir(aside)
        unpack_delta(archive, delta, aside)
        _add_parts(delta, old, aside)
        _check(delta, aside)
        _able(aside)
        _flush(aside)
        _remove(new)
        os.rename(aside, new)
    finally:
        _remove(aside)


def _add_parts(delta: Delta, old: Build, aside: str) -> None:
    """Link, or copy, the parts of the new build that the delta does not have from the old one."""
    with open(os.path.join(old.folder, SUMS), encoding="utf-8") as file:
        have = {digest: name for name, digest in parse_sums(file.read()).items() if name.startswith("parts/")}
    for name, digest in delta.sums.items():
        target = os.path.join(aside, *name.split("/"))
        if os.path.lexists(target):
            continue
        if digest not in have or not name.startswith("parts/"):
            raise ProductError(f"the delta lacks the file '{name}'", hint="take it again from where it came")
        source = os.path.join(old.folder, *have[digest].split("/"))
        if not os.path.isfile(source):
            raise ProductError(
                f"this build is damaged: {have[digest]} is missing", hint="take the whole new build from the vendor"
            )
        os.makedirs(os.path.dirname(target), exist_ok=True)
        try:
            os.link(source, target)
        except OSError:
            shutil.copyfile(source, target)


def _check(delta: Delta, aside: str) -> None:
    """Raise :class:`ProductError` unless every file of the new build is what it should be."""
    if faults := verify(aside):
        said = "; ".join(map(str, faults))
        raise ProductError(
            f"the new build is not as it should be: {said}",
            hint="@verify says whether this build is at fault; if not, take the delta again from where it came",
        )
    build = read_build(aside)
    if build_hash(aside) != delta.new or (build.line.name, build.name) != (delta.line, delta.name):
        raise ProductError("the delta has another build than it says", hint="take it again from where it came")
    if ENVIRONMENT in delta.sums or any(f"parts/{part.file}" not in delta.sums for part in build.parts):
        raise ProductError(
            "the delta leads to a build in another format, which this one cannot start",
            hint="take the whole new build from the vendor",
        )


def _able(folder: str) -> Build:
    """The build, which this Python can run."""
    build = read_build(folder)
    check_interpreter(build, parts_in_use(build, state_of(build, {})))
    return build


def _point(home: str, pointer: Pointer) -> None:
    folder = os.path.join(home, UPGRADES)
    _flush_folder(folder)  # what is pointed at is on the disk first
    write_pointer(home, pointer)
    with suppress(OSError):  # it points already: that nothing has changed would not be true
        _flush_folder(folder)
        _tidy(home, pointer)


def _tidy(home: str, pointer: Pointer) -> None:
    """Remove the builds that are neither the current nor the one before it."""
    for name in os.listdir(os.path.join(home, UPGRADES)):
        path = os.path.join(home, UPGRADES, name)
        if f"{UPGRADES}/{name}" not in pointer and os.path.isdir(path):
            _remove(path)


def _remove(folder: str) -> None:
    shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _refusals(doing: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        said = error.strerror or str(error)
        place = f": {error.filename}" if error.filename else ""
        raise ProductError(f"{doing} failed, and nothing has changed: {said}{place}") from error


@contextmanager
def _alone(home: str) -> Iterator[None]:
    """Hold the upgrades of this build for the length of a ``with``; the system lets go when the process ends."""
    os.makedirs(os.path.join(home, UPGRADES), exist_ok=True)
    with alone(os.path.join(home, UPGRADES, LOCK)) as is_held:
        if not is_held:
            raise ProductError("this build is being upgraded just now", hint="wait until that is done")
        yield


def _flush(folder: str) -> None:
    """Have the new files on the disk; linked ones are."""
    for base, _, names in os.walk(folder, topdown=False):
        for name in names:
            path = os.path.join(base, name)
            if os.lstat(path).st_nlink == 1:
                with open(path, "rb+") as file:
                    os.fsync(file.fileno())
        _flush_folder(base)


def _flush_folder(folder: str) -> None:
    if sys.platform != "win32":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
