"""What an archive may hold: members that stay inside their folder on any system, and unpack to no more than is real."""

from __future__ import annotations

import re
import stat
import unicodedata
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from ..errors import SartoError

__all__ = [
    "HINT",
    "LARGEST",
    "MEMBERS",
    "RATIO",
    "SMALL",
    "Member",
    "bound",
    "check_members",
    "climbs_out",
    "zip_members",
]

SMALL = 16 * 1024 * 1024
"""Bytes that any archive may unpack to, however well it is packed."""
RATIO = 100
"""How many times its own size a larger archive may unpack to. Real wheels come to 20; packed zeros to 1,000."""
LARGEST = 16 * 1024 * 1024 * 1024
"""Bytes that no archive may unpack to more than, about five times what the largest wheels of the package index do."""
MEMBERS = 250_000
"""How many members an archive may have, ten times what the largest wheels do."""
NAME_BYTES, PATH_BYTES = 255, 1024
"""The longest name that common file systems take, and the longest path that macOS does."""

HINT = "do not use it before its author has explained this"
DRIVE = re.compile(r"^[A-Za-z]:")
UNPRINTABLE = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
"""Control, formatting and half characters, and ends of lines: what is seen of a name is not what it is."""
WINDOWS_SIGNS = re.compile(r'[<>:"|?*]')
DEVICES = frozenset(
    {
        "con",
        "prn",
        "aux",
        "nul",
        "conin$",
        "conout$",
        *(f"{port}{n}" for port in ("com", "lpt") for n in "0123456789¹²³"),
    }
)
"""Names that Windows keeps for devices, with any suffix."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """One member of an archive, as its directory tells: ``name`` as it is written there, ``size`` unpacked, in bytes.

    ``fault`` is what is wrong with it beside its name: that it is a link, or packed in a way that is not read.
    """

    name: str
    size: int
    is_folder: bool = False
    fault: str = ""


def climbs_out(member: str) -> bool:
    """Whether the path, as any system may read it, leads out of the folder that it is unpacked into."""
    plain = member.replace("\\", "/")
    return plain.startswith("/") or ".." in plain.split("/") or DRIVE.match(plain) is not None


def check_members(members: Iterable[Member], whose: str, packed: int) -> None:
    """Raise :class:`SartoError`, about ``whose`` archive of ``packed`` bytes it is, unless all can be unpacked safely.

    They have to stay inside, as files and folders each of its own, under names that Linux, macOS and Windows take, and
    within :data:`SMALL` bytes, or :data:`RATIO` times ``packed`` and :data:`LARGEST`. The first fault is told; members
    are taken one after the other, so that an endless archive is refused without being read to its end.
    """
    total = 0
    largest = Member(name="", size=-1)
    tree = _Tree()
    for number, member in enumerate(members, 1):
        total += member.size
        largest = max(largest, member, key=lambda each: each.size)
        fault = member.fault or _name_fault(member.name) or tree.fault(member)
        if fault:
            raise SartoError(f"{whose} is refused: its member {_shown(member.name)} {fault}", hint=HINT)
        if number > MEMBERS:
            raise SartoError(f"{whose} is refused: it has more than {MEMBERS:,} members", hint=HINT)
        if total > bound(packed):
            times = f"more than {RATIO} times its {packed:,} bytes" if RATIO * packed < LARGEST else "too much"
            what = f"it unpacks to {total:,} bytes and more, {times}, {largest.size:,} of them in"
            raise SartoError(f"{whose} is refused: {what} its member {_shown(largest.name)}", hint=HINT)


def bound(packed: int) -> int:
    """To how many bytes an archive of ``packed`` bytes may unpack."""
    return max(SMALL, min(LARGEST, RATIO * packed))


def zip_members(archive: zipfile.ZipFile) -> Iterator[Member]:
    """The members of a zip archive, in its order."""
    for info in archive.infolist():
        yield Member(
            name=info.orig_filename, size=info.file_size, is_folder=info.orig_filename.endswith("/"), fault=_fault(info)
        )


def _fault(info: zipfile.ZipInfo) -> str:
    mode = info.external_attr >> 16
    if stat.S_ISLNK(mode):
        return "is a link"
    if stat.S_IFMT(mode) not in (0, stat.S_IFREG, stat.S_IFDIR):
        return "is neither a file nor a folder"
    if info.flag_bits & 1:
        return "is encrypted"
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        return f"is packed by the method {info.compress_type}, where only plain and deflated members are read"
    return ""


def _name_fault(name: str) -> str:
    if climbs_out(name):
        return "climbs out of its folder"
    if "\\" in name or any(unicodedata.category(sign) in UNPRINTABLE for sign in name):
        return "has a backslash or an unprintable sign in its name"
    segments = [segment for segment in name.split("/") if segment not in ("", ".")]
    if not segments:
        return "has no name"
    longest = max(_length(segment) for segment in segments)
    if longest > NAME_BYTES:
        return f"has a name of {longest:,} bytes, and file systems take {NAME_BYTES}"
    if _length(name) > PATH_BYTES:
        return f"has a path of {_length(name):,} bytes, and {PATH_BYTES:,} is the most that every system takes"
    if any(segment.partition(".")[0].rstrip(" ").casefold() in DEVICES for segment in segments):
        return "has a name that Windows keeps for a device"
    if any(WINDOWS_SIGNS.search(segment) or segment[-1] in ". " for segment in segments):
        return "has a name that Windows cannot have"
    return ""


def _length(text: str) -> int:
    return len(text.encode("utf-8", errors="surrogatepass"))


def _shown(name: str) -> str:
    """The name as it can be printed: without its control characters, and not all of a long one."""
    plain = name if name.isprintable() else name.encode("unicode_escape").decode("ascii")
    return f"'{plain}'" if len(plain) <= 100 else f"'{plain[:60]}…{plain[-20:]}'"


class _Tree:
    """The files and folders so far, by their paths as a system reads them that passes over capitals."""

    def __init__(self) -> None:
        self._files: dict[str, str] = {}
        self._folders: set[str] = set()

    def fault(self, member: Member) -> str:
        """What is wrong with one more member among those before."""
        segments = [segment for segment in member.name.split("/") if segment not in ("", ".")]
        path = "/".join(segments)
        key = _folded(path)
        if member.is_folder:
            return self._below(key)
        if key in self._files:
            other = self._files[key]
            return "is there twice" if other == path else f"is the same file as '{other}' where capitals do not count"
        if key in self._folders:
            return "is a file where other members need a folder"
        self._files[key] = path
        return self._below(key.rpartition("/")[0])

    def _below(self, folder: str) -> str:
        """Note a folder with those around it."""
        while folder and folder not in self._folders:
            if folder in self._files:
                return f"is below '{self._files[folder]}', which is a file"
            self._folders.add(folder)
            folder = folder.rpartition("/")[0]
        return ""


def _folded(path: str) -> str:
    return path.casefold() if path.isascii() else unicodedata.normalize("NFC", path).casefold()
