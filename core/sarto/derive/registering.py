"""What the probe gives to hooks with which plugins register options and commands: it writes down their names.

It runs in the probe's isolated process, imports nothing of Sarto, and knows the ways that hosts have: a hook whose
name says option is given a ``parser`` (pytest); one whose name says command a click group, ``cli`` (Datasette, llm),
argparse's ``subparsers`` or nothing, and then it gives commands that have a name (conda). The core's own are those of
its command, where that is a click group, and of the plugins that its manager has from the beginning.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import Any

__all__ = ["commands_of", "core_registrations", "registrations"]

OPTION, SETTING, COMMAND = "option", "setting", "command"


class Parser:
    """Stands in for a parser, and for each group of one; what else it is asked for does nothing."""

    def __init__(self) -> None:
        self.names: dict[tuple[str, str], None] = {}

    def addoption(self, *options: Any, **_: Any) -> Parser:
        """Write down an option's names."""
        self.names.update({(OPTION, each): None for each in options if isinstance(each, str) and each.startswith("-")})
        return self

    _addoption = add_argument = add_option = addoption

    def addini(self, name: Any, *_: Any, **__: Any) -> None:
        """Write down a setting's name."""
        self.names[SETTING, str(name)] = None

    def getgroup(self, *_: Any, **__: Any) -> Parser:
        """A group's options are the parser's."""
        return self

    add_argument_group = add_option_group = getgroup

    def add_parser(self, name: Any, *_: Any, **__: Any) -> Parser:
        """Write down a command's name; its options are its own."""
        self.names[COMMAND, str(name)] = None
        return Parser()

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return self.getgroup


def _stand_ins(hook: str, arguments: tuple[str, ...], manager: Any) -> tuple[Mapping[str, Any], Any] | None:
    """The arguments for a hook that registers, and what of them keeps the names; None for any other hook."""
    if "option" in hook and "parser" in arguments and {"parser", "pluginmanager"}.issuperset(arguments):
        parser = Parser()
        return {name: parser if name == "parser" else manager for name in arguments}, parser
    if "command" in hook and arguments == ("cli",):
        import click  # from the parts, the version that a build has

        group = click.Group("cli")
        return {"cli": group}, group
    if "command" in hook and arguments in (("subparsers",), ()):
        parser = Parser()
        return dict.fromkeys(arguments, parser), parser
    return None


def _names(keeper: Any) -> Iterator[tuple[str, str]]:
    if isinstance(keeper, Parser):
        yield from keeper.names
        return
    for name in list(getattr(keeper, "commands", None) or ()):
        yield COMMAND, str(name)


def _note(keeper: Any, given: Any) -> None:
    """Write down the commands that a hook gives, in place of registering them."""
    for each in given or ():
        if isinstance(name := getattr(each, "name", None), str):
            keeper.names[COMMAND, name] = None


def commands_of(core: Any) -> list[dict[str, str]]:
    """The commands of what the core's command runs, where that is a click group."""
    try:
        return [{"hook": "", "kind": kind, "name": name} for kind, name in _names(core)]
    except Exception:  # it is something else, and may do anything
        return []


def core_registrations(project: str) -> list[dict[str, str]]:
    """What the plugins register that the managers of the project have before any feature's."""
    found: dict[tuple[str, str], dict[str, str]] = {}
    for manager in _managers(project):
        for each in registrations(list(vars(manager.hook).values()), manager):
            found.setdefault((each["kind"], each["name"]), each)
    return list(found.values())


def _managers(project: str) -> list[Any]:
    """The managers of the project's plugins in the modules; pytest makes its own when it begins."""
    import pluggy  # from the parts, the version that a build has

    found: dict[int, Any] = {}
    for module in list(sys.modules.values()):
        for value in list(vars(module).values()) if hasattr(module, "__dict__") else ():
            if issubclass(type(value), pluggy.PluginManager) and value.project_name == project:
                found[id(value)] = value
    config = sys.modules.get("_pytest.config")
    if config is not None and project == "pytest":
        with suppress(BaseException):  # another pytest than those known today
            found.setdefault(0, config.get_config().pluginmanager)
    return list(found.values())


def registrations(callers: Any, manager: Any) -> Iterator[dict[str, str]]:
    """What each plain implementation among the hooks registers; one that fails says what it had said before."""
    for caller in callers:
        for implementation in caller.get_hookimpls():
            if implementation.hookwrapper or getattr(implementation, "wrapper", False):
                continue
            keeper: Any = None
            try:
                found = _stand_ins(caller.name, tuple(implementation.argnames), manager)
                if found is None:
                    continue
                given, keeper = found
                result = implementation.function(*(given[name] for name in implementation.argnames))
                if not given:
                    _note(keeper, result)
            except BaseException:  # this is not its host, and a plugin may raise anything
                pass
            for kind, name in _names(keeper):
                yield {"hook": caller.name, "kind": kind, "name": name}
