"""The program that imports parts as a product would, in an isolated process of its own, and says what it found.

It is started by its path with ``python -I -S`` and imports nothing of Sarto. On stdin it gets one JSON object (see
:mod:`.trial`), on stdout it writes a JSON object on each line, so that what it has seen is known however it ends::

    {"step": 1}                                      it begins with a step
    {"step": 1, "failed": "KeyError: 'x'", "at": "maps/__init__.py:3"}
    {"step": 1, "implements": [{"hook": "hook", "arguments": ["argument"], …}], "refused": "", "registers": []}
    {"step": 1, "specs": {"hook": ["argument"]}, "first": ["hook"], "registers": []}
    {"others": {"hook": ["argument"]}, "first": [], "homes": {"hook": "folder"}}

The last has the hook specs of other modules and the folders that these come from; with it, the probe is done.
"""

from __future__ import annotations

import faulthandler
import inspect
import json
import os
import runpy
import signal
import site
import sys
from collections.abc import Iterable, Iterator
from importlib.metadata import EntryPoint
from pathlib import Path
from types import CodeType, FunctionType, ModuleType
from typing import Any, TextIO

__all__: list[str] = []

Specs = dict[str, list[str]]


def main() -> None:
    """Go through all steps and end at once, whatever threads and exit handlers the parts have left."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # an interruption is none of the parts' failures
    report = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # what the parts print is no report
    order = json.load(sys.stdin)
    known: set[str] = set()
    for folder in order["folders"]:
        site.addsitedir(folder, known)
    _Trial(report, order["patience"], order["folders"]).go(order["steps"], order["skip"])
    report.close()
    os._exit(0)


class _Trial:
    """The steps in their order; after the one with the core's hook specs, hook implementations are looked at."""

    def __init__(self, report: TextIO, patience: float, folders: list[str]) -> None:
        self.report = report
        self.patience = patience
        self.folders = folders
        self.project = ""
        self.prefix = ""
        self.holders: list[Any] = []
        beside = Path(__file__).with_name("registering.py")
        self.registering = runpy.run_path(str(beside))
        self.has_core = False

    def go(self, steps: list[dict[str, str]], skip: list[int]) -> None:
        for number, step in enumerate(steps):
            if number not in skip:
                self._say(step=number)
                faulthandler.dump_traceback_later(self.patience, exit=True, file=self.report)
                self._say(step=number, **self._found(step))
                faulthandler.cancel_dump_traceback_later()
        mine = {id(holder) for holder in self.holders}
        others = [each for each in _spec_holders(sys.modules.values(), self.project) if id(each) not in mine]
        specs, first = _specs_of(others, self.project) if self.project else ({}, [])
        homes = {hook: self._home(holder) for holder in others for hook in _specs_of([holder], self.project)[0]}
        self._say(others=specs, first=first, homes=homes)

    def _say(self, **said: object) -> None:
        self.report.write(json.dumps(said) + "\n")
        self.report.flush()

    def _found(self, step: dict[str, str]) -> dict[str, object]:
        """Import what the step names; a part may raise anything at all, SystemExit too."""
        before = _pluggy() if step["kind"] == "plugin" and self.project else {}
        try:
            loaded = EntryPoint(step["name"], step["value"], "").load()
            if step["kind"] == "hooks":
                specs, first = self._learn(loaded)
                own = self.registering["core_registrations"](self.project) if self.has_core and self.project else []
                return {"specs": specs, "first": first, "project": self.project, "registers": own}
            if step["kind"] == "core":
                self.has_core = True
                return {"registers": self.registering["commands_of"](loaded)}
            if patched := sorted(name for name, value in before.items() if _pluggy().get(name) is not value):
                return {"patches": patched}
            return self._fit(loaded, step["name"]) if step["kind"] == "plugin" and self.project else {}
        except BaseException as error:
            return {"failed": _words(error), "at": _place(error, step["home"])}

    def _home(self, holder: Any) -> str:
        """The folder from which a module, or that of a class, was imported; empty where it is none of the parts'."""
        place = holder if issubclass(type(holder), ModuleType) else sys.modules.get(str(vars(holder).get("__module__")))
        file = str(getattr(place, "__file__", "") or "")
        return next((folder for folder in self.folders if file.startswith(folder + os.sep)), "")

    def _learn(self, hooks: Any) -> tuple[Specs, list[str]]:
        """What the core's hook specs are, and the project's name that their marker has left on them."""
        self.project = next(_projects(hooks), "")
        self.prefix = _prefix(hooks, self.project)
        self.holders = list(_spec_holders([hooks], self.project))
        return _specs_of(self.holders, self.project, self.prefix)

    def _fit(self, plugin: Any, name: str) -> dict[str, object]:
        """The hook implementations of a plugin, and what pluggy says where it does not take it."""
        import pluggy  # from the parts, the version that a build has

        _complete(plugin, f"{self.project}_impl")
        bare = _manager(self.project, self.prefix)
        bare.register(plugin, name)
        found = [
            _described(caller.name, implementation, self.folders)
            for caller in bare.get_hookcallers(plugin) or ()
            for implementation in caller.get_hookimpls()
        ]
        host = _manager(self.project, self.prefix)
        for holder in self.holders:
            host.add_hookspecs(holder)
        try:
            host.register(plugin, name)
        except pluggy.PluginValidationError as error:
            return {"implements": found, "refused": str(error).strip().splitlines()[-1]}
        hooks = [each for each in host.get_hookcallers(plugin) or () if each.has_spec()]
        return {"implements": found, "refused": "", "registers": list(self.registering["registrations"](hooks, host))}


def _pluggy() -> dict[str, object]:
    """What pluggy's machinery is made of, which a plugin has to leave as it is."""
    found: dict[str, object] = {}
    for name in ("pluggy._manager", "pluggy._hooks", "pluggy._callers"):
        for key, value in list(vars(sys.modules.get(name) or sys).items()):
            if getattr(value, "__module__", None) == name:
                found[f"{name}.{key}"] = value
                if isinstance(value, type):
                    found |= {f"{name}.{key}.{own}": each for own, each in list(vars(value).items())}
    return found


def _complete(plugin: Any, mark: str) -> None:
    """A variant that names a hook as text, for no project, is one of the core's: mark it so."""
    for value in list(vars(plugin).values()) if hasattr(plugin, "__dict__") else ():
        marks = vars(value) if type(value) is FunctionType else {}
        if "__sarto_variant__" in marks and "sarto_product_impl" in marks:
            marks.setdefault(mark, marks["sarto_product_impl"])


def _described(hook: str, implementation: Any, folders: list[str]) -> dict[str, object]:
    """One implementation: what it is marked as, by pluggy or as a variant, and where it is written."""
    function = getattr(implementation.function, "__func__", implementation.function)
    own = vars(function) if type(function) is FunctionType else {}
    marked = own.get("__sarto_variant__")
    returned = getattr(function, "__annotations__", {}).get("return", "")
    return {
        "hook": hook,
        "arguments": list(implementation.argnames),
        "optional": bool(implementation.optionalhook),
        "kind": str(marked[0]) if marked else "",
        "wraps": bool(getattr(implementation, "wrapper", False) or implementation.hookwrapper),
        "function": str(getattr(function, "__name__", "")),
        "rank": "tryfirst" if implementation.tryfirst else "trylast" if implementation.trylast else "",
        "gives_nothing": returned is None or returned == "None",
        "at": _written_at(getattr(function, "__code__", None), folders),
    }


def _written_at(code: Any, folders: list[str]) -> str:
    if type(code) is not CodeType:
        return ""
    home = next((folder for folder in folders if code.co_filename.startswith(folder + os.sep)), "")
    return f"{code.co_filename[len(home) + 1 :].replace(os.sep, '/')}:{code.co_firstlineno}" if home else ""


def _projects(hooks: Any) -> Iterator[str]:
    for holder in _with_classes(hooks):
        for value in vars(holder).values():
            marks = vars(value) if type(value) is FunctionType else {}
            yield from (name.removesuffix("_spec") for name in marks if name.endswith("_spec"))


def _spec_holders(places: Iterable[Any], project: str) -> Iterator[Any]:
    """The modules and classes that have hook specs of the project; without one there are none."""
    mark = f"{project}_spec"
    for place in list(places):
        for holder in _with_classes(place):
            if any(type(value) is FunctionType and mark in vars(value) for value in list(vars(holder).values())):
                yield holder


def _with_classes(place: Any) -> Iterator[Any]:
    """A module and its own classes; types are told by ``type``, for a stranger's ``__class__`` may do anything."""
    if issubclass(type(place), ModuleType | type):
        yield place
        name = vars(place).get("__name__")
        for value in list(vars(place).values()):
            if issubclass(type(value), type) and value.__module__ == name:
                yield value


def _prefix(hooks: Any, project: str) -> str:
    """How the names of all hooks begin in a host that, as pytest does, knows hooks by their names; else empty.

    It shows where functions among the core's hook specs have such a name and no mark.
    """
    prefix, mark = f"{project}_", f"{project}_spec"
    own = [value for name, value in vars(hooks).items() if name.startswith(prefix) and type(value) is FunctionType]
    return prefix if project and any(mark not in vars(value) for value in own) else ""


def _manager(project: str, prefix: str) -> Any:
    """A manager of plugins that knows hooks as the host does: by their marks, and by their names' prefix if any."""
    import pluggy  # from the parts, the version that a build has

    manager = pluggy.PluginManager(project)
    if prefix:
        for way in ("parse_hookspec_opts", "parse_hookimpl_opts"):
            setattr(manager, way, _also_by_name(getattr(manager, way), prefix))
    return manager


def _also_by_name(by_mark: Any, prefix: str) -> Any:
    def parse(holder: Any, name: str) -> Any:
        if not name.startswith(prefix):
            return None
        marks = by_mark(holder, name)
        return {} if marks is None and inspect.isroutine(getattr(holder, name, None)) else marks

    return parse


def _specs_of(holders: Iterable[Any], project: str, prefix: str = "") -> tuple[Specs, list[str]]:
    """Each hook with the arguments that it gives, and those whose first result is the only one.

    A variation point of the runtime may call its hook otherwise than the function.
    """
    found: Specs = {}
    first: list[str] = []
    for holder in holders:
        manager = _manager(project, prefix)
        manager.add_hookspecs(holder)
        for caller in vars(manager.hook).values():
            if caller.has_spec():
                point = vars(caller.spec.function).get("__sarto_point__")
                name = str(getattr(point, "name", caller.name))
                found[name] = list(caller.spec.argnames)
                first += [name] if caller.spec.opts.get("firstresult") else []
    return found, first


def _words(error: BaseException) -> str:
    """The error's type and the first line that says something."""
    try:
        text = next(filter(None, map(str.strip, str(error).splitlines())), "")
    except Exception:
        text = ""
    said = f"{type(error).__name__}: {text}" if text else type(error).__name__
    return said.encode("utf-8", "backslashreplace").decode()


def _place(error: BaseException, home: str) -> str:
    """The innermost line of the error in the part itself, by its path below ``home``; empty where there is none."""
    found = ""
    trace = error.__traceback__
    while trace:
        file = trace.tb_frame.f_code.co_filename
        if file.startswith(home + os.sep):
            found = f"{file[len(home) + 1 :].replace(os.sep, '/')}:{trace.tb_lineno}"
        trace = trace.tb_next
    return found


if __name__ == "__main__":
    main()
