"""The steps by which a plugin comes to be in place and goes again, each of which it may fail at in its own way."""

from __future__ import annotations

import pluggy

from .chain import Variant, misfit
from .errors import did_you_mean
from .importing import error_words, import_plugin
from .plugin import PluginError
from .point import PROJECT
from .record import Record
from .variants import marked
from .weaving import Weaver

__all__ = ["check", "load", "register", "start", "stop", "unregister"]


def load(record: Record) -> None:
    """Import the plugin, if it is not yet. Raises :class:`PluginError`."""
    if record.loaded is None and not record.is_foreign:
        record.loaded = import_plugin(record.plugin)


def register(manager: pluggy.PluginManager, record: Record) -> None:
    """Register the plugin with pluggy, whole or not at all. Raises :class:`PluginError`."""
    plugin, loaded = record.plugin, record.loaded
    if record.is_foreign:
        return
    if manager.is_registered(loaded):
        raise PluginError(plugin, f"registers twice: '{manager.get_name(loaded)}' is the same object")
    _mark_for(manager, loaded)
    try:
        manager.register(loaded, plugin.name)
    except (ValueError, pluggy.PluginValidationError) as error:
        unregister(manager, record)
        said = str(error).strip().splitlines()[-1]
        raise PluginError(plugin, f"cannot be registered: {said}") from error


def _mark_for(manager: pluggy.PluginManager, plugin: object) -> None:
    """A variant that is marked for no project of its own is one of this manager's."""
    mark = f"{manager.project_name}_impl"
    for variant in marked(plugin):
        if hasattr(variant, f"{PROJECT}_impl") and not hasattr(variant, mark):
            setattr(getattr(variant, "__func__", variant), mark, getattr(variant, f"{PROJECT}_impl"))


def check(manager: pluggy.PluginManager, weaver: Weaver, record: Record) -> None:
    """Hold the plugin's variants against the points that they change. Raises :class:`PluginError`."""
    plugin = record.plugin
    for function in () if record.is_foreign else marked(record.loaded):
        kind, hook = function.__sarto_variant__  # type: ignore[attr-defined]  # it is marked
        point = weaver.point(hook)
        if point is not None:
            if what := misfit(point, Variant(kind, function, plugin)):
                raise PluginError(plugin, what)
        elif not getattr(function, f"{manager.project_name}_impl", {}).get("optionalhook"):
            hint = did_you_mean(hook, weaver.names)
            raise PluginError(plugin, f"changes '{hook}', which is no variation point", hint=hint)


def start(record: Record) -> None:
    """Call the plugin's ``start``, where it has one. Raises :class:`PluginError`."""
    _call(record, "start")


def stop(record: Record) -> None:
    """Call the plugin's ``stop``, where it has one. Raises :class:`PluginError`."""
    _call(record, "stop")


def _call(record: Record, name: str) -> None:
    act = getattr(record.loaded, name, None)
    if record.is_foreign or not callable(act):
        return
    try:
        act()
    except (Exception, SystemExit) as error:
        raise PluginError(record.plugin, f"fails to {name}: {error_words(error)}") from error


def unregister(manager: pluggy.PluginManager, record: Record) -> None:
    """Take the plugin out of pluggy, if it is in it."""
    if record.loaded is not None and manager.get_plugin(record.plugin.name) is record.loaded:
        manager.unregister(name=record.plugin.name)
