"""Hands the features' settings to the core's command, as its settings route in ``build.json`` says."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from .build import SettingsRoute, Value

__all__ = ["command_line", "environment"]


def command_line(route: SettingsRoute, settings: Mapping[str, Value], words: Sequence[str]) -> list[str]:
    """The command line ``words`` (without the program's name) with the ``settings`` put in.

    They stand behind the subcommand, which is put in front where another first word, or none, was given; a
    first word that the route excepts leaves everything as it is. What the user adds comes after, and so counts.
    """
    if not settings or not route.arguments or (words and words[0] in route.but_not):
        return list(words)
    given = [_fill(argument, name, value) for name, value in settings.items() for argument in route.arguments]
    if not route.command:
        return [*given, *words]
    rest = words[1:] if words and words[0] == route.command else words
    return [route.command, *given, *rest]


def environment(route: SettingsRoute, settings: Mapping[str, Value]) -> dict[str, str]:
    """The environment variables that carry the ``settings``."""
    if not route.environment:
        return {}
    return {_fill(route.environment, name, value): as_text(value) for name, value in settings.items()}


def as_text(value: Value) -> str:
    """A value as commands read it: ``true`` and ``false``, numbers and texts as they are."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def _fill(template: str, name: str, value: Value) -> str:
    """Fill in all at once, so that braces in a value stay what they are."""
    filled = {"{name}": name, "{NAME}": name.upper(), "{value}": as_text(value)}
    return re.sub("|".join(filled), lambda found: filled[found[0]], template)
