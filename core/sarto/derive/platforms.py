"""What a platform tag stands for: the environment markers of such a machine and the wheels that it takes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from packaging.tags import mac_platforms

__all__ = ["System", "system_of"]

LEGACY = {"manylinux1": (2, 5), "manylinux2010": (2, 12), "manylinux2014": (2, 17)}
"""The names that manylinux tags had before PEP 600, with their glibc."""
OLDEST_GLIBC = {"x86_64": 5, "i686": 5}
OTHER_OLDEST_GLIBC = 17
WINDOWS = {"win_amd64": "AMD64", "win32": "x86", "win_arm64": "ARM64"}

LINUX = re.compile(r"(?P<kind>manylinux|musllinux)_(?P<major>\d+)_(?P<minor>\d+)_(?P<machine>\w+)")
OLD_LINUX = re.compile(r"(?P<kind>manylinux1|manylinux2010|manylinux2014)_(?P<machine>\w+)")
MAC = re.compile(r"macosx_(?P<major>\d+)_(?P<minor>\d+)_(?P<machine>x86_64|arm64)")


@dataclass(frozen=True, slots=True)
class System:
    """A kind of machine: its ``os.name``, ``sys.platform``, ``platform.system()`` and ``platform.machine()``.

    ``platforms`` are the platform tags that it accepts, the best first.
    """

    os_name: str
    sys_platform: str
    system: str
    machine: str
    platforms: tuple[str, ...]


def system_of(platform: str) -> System | None:
    """The machines that a platform tag stands for; None where the tag is none that a build can be for."""
    if platform in WINDOWS:
        return System("nt", "win32", "Windows", WINDOWS[platform], (platform,))
    if found := MAC.fullmatch(platform):
        version = int(found["major"]), int(found["minor"])
        return System("posix", "darwin", "Darwin", found["machine"], tuple(mac_platforms(version, found["machine"])))
    if found := OLD_LINUX.fullmatch(platform):
        return _linux("manylinux", *LEGACY[found["kind"]], found["machine"])
    if found := LINUX.fullmatch(platform):
        return _linux(found["kind"], int(found["major"]), int(found["minor"]), found["machine"])
    return None


def _linux(kind: str, major: int, minor: int, machine: str) -> System:
    names = _glibc(major, minor, machine) if kind == "manylinux" else _musl(major, minor, machine)
    return System("posix", "linux", "Linux", machine, (*names, f"linux_{machine}"))


def _glibc(major: int, minor: int, machine: str) -> Iterator[str]:
    """PEP 600: a wheel for an older glibc runs with a newer one."""
    names = {version: name for name, version in LEGACY.items()}
    for older in range(minor, OLDEST_GLIBC.get(machine, OTHER_OLDEST_GLIBC) - 1, -1):
        yield f"manylinux_{major}_{older}_{machine}"
        if (major, older) in names:
            yield f"{names[major, older]}_{machine}"


def _musl(major: int, minor: int, machine: str) -> Iterator[str]:
    """PEP 656, likewise for musl."""
    return (f"musllinux_{major}_{older}_{machine}" for older in range(minor, -1, -1))
