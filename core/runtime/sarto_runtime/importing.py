"""Imports a plugin without giving it more than its import: it may raise anything, end the program, or not come back."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from types import FrameType
from typing import Any, NoReturn

import pluggy

from .plugin import Plugin, PluginError

__all__ = ["PATIENCE", "error_words", "import_plugin"]

PATIENCE = 30.0
"""Seconds that a plugin has for its import."""


class _TookTooLong(BaseException):
    """Raised where a plugin is when its time is up; no ``except Exception`` of its own stops it."""


class EndOfProcess(BaseException):
    """Raised in place of the end of the process by ``os._exit``."""


def import_plugin(plugin: Plugin, patience: float | None = None) -> Any:
    """The object that the plugin's entry point names.

    Raises :class:`PluginError` where it cannot be imported, ends the program, changes pluggy itself (which is put
    right again) or takes longer than ``patience`` seconds, else :data:`PATIENCE`. The main thread of a system with
    signals is called back from whatever it does; elsewhere Python code is, and a call that waits in C only when that is
    over.
    """
    patience = PATIENCE if patience is None else patience
    before = _pluggys_own()
    try:
        with _limit(patience), _without_exit():
            found = _load(plugin.object)
    except _TookTooLong as error:
        raise PluginError(plugin, f"does not come to the end of its import in {patience:g} s") from error
    except KeyboardInterrupt:
        raise
    except (SystemExit, EndOfProcess) as error:
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
        with _limit_of_thread(seconds):
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


@contextmanager
def _limit_of_thread(seconds: float) -> Iterator[None]:
    """The same without a signal: the interpreter raises it in this thread between two steps of Python code."""
    try:
        import ctypes
    except ImportError:  # a Python without it: whoever imports waits
        yield
        return

    thread, lock, is_over = ctypes.c_ulong(threading.get_ident()), threading.Lock(), threading.Event()

    def end() -> None:
        with lock:
            if not is_over.is_set():
                ctypes.pythonapi.PyThreadState_SetAsyncExc(thread, ctypes.py_object(_TookTooLong))

    timer = threading.Timer(seconds, end)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        with lock:
            is_over.set()
        timer.cancel()
        ctypes.pythonapi.PyThreadState_SetAsyncExc(thread, None)  # what has not been raised is not raised later


@contextmanager
def _without_exit() -> Iterator[None]:
    """Have ``os._exit`` raise in here, in this thread of this process: a child that was forked still ends by it."""
    original, own = os._exit, (os.getpid(), threading.get_ident())
    is_here = [True]

    def exit_(status: int) -> NoReturn:
        if is_here and own == (os.getpid(), threading.get_ident()):
            raise EndOfProcess(f"os._exit({status})")
        original(status)

    os._exit = exit_
    try:
        yield
    finally:
        is_here.clear()
        if os._exit is exit_:
            os._exit = original


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
