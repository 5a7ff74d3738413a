"""Variation points as pluggy's hooks, and a host's hooks as variation points."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from types import FunctionType
from typing import TYPE_CHECKING, Any, NamedTuple

import pluggy

from .errors import ProductError
from .point import Point
from .shape import Shape

if TYPE_CHECKING:
    from pluggy import HookspecOpts

__all__ = ["arguments_of", "point_for_hook", "specify"]


KNOWS_DEFAULTS = hasattr(pluggy.HookCaller, "_apply_defaults")
"""Whether this pluggy (1.7) lets implementations take an argument that has a default in the spec.

Where it does not, the spec has none: a call of the hook that leaves such an argument out is warned about, and works.
"""


class Known(NamedTuple):
    """What is remembered of the point that a hook spec was made for, without keeping it."""

    origin: tuple[str, str]
    shape: Shape
    collects: bool


def specify(manager: pluggy.PluginManager, point: Point) -> None:
    """Make the point a hook spec of the manager: the hook has the point's parameters, but for those with stars.

    Raises :class:`ProductError` where the manager has another hook of this name.
    """
    caller = getattr(manager.hook, point.name, None)
    if caller is not None and caller.has_spec():
        known = getattr(caller.spec.function, "__sarto_point__", None)
        if known is not None and point.is_one_with(known):
            _respecify(caller, known, point)
            return
        raise ProductError(
            f"the hook '{point.name}' is there already, and {point.place} cannot be a variation point of that name",
            hint="give the point another name, with name=",
        )
    options = _options(point)
    namespace = _namespace(point)
    setattr(getattr(namespace, point.name), f"{manager.project_name}_spec", options)
    manager.add_hookspecs(namespace)


def _respecify(caller: pluggy.HookCaller, known: Known, point: Point) -> None:
    """A function that is there once more, changed perhaps, when its module was reloaded: the hook is as it is now."""
    if (known.shape, known.collects) != (point.shape, point.collects):
        caller.spec = None
        caller.set_specification(_namespace(point), _options(point))


def _options(point: Point) -> HookspecOpts:
    return {"firstresult": not point.collects, "historic": False, "warn_on_impl": None, "warn_on_impl_args": None}


def _namespace(point: Point) -> type:
    return type(point.name, (), {point.name: staticmethod(_spec_function(point))})


def _spec_function(point: Point) -> FunctionType:
    """A function with the point's parameters, all of them by name, those without a default first."""
    shape, base = point.shape, point.base
    positional = (*shape.only_positional, *shape.positional)
    optional = dict(zip(reversed(positional), reversed(base.__defaults__ or ()), strict=False))
    optional |= base.__kwdefaults__ or {}
    names = [*positional, *shape.only_keyword]
    required = [name for name in names if name not in optional]
    ordered = (*required, *(name for name in names if name in optional))
    spec = _named(point.name, ordered)
    if KNOWS_DEFAULTS:
        spec.__defaults__ = tuple(optional[name] for name in ordered if name in optional) or None
    spec.__doc__ = base.__doc__
    spec.__sarto_point__ = Known(point.origin, point.shape, point.collects)  # type: ignore[attr-defined]  # functions take any attribute
    return spec


def _named(name: str, parameters: Sequence[str], result: str = "None") -> FunctionType:
    function = _factory(name, tuple(parameters), result)()
    assert isinstance(function, FunctionType)
    return function


@lru_cache(4000)
def _factory(name: str, parameters: tuple[str, ...], result: str) -> Callable[[], object]:
    names: dict[str, Any] = {}
    text = f"def make():\n  def {name}({', '.join(parameters)}): return {result}\n  return {name}"
    exec(compile(text, f"<hook {name}>", "exec"), names)
    made: Callable[[], object] = names["make"]
    return made


def point_for_hook(caller: pluggy.HookCaller) -> Point | None:
    """A point that stands for a host's own hook, behind which there is no function; None for a hook without a spec."""
    spec = caller.spec
    if spec is None:
        return None
    collects = not spec.opts.get("firstresult", False)
    names = (*spec.argnames, *spec.kwargnames)
    function = _named(caller.name, names, "[]" if collects else "None")
    if spec.kwargnames:
        function.__defaults__ = getattr(spec.function, "__defaults__", None)
    return Point(function, caller.name, "", collects=collects)


def arguments_of(shape: Shape, given: Mapping[str, Any]) -> tuple[list[Any], dict[str, Any]]:
    """A hook's arguments, which come by name, as a function of this shape takes them; what it does not take is left."""
    known = shape.names
    named = {name: value for name, value in given.items() if name in known}
    arguments = []
    for name in shape.only_positional:
        if name not in named:
            break
        arguments.append(named.pop(name))
    return arguments, named
