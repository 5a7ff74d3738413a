"""Joining what plugins answer to a hook: every item of the right type, no name given twice."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import PurePosixPath
from typing import TypeVar

from ..errors import SartoError, raise_all
from .plugin import Plugin

__all__ = ["files_of", "items_of", "joined", "refuse_clashes"]

T = TypeVar("T")


def items_of(answer: object, type_: type[T], plugin: Plugin, hook: str) -> tuple[T, ...]:
    """The items of one plugin's answer. Raises SartoError where it is not a sequence of ``type_``."""
    if not isinstance(answer, Sequence) or isinstance(answer, str | bytes):
        raise _wrong(plugin, hook, f"a '{type(answer).__name__}'", f"a sequence of {type_.__name__}")
    for item in answer:
        if not isinstance(item, type_):
            raise _wrong(plugin, hook, f"a '{type(item).__name__}'", f"a {type_.__name__}")
    return tuple(answer)


def files_of(answer: object, plugin: Plugin, hook: str) -> dict[str, bytes]:
    """The files of one plugin's answer. Raises SartoError where a path leads out of the build or is no file's."""
    if not isinstance(answer, Mapping):
        raise _wrong(plugin, hook, f"a '{type(answer).__name__}'", "a mapping of paths to bytes")
    for path, content in answer.items():
        if not isinstance(path, str) or not isinstance(content, bytes):
            found = f"'{type(path).__name__}' to '{type(content).__name__}'"
            raise _wrong(plugin, hook, found, "paths (str) to contents (bytes)")
        pure = PurePosixPath(path)
        if pure.is_absolute() or ".." in pure.parts or str(pure) != path or "\\" in path or ":" in path:
            raise _wrong(plugin, hook, f"the path '{path}'", "a plain relative path with '/'")
    return dict(answer)


def _wrong(plugin: Plugin, hook: str, found: str, wanted: str) -> SartoError:
    return SartoError(f"plugin {plugin} gave {hook} {found} where {wanted} belongs")


def joined(kind: str, given: Iterable[tuple[Plugin, T]], names: Callable[[T], Iterable[str]]) -> tuple[T, ...]:
    """All items that the plugins gave, in order. Raises SartoError for each name that two of them have."""
    items = list(given)
    refuse_clashes(kind, [(plugin, name) for plugin, item in items for name in names(item)])
    return tuple(item for _, item in items)


def refuse_clashes(kind: str, given: Iterable[tuple[Plugin, str]]) -> None:
    """Raise SartoError for each name that was given twice, whatever its case, naming both plugins."""
    owners: dict[str, Plugin] = {}
    errors: list[SartoError] = []
    for plugin, name in given:
        first = owners.setdefault(name.casefold(), plugin)
        if first is not plugin:
            errors.append(_clash(kind, name, first, plugin))
    raise_all(errors)


def _clash(kind: str, name: str, first: Plugin, second: Plugin) -> SartoError:
    return SartoError(f"{kind} '{name}' comes from two plugins, {first} and {second}", hint="uninstall one of the two")
