"""A plugin as a product knows it: its name and feature, and what becomes of it when it fails."""

from __future__ import annotations

import threading
from typing import Any, NamedTuple

from .errors import ProductError

__all__ = ["FAIL", "Plugin", "PluginError", "PluginReport", "Policy", "Record"]


class Policy(NamedTuple):
    """What becomes of a feature's plugins when they fail.

    ``fail``: the failure is the caller's, who is told whose it is. ``disable``: the rest goes on without the feature.
    ``quarantine``: so, too, but only after so many ``failures`` of its calls; those before are passed over one by one.
    """

    on_failure: str = "fail"
    failures: int = 1


FAIL = Policy()


class Plugin(NamedTuple):
    """A plugin: its name, what its entry point names (``module:attribute``), its feature, and its part."""

    name: str
    object: str = ""
    feature: str = ""
    part: str = ""
    version: str = ""

    def __str__(self) -> str:
        part = f"part {self.part} {self.version}".rstrip() if self.part else ""
        if not self.feature:
            return f"plugin '{self.name}'" + (f" ({part})" if part else "")
        return f"feature '{self.feature}'" + (f" ({part})" if part else "")


class PluginError(ProductError):
    """A plugin that fails: ``plugin`` says which."""

    def __init__(self, plugin: Plugin, what: str, *, hint: str = "") -> None:
        self.plugin = plugin
        super().__init__(f"{plugin} {what}", hint=hint)


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
    """

    __slots__ = ("failures", "is_foreign", "loaded", "lock", "plugin", "policy", "problem")

    def __init__(self, plugin: Plugin, policy: Policy, loaded: Any = None, *, is_foreign: bool = False) -> None:
        self.plugin = plugin
        self.policy = policy
        self.loaded = loaded
        self.is_foreign = is_foreign
        self.problem = ""
        self.failures = 0
        self.lock = threading.Lock()

    def count(self) -> bool:
        """Count a failed call; whether it was one too many."""
        with self.lock:
            self.failures += 1
            return self.failures >= (self.policy.failures if self.policy.on_failure == "quarantine" else 1)

    def report(self, *, is_on: bool) -> PluginReport:
        """What became of it."""
        state = "failed" if self.problem else "on" if is_on else "off"
        plugin = self.plugin
        problem = self.problem
        return PluginReport(plugin.name, plugin.feature, plugin.part, plugin.version, state, self.failures, problem)
