"""The layers of a variation point, one around the other: functions with exactly its parameters, so that nothing is packed.

A layer is written as text from the point's shape, compiled once for all layers of that kind and shape, and then bound
to its variant and to what it is put around.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from types import FunctionType
from typing import Any

from .guarding import AsyncProceeding, Failed, Proceeding
from .point import Point
from .pluggy_wrappers import begun, sent, sent_old, thrown, thrown_old
from .shape import Shape, texts_of

__all__ = ["layer"]

FAILURES = (Exception, SystemExit)
"""What counts as a failure of a plugin: what ends a program or a task from outside goes its way."""

Call = Callable[..., Any]
Lines = list[str]


def layer(
    kind: str, point: Point, variant: Call, inner: Call, arguments: str | None = None, failed: Failed | None = None, words: str = ""
) -> Call:
    """What a call does where ``variant`` is put around ``inner``.

    ``kind`` is that of a mark, or one of pluggy's own: ``wrapper``, ``hookwrapper``, ``first`` (a result that is None
    gives way to what is behind it) and ``each`` (one call whose result is added). ``arguments`` is what the variant is
    called with, where that is not all. With ``failed``, an exception of the variant is told to that, and the call goes
    on without the variant.
    """
    make = _factory(kind, point.shape, point.flavour == "coroutine", arguments, failed is not None)
    rebind = _rebinder(point.shape, words) if kind == "before" else None
    made: FunctionType = make(variant, inner, rebind, failed)
    made.__name__ = made.__qualname__ = point.name
    made.__defaults__, made.__kwdefaults__ = point.base.__defaults__, point.base.__kwdefaults__
    return made


@lru_cache(4000)
def _factory(kind: str, shape: Shape, is_async: bool, arguments: str | None, is_guarded: bool) -> Call:
    text = _Text(shape, is_async, arguments)
    body = (text.guarded if is_guarded else text.plain)(kind)
    head = f"{'async ' if is_async else ''}def layer({text.declared}):"
    source = "\n".join(
        [
            "def make(variant_, inner_, rebind_, failed_):",
            f"  {head}",
            *(f"    {line}" for line in body),
            "  return layer",
        ]
    )
    names: dict[str, Any] = {
        "failures_": FAILURES, "begun_": begun, "sent_": sent, "sent_old_": sent_old, "thrown_": thrown,
        "thrown_old_": thrown_old, "proceeding_": AsyncProceeding if is_async else Proceeding,
    }  # fmt: skip
    exec(compile(source, f"<a layer of kind '{kind}' around {shape.declared or 'no parameters'}>", "exec"), names)
    made: Call = names["make"]
    return made


class _Text:
    """The texts of layers. Names that end in an underscore are the layers' own."""

    def __init__(self, shape: Shape, is_async: bool, arguments: str | None) -> None:
        self.declared, self.handed_on, self.names = texts_of(shape)
        self.arguments = self.handed_on if arguments is None else arguments
        self.is_async = is_async
        self.go_on = f"{'await ' if is_async else ''}inner_({self.handed_on})"

    def plain(self, kind: str) -> Lines:
        """The body of a layer whose variant may raise what it wants."""
        called = self._got("result_", f"variant_({self.arguments})")
        match kind:
            case "before":
                return [*self._changed(), f"return {self.go_on}"]
            case "after":
                after = self._got("result_", f"variant_(result_, {self.handed_on})")
                return [f"result_ = {self.go_on}", *after, "return result_"]
            case "around":
                return [*self._got("result_", f"variant_(inner_, {self.handed_on})"), "return result_"]
            case "replace" | "each":
                return [*called, "return result_"]
            case "first":
                return [*called, "if result_ is not None:", "  return result_", f"return {self.go_on}"]
            case "add":
                return [
                    f"found_ = {self.go_on}",
                    *called,
                    "if result_ is not None:",
                    "  found_.append(result_)",
                    "return found_",
                ]
            case "collect":
                return [f"return [*({self.go_on})]"]
            case _:
                return self._wrapper("_old" if kind == "hookwrapper" else "")

    def guarded(self, kind: str) -> Lines:
        """The body of a layer that goes on without its variant where that raises."""
        called = self._got("result_", f"variant_({self.arguments})")
        match kind:
            case "before":
                return [*_shielded(self._changed()), f"return {self.go_on}"]
            case "after":
                after = [*self._got("changed_", f"variant_(result_, {self.handed_on})"), "return changed_"]
                return [f"result_ = {self.go_on}", *_shielded(after), "return result_"]
            case "around":
                return self._guarded_around()
            case "replace":
                return [*_shielded([*called, "return result_"]), f"return {self.go_on}"]
            case "first":
                tried = [*called, "if result_ is not None:", "  return result_"]
                return [*_shielded(tried), f"return {self.go_on}"]
            case "add":
                tried = [*called, "if result_ is not None:", "  found_.append(result_)"]
                return [f"found_ = {self.go_on}", *_shielded(tried), "return found_"]
            case _:
                return self._guarded_wrapper("_old" if kind == "hookwrapper" else "")

    def _got(self, name: str, call: str) -> Lines:
        """The result of a variant; one that has to be waited for is waited for where the point is a coroutine."""
        waited = [f"if hasattr({name}, '__await__'):", f"  {name} = await {name}"] if self.is_async else []
        return [f"{name} = {call}", *waited]

    def _changed(self) -> Lines:
        rebound = f"rebind_(changed_, ({self.names}))"
        return [
            *self._got("changed_", f"variant_({self.handed_on})"),
            "if changed_ is not None:",
            f"  {self.names.rstrip()} = {rebound}" if self.names else f"  {rebound}",
        ]

    def _guarded_around(self) -> Lines:
        around = [*self._got("result_", f"variant_(run_, {self.handed_on})"), "return result_"]
        return [
            "run_ = proceeding_(inner_)",
            "try:",
            *_indented(around),
            "except failures_ as error_:",
            "  if error_ is run_.error:",
            "    raise",
            "  failed_(error_)",
            "if run_.error is not None:",
            "  raise run_.error",
            "if run_.is_done:",
            "  return run_.result",
            f"return {self.go_on}",
        ]

    def _wrapper(self, old: str) -> Lines:
        return [
            f"wrapper_ = begun_(variant_({self.arguments}))",
            "try:",
            f"  result_ = {self.go_on}",
            "except BaseException as error_:",
            f"  return thrown{old}_(wrapper_, error_)",
            f"return sent{old}_(wrapper_, result_)",
        ]

    def _guarded_wrapper(self, old: str) -> Lines:
        return [
            "wrapper_ = None",
            *_shielded([f"wrapper_ = begun_(variant_({self.arguments}))"]),
            "try:",
            f"  result_ = {self.go_on}",
            "except BaseException as error_:",
            "  if wrapper_ is None:",
            "    raise",
            "  try:",
            f"    return thrown{old}_(wrapper_, error_)",
            "  except failures_ as other_:",
            "    if other_ is not error_:",
            "      failed_(other_)",
            "  raise",
            "if wrapper_ is None:",
            "  return result_",
            *_shielded([f"return sent{old}_(wrapper_, result_)"]),
            "return result_",
        ]


def _shielded(lines: Iterable[str]) -> Lines:
    return ["try:", *_indented(lines), "except failures_ as error_:", "  failed_(error_)"]


def _indented(lines: Iterable[str]) -> Lines:
    return [f"  {line}" for line in lines]


def _rebinder(shape: Shape, words: str) -> Callable[[Any, Sequence[Any]], list[Any]]:
    """A function that puts the arguments that a variant has changed among all of them."""
    places = {name: place for place, name in enumerate(shape.names)}

    def rebind(changed: Any, values: Sequence[Any]) -> list[Any]:
        if not isinstance(changed, Mapping):
            kind = type(changed).__name__
            raise TypeError(f"{words} gives a {kind}, where None or a mapping of the changed arguments is due")
        found = list(values)
        for name, value in changed.items():
            if name not in places:
                raise TypeError(f"{words} changes the argument '{name}', and there is none of this name")
            found[places[name]] = value
        return found

    return rebind
