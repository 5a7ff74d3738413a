"""Variants do to a function what nested plain functions do that are written by hand: random ones, of every flavour."""

from __future__ import annotations

import asyncio
import functools
from collections.abc import AsyncIterator, Callable, Generator, Sequence
from contextlib import suppress
from types import FunctionType, ModuleType
from typing import Any, NamedTuple

import pluggy
from hypothesis import given, settings
from hypothesis import strategies as st

from sarto_runtime import Points, after, around, before, replace, variation_point
from sarto_runtime.point import PROJECT

hookimpl = pluggy.HookimplMarker(PROJECT)

Call = Callable[..., Any]
KINDS = [
    "before",
    "before that changes",
    "after",
    "around",
    "around twice",
    "around never",
    "replace",
    "first",
    "wrapper",
]
FLAVOURS = ["plain", "coroutine", "generator", "async generator"]


class Act(NamedTuple):
    """What one variant does: its kind, a number that tells it from others, and whether it raises, and when."""

    kind: str
    number: int
    raises: str  # "no", "early" or "late"


class Boom(Exception):
    """What a variant raises."""


acts = st.lists(
    st.builds(Act, st.sampled_from(KINDS), st.integers(1, 9), st.sampled_from(["no", "no", "no", "early", "late"])),
    max_size=6,
)


def made(act: Act) -> Call:
    """The variant as a plugin would write it for a plain function."""
    number = act.number

    def boom(when: str) -> None:
        if act.raises == when:
            raise Boom(f"{act.kind} {number} {when}")

    if act.kind == "before":

        def before_it(a: int, b: int = 2, *rest: int, c: int = 3, **more: int) -> None:
            boom("early")

        return before("it")(before_it)
    if act.kind == "before that changes":

        def change(a: int, b: int = 2, *rest: int, c: int = 3, **more: int) -> dict[str, Any]:
            boom("early")
            return {"b": b + number, "rest": (*rest, number), "more": {**more, f"x{number}": a}}

        return before("it")(change)
    if act.kind == "after":

        def after_it(result: Any, a: int, b: int = 2, *rest: int, c: int = 3, **more: int) -> Any:
            boom("late")
            return ("after", number, result, b)

        return after("it")(after_it)
    if act.kind in ("around", "around twice", "around never"):

        def around_it(proceed: Call, a: int, b: int = 2, *rest: int, c: int = 3, **more: int) -> Any:
            boom("early")
            result: Any = ("never", number)
            if act.kind != "around never":
                result = ("around", number, proceed(a + number, b, *rest, c=c, **more))
            if act.kind == "around twice":
                result = (*result, proceed(a))
            boom("late")
            return result

        return around("it")(around_it)
    if act.kind == "replace":

        def replace_it(a: int, b: int = 2, *rest: int, c: int = 3, **more: int) -> Any:
            boom("early")
            return ("replaced", number, a, b, rest, c, more)

        return replace("it")(replace_it)
    if act.kind == "first":

        def first_it(a: int, c: int) -> Any:
            boom("early")
            return ("first", number, a, c) if number % 2 else None

        return hookimpl(specname="it")(first_it)

    def wrap_it(b: int) -> Generator[None, Any, Any]:
        boom("early")
        result = yield
        boom("late")
        return ("wrapped", number, b, result)

    return hookimpl(specname="it", wrapper=True)(wrap_it)


def nested(act: Act, variant: Call, inner: Call) -> Call:
    """What the variant does to ``inner``, written out by hand."""

    def before_it(a: int, b: int = 2, *rest: int, c: int = 3, **more: int) -> Any:
        changed = variant(a, b, *rest, c=c, **more)
        if changed:
            b, rest, more = changed["b"], changed["rest"], changed["more"]
        return inner(a, b, *rest, c=c, **more)

    def after_it(a: int, b: int = 2, *rest: int, c: int = 3, **more: int) -> Any:
        return variant(inner(a, b, *rest, c=c, **more), a, b, *rest, c=c, **more)

    def around_it(a: int, b: int = 2, *rest: int, c: int = 3, **more: int) -> Any:
        return variant(inner, a, b, *rest, c=c, **more)

    def first_it(a: int, b: int = 2, *rest: int, c: int = 3, **more: int) -> Any:
        result = variant(a, c)
        return inner(a, b, *rest, c=c, **more) if result is None else result

    def wrap_it(a: int, b: int = 2, *rest: int, c: int = 3, **more: int) -> Any:
        wrapper = variant(b)
        next(wrapper)
        try:
            result = inner(a, b, *rest, c=c, **more)
        except Boom as error:
            try:
                wrapper.throw(error)
            except StopIteration as end:
                return end.value
        try:
            wrapper.send(result)
        except StopIteration as end:
            return end.value

    if act.kind == "replace":
        return variant
    by_kind = {"after": after_it, "first": first_it, "wrapper": wrap_it}
    return by_kind.get(act.kind, before_it if act.kind.startswith("before") else around_it)


def by_hand(acts: Sequence[Act], variants: Sequence[Call], core: Call) -> Call:
    """All of them around the core: what stands in for it inside, what wraps it outside, the first outermost."""
    pairs = list(zip(acts, variants, strict=True))
    call = core
    for act, variant in reversed([pair for pair in pairs if pair[0].kind in ("replace", "first")]):
        call = nested(act, variant, call)
    for act, variant in reversed([pair for pair in pairs if pair[0].kind not in ("replace", "first")]):
        call = nested(act, variant, call)
    return call


def outcome(call: Callable[[], Any]) -> Any:
    try:
        return call()
    except Boom as error:
        return f"raised {error}"


def plugins_of(variants: Sequence[Call]) -> list[ModuleType]:
    found = []
    for number, variant in enumerate(variants):
        module = ModuleType(f"p{number}")
        module.variant = variant  # type: ignore[attr-defined]  # modules take any attribute
        found.append(module)
    return found


def arranged(variants: Sequence[Call], order: Sequence[int]) -> Points:
    """The variants in place, the first called first, whatever the ``order`` of their registration."""
    points = Points(order=[f"p{number}" for number in range(len(variants))])
    plugins = plugins_of(variants)
    for place in order:
        points.register(plugins[place])
    return points


@settings(max_examples=150, deadline=None)
@given(acts=acts, data=st.data())
def test_variants_are_nested_functions(acts: list[Act], data: st.DataObject) -> None:
    def it(a: int, b: int = 2, *rest: int, c: int = 3, **more: int) -> Any:
        return ("core", a, b, rest, c, more)

    core = FunctionType(it.__code__, it.__globals__, "core", it.__defaults__)
    core.__kwdefaults__ = it.__kwdefaults__
    variation_point(it)
    variants = [made(act) for act in acts]
    points = arranged(variants, data.draw(st.permutations(range(len(acts)))))
    model = by_hand(acts, variants, core)
    try:
        for arguments, named in [((1,), {}), ((1, 5, 6), {"c": 7, "d": 8}), ((), {"a": 4, "b": 1}), ((4,), {"b": 9})]:
            expected = outcome(lambda a=arguments, n=named: model(*a, **n))  # type: ignore[misc]  # bound here and now
            assert outcome(lambda a=arguments, n=named: it(*a, **n)) == expected  # type: ignore[misc]  # as above
        assert outcome(lambda: points.manager.hook.it(a=1)) == outcome(lambda: model(1))
    finally:
        points.close()
    assert it(1) == core(1)


@settings(max_examples=80, deadline=None)
@given(acts=acts, asynchronous=st.lists(st.booleans(), min_size=6, max_size=6))
def test_variants_of_a_coroutine_function_are_nested_coroutine_functions(
    acts: list[Act], asynchronous: list[bool]
) -> None:
    def plain(a: int, b: int = 2, *rest: int, c: int = 3, **more: int) -> Any:
        return ("core", a, b, rest, c, more)

    @variation_point
    async def it(a: int, b: int = 2, *rest: int, c: int = 3, **more: int) -> Any:
        await asyncio.sleep(0)
        return plain(a, b, *rest, c=c, **more)

    variants = [made(act) for act in acts]
    model = by_hand(acts, variants, plain)
    ours = [
        as_coroutine(act, made(act)) if either or act.kind.startswith("around") else made(act)
        for act, either in zip(acts, asynchronous, strict=False)
    ]
    points = arranged(ours, range(len(acts)))
    try:
        assert asyncio.iscoroutinefunction(it)
        for arguments, named in [((1,), {}), ((1, 5, 6), {"c": 7, "d": 8})]:
            expected = outcome(lambda a=arguments, n=named: model(*a, **n))  # type: ignore[misc]  # bound here and now
            assert outcome(lambda a=arguments, n=named: asyncio.run(it(*a, **n))) == expected  # type: ignore[misc]  # as above
    finally:
        points.close()


def as_coroutine(act: Act, variant: Any) -> Any:
    """The same variant, written with ``async def``; pluggy's wrappers are generators in any case."""
    if act.kind == "wrapper":
        return variant
    if act.kind.startswith("around"):

        async def around_it(proceed: Any, a: int, b: int = 2, *rest: int, c: int = 3, **more: int) -> Any:
            if act.raises == "early":
                raise Boom(f"{act.kind} {act.number} early")
            result: Any = ("never", act.number)
            if act.kind != "around never":
                result = ("around", act.number, await proceed(a + act.number, b, *rest, c=c, **more))
            if act.kind == "around twice":
                result = (*result, await proceed(a))
            if act.raises == "late":
                raise Boom(f"{act.kind} {act.number} late")
            return result

        return around("it")(around_it)
    if act.kind == "first":

        async def first_it(a: int, c: int) -> Any:
            return variant(a, c)

        return hookimpl(specname="it")(first_it)
    if act.kind == "after":

        async def after_it(result: Any, a: int, b: int = 2, *rest: int, c: int = 3, **more: int) -> Any:
            await asyncio.sleep(0)
            return variant(result, a, b, *rest, c=c, **more)

        return after("it")(after_it)

    async def other(a: int, b: int = 2, *rest: int, c: int = 3, **more: int) -> Any:
        await asyncio.sleep(0)
        return variant(a, b, *rest, c=c, **more)

    return (replace if act.kind == "replace" else before)("it")(other)


steps = st.lists(st.sampled_from(["next", "send", "throw", "close"]), max_size=8)


@settings(max_examples=80, deadline=None)
@given(kinds=st.lists(st.sampled_from(["around", "after", "before", "replace"]), max_size=4), steps=steps)
def test_a_generator_with_variants_can_be_sent_to_thrown_at_and_closed(kinds: list[str], steps: list[str]) -> None:
    told: list[str] = []

    def core(n: int) -> Generator[Any, Any, Any]:
        yield from body("core", n, told)

    @variation_point(name="counting")
    def it(n: int) -> Generator[Any, Any, Any]:
        yield from body("core", n, told)

    marks: dict[str, Any] = {"around": around, "after": after, "before": before, "replace": replace}
    variants = [marks[kind]("counting")(generator_of(kind, place, told)) for place, kind in enumerate(kinds)]
    first = next((place for place, kind in enumerate(kinds) if kind == "replace"), None)
    call: Call = core if first is None else generator_of("replace", first, told)
    for place, kind in reversed(list(enumerate(kinds))):
        call = hand_nested_generator(kind, generator_of(kind, place, told), call)
    points = arranged(variants, range(len(variants)))
    try:
        expected = drive(call(3), steps), told[:]
        told.clear()
        assert (drive(it(3), steps), told) == expected
    finally:
        points.close()


def body(name: str, n: int, told: list[str]) -> Generator[Any, Any, Any]:
    """Yields some items, says what it is sent, survives one exception, and says when it ends."""
    try:
        for number in range(n):
            try:
                sent = yield (name, number)
            except Boom:
                sent = yield (name, "caught")
            if sent is not None:
                told.append(f"{name} was sent {sent}")
        return (name, "returned")
    finally:
        told.append(f"{name} ended")


def generator_of(kind: str, place: int, told: list[str]) -> Any:
    name = f"{kind}{place}"
    if kind == "around":

        def around_it(proceed: Any, n: int) -> Generator[Any, Any, Any]:
            yield (name, "first")
            result = yield from proceed(n - 1)
            yield from body(name, 1, told)
            return result

        return around_it
    if kind == "after":

        def after_it(result: Generator[Any, Any, Any], n: int) -> Generator[Any, Any, Any]:
            return (yield from result)

        return after_it
    if kind == "before":

        def before_it(n: int) -> dict[str, int]:
            told.append(name)
            return {"n": n + 1}

        return before_it

    def replace_it(n: int) -> Generator[Any, Any, Any]:
        return (yield from body(name, n, told))

    return replace_it


def hand_nested_generator(kind: str, variant: Any, inner: Call) -> Call:
    def nested_it(n: int) -> Generator[Any, Any, Any]:
        if kind == "before":
            return (yield from inner(variant(n)["n"]))
        if kind == "after":
            return (yield from variant(inner(n), n))
        return (yield from variant(inner, n))

    return inner if kind == "replace" else nested_it


def drive(generator: Any, steps: Sequence[str]) -> list[Any]:
    """What a generator gives, step by step, and how it ends."""
    seen = []
    for number, step in enumerate(["next", *steps]):
        try:
            match step:
                case "next":
                    seen.append(next(generator))
                case "send":
                    seen.append(generator.send(number))
                case "throw":
                    seen.append(generator.throw(Boom(step)))
                case _:
                    seen.append(generator.close())
        except StopIteration as end:
            seen.append(("end", end.value))
        except Boom as error:
            seen.append(f"raised {error}")
    generator.close()
    return seen


@settings(max_examples=60, deadline=None)
@given(count=st.integers(0, 3), steps=steps)
def test_an_asynchronous_generator_with_variants_can_be_sent_to_thrown_at_and_closed(
    count: int, steps: list[str]
) -> None:
    told: list[str] = []

    async def items(n: int) -> AsyncIterator[Any]:
        try:
            for number in range(n):
                try:
                    sent = yield number
                except Boom:
                    sent = yield "caught"
                told.append(f"sent {sent}")
        finally:
            told.append("ended")

    core: Call = FunctionType(items.__code__, items.__globals__, "core", None, items.__closure__)
    variation_point(items)

    async def more(proceed: Any, n: int) -> AsyncIterator[Any]:
        yield "first"
        async for item in proceed(n):
            yield ("more", item)

    def pass_on(proceed: Any, n: int) -> AsyncIterator[Any]:
        found: AsyncIterator[Any] = proceed(n + 1)
        return found

    variants = [around("items")(again(each)) for each in [pass_on, more, pass_on][:count]]
    call: Call = core
    for each in reversed([pass_on, more, pass_on][:count]):
        call = functools.partial(each, call)
    points = arranged(variants, range(count))
    try:
        expected = asyncio.run(drive_later(call(3), steps)), told[:]
        told.clear()
        assert (asyncio.run(drive_later(items(3), steps)), told) == expected
    finally:
        points.close()


def again(function: Any) -> Any:
    """A second function like this one, to be marked by itself."""
    return FunctionType(function.__code__, function.__globals__, function.__name__, None, function.__closure__)


async def drive_later(generator: Any, steps: Sequence[str]) -> list[Any]:
    seen: list[Any] = []
    for number, step in enumerate(["next", *steps]):
        try:
            match step:
                case "next":
                    seen.append(await anext(generator))
                case "send":
                    seen.append(await generator.asend(number))
                case "throw":
                    seen.append(await generator.athrow(Boom(step)))
                case _:
                    seen.append(await generator.aclose())
        except StopAsyncIteration:
            seen.append("end")
        except Boom as error:
            seen.append(f"raised {error}")
    with suppress(RuntimeError):
        await generator.aclose()
    return seen
