"""What can be wrong with a plugin, and the words for it."""

from __future__ import annotations

import importlib
import inspect
from collections.abc import Callable, Iterator
from pathlib import Path

import pluggy

from ..errors import Place, SartoError, did_you_mean, raise_all
from . import discovery, specs
from .plugin import Plugin

__all__ = ["failure_in_hook", "reason_to_leave_out", "refuse_misfits"]


def reason_to_leave_out(plugin: Plugin, error: BaseException) -> str:
    """Why a plugin cannot take part, in one line that goes on from its name."""
    if not isinstance(error, SartoError):
        return _with_place(f"cannot be imported: {_words(error)}", _place(error))
    return "; ".join(_with_hint(single).removeprefix(f"plugin {plugin} ") for single in error.errors)


def failure_in_hook(plugin: Plugin, hook: str, error: Exception) -> SartoError:
    """A plugin raised inside a hook call: who, in which hook, what, and at which of its lines."""
    return SartoError(f"plugin {plugin} failed in {hook}: {_words(error)}", where=_place(error))


def refuse_misfits(plugin: Plugin, implementations: object) -> None:
    """Raise SartoError for everything by which a plugin does not fit Sarto's hook specs."""
    marked = list(_implementations(implementations))
    if not marked:
        hint = "mark its functions with sarto.hooks.hookimpl"
        raise SartoError(f"plugin {plugin} implements no hook of Sarto", hint=hint)
    misfits = (misfit for hook, function, options in marked for misfit in _misfits(hook, function, options))
    raise_all(SartoError(f"plugin {plugin} {what}", hint=hint) for what, hint in misfits)


def _implementations(implementations: object) -> Iterator[tuple[str, Callable[..., object], dict[str, object]]]:
    for name in dir(implementations):
        marked = inspect.getattr_static(implementations, name)
        options = getattr(getattr(marked, "__func__", marked), f"{specs.HOST}_impl", None)
        if isinstance(options, dict):
            yield options.get("specname") or name, getattr(implementations, name), options


def _misfits(hook: str, function: Callable[..., object], options: dict[str, object]) -> Iterator[tuple[str, str]]:
    known = sorted(name for name in vars(specs) if name.startswith(f"{specs.HOST}_"))
    if hook not in known:
        yield f"implements '{hook}', which is no hook of Sarto", did_you_mean(hook, known)
        return
    if options["wrapper"] or options["hookwrapper"]:
        yield f"wraps {hook}, where Sarto joins what each plugin gives by itself", ""
    given = inspect.signature(vars(specs)[hook]).parameters
    for name, parameter in inspect.signature(function).parameters.items():
        if name not in given and parameter.default is parameter.empty:
            yield f"takes '{name}' in {hook}, which gives no such argument", did_you_mean(name, given)


def _with_hint(error: SartoError) -> str:
    return _with_place(error.what, error.where) + (f", {error.hint}" if error.hint else "")


def _with_place(text: str, place: Place | str | None) -> str:
    return f"{text} ({place})" if place else text


def _words(error: BaseException) -> str:
    text = str(error).partition("\n")[0]
    return f"{type(error).__name__}: {text}" if text else type(error).__name__


def _place(error: BaseException) -> Place | None:
    """The innermost line of the error in the plugin's own folder."""
    lines = [(file, number) for file, number in _lines(error) if not _is_machinery(file)]
    if not lines:
        return None
    home = Path(lines[0][0]).parent
    file, number = [line for line in lines if home in Path(line[0]).parents][-1]
    return Place(file, line=number)


def _lines(error: BaseException) -> Iterator[tuple[str, int]]:
    trace = error.__traceback__
    while trace:
        yield trace.tb_frame.f_code.co_filename, trace.tb_lineno
        trace = trace.tb_next


def _is_machinery(file: str) -> bool:
    return file.startswith("<frozen") or Path(file).parent in _MACHINERY


_MACHINERY = tuple(Path(module.__file__).parent for module in (importlib, pluggy, discovery) if module.__file__)
