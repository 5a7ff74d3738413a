"""How plugins extend Sarto: hook specs, the plugin manager, the built-in implementations."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .gathering import Gathered
    from .manager import PluginManager
    from .plugin import BrokenPlugin, Contribution, Plugin
    from .specs import hookimpl
    from .types import (
        BuildFormat,
        Counter,
        Executor,
        FactSource,
        ModelFormat,
        ModelReading,
        Optimiser,
        OrderBooks,
        QuoteFormat,
        QuoteLanguage,
        Signer,
    )

__all__ = [
    "BrokenPlugin",
    "BuildFormat",
    "Contribution",
    "Counter",
    "Executor",
    "FactSource",
    "Gathered",
    "ModelFormat",
    "ModelReading",
    "Optimiser",
    "OrderBooks",
    "Plugin",
    "PluginManager",
    "QuoteFormat",
    "QuoteLanguage",
    "Signer",
    "hookimpl",
]

_MODULES = {"PluginManager": "manager", "BrokenPlugin": "plugin", "Contribution": "plugin", "Plugin": "plugin"}
_MODULES |= {"hookimpl": "specs", "BuildFormat": "types", "ModelFormat": "types", "ModelReading": "types"}
_MODULES |= {"FactSource": "types", "OrderBooks": "types"}
_MODULES |= {"Counter": "types", "Optimiser": "types", "Signer": "types", "Executor": "types", "Gathered": "gathering"}
_MODULES |= {"QuoteFormat": "types", "QuoteLanguage": "types"}


def __getattr__(name: str) -> object:
    """Import late what is asked for: looking for plugins must not cost what calling them does."""
    if name not in _MODULES:
        raise AttributeError(f"module '{__name__}' has no attribute '{name}'")
    from importlib import import_module

    found: object = getattr(import_module(f".{_MODULES[name]}", __name__), name)
    globals()[name] = found
    return found
