"""How plugins extend Sarto: hook specs, the plugin manager, the built-in implementations."""

from .manager import PluginManager
from .plugin import BrokenPlugin, Contribution, Plugin
from .specs import hookimpl
from .types import BuildFormat, ModelFormat, ModelReading

__all__ = [
    "BrokenPlugin", "BuildFormat", "Contribution", "ModelFormat", "ModelReading", "Plugin", "PluginManager", "hookimpl",
]  # fmt: skip
