"""What is known of a plugin while the product runs, and what is told of that."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import Any, NamedTuple

from .plugin import Plugin, Policy

__all__ = ["PluginReport", "Record", "names_of"]


class PluginReport(NamedTuple):
    """What became of a plugin: ``on``, ``off`` or ``failed``, how many calls of it failed, and what was wrong last."""

    name: str
    feature: str
    part: str
    version: str
    state: str
    failures: int
    problem: str


class Record:
    """A plugin with what is known of it so far.

    ``loaded`` is the object itself, None until it is imported; a foreign one its host registers by itself.
    ``reason`` says why it is off where others have failed that it cannot be without.
    """

    __slots__ = ("failures", "is_foreign", "loaded", "lock", "plugin", "policy", "problem", "reason")

    def __init__(self, plugin: Plugin, policy: Policy, loaded: Any = None, *, is_foreign: bool = False) -> None:
        self.plugin = plugin
        self.policy = policy
        self.loaded = loaded
        self.is_foreign = is_foreign
        self.problem = ""
        self.reason = ""
        self.failures = 0
        self.lock = threading.Lock()

    def count(self) -> bool:
        """Count a failed call; whether it was one too many."""
        with self.lock:
            self.failures += 1
            return self.failures >= (self.policy.failures if self.policy.on_failure == "quarantine" else 1)

    def belongs_to(self, enabled: frozenset[str] | None) -> bool:
        """Whether it is in a product with these features; one of no feature always is, and for None all are."""
        return enabled is None or not self.plugin.feature or self.plugin.feature in enabled

    def report(self, *, is_on: bool) -> PluginReport:
        """What became of it."""
        state = "failed" if self.problem else "on" if is_on else "off"
        plugin = self.plugin
        problem = self.problem or ("" if is_on else self.reason)
        return PluginReport(plugin.name, plugin.feature, plugin.part, plugin.version, state, self.failures, problem)


def names_of(records: Sequence[Record]) -> list[str]:
    """The names of the plugins."""
    return [record.plugin.name for record in records]
