"""What one run of the program holds: its plugins, and how it says what it tolerated."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from ..errors import SartoError
    from ..hooks import BrokenPlugin, PluginManager

__all__ = ["Application"]


class Application:
    """Handed to every command as the ``obj`` of its context. The plugins are loaded when a command first asks.

    ``load`` makes the plugin manager, given who is to hear of broken plugins; by default, of all that are installed.
    """

    def __init__(self, load: Callable[[Callable[[BrokenPlugin], None]], PluginManager] | None = None) -> None:
        self._load = load
        self.announces_broken = True

    @cached_property
    def plugins(self) -> PluginManager:
        """The plugins of this run; each broken one is said on stderr once."""
        from ..hooks import PluginManager

        return (self._load or PluginManager.discover)(self._hear_of)

    def warn(self, warning: SartoError) -> None:
        """Say on stderr what was tolerated."""
        from .errors import show

        show(warning, label="warning")

    def _hear_of(self, broken: BrokenPlugin) -> None:
        from ..errors import SartoError

        if self.announces_broken:
            self.warn(SartoError(f"plugin {broken.plugin} is left out: it {broken.error}"))
