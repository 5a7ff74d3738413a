"""What one run of the program holds: its plugins, and how it says what it tolerated."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ..errors import SartoError
    from ..hooks import BrokenPlugin, PluginManager

__all__ = ["Application"]


class Application:
    """Handed to every command as the ``obj`` of its context. The plugins are loaded when a command first asks.

    ``path`` is where plugins are looked for, ``sys.path`` where it is None. While ``is_silent`` is set, nothing is
    said of broken plugins.
    """

    def __init__(self, path: Sequence[str] | None = None) -> None:
        self.path = path
        self.is_silent = False

    @cached_property
    def plugins(self) -> PluginManager:
        """The plugins of this run; each broken one is said on stderr once."""
        from ..hooks import PluginManager

        return PluginManager.discover(self._hear_of, self.path)

    def warn(self, warning: SartoError) -> None:
        """Say on stderr what was tolerated."""
        from .errors import show

        if not self.is_silent:
            show(warning, label="warning")

    def _hear_of(self, broken: BrokenPlugin) -> None:
        from ..errors import SartoError

        self.warn(SartoError(f"plugin {broken.plugin} is left out: it {broken.error}"))
