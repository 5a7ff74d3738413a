"""The steps by which a plugin comes to be in place and goes again, each of which it may fail at in its own way."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pluggy

from .chain import Variant, misfit
from .errors import did_you_mean
from .importing import error_words, import_plugin
from .plugin import PluginError
from .point import PROJECT
from .record import Record
from .variants import marked
from .weaving import Weaver

__all__ = ["Steps", "check", "load", "load_once", "register", "start", "stop", "unregister"]


class Steps:
    """Takes plugins in with all steps or none, and puts them out; ``tell`` is given each sentence about a failure."""

    def __init__(self, manager: pluggy.PluginManager, weaver: Weaver, tell: Callable[[str], None]) -> None:
        self._manager = manager
        self._weaver = weaver
        self._tell = tell

    def appeared(self, coming: Sequence[Record], is_strict: bool) -> list[Record]:
        """Those that could be imported, registered and started; where one may not fail, none is there after it has."""
        manager, weaver = self._manager, self._weaver
        here: list[Record] = []
        for record in coming:
            if self._try(record, lambda each: load_once(each, here), is_strict):
                here.append(record)
        weaver.specify()
        try:
            # pluggy calls the last registered first
            for record in reversed(here[:]):
                if not self._try(record, lambda each: register(manager, each), is_strict):
                    here.remove(record)
            for record in here[:]:
                if not self._try(record, lambda each: check(manager, weaver, each), is_strict):
                    unregister(manager, record)
                    here.remove(record)
            self._start(here, is_strict)
        except BaseException:
            for record in here:
                unregister(manager, record)
            raise
        return here

    def _start(self, here: list[Record], is_strict: bool) -> None:
        """Start them all; where one fails that may not, those that were started are stopped."""
        started: list[Record] = []
        try:
            for record in here[:]:
                if self._try(record, start, is_strict):
                    started.append(record)
                else:
                    unregister(self._manager, record)
                    here.remove(record)
        except BaseException:
            self.put_out(started)
            raise

    def _try(self, record: Record, step: Callable[[Record], None], is_strict: bool) -> bool:
        try:
            step(record)
        except PluginError as error:
            if is_strict or record.policy.on_failure == "fail":
                raise
            record.problem = error.what.removeprefix(f"{record.plugin} ")
            self._tell(f"{error.what}; it is left out")
            return False
        return True

    def put_out(self, records: Sequence[Record]) -> None:
        """Stop and unregister, the last called first; one that fails to stop is named, and gone all the same."""
        for record in reversed(records):
            try:
                stop(record)
            except PluginError as error:
                self._tell(error.what)
            unregister(self._manager, record)


def load(record: Record) -> None:
    """Import the plugin, if it is not yet. Raises :class:`PluginError`."""
    if record.loaded is None and not record.is_foreign:
        record.loaded = import_plugin(record.plugin)


def load_once(record: Record, before: Sequence[Record]) -> None:
    """Import the plugin; of two that are one object, that which is called later fails. Raises :class:`PluginError`."""
    load(record)
    for other in before:
        if other.loaded is record.loaded and not record.is_foreign:
            raise PluginError(record.plugin, f"registers twice: '{other.plugin.name}' is the same object")


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
