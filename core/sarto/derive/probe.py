"""The program that imports parts as a product would, in an isolated process of its own, and says what it found.

It is started by its path with ``python -I -S`` and imports nothing of Sarto. On stdin it gets one JSON object (see
:mod:`.trial`), on stdout it writes a JSON object on each line, so that what it has seen is known however it ends::

    {"step": 1}                                      it begins with a step
    {"step": 1, "failed": "KeyError: 'x'", "at": "maps/__init__.py:3"}
    {"step": 1, "implements": [["hook", ["argument"], false]], "refused": ""}
    {"step": 1, "specs": {"hook": ["argument"]}}
    {"others": {"hook": ["argument"]}}               the hook specs of other modules; it is done
"""

from __future__ import annotations

import faulthandler
import inspect
import json
import os
import signal
import site
import sys
from collections.abc import Iterable, Iterator
from importlib.metadata import EntryPoint
from types import FunctionType, ModuleType
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
    _Trial(report, order["patience"]).go(order["steps"], order["skip"])
    report.close()
    os._exit(0)


class _Trial:
    """The steps in their order; after the one with the core's hook specs, hook implementations are looked at."""

    def __init__(self, report: TextIO, patience: float) -> None:
        self.report = report
        self.patience = patience
        self.project = ""
        self.prefix = ""
        self.holders: list[Any] = []

    def go(self, steps: list[dict[str, str]], skip: list[int]) -> None:
        for number, step in enumerate(steps):
            if number not in skip:
                self._say(step=number)
                faulthandler.dump_traceback_later(self.patience, exit=True, file=self.report)
                self._say(step=number, **self._found(step))
                faulthandler.cancel_dump_traceback_later()
        mine = {id(holder) for holder in self.holders}
        others = (each for each in _spec_holders(sys.modules.values(), self.project) if id(each) not in mine)
        self._say(others=_specs_of(others, self.project) if self.project else {})

    def _say(self, **said: object) -> None:
        self.report.write(json.dumps(said) + "\n")
        self.report.flush()

    def _found(self, step: dict[str, str]) -> dict[str, object]:
        """Import what the step names; a part may raise anything at all, SystemExit too."""
        try:
            loaded = EntryPoint(step["name"], step["value"], "").load()
            if step["kind"] == "hooks":
                return {"specs": self._learn(loaded)}
            return self._fit(loaded, step["name"]) if step["kind"] == "plugin" and self.project else {}
        except BaseException as error:
            return {"failed": _words(error), "at": _place(error, step["home"])}

    def _learn(self, hooks: Any) -> Specs:
        """What the core's hook specs are, and the project's name that their marker has left on them."""
        self.project = next(_projects(hooks), "")
        self.prefix = _prefix(hooks, self.project)
        self.holders = list(_spec_holders([hooks], self.project))
        return _specs_of(self.holders, self.project, self.prefix)

    def _fit(self, plugin: Any, name: str) -> dict[str, object]:
        """The hook implementations of a plugin, and what pluggy says where it does not take it."""
        import pluggy  # from the parts, the version that a build has

        bare = _manager(self.project, self.prefix)
        bare.register(plugin, name)
        found = [
            (caller.name, list(implementation.argnames), implementation.optionalhook)
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
        return {"implements": found, "refused": ""}


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


def _specs_of(holders: Iterable[Any], project: str, prefix: str = "") -> Specs:
    """Each hook with the arguments that it gives."""
    found: Specs = {}
    for holder in holders:
        manager = _manager(project, prefix)
        manager.add_hookspecs(holder)
        callers = vars(manager.hook).values()
        found |= {caller.name: list(caller.spec.argnames) for caller in callers if caller.has_spec()}
    return found


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
