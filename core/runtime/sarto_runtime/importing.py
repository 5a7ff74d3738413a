"""Imports a plugin without giving it more than its import: it may raise anything, end the program, or not come back."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from types import FrameType
from typing import Any

import pluggy

from .plugin import Plugin, PluginError

__all__ = ["PATIENCE", "error_words", "import_plugin"]

PATIENCE = 30.0
"""Seconds that a plugin has for its import."""


class _TookTooLong(BaseException):
    """Raised where a plugin is when its time is up; no ``except Exception`` of its own stops it."""


def import_plugin(plugin: Plugin, patience: float = PATIENCE) -> Any:
    """The object that the plugin's entry point names.

    Raises :class:`PluginError` where it cannot be imported, ends the program, changes pluggy itself (which is put
    right again) or takes longer than ``patience`` seconds. Only the main thread of a system with signals can be
    called back from an import that does not end; elsewhere it is waited for.
    """
    before = _pluggys_own()
    try:
        with _limit(patience):
            found = _load(plugin.object)
    except _TookTooLong as error:
        raise PluginError(plugin, f"does not come to the end of its import in {patience:g} s") from error
    except KeyboardInterrupt:
        raise
    except SystemExit as error:
        raise PluginError(plugin, f"ends the program while it is imported: {error_words(error)}") from error
    except BaseException as error:
        raise PluginError(plugin, f"cannot be imported: {error_words(error)}") from error
    finally:
        changed = _put_right(before)
    if changed:
        raise PluginError(plugin, f"changes pluggy itself while it is imported ({', '.join(changed)}); that was undone")
    return found


def error_words(error: BaseException) -> str:
    """The error's type, the first line that says something, and the plugin's innermost line before it came up."""
    try:
        text = next(filter(None, map(str.strip, str(error).splitlines())), "")
    except Exception:  # a plugin's exception may do anything
        text = ""
    trace, place = error.__traceback__, ""
    while trace:
        code = trace.tb_frame.f_code
        if not code.co_filename.startswith("<"):
            file = "/".join(code.co_filename.replace("\\", "/").split("/")[-2:])
            is_ours = file.startswith("sarto_runtime/")
            if is_ours and place:  # the plugin called us, and what it called is to be found in its own code
                break
            place = place if is_ours else f" ({file}:{trace.tb_lineno})"
        trace = trace.tb_next
    return (f"{type(error).__name__}: {text}" if text else type(error).__name__) + place


def _load(name: str) -> Any:
    module, _, attributes = name.partition(":")
    found: Any = import_module(module)
    for attribute in filter(None, attributes.split(".")):
        found = getattr(found, attribute)
    return found


@contextmanager
def _limit(seconds: float) -> Iterator[None]:
    """Raise :class:`_TookTooLong` in here after so many seconds, where that can be."""
    import signal

    if not hasattr(signal, "setitimer") or threading.current_thread() is not threading.main_thread():
        yield
        return

    def end(_number: int, _frame: FrameType | None) -> None:
        raise _TookTooLong

    former = signal.signal(signal.SIGALRM, end)
    left, interval = signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, left, interval)
        signal.signal(signal.SIGALRM, former)


_PLUGGY: tuple[Any, ...] = (
    pluggy.PluginManager, pluggy.HookCaller, pluggy.HookImpl, pluggy.HookRelay, pluggy.HookimplMarker,
    pluggy.HookspecMarker, pluggy.Result,
    *(module for name, module in sorted(sys.modules.items()) if name.partition(".")[0] == "pluggy"),
)  # fmt: skip
"""What pluggy consists of: its classes and its modules."""


def _pluggys_own() -> list[dict[str, Any]]:
    """What is in each of them now."""
    return [dict(vars(holder)) for holder in _PLUGGY]


def _put_right(before: list[dict[str, Any]]) -> list[str]:
    """Undo what has changed in pluggy since ``before``; the names of what that was."""
    changed = []
    for holder, content in zip(_PLUGGY, before, strict=True):
        now = vars(holder)
        if now == content:  # identical values are equal without being asked
            continue
        for name in {**content, **now}:
            if now.get(name) is not content.get(name) and not _is_import(content, name, now):
                changed.append(f"{holder.__name__}.{name}")
                if name in content:
                    setattr(holder, name, content[name])
                else:
                    delattr(holder, name)
    return changed


def _is_import(content: dict[str, Any], name: str, now: Any) -> bool:
    """Whether this is only a submodule, or what Python itself keeps there."""
    return name not in content and (type(now[name]) is type(sys) or name.startswith("__"))
