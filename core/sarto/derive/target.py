"""The target of a build: which Python on which platform, as the line or the selection names it."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator
from functools import cache
from itertools import chain

from packaging.markers import default_environment
from packaging.tags import compatible_tags, cpython_tags, platform_tags, sys_tags

from ..errors import Place, SartoError
from ..model.line import LineDescription
from ..model.selection import Selection, Target
from .plan import ResolvedTarget
from .platforms import System, system_of

__all__ = ["HOST", "full_version", "line_targets", "resolve_target", "target_for"]

HOST = "host"
"""The word for the machine that builds."""
VERSION = re.compile(r"3\.(\d+)(\.\d+)?")
OLDEST = 11
"""The oldest minor version of Python 3 that a build can run on."""
EXAMPLE = """such as python = "3.12" and platforms = "manylinux_2_28_x86_64" under [targets] in the line, or for this \
build python and platform under [target] in the selection; "host" is the machine that builds"""


def resolve_target(line: LineDescription, selection: Selection) -> ResolvedTarget:
    """The target of the selection, with what it leaves open taken from the line.

    Raises :class:`SartoError` where neither names one, where the line has several of which the selection names
    none, and for a version or a platform that is not one.
    """
    asked = selection.target
    theirs = Place(line.file, "targets")
    place = Place(selection.file, "target") if asked.python or asked.platform else theirs
    fitting = [target for target in line.targets if _fits(target, asked)] or line.targets
    python = asked.python or _only("Python version", (target.python for target in fitting), theirs)
    platform = asked.platform or _only("platform", (target.platform for target in fitting), theirs)
    return target_for(Target(python, platform), place)


def line_targets(line: LineDescription) -> tuple[ResolvedTarget, ...]:
    """All targets of the line, as far as they are whole. Raises :class:`SartoError` where there is none."""
    place = Place(line.file, "targets")
    whole = tuple(target_for(each, place) for each in line.targets if each.python and each.platform)
    return whole or (resolve_target(line, Selection(line=line.file, customer="")),)


def _fits(target: Target, asked: Target) -> bool:
    return asked.python in ("", target.python) and asked.platform in ("", target.platform)


def _only(what: str, named: Iterable[str], where: Place) -> str:
    found = sorted(set(filter(None, named)))
    if len(found) == 1:
        return found[0]
    if found:
        raise SartoError(
            f"the line is for more than one {what}: {', '.join(found)}",
            where=where,
            hint="say in the selection's [target] which of them this build is for",
        )
    raise SartoError(
        f"no {what} is named for the build",
        where=where,
        hint=f"name it, {EXAMPLE}",
    )


def target_for(target: Target, where: Place | None = None) -> ResolvedTarget:
    """Make a target definite. Raises :class:`SartoError` for a version or a platform that is not one."""
    version = VERSION.fullmatch(target.python)
    if target.python != HOST and (version is None or int(version[1]) < OLDEST):
        raise SartoError(
            f"'{target.python}' is no Python version that a build can be for",
            where=where,
            hint=f'name one from 3.{OLDEST} on, such as "3.12"',
        )
    if target.platform == HOST:
        return _on_this_machine(target.python)
    system = system_of(target.platform)
    if system is None:
        raise SartoError(
            f"'{target.platform}' is no platform that a build can be for",
            where=where,
            hint='such as "manylinux_2_28_x86_64", "musllinux_1_2_aarch64", "macosx_11_0_arm64", "win_amd64" or "host"',
        )
    return _elsewhere(full_version(target.python), target.platform, system)


def full_version(python: str) -> str:
    """The whole version that a Python of a target stands for: the first of a minor version, so that all will do."""
    if python == HOST:
        return f"{sys.version_info.major}.{sys.version_info.minor}.{sys.version_info.micro}"
    return python if python.count(".") == 2 else f"{python}.0"


def _minor(full: str) -> tuple[int, int]:
    major, minor, _ = full.split(".")
    return int(major), int(minor)


@cache
def _elsewhere(full: str, platform: str, system: System) -> ResolvedTarget:
    version = _minor(full)
    return ResolvedTarget(
        python=f"{version[0]}.{version[1]}",
        platform=platform,
        markers={**_python_markers(full), **_system_markers(system)},
        tags=tuple(_tags(version, system.platforms)),
    )


def _python_markers(full: str) -> dict[str, str]:
    return {
        "implementation_name": "cpython",
        "implementation_version": full,
        "platform_python_implementation": "CPython",
        "python_full_version": full,
        "python_version": full.rpartition(".")[0],
    }


def _system_markers(system: System) -> dict[str, str]:
    return {
        "os_name": system.os_name,
        "platform_machine": system.machine,
        "platform_release": "",
        "platform_system": system.system,
        "platform_version": "",
        "sys_platform": system.sys_platform,
    }


def _tags(version: tuple[int, int], platforms: Iterable[str]) -> Iterator[str]:
    names = list(platforms)
    interpreter = f"cp{version[0]}{version[1]}"
    found = chain(cpython_tags(version, platforms=names), compatible_tags(version, interpreter, names))
    return (str(tag) for tag in found)


@cache  # a machine does not change, and its hundreds of tags would take longer than the rest of a further build
def _on_this_machine(python: str) -> ResolvedTarget:
    """This machine, with its own Python or another version of CPython."""
    here = default_environment()
    markers = {name: str(value) for name, value in here.items() if name not in ("platform_release", "platform_version")}
    markers |= {"platform_release": "", "platform_version": ""}
    platforms = list(platform_tags())
    full = full_version(python)
    version = _minor(full)
    if python == HOST:
        tags = tuple(str(tag) for tag in sys_tags())
    else:
        markers |= _python_markers(full)
        tags = tuple(_tags(version, platforms))
    # A "linux" tag says nothing of the C library.
    platform = next((each for each in platforms if not each.startswith("linux_")), platforms[0])
    return ResolvedTarget(python=f"{version[0]}.{version[1]}", platform=platform, markers=markers, tags=tags)
