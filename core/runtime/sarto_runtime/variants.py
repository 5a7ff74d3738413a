"""The marks with which a plugin says what its functions do to a variation point, or to any hook by its name."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Coroutine, Iterator, Mapping
from types import CodeType, FunctionType, MethodType, ModuleType
from typing import Any, Concatenate, ParamSpec, TypeVar, overload

from .point import PROJECT, point_of

__all__ = ["KINDS", "after", "add", "around", "before", "lead_of", "marked", "replace"]

KINDS = ("before", "after", "around", "replace", "add")

P = ParamSpec("P")
R = TypeVar("R")
F = TypeVar("F", bound=Callable[..., Any])
Changes = Mapping[str, Any] | None
"""What a variant before the call gives back: the arguments that change, by name, or None."""
B = TypeVar("B", bound=Changes)
BA = TypeVar("BA", bound="Changes | Awaitable[Changes]")


@overload
def before(point: str, /, *, optional: bool = ...) -> Callable[[F], F]: ...
@overload
def before(point: Callable[P, Coroutine[Any, Any, object]], /) -> Callable[[Callable[P, BA]], Callable[P, BA]]: ...
@overload
def before(point: Callable[P, object], /) -> Callable[[Callable[P, B]], Callable[P, B]]: ...
def before(point: Any, /, *, optional: bool = False) -> Any:
    """Called before the point, with its arguments; may change them.

    It returns None, or the arguments that change as a mapping by their names. ``point`` is the function, or the hook's
    name as text, for a plugin that must not import it; ``"project:hook"`` for a hook of another pluggy project. With
    ``optional``, there need be no such hook.
    """
    return _mark("before", point, optional)


@overload
def after(point: str, /, *, optional: bool = ...) -> Callable[[F], F]: ...
@overload
def after(
    point: Callable[P, Coroutine[Any, Any, R]], /
) -> Callable[[Callable[Concatenate[R, P], R | Awaitable[R]]], Callable[Concatenate[R, P], R | Awaitable[R]]]: ...
@overload
def after(point: Callable[P, R], /) -> Callable[[Callable[Concatenate[R, P], R]], Callable[Concatenate[R, P], R]]: ...
def after(point: Any, /, *, optional: bool = False) -> Any:
    """Called after the point with its result, and then its arguments; returns the result that counts.

    Of a coroutine function the result is what it returns in the end; of a generator function it is the iterator.
    """
    return _mark("after", point, optional)


@overload
def around(point: str, /, *, optional: bool = ...) -> Callable[[F], F]: ...
@overload
def around(
    point: Callable[P, R], /
) -> Callable[[Callable[Concatenate[Callable[P, R], P], R]], Callable[Concatenate[Callable[P, R], P], R]]: ...
def around(point: Any, /, *, optional: bool = False) -> Any:
    """Called in place of the point, with ``proceed``, which does what was there before, and then the arguments.

    It may call ``proceed`` with others, never, or more than once; what it returns counts.
    """
    return _mark("around", point, optional)


@overload
def replace(point: str, /, *, optional: bool = ...) -> Callable[[F], F]: ...
@overload
def replace(point: Callable[P, R], /) -> Callable[[Callable[P, R]], Callable[P, R]]: ...
def replace(point: Any, /, *, optional: bool = False) -> Any:
    """Called in place of the function itself; what is before, after and around it stays.

    Of several features that replace one function, that counts which is called first in the planned order.
    """
    return _mark("replace", point, optional)


@overload
def add(point: str, /, *, optional: bool = ...) -> Callable[[F], F]: ...
@overload
def add(
    point: Callable[P, Coroutine[Any, Any, list[R]]], /
) -> Callable[[Callable[P, R | Awaitable[R | None] | None]], Callable[P, R | Awaitable[R | None] | None]]: ...
@overload
def add(point: Callable[P, list[R]], /) -> Callable[[Callable[P, R | None]], Callable[P, R | None]]: ...
def add(point: Any, /, *, optional: bool = False) -> Any:
    """Called with the arguments of a point that collects; what it returns is put into the list, None is not."""
    return _mark("add", point, optional)


def _mark(kind: str, point: Any, optional: bool) -> Callable[[Any], Any]:
    hook, project = _hook_of(point)

    def mark(function: Any) -> Any:
        if type(function) is not FunctionType:
            raise TypeError(f"'{kind}' marks functions that are written in Python, not a {type(function).__name__}")
        if marked := getattr(function, "__sarto_variant__", None):
            raise TypeError(f"{function.__qualname__} is already marked as '{marked[0]}' of '{marked[1]}'")
        options = dict.fromkeys(("wrapper", "hookwrapper", "tryfirst", "trylast"), False)
        setattr(function, f"{project}_impl", {**options, "optionalhook": optional, "specname": hook})
        function.__sarto_variant__ = (kind, hook)  # type: ignore[attr-defined]  # functions take any attribute
        if kind in ("after", "around"):
            # pluggy holds the arguments of an implementation against the hook's, and looks through this attribute
            # as inspect.unwrap does: so it does not see the first one, the result or what it is to proceed with.
            function.__wrapped__ = _without_lead(function)  # type: ignore[attr-defined]  # as above
        return function

    return mark


def _hook_of(point: Any) -> tuple[str, str]:
    if isinstance(point, str):
        project, _, hook = point.rpartition(":")
        return hook, project or PROJECT
    if type(point) is MethodType and point_of(point):
        raise TypeError(
            f"'{point_of(point).name}' is the variation point of a class method: "  # type: ignore[union-attr]  # it is
            "name it as text; its variants are given the class first"
        )
    found = point_of(point)
    if found is None:
        name = getattr(point, "__qualname__", repr(point))
        raise TypeError(f"{name} is not a variation point; it lacks @variation_point")
    return found.name, found.project


def marked(plugin: object) -> Iterator[Callable[..., Any]]:
    """The variants in a plugin: functions of a module or class, or the methods of an object."""
    if isinstance(plugin, ModuleType | type):
        yield from (value for value in list(vars(plugin).values()) if hasattr(value, "__sarto_variant__"))
        return
    for name, value in {**vars(type(plugin)), **getattr(plugin, "__dict__", {})}.items():
        if type(value) is FunctionType and hasattr(value, "__sarto_variant__"):
            yield getattr(plugin, name)


def lead_of(kind: str) -> tuple[str, ...]:
    """What a variant of this kind is given before the arguments of the point."""
    return {"after": ("result",), "around": ("proceed",)}.get(kind, ())


def _template(*_: object) -> None:
    raise TypeError("this stands in for a variant where its arguments are read, and is not to be called")


def _without_lead(function: FunctionType) -> FunctionType:
    """A function with the parameters of this one but for the first, or the one behind ``self`` in a class."""
    code: CodeType = function.__code__
    names = code.co_varnames[: code.co_argcount]
    own = 1 if "." in function.__qualname__.rpartition("<locals>.")[2] and names[:1] in (("self",), ("cls",)) else 0
    kept = (*names[:own], *names[own + 1 :])
    stub = _template.__code__.replace(
        co_argcount=len(kept), co_posonlyargcount=0, co_kwonlyargcount=0, co_varnames=kept, co_nlocals=len(kept),
        co_flags=_template.__code__.co_flags & ~0x04, co_name=code.co_name,
        co_filename=code.co_filename, co_firstlineno=code.co_firstlineno,
    )  # fmt: skip
    found = FunctionType(stub, {}, function.__name__)
    found.__qualname__ = function.__qualname__
    defaults = function.__defaults__ or ()
    found.__defaults__ = defaults[-len(kept) :] if defaults and kept else None
    return found
