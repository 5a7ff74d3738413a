"""Plugins as values: one that takes part, one that is left out, and what each adds."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["BrokenPlugin", "Contribution", "Plugin"]


@dataclass(frozen=True, slots=True)
class Plugin:
    """A plugin by the name of its entry point, and the distribution that it came with."""

    name: str
    distribution: str = ""
    version: str = ""

    def __str__(self) -> str:
        origin = f"{self.distribution} {self.version}".strip()
        return f"'{self.name}'" + (f" ({origin})" if origin else "")


@dataclass(frozen=True, slots=True)
class BrokenPlugin:
    """A plugin that is left out, and why."""

    plugin: Plugin
    error: str


@dataclass(frozen=True, slots=True)
class Contribution:
    """One thing that a plugin adds: its ``kind`` in words ("model format") and its name."""

    plugin: Plugin
    kind: str
    name: str
