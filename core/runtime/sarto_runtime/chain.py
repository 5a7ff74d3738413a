"""Puts the variants of a point around it, in their order: the chain that a call goes through."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import CodeType, FunctionType, MethodType
from typing import TYPE_CHECKING, Any, NamedTuple

from .guarding import Failed
from .layers import Outer, layer, layers
from .plugin import Plugin
from .point import Point, where
from .shape import is_coroutine_function, misfit_of, same_parameters
from .variants import lead_of

if TYPE_CHECKING:
    from pluggy import HookImpl

    from .tracing import Trace

__all__ = ["Variant", "compose", "misfit", "namer", "variant_of"]

Call = Callable[..., Any]

WRAPPING = ("before", "after", "around", "wrapper", "hookwrapper")
STANDING_IN = ("replace", "first")
IN_ONE = ("before", "after")


class Variant(NamedTuple):
    """What one function of a plugin does to a point; ``arguments`` as a call has them, where they are not all.

    Where its calls are counted, ``tick`` is called with each.
    """

    kind: str
    function: Call
    plugin: Plugin
    arguments: str | None = None
    failed: Failed | None = None
    tick: Call | None = None

    def words(self) -> str:
        """The variant by its kind, its plugin and its place."""
        place = where(self.function)
        return f"'{self.kind}' of {self.plugin}" + (f" in {place}" if place else "")

    @property
    def outer(self) -> Outer:
        """The variant as a layer puts it around."""
        return Outer(self.function, self.words, self.failed, self.tick)


def variant_of(point: Point, implementation: HookImpl, plugin: Plugin, failed: Failed | None) -> Variant:
    """The variant that an implementation is: one of our kinds where it is marked so, else one of pluggy's."""
    function: Call = implementation.function
    marked = getattr(function, "__sarto_variant__", None)
    if marked:
        return Variant(marked[0], function, plugin, None, failed)
    kind = "add" if point.collects else "first"
    if implementation.wrapper or implementation.hookwrapper:
        kind = "wrapper" if implementation.wrapper else "hookwrapper"
    names = point.shape.names
    named = [f"{name}={name}" for name in implementation.kwargnames if name in names]
    return Variant(kind, function, plugin, ", ".join([*implementation.argnames, *named]), failed)


def misfit(point: Point, variant: Variant) -> str:
    """Why a marked function cannot be a variant of the point, or an empty text."""
    kind, function = variant.kind, variant.function
    if variant.arguments is not None:
        return ""
    if kind == "add" and not point.collects:
        return f"adds to '{point.name}', which collects nothing"
    if point.flavour != "coroutine" and is_coroutine_function(function):
        return f"has a coroutine function '{kind}' the point '{point.name}', which is none"
    if what := misfit_of(function, point.shape, lead_of(kind)):
        place = where(function)
        return f"cannot be called {kind} '{point.name}': {what}" + (f" ({place})" if place else "")
    return ""


def compose(
    point: Point, variants: Sequence[Variant], trace: Trace | None = None, reach: Call | None = None
) -> Call:  # fmt: skip
    """The chain of the ``variants``, the one that is called first first; each call of it calls ``reach`` before all.

    What wraps is outside, the first called outermost. What stands in for the function is inside: of several the first
    counts, unless it is one of pluggy's and gives None. What is added comes behind what the function itself gives.
    """
    if trace is not None:
        variants = [trace.seen(point, variant) for variant in variants]
    call: Call = point.base if trace is None else trace.seen_base(point)
    for variant in reversed([each for each in variants if each.kind in STANDING_IN]):
        call = _around(point, variant, call)
    if point.collects:
        call = layer("collect", point, Outer(call), call)
        for variant in variants:
            if variant.kind == "add":
                call = _around(point, variant, call)
    for run in reversed(_runs([each for each in variants if each.kind in WRAPPING])):
        if run[0].kind in IN_ONE and run[0].failed is None:
            call = layers(run[0].kind, point, [each.outer for each in run], call)
        else:
            call = _around(point, run[0], call)
    if trace is not None:
        call = trace.seen_call(point, call)
    return call if reach is None else layer("tick", point, Outer(reach), call)


def _runs(variants: Sequence[Variant]) -> list[list[Variant]]:
    """The variants in runs that one layer can do: those next to each other that come before, or after."""
    runs: list[list[Variant]] = []
    for variant in variants:
        last = runs[-1][-1] if runs else None
        if last and variant.kind == last.kind and variant.kind in IN_ONE and variant.failed is last.failed is None:
            runs[-1].append(variant)
        else:
            runs.append([variant])
    return runs


def _around(point: Point, variant: Variant, inner: Call) -> Call:
    """The variant around what is inside: without a layer of its own where a call of one is a call of the other."""
    kind, function = variant.kind, variant.function
    is_plain = variant.failed is None and variant.arguments is None and variant.tick is None
    can_stand_alone = is_plain and kind in ("around", "replace")
    if can_stand_alone and (point.flavour != "coroutine" or is_coroutine_function(function)):
        lead = len(lead_of(kind))
        if same_parameters(function, point.base, lead):
            return MethodType(function, inner) if lead else function
    return layer(kind, point, variant.outer, inner, variant.arguments)


def namer(point: Point, variants: Sequence[Variant]) -> Callable[[BaseException], None]:
    """A function that notes on an exception which of the variants has raised it, where it was one of them."""
    owners: Mapping[CodeType, Variant] = {code: variant for variant in variants if (code := _code(variant.function))}
    base = point.base.__code__

    def name(error: BaseException) -> None:
        owner, trace = None, error.__traceback__
        while trace:
            code = trace.tb_frame.f_code
            owner = None if code is base else owners.get(code, owner)
            trace = trace.tb_next
        note = f"raised at '{point.name}' by {owner.words()}" if owner else ""
        if note and note not in getattr(error, "__notes__", ()):
            error.add_note(note)

    return name


def _code(function: Call) -> CodeType | None:
    plain = function.__func__ if isinstance(function, MethodType) else function
    return plain.__code__ if isinstance(plain, FunctionType) else None
