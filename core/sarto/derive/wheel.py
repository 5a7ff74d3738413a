"""What is read out of a wheel: whether it is one, its metadata, its console scripts."""

from __future__ import annotations

import configparser
import re
import zipfile
import zlib
from dataclasses import dataclass
from email.parser import BytesParser
from email.policy import compat32
from functools import lru_cache
from pathlib import Path

from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import InvalidWheelFilename, NormalizedName, canonicalize_name, parse_wheel_filename
from packaging.version import InvalidVersion, Version

from ..errors import SartoError
from .members import HINT, check_members, climbs_out, zip_members

__all__ = [
    "WheelName", "check_wheel", "check_whole", "console_scripts", "entry_points", "entry_points_in", "plugins",
    "read_member", "requirements", "wheel_name",
]  # fmt: skip

LIBRARY_FILE = re.compile(r"([^/]+\.data/(purelib|platlib)/)?[^/]+")
"""A file that lies in the library itself, in no package."""
FAULTS = (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError, RuntimeError)
"""What a damaged member raises, whose place or form the directory may have wrong, too."""
AGAIN = "build or fetch it again"
CHUNK = 1024 * 1024
SIZE_LIMIT = 16 * 1024 * 1024
"""More bytes than the metadata of any real wheel; a member that says it is larger is not read."""


@dataclass(frozen=True, slots=True)
class WheelName:
    """What a wheel's file name says; ``tags`` are those that it fits."""

    name: NormalizedName
    version: Version
    build: tuple[int, str] | tuple[()]
    tags: frozenset[str]


@lru_cache(10_000)
def wheel_name(filename: str) -> WheelName:
    """Take a wheel's file name apart. Raises :class:`SartoError`."""
    try:
        name, version, build, tags = parse_wheel_filename(filename)
    except InvalidWheelFilename as error:
        raise SartoError(f"'{filename}' is not the file name of a wheel") from error
    return WheelName(name, version, build, frozenset(str(tag) for tag in tags))


def check_wheel(path: Path, filename: str) -> None:
    """Raise :class:`SartoError` unless the file is a wheel with its own code that can be unpacked safely.

    See :func:`check_members`.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            check_members(zip_members(archive), f"the wheel '{filename}'", path.stat().st_size)
            described = sorted({name for name in archive.namelist() if _is_metadata(name)})
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise SartoError(f"'{filename}' is not a wheel: {error}", hint=AGAIN) from error
    if not described:
        raise SartoError(f"'{filename}' is not a wheel: it has no metadata", hint=AGAIN)
    if len(described) > 1:
        said = " and ".join(f"'{name}'" for name in described[:2])
        raise SartoError(f"'{filename}' is not a wheel: it describes itself twice, in {said}", hint=HINT)
    if elsewhere := _leads_elsewhere(path):
        raise SartoError(
            f"the wheel '{filename}' is refused: it is an editable one, whose code stays in {elsewhere}",
            hint="build the wheel that is delivered: uv build --wheel",
        )


def check_whole(path: Path, filename: str) -> None:
    """Raise :class:`SartoError` unless a wheel that no hash vouches for can be unpacked, and is what its name says.

    Its bytes are all read once for that.
    """
    with zipfile.ZipFile(path) as archive:
        damaged = _damaged_member(archive)
    if damaged:
        raise SartoError(f"'{filename}' is damaged: its member '{damaged}' cannot be unpacked", hint=AGAIN)
    for name in ("WHEEL", "RECORD"):
        if read_member(path, name) is None:
            raise SartoError(f"'{filename}' is not a wheel that can be installed: it has no {name}", hint=AGAIN)
    asked, said = wheel_name(filename), BytesParser(policy=compat32).parsebytes(read_member(path, "METADATA") or b"")
    name, version = str(said.get("Name", "")), str(said.get("Version", ""))
    try:
        is_it = canonicalize_name(name) == asked.name and Version(version) == asked.version
    except InvalidVersion:
        is_it = False
    if not is_it:
        found = f"'{name}' {version}" if name and version else "nothing that has a name and a version"
        raise SartoError(f"'{filename}' is another wheel than its name says: in it is {found}", hint=AGAIN)


def _damaged_member(archive: zipfile.ZipFile) -> str | None:
    for info in archive.infolist():
        try:
            with archive.open(info) as member:
                while member.read(CHUNK):
                    pass
        except FAULTS:
            return info.filename
    return None


def _leads_elsewhere(path: Path) -> str:
    """Where the code is that the wheel has not itself, as its ``.pth`` files or editable hooks say; else empty."""
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            if not LIBRARY_FILE.fullmatch(name) or archive.getinfo(name).file_size >= SIZE_LIMIT:
                continue
            if name.rpartition("/")[2].startswith("__editable__"):
                return "the folder of its project"
            if name.endswith(".pth"):
                for line in archive.read(name).decode("utf-8-sig", errors="replace").splitlines():
                    if not line.startswith(("import ", "import\t", "#")) and climbs_out(line):
                        return f"'{line.strip()}'"
    return ""


def _is_metadata(member: str) -> bool:
    return re.fullmatch(r"[^/]+\.dist-info/METADATA", member) is not None


def read_member(path: Path, name: str) -> bytes | None:
    """A file of the wheel's ``.dist-info``, or None where there is none of this name."""
    try:
        with zipfile.ZipFile(path) as archive:
            for info in archive.infolist():
                if re.fullmatch(rf"[^/]+\.dist-info/{re.escape(name)}", info.filename) and info.file_size < SIZE_LIMIT:
                    return archive.read(info)
    except FAULTS as error:  # a disk that fails is a BadZipFile, too
        raise SartoError(f"the wheel '{path.name}' is damaged: its {name} cannot be unpacked", hint=AGAIN) from error
    return None


def requirements(path: Path) -> tuple[Requirement, ...]:
    """What the wheel requires, markers and all. Raises :class:`SartoError` where that cannot be read."""
    message = BytesParser(policy=compat32).parsebytes(read_member(path, "METADATA") or b"")
    found = []
    for text in message.get_all("Requires-Dist", ()):
        try:
            found.append(Requirement(str(text)))
        except InvalidRequirement as error:
            raise SartoError(f"the wheel '{path.name}' requires '{text}', which is not a requirement") from error
    return tuple(found)


def console_scripts(path: Path) -> dict[str, str]:
    """The wheel's console scripts: command to ``module:attribute``."""
    return {name: _object(value) for name, value in entry_points(path, "console_scripts").items()}


def plugins(path: Path, group: str) -> dict[str, str]:
    """The wheel's entry points of a group: name to ``module:attribute``."""
    return {name: _object(value) for name, value in entry_points(path, group).items()}


def entry_points(path: Path, group: str) -> dict[str, str]:
    """The wheel's entry points of a group, in its order: name to what they name, as it is written there."""
    return entry_points_in(read_member(path, "entry_points.txt") or b"", path.name).get(group, {})


def entry_points_in(content: bytes, wheel: str) -> dict[str, dict[str, str]]:
    """The same of all groups, in the ``entry_points.txt`` of a wheel of that file name."""
    parser = configparser.ConfigParser(delimiters=("=",), interpolation=None)
    parser.optionxform = str  # type: ignore[assignment,method-assign]  # the documented way to keep capitals
    try:
        parser.read_string(content.decode("utf-8"))
    except (configparser.Error, UnicodeDecodeError) as error:
        reason = str(error).partition("\n")[0]
        raise SartoError(f"the wheel '{wheel}' has entry points that cannot be read: {reason}") from error
    return {group: dict(parser.items(group)) for group in parser.sections()}


def _object(value: str) -> str:
    """``module:attribute`` without the extras that may stand behind it."""
    return "".join(value.partition("[")[0].split())
