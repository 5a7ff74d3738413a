"""The layers around a variation point: functions with exactly its parameters, so that no call packs them.

A layer is written as text from the point's shape, compiled once for all layers of that kind and shape, and then bound
to its variant and to what it is put around.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from types import FunctionType
from typing import Any, NamedTuple

from .guarding import AsyncProceeding, Failed, Proceeding
from .pluggy_wrappers import begun, sent, sent_old, thrown, thrown_old
from .point import Point
from .shape import Shape, texts_of

__all__ = ["Outer", "layer", "layers"]

FAILURES = (Exception, SystemExit)
"""What counts as a failure of a plugin: what ends a program or a task from outside goes its way."""

Call = Callable[..., Any]
Lines = list[str]


class Outer(NamedTuple):
    """What a layer puts around: a function of a plugin, who that is in words, and what is told of its failures.

    Where there is a ``tick``, that is called before each call of the function.
    """

    function: Call
    words: Callable[[], str] = str
    failed: Failed | None = None
    tick: Call | None = None


def layer(kind: str, point: Point, outer: Outer, inner: Call, arguments: str | None = None) -> Call:
    """What a call does where ``outer`` is put around ``inner``.

    ``kind`` is that of a mark, or one of pluggy's own: ``wrapper``, ``hookwrapper``, and ``first``, whose result gives
    way to what is behind where it is None; ``collect`` makes a list of what is inside; ``tick`` calls the function
    without arguments, and goes on. ``arguments`` is what the
    function is called with, where that is not all. One whose failures are told to somebody is passed over where it
    raises.
    """
    is_guarded = outer.failed is not None
    is_counted = outer.tick is not None
    make = _factory(kind, point.shape, point.flavour == "coroutine", arguments, is_guarded, is_counted)
    rebind = _rebinder(point.shape, outer.words) if kind == "before" else None
    return _finished(point, make(outer.function, inner, rebind, outer.failed, outer.tick))


def layers(kind: str, point: Point, outers: Sequence[Outer], inner: Call) -> Call:
    """One layer for several that come ``before`` or ``after``, the outermost first; none of them may be passed over."""
    is_counted = any(outer.tick is not None for outer in outers)
    make = _factory_of_several(kind, point.shape, point.flavour == "coroutine", len(outers), is_counted)
    rebinds = [_rebinder(point.shape, outer.words) for outer in outers] if kind == "before" else None
    ticks = [outer.tick or _nothing for outer in outers]
    return _finished(point, make([outer.function for outer in outers], inner, rebinds, ticks))


def _nothing() -> None:
    """Counts nothing: for a variant among others that are counted."""


def _finished(point: Point, made: FunctionType) -> Call:
    made.__name__ = made.__qualname__ = point.name
    made.__defaults__, made.__kwdefaults__ = point.base.__defaults__, point.base.__kwdefaults__
    return made


@lru_cache(4000)
def _factory(
    kind: str, shape: Shape, is_async: bool, arguments: str | None, is_guarded: bool, is_counted: bool
) -> Call:  # fmt: skip
    text = _Text(shape, is_async, arguments, is_counted)
    body = (text.guarded if is_guarded else text.plain)(kind)
    return _compiled(text, kind, "variant_, inner_, rebind_, failed_, tick_", [], body)


@lru_cache(1000)
def _factory_of_several(kind: str, shape: Shape, is_async: bool, count: int, is_counted: bool) -> Call:
    text = _Text(shape, is_async, None, is_counted)
    names = [f"variant{number}_" for number in range(count)]
    before = [f"{', '.join(names)}, = variants_"]
    if is_counted:
        before.append(f"{', '.join(map(_tick_of, names))}, = ticks_")
    if kind == "after":
        after = [line for name in reversed(names) for line in text.after("result_", name)]
        return _compiled(
            text, kind, "variants_, inner_, _, ticks_", before, [f"result_ = {text.go_on}", *after, "return result_"]
        )
    rebinds = [f"rebind{number}_" for number in range(count)]
    before.append(f"{', '.join(rebinds)}, = rebinds_")
    changed = [line for each in zip(names, rebinds, strict=True) for line in text.changed(*each)]
    return _compiled(text, kind, "variants_, inner_, rebinds_, ticks_", before, [*changed, f"return {text.go_on}"])


def _compiled(text: _Text, kind: str, given: str, before: Lines, body: Lines) -> Call:
    head = f"{'async ' if text.is_async else ''}def layer({text.declared}):"
    made = [*before, head, *_indented(body), "return layer"]
    names: dict[str, Any] = {
        "failures_": FAILURES, "begun_": begun, "sent_": sent, "sent_old_": sent_old, "thrown_": thrown,
        "thrown_old_": thrown_old, "proceeding_": AsyncProceeding if text.is_async else Proceeding,
    }  # fmt: skip
    source = "\n".join([f"def make({given}):", *_indented(made)])
    exec(compile(source, f"<a layer of kind '{kind}' around ({text.declared})>", "exec"), names)
    make: Call = names["make"]
    return make


class _Text:
    """The texts of layers. Names that end in an underscore are the layers' own."""

    def __init__(self, shape: Shape, is_async: bool, arguments: str | None, is_counted: bool) -> None:
        self.declared, self.handed_on, self.names = texts_of(shape)
        self.arguments = self.handed_on if arguments is None else arguments
        self.is_async = is_async
        self.is_counted = is_counted
        self.go_on = f"{'await ' if is_async else ''}inner_({self.handed_on})"

    def plain(self, kind: str) -> Lines:
        """The body of a layer whose variant may raise what it wants."""
        called = self._got("result_", f"variant_({self.arguments})")
        match kind:
            case "around":
                return [*self._got("result_", f"variant_(inner_, {self.handed_on})"), "return result_"]
            case "replace":
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
            case "tick":
                return ["variant_()", f"return {self.go_on}"]
            case _:
                return self._wrapper("_old" if kind == "hookwrapper" else "")

    def guarded(self, kind: str) -> Lines:
        """The body of a layer that goes on without its variant where that raises."""
        called = self._got("result_", f"variant_({self.arguments})")
        match kind:
            case "before":
                return [*_shielded(self.changed("variant_", "rebind_")), f"return {self.go_on}"]
            case "after":
                after = [*self.after("changed_", "variant_"), "return changed_"]
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
        return [*self._ticked(call.partition("(")[0]), f"{name} = {call}", *waited]

    def _ticked(self, variant: str) -> Lines:
        """What goes before each call of a variant."""
        return [f"{_tick_of(variant)}()"] if self.is_counted else []

    def changed(self, variant: str, rebind: str) -> Lines:
        """The arguments as a variant before the call has them."""
        rebound = f"{rebind}(changed_, ({self.names}))"
        return [
            *self._got("changed_", f"{variant}({self.handed_on})"),
            "if changed_ is not None:",
            f"  {self.names.rstrip()} = {rebound}" if self.names else f"  {rebound}",
        ]

    def after(self, name: str, variant: str) -> Lines:
        """The result as a variant after the call has it."""
        return self._got(name, f"{variant}(result_, {self.handed_on})")

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
            *self._ticked("variant_"),
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
            *self._ticked("variant_"),
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


def _tick_of(variant: str) -> str:
    return variant.replace("variant", "tick")


def _shielded(lines: Iterable[str]) -> Lines:
    return ["try:", *_indented(lines), "except failures_ as error_:", "  failed_(error_)"]


def _indented(lines: Iterable[str]) -> Lines:
    return [f"  {line}" for line in lines]


def _rebinder(shape: Shape, words: Callable[[], str]) -> Callable[[Any, Sequence[Any]], list[Any]]:
    """A function that puts the arguments that a variant has changed among all of them."""
    places = {name: place for place, name in enumerate(shape.names)}

    def rebind(changed: Any, values: Sequence[Any]) -> list[Any]:
        if not isinstance(changed, Mapping):
            kind = type(changed).__name__
            raise TypeError(f"{words()} gives a {kind}, where None or a mapping of the changed arguments is due")
        found = list(values)
        for name, value in changed.items():
            if name not in places:
                raise TypeError(f"{words()} changes the argument '{name}', and there is none of this name")
            found[places[name]] = value
        return found

    return rebind
