"""Variation points: functions that features can add to and modify, which stay what they are for all who call them."""

from __future__ import annotations

import itertools
import os
import sys
import weakref
from collections.abc import Awaitable, Callable
from types import CodeType, FunctionType
from typing import TYPE_CHECKING, Any, Literal, Protocol, TypeVar, overload

from .errors import ProductError
from .shape import Flavour, Shape, flavour_of, shape_of

__all__ = ["PROJECT", "Point", "point_of", "points_named", "points_of", "variation_point", "watch"]

PROJECT = "sarto_product"
"""The name under which pluggy knows variation points and their variants, where no other is said."""

F = TypeVar("F", bound=Callable[..., Any])
C = TypeVar("C", bound=Callable[..., "list[Any] | Awaitable[list[Any]]"])


class Point:
    """A function that is a variation point, as pluggy's hook of the same name knows it.

    ``base`` is the function as it was written, whatever becomes of the point: what is called behind all variants.
    A ``def`` that runs more than once, in a module that is reloaded or within a function, makes a point each time.
    """

    __slots__ = (
        "__weakref__",
        "_function",
        "base",
        "collects",
        "flavour",
        "name",
        "origin",
        "place",
        "project",
        "shape",
    )

    def __init__(self, function: FunctionType, name: str, project: str, *, collects: bool) -> None:
        code = function.__code__
        self.name = name
        self.project = project
        self.collects = collects
        self.base = copy_of(function, code)
        self.shape: Shape = shape_of(code)
        self.flavour: Flavour = flavour_of(code)
        self.origin = (f"{function.__module__}.{function.__qualname__}", f"{code.co_filename}:{function.__qualname__}")
        self.place = f"{function.__module__}.{function.__qualname__} ({code.co_filename}:{code.co_firstlineno})"
        self._function = weakref.ref(function)

    def __repr__(self) -> str:
        return f"<variation point {self.name}: {self.place}>"

    @property
    def function(self) -> FunctionType | None:
        """The function that everybody calls; None where it is gone."""
        return self._function()

    def is_one_with(self, other: Originated) -> bool:
        """Whether both are the same function: of one name in one module, or in one file, on whatever line."""
        return any(one == another for one, another in zip(self.origin, other.origin, strict=True))

    def exchange(self, code: CodeType | None) -> None:
        """Have all calls from now on run ``code``, that of the function itself for None.

        It is one assignment. What has begun to run, a suspended generator or coroutine too, ends as it began.
        """
        function = self._function()
        if function is not None:
            function.__code__ = code or self.base.__code__


def copy_of(function: FunctionType, code: CodeType) -> FunctionType:
    """A function like this one that runs ``code``, which has the same free variables."""
    copy = FunctionType(code, function.__globals__, function.__name__, function.__defaults__, function.__closure__)
    copy.__kwdefaults__ = function.__kwdefaults__
    copy.__qualname__, copy.__module__ = function.__qualname__, function.__module__
    return copy


class Originated(Protocol):
    """What says where a function comes from."""

    @property
    def origin(self) -> tuple[str, str]:
        """Its name in its module, and in its file."""
        ...


class Watcher(Protocol):
    """Who wants to know of the points that come."""

    def arrived(self, point: Point) -> None:
        """There is one more."""
        ...


# A decorator runs while its module is imported, before there is any product that could keep this.
_known: dict[tuple[str, str], weakref.WeakValueDictionary[int, Point]] = {}
_watchers: dict[str, weakref.WeakValueDictionary[int, Watcher]] = {}
_number = itertools.count()


def point_of(function: object) -> Point | None:
    """The variation point that a function is, or None."""
    found = getattr(function, "__sarto_point__", None)
    return found if isinstance(found, Point) else None


def points_of(project: str) -> list[Point]:
    """Every variation point of the project that there is now, by its name; of one name in the order of their making."""
    return [point for key in sorted(_known) if key[0] == project for point in points_named(*key)]


def points_named(project: str, name: str) -> list[Point]:
    """The variation points of this name that there are now, in the order of their making."""
    found = _known.get((project, name))
    references = found.valuerefs() if found is not None else ()  # a copy: other threads may make points meanwhile
    return [point for each in references if (point := each()) is not None and point.function is not None]


def watch(project: str, watcher: Watcher) -> Callable[[], object]:
    """Tell ``watcher``, as long as there is one, of each point of the project that comes; gives what ends that."""
    number = next(_number)
    _watchers.setdefault(project, weakref.WeakValueDictionary())[number] = watcher
    return lambda: _watchers[project].pop(number, None)


if TYPE_CHECKING:

    @overload
    def variation_point(function: F, /) -> F: ...
    @overload
    def variation_point(*, name: str = ..., collect: Literal[False] = ..., project: str = ...) -> Callable[[F], F]: ...
    @overload
    def variation_point(*, name: str = ..., collect: Literal[True], project: str = ...) -> Callable[[C], C]: ...


def variation_point(function: Any = None, /, *, name: str = "", collect: bool = False, project: str = PROJECT) -> Any:
    """Make a function a variation point: features can modify it, and, where it collects, add to its result.

    It stays the function that it is, for type checkers and for all who call it, with a product and without one; without
    variants a call costs what it cost before. The hook is called ``name``, else as the function is. A point that
    collects gives a list: what the function itself returns, and behind that what each feature adds to it. In a class
    the decorator stands directly over the ``def``, below ``@classmethod``, ``@staticmethod`` and ``@property``.

    Raises :class:`ProductError` for a name that another point has already, and TypeError for what is no function.
    """

    def mark(function: Any) -> Any:
        if type(function) is not FunctionType:
            kind = type(function).__name__
            raise TypeError(f"a variation point is a function that is written in Python, and this is a {kind}")
        point = Point(function, name or function.__name__, project, collects=collect)
        if not point.name.isidentifier():
            raise TypeError(f"'{point.name}' cannot be the name of a variation point; give it one with name=")
        if collect and point.flavour not in ("plain", "coroutine"):
            raise TypeError(f"the variation point '{point.name}' collects a list, so it cannot be a {point.flavour}")
        _remember(point)
        function.__sarto_point__ = point  # type: ignore[attr-defined]  # functions take any attribute
        options = {"firstresult": not collect, "historic": False, "warn_on_impl": None, "warn_on_impl_args": None}
        setattr(function, f"{project}_spec", options)
        _announce(point)
        return function

    return mark if function is None else mark(function)


def _remember(point: Point) -> None:
    """A ``def`` that runs once more makes its point once more."""
    found = _known.setdefault((point.project, point.name), weakref.WeakValueDictionary())
    for other in points_named(point.project, point.name):
        if not point.is_one_with(other):
            raise ProductError(
                f"there are two variation points '{point.name}': {other.place} and {point.place}",
                hint="give one of them another name, with name=",
            )
    found[next(_number)] = point


def _announce(point: Point) -> None:
    for reference in _watchers[point.project].valuerefs() if point.project in _watchers else ():
        if watcher := reference():
            watcher.arrived(point)


def where(function: Callable[..., object]) -> str:
    """Where a function is written, as short as can be: the file below the folder on the path, and the line."""
    code = getattr(function, "__code__", None) or getattr(getattr(function, "__func__", None), "__code__", None)
    if not isinstance(code, CodeType):
        return ""
    file = code.co_filename
    for folder in sys.path:
        if folder and file.startswith(os.path.join(folder, "")):
            file = file[len(os.path.join(folder, "")) :]
            break
    return f"{file}:{code.co_firstlineno}"
