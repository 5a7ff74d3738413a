"""A trace says which feature gave, changed or vetoed a result, and costs nothing before and after."""

from __future__ import annotations

import asyncio
import gc
import threading
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from sarto_runtime import add, after, around, before, replace, variation_point

from .plugins import plugin, taken_in


@pytest.fixture(autouse=True)
def _points_of_other_tests_are_gone() -> None:
    gc.collect()


def test_each_effect_of_each_feature_is_told_in_the_order_in_which_it_came_about() -> None:
    @variation_point
    def price(n: int) -> int:
        return n

    @before(price)
    def more(n: int) -> dict[str, int] | None:
        return {"n": n * 10} if n < 5 else None

    @after(price)
    def rounded(result: int, n: int) -> int:
        return result // 10 * 10

    @around(price)
    def capped(proceed: Callable[[int], int], n: int) -> int:
        if n == 13:
            return 0
        return min(proceed(n), 100)

    plugins = [plugin("more", more), plugin("round", rounded), plugin("cap", capped)]
    with taken_in(*plugins, order="cap more round") as points:
        untraced = price.__code__
        with points.trace() as trace:
            assert (price(3), price(13), price(205), points.manager.hook.price(n=9)) == (30, 0, 100, 0)
        assert price.__code__.co_code == untraced.co_code
        price(3)
    assert str(trace) == "\n".join(
        [
            "price#1: feature 'more' (before) changed the arguments",
            "price#1: the core gave the result",
            "price#1: feature 'round' (after) left all as it was",
            "price#1: feature 'cap' (around) left all as it was",
            "price#2: feature 'cap' (around) vetoed",
            "price#3: feature 'more' (before) left all as it was",
            "price#3: the core gave the result",
            "price#3: feature 'round' (after) changed the result",
            "price#3: feature 'cap' (around) changed the result",
            "price#4: feature 'more' (before) left all as it was",
            "price#4: the core gave the result",
            "price#4: feature 'round' (after) changed the result",
            "price#4: feature 'cap' (around) left all as it was",
        ]
    )
    assert {(event.feature, event.part) for event in trace.events if event.feature} == {
        ("more", "shop-more"), ("round", "shop-round"), ("cap", "shop-cap")
    }  # fmt: skip


def test_what_replaces_adds_or_fails_is_told_too_and_a_point_without_variants_gives_what_the_core_gives() -> None:
    @variation_point
    def tax(n: int) -> int:
        return n

    @variation_point(collect=True)
    def commands() -> list[str]:
        return []

    @variation_point
    def untouched() -> None: ...

    @replace(tax)
    def none(n: int) -> int:
        return 100 // n

    @add(commands)
    def export() -> str | None:
        return "export"

    @add(commands)
    def nothing() -> str | None:
        return None

    with taken_in(plugin("free", none, export, nothing)) as points, points.trace() as trace:
        tax(1)
        commands()
        untouched()
        with pytest.raises(ZeroDivisionError):
            tax(0)
    assert [str(event) for event in trace.events] == [
        "tax#1: feature 'free' (replace) gave the result",
        "commands#2: the core gave the result",
        "commands#2: feature 'free' (add) added to the result",
        "commands#2: feature 'free' (add) added nothing",
        "untouched#3: the core gave the result",
        "tax#4: feature 'free' (replace) failed: ZeroDivisionError",
    ]


def test_the_effects_on_coroutines_are_told_when_they_are_done_each_with_its_own_call() -> None:
    @variation_point
    async def fetch(n: int) -> int:
        await asyncio.sleep(0)
        return n

    @around(fetch)
    async def doubled(proceed: Callable[[int], Awaitable[int]], n: int) -> int:
        await asyncio.sleep(0)
        return await proceed(n) * 2

    async def both() -> tuple[int, int]:
        first, second = await asyncio.gather(fetch(1), fetch(2))
        return first, second

    with taken_in(plugin("double", doubled)) as points, points.trace() as trace:
        assert asyncio.run(both()) == (2, 4)
    assert sorted(map(str, trace.events)) == [
        "fetch#1: feature 'double' (around) changed the result",
        "fetch#1: the core gave the result",
        "fetch#2: feature 'double' (around) changed the result",
        "fetch#2: the core gave the result",
    ]


def test_calls_of_other_threads_are_told_with_their_thread() -> None:
    @variation_point
    def price(n: int) -> int:
        return n

    def change(result: int, n: int) -> Any:
        return result + 1

    with taken_in(plugin("more", after(price)(change))) as points, points.trace() as trace:
        thread = threading.Thread(target=price, args=(1,), name="worker")
        thread.start()
        thread.join()
    assert {event.thread for event in trace.events} == {"worker"}
    assert [event.call for event in trace.events] == [1, 1]
