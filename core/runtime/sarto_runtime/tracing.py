"""Which plugin gave, changed or vetoed the result of a call, recorded while that is asked for."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from .chain import Variant
    from .point import Point

__all__ = ["Event", "Trace"]

Call = Callable[..., Any]


class Event(NamedTuple):
    """What one plugin did in one call of a point.

    ``call`` counts the calls; ``effect`` is a word or two: ``changed the arguments``, ``changed the result``,
    ``gave the result``, ``vetoed`` (did not proceed), ``added``, ``failed: …``, or ``left all as it was``.
    """

    call: int
    point: str
    feature: str
    plugin: str
    part: str
    kind: str
    effect: str
    thread: str

    def __str__(self) -> str:
        whose = (
            f"feature '{self.feature}'" if self.feature else f"plugin '{self.plugin}'" if self.plugin else "the core"
        )
        kind = f" ({self.kind})" if self.kind else ""
        return f"{self.point}#{self.call}: {whose}{kind} {self.effect}"


class Trace:
    """What was recorded, in the order in which it ended; as a text it has a line for each event."""

    def __init__(self) -> None:
        self.events: list[Event] = []
        self._numbers = itertools.count(1)
        self._call: ContextVar[int] = ContextVar("call", default=0)

    def __str__(self) -> str:
        return "\n".join(map(str, self.events))

    def seen_call(self, point: Point, call: Call) -> Call:
        """The whole chain, each call of it with a number of its own."""
        number = self._call

        if point.flavour == "coroutine":

            async def numbered_later(*arguments: Any, **named: Any) -> Any:
                token = number.set(next(self._numbers))
                try:
                    return await call(*arguments, **named)
                finally:
                    number.reset(token)

            return numbered_later

        def numbered(*arguments: Any, **named: Any) -> Any:
            token = number.set(next(self._numbers))
            try:
                return call(*arguments, **named)
            finally:
                number.reset(token)

        return numbered

    def seen_base(self, point: Point) -> Call:
        """The function itself, whose result is the core's."""

        def base(*arguments: Any, **named: Any) -> Any:
            return self._told(point, None, lambda _: "gave the result", point.base, arguments, named)

        return base

    def seen(self, point: Point, variant: Variant) -> Variant:
        """The variant, what it does recorded."""
        kind, function = variant.kind, variant.function
        effect = _EFFECTS.get(kind)

        def plain(*arguments: Any, **named: Any) -> Any:
            told = effect or _of_replace
            return self._told(point, variant, lambda result: told(result, arguments), function, arguments, named)

        def around(proceed: Call, *arguments: Any, **named: Any) -> Any:
            steps: list[tuple[Any, Any, Any]] = []
            going = _noting(proceed, steps)

            def told(result: Any) -> str:
                if not steps:
                    return "vetoed"
                inner, passed, passed_by_name = steps[-1]
                changed = [] if passed == arguments and passed_by_name == named else ["changed the arguments"]
                if not _is_same(result, inner):
                    changed.append("changed the result")
                return " and ".join(changed) or "left all as it was"

            return self._told(point, variant, told, function, (going, *arguments), named)

        if kind in ("wrapper", "hookwrapper"):
            return variant  # pluggy's generators are told by what they make of the result, which others see
        return variant._replace(function=around if kind == "around" else plain)

    def _told(
        self,
        point: Point,
        variant: Variant | None,
        effect: Callable[[Any], str],
        call: Call,
        arguments: Any,
        named: Any,
    ) -> Any:
        number = self._call.get()
        try:
            result = call(*arguments, **named)
        except BaseException as error:
            self._note(number, point, variant, f"failed: {type(error).__name__}")
            raise
        if point.flavour == "coroutine" and hasattr(result, "__await__"):
            return self._told_later(number, point, variant, effect, result)
        self._note(number, point, variant, effect(result))
        return result

    async def _told_later(
        self, number: int, point: Point, variant: Variant | None, effect: Callable[[Any], str], waiting: Any
    ) -> Any:
        try:
            result = await waiting
        except BaseException as error:
            self._note(number, point, variant, f"failed: {type(error).__name__}")
            raise
        self._note(number, point, variant, effect(result))
        return result

    def _note(self, number: int, point: Point, variant: Variant | None, effect: str) -> None:
        thread = threading.current_thread().name
        if variant is None:
            self.events.append(Event(number, point.name, "", "", "", "", effect, thread))
            return
        plugin = variant.plugin
        self.events.append(
            Event(number, point.name, plugin.feature, plugin.name, plugin.part, variant.kind, effect, thread)
        )


def _noting(proceed: Call, steps: list[tuple[Any, Any, Any]]) -> Call:
    """What is proceeded with, each call of it noted with its result."""

    def going(*arguments: Any, **named: Any) -> Any:
        result = proceed(*arguments, **named)
        if hasattr(result, "__await__"):
            return later(result, arguments, named)
        steps.append((result, arguments, named))
        return result

    async def later(waiting: Any, arguments: Any, named: Any) -> Any:
        result = await waiting
        steps.append((result, arguments, named))
        return result

    return going


def _is_same(one: Any, other: Any) -> bool:
    try:
        return one is other or bool(one == other)
    except Exception:  # an array is neither, and the values are anybody's
        return False


def _of_replace(_result: Any, _given: Any) -> str:
    return "gave the result"


def _of_before(changed: Any, _given: Any) -> str:
    return "changed the arguments" if changed else "left all as it was"


def _of_after(result: Any, given: Any) -> str:
    return "left all as it was" if _is_same(result, given[0]) else "changed the result"


def _of_first(result: Any, _given: Any) -> str:
    return "left all as it was" if result is None else "gave the result"


def _of_add(result: Any, _given: Any) -> str:
    return "added nothing" if result is None else "added to the result"


_EFFECTS = {"before": _of_before, "after": _of_after, "first": _of_first, "add": _of_add}
