"""How plugins extend Sarto: hook specs, the plugin manager, the built-in implementations."""

from .specs import hookimpl
from .types import BuildFormat, ModelFormat, ModelReading

__all__ = ["BuildFormat", "ModelFormat", "ModelReading", "hookimpl"]
