"""How a function is called: its parameters, as they are written down, handed on, and held against those of another."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from types import CodeType, FunctionType, MethodType
from typing import Any, NamedTuple

__all__ = ["Flavour", "Shape", "flavour_of", "is_coroutine_function", "misfit_of", "same_parameters", "shape_of"]

VARIABLE, KEYWORDS, GENERATOR, COROUTINE, ASYNC_GENERATOR = 0x04, 0x08, 0x20, 0x80, 0x200
"""The flags of code that matter here; ``inspect`` has names for them, and costs every start its import."""
PLAIN_VALUES = (bool, int, float, str, bytes, type(None))

Flavour = str
"""``plain``, ``coroutine``, ``generator`` or ``async generator``: what a call of a function gives."""


class Shape(NamedTuple):
    """The parameters of a function, by their kinds, without their defaults.

    ``variable`` and ``keywords`` name those with one star and two, empty where there is none.
    """

    only_positional: tuple[str, ...]
    positional: tuple[str, ...]
    variable: str
    only_keyword: tuple[str, ...]
    keywords: str

    @property
    def names(self) -> tuple[str, ...]:
        """All parameters, in the order of the declaration."""
        stars = [*filter(None, [self.variable])], [*filter(None, [self.keywords])]
        return (*self.only_positional, *self.positional, *stars[0], *self.only_keyword, *stars[1])

    @property
    def declared(self) -> str:
        """The parameters as they stand in a ``def``."""
        slash = ["/"] if self.only_positional else []
        star = [f"*{self.variable}"] if self.variable else ["*"] if self.only_keyword else []
        keywords = [f"**{self.keywords}"] if self.keywords else []
        return ", ".join([*self.only_positional, *slash, *self.positional, *star, *self.only_keyword, *keywords])

    @property
    def handed_on(self) -> str:
        """The arguments of a call that hands all parameters on."""
        variable = [f"*{self.variable}"] if self.variable else []
        keywords = [f"**{self.keywords}"] if self.keywords else []
        named = [f"{name}={name}" for name in self.only_keyword]
        return ", ".join([*self.only_positional, *self.positional, *variable, *named, *keywords])


def shape_of(code: CodeType) -> Shape:
    """The shape of the function with this code."""
    names, count = code.co_varnames, code.co_argcount
    rest = list(names[count + code.co_kwonlyargcount :])
    return Shape(
        only_positional=names[: code.co_posonlyargcount],
        positional=names[code.co_posonlyargcount : count],
        variable=rest.pop(0) if code.co_flags & VARIABLE else "",
        only_keyword=names[count : count + code.co_kwonlyargcount],
        keywords=rest.pop(0) if code.co_flags & KEYWORDS else "",
    )


def flavour_of(code: CodeType) -> Flavour:
    """What a call of the function with this code gives."""
    flags = code.co_flags
    if flags & COROUTINE:
        return "coroutine"
    if flags & ASYNC_GENERATOR:
        return "async generator"
    return "generator" if flags & GENERATOR else "plain"


def is_coroutine_function(function: Callable[..., object]) -> bool:
    """Whether the function is written with ``async def`` and gives one result."""
    code = getattr(function, "__code__", None)
    return isinstance(code, CodeType) and bool(code.co_flags & COROUTINE)


def same_parameters(function: Callable[..., object], other: FunctionType, lead: int) -> bool:
    """Whether ``function``, but for its first ``lead`` parameters, has those of ``other``: names, kinds and defaults.

    Then a call of one can stand for a call of the other, whatever arguments are left out or named.
    """
    if type(function) is not FunctionType or len(function.__defaults__ or ()) > function.__code__.co_argcount - lead:
        return False
    own, wanted = shape_of(function.__code__), shape_of(other.__code__)
    if lead:
        given = (*own.only_positional, *own.positional)[lead:]
        only = max(len(own.only_positional) - lead, 0)
        own = own._replace(only_positional=given[:only], positional=given[only:])
    return (
        own == wanted
        and _same_values(function.__defaults__ or (), other.__defaults__ or ())
        and _same_named(function.__kwdefaults__ or {}, other.__kwdefaults__ or {})
    )


def _same_named(values: Mapping[str, object], others: Mapping[str, object]) -> bool:
    return values.keys() == others.keys() and _same_values([*values.values()], [others[name] for name in values])


def _same_values(values: Sequence[object], others: Sequence[object]) -> bool:
    return len(values) == len(others) and all(map(_same_value, values, others))


def _same_value(value: object, other: object) -> bool:
    return value is other or (type(value) is type(other) and type(value) in PLAIN_VALUES and value == other)


def misfit_of(function: Callable[..., Any], shape: Shape, lead: Sequence[str]) -> str:
    """Why ``function`` cannot be called with the parameters of ``shape`` behind those in ``lead``, or an empty text."""
    if isinstance(function, MethodType):
        lead, function = ("self", *lead), function.__func__
    if not isinstance(function, FunctionType):
        return ""
    own = shape_of(function.__code__)
    takes = (*own.only_positional, *own.positional)
    given = (*lead, *shape.only_positional, *shape.positional)
    optional = len(function.__defaults__ or ())
    named = shape.only_keyword
    for name in takes[len(given) : len(takes) - optional]:
        if name not in named:
            return f"it takes '{name}', which is not given"
    for name in own.only_keyword:
        if name not in named and name not in (function.__kwdefaults__ or {}):
            return f"it takes '{name}', which is not given by name"
    if len(given) > len(takes) and not own.variable:
        return f"it does not take '{given[len(takes)]}'"
    for name in shape.only_keyword:
        if name not in own.only_keyword and name not in takes[len(given) :] and not own.keywords:
            return f"it does not take '{name}' by name"
    if shape.variable and not own.variable:
        return f"it does not take '*{shape.variable}'"
    if shape.keywords and not own.keywords:
        return f"it does not take '**{shape.keywords}'"
    return ""


@lru_cache(1000)
def texts_of(shape: Shape) -> tuple[str, str, str]:
    """A shape's declaration, the arguments that hand it on, and its names with a comma behind each."""
    return shape.declared, shape.handed_on, "".join(f"{name}, " for name in shape.names)
