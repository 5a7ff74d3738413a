"""A plugin as a product knows it: its name and feature, and what becomes of it when it fails."""

from __future__ import annotations

from typing import NamedTuple

from .errors import ProductError

__all__ = ["FAIL", "Plugin", "PluginError", "Policy"]


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
