"""Where a lock holds: on all systems, or, where nothing fits all of them, on the machines of the targets alone."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from .uv_words import lacks_wheels

__all__ = ["Scope", "everywhere", "one_target", "refused", "scopes"]

MACHINE = ("implementation_name", "os_name", "platform_machine", "platform_system", "sys_platform")
"""The markers that tell one target's machine from another's."""


@dataclass(frozen=True, slots=True)
class Scope:
    """The ``environments`` that a lock is for, and those in which each part has a wheel that fits; in markers.

    ``excluded`` are requirements that keep out versions which are known to have no such wheel.
    """

    environments: tuple[str, ...]
    required: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()

    @property
    def is_wide(self) -> bool:
        """Whether the lock is for more than the targets whose wheels are asked for."""
        return self.environments != self.required


def scopes(pythons: Iterable[str], targets: Sequence[str]) -> tuple[Scope, ...]:
    """The scopes to try, the best first: the ``pythons`` on all systems, the ``targets`` alone, and, for want of
    wheels that fit the targets, the same without them. Pythons are full versions, targets are markers.
    """
    places = tuple(map(everywhere, pythons)), tuple(targets)
    return (*(Scope(each, places[1]) for each in places), *map(Scope, places))


def refused(scopes: Iterable[Scope], refusal: Callable[[Scope], str]) -> str:
    """Lock in the first scope in which that can be; an empty text, or the refusal of the last one.

    Wheels that fit are given up only where it is for want of them.
    """
    said, is_lacking = "", False
    for scope in scopes:
        if scope.required or is_lacking:
            said = refusal(scope)
            is_lacking = is_lacking or lacks_wheels(said)
            if not said:
                break
    return said


def everywhere(python: str) -> str:
    """All patch versions from this full one on, of the same minor version, on the systems that a build can be for.

    Some parts name browsers in their markers, for which hardly any part has wheels.
    """
    return f"{_versions(python)} and sys_platform != 'emscripten'"


def one_target(python: str, markers: Mapping[str, str]) -> str:
    """The same versions on one kind of machine alone."""
    return " and ".join([_versions(python), *(f"{name} == '{markers[name]}'" for name in MACHINE)])


def _versions(python: str) -> str:
    major, minor, _ = python.split(".")
    return f"python_full_version >= '{python}' and python_full_version < '{major}.{int(minor) + 1}'"
