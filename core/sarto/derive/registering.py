"""What the probe gives to hooks with which plugins register options and commands: it writes down their names.

It runs in the probe's isolated process, imports nothing of Sarto, and knows the two ways that hosts have: a hook whose
name says option is given a ``parser`` (pytest), one whose name says command a click group, ``cli`` (Datasette, llm).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

__all__ = ["registrations"]

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
    return None


def _names(keeper: Any, path: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(keeper, Parser):
        yield from keeper.names
        return
    for name in getattr(keeper, "commands", ()):
        yield COMMAND, f"{path}{name}"


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
                implementation.function(*(given[name] for name in implementation.argnames))
            except BaseException:  # this is not its host, and a plugin may raise anything
                pass
            for kind, name in _names(keeper):
                yield {"hook": caller.name, "kind": kind, "name": name}
