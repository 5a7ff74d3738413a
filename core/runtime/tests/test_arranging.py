"""Features come and go while the product runs: all or nothing, in the planned order, and nothing that runs notices."""

from __future__ import annotations

import asyncio
import gc
import importlib
import os
import random
import signal
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from sarto_runtime import PluginError, Points, after, around, before, turn, variation_point

from .plugins import announce, plugin


@pytest.fixture(autouse=True)
def _points_of_other_tests_are_gone() -> None:
    gc.collect()


def shop(names: str = "abc", told: list[str] | None = None, broken: str = "") -> Points:
    """Points with a feature for each letter that wraps ``name`` in it; they say when they start and stop."""
    seen = [] if told is None else told

    def feature(letter: str) -> Any:
        @around("name")
        def wrap(proceed: Callable[[], str]) -> str:
            return f"{letter}({proceed()})"

        def start() -> None:
            seen.append(f"start {letter}")
            if letter == broken:
                raise OSError("the port is taken")

        return plugin(letter, wrap, start=start, stop=lambda: seen.append(f"stop {letter}"))

    points = Points(order=sorted(names), tell=seen.append)
    points.arrange([])
    for letter in names:
        announce(points, feature(letter))
    return points


def test_features_appear_and_go_in_the_planned_order_whatever_the_order_of_the_switches() -> None:
    @variation_point
    def name() -> str:
        return "core"

    told: list[str] = []
    points = shop(told=told)
    assert name() == "core"
    for enabled, expected in (
        ("c", "c(core)"),
        ("ac", "a(c(core))"),
        ("abc", "a(b(c(core)))"),
        ("b", "b(core)"),
        ("", "core"),
    ):
        points.arrange(enabled)
        assert name() == points.manager.hook.name() == expected
        assert sorted(report.feature for report in points.plugins() if report.state == "on") == sorted(enabled)
    assert told == ["start c", "start a", "start b", "stop c", "stop a", "stop b"]
    points.close()


def test_a_feature_that_fails_to_start_is_rolled_back_with_all_that_came_with_it() -> None:
    @variation_point
    def name() -> str:
        return "core"

    told: list[str] = []
    points = shop("abcd", told, broken="c")
    points.arrange("d")
    told.clear()
    with pytest.raises(PluginError) as caught:
        points.arrange("abc")
    assert caught.value.what.startswith("feature 'c' (part shop-c) fails to start: OSError: the port is taken (")
    assert told == ["start a", "start b", "start c", "stop b", "stop a"]
    assert name() == "d(core)", "what would have gone has stayed"
    assert {points.manager.get_name(each) for each in points.manager.get_plugins()} == {"d"}
    points.arrange("ab")
    assert name() == "a(b(core))"
    points.close()


def test_what_runs_ends_as_it_began() -> None:
    @variation_point(name="name")
    def items(n: int) -> Iterator[str]:
        for number in range(n):
            yield f"core {number}"

    @variation_point
    async def later(gate: asyncio.Event) -> str:
        await gate.wait()
        return "core"

    @variation_point
    def slow(ready: threading.Event, gate: threading.Event) -> str:
        ready.set()
        gate.wait(10)
        return "core"

    @around(items)
    def louder(proceed: Callable[[int], Iterator[str]], n: int) -> Iterator[str]:
        for item in proceed(n):
            yield item.upper()

    @after(later)
    def later_on(result: str, gate: asyncio.Event) -> str:
        return f"{result} on"

    @after(slow)
    def slow_on(result: str, ready: threading.Event, gate: threading.Event) -> str:
        return f"{result} on"

    points = Points()
    announce(points, plugin("loud", louder, later_on, slow_on))

    async def both(enabled: list[str]) -> tuple[str, str]:
        gate = asyncio.Event()
        before_it = asyncio.ensure_future(later(gate))
        await asyncio.sleep(0)
        points.arrange(enabled)
        after_it = asyncio.ensure_future(later(gate))
        gate.set()
        return await before_it, await after_it

    for first, second, texts, words in (
        ([], ["loud"], ["core 0", "core 1", "CORE 0"], ("core", "core on")),
        (["loud"], [], ["CORE 0", "CORE 1", "core 0"], ("core on", "core")),
    ):
        points.arrange(first)
        running = items(2)
        started = next(running)
        ready, gate, results = threading.Event(), threading.Event(), list[str]()
        thread = threading.Thread(target=lambda r=ready, g=gate, found=results: found.append(slow(r, g)))
        thread.start()
        assert ready.wait(10)
        points.arrange(second)
        assert [started, next(running), next(items(1))] == texts
        gate.set()
        thread.join()
        assert results == [words[0]]
        points.arrange(first)
        assert asyncio.run(both(second)) == words
    points.close()


def test_calls_of_many_threads_see_one_state_or_the_other_while_features_are_switched() -> None:
    @variation_point
    def name(n: int) -> tuple[str, ...]:
        return ("core",)

    def feature(letter: str) -> Any:
        @before("name")
        def bring(n: int) -> dict[str, int]:
            return {"n": n + 1}

        @after("name")
        def mark(result: tuple[str, ...], n: int) -> tuple[str, ...]:
            return (letter, *result)

        return plugin(letter, bring, mark)

    points = Points(order="a b c d")
    for letter in "abcd":
        announce(points, feature(letter))
    states = {frozenset(letters) for letters in ("", "a", "ab", "abcd", "bd")}
    whole = {(*(letter for letter in "abcd" if letter in state), "core") for state in states}
    seen: set[tuple[str, ...]] = set()
    ended = threading.Event()

    def work() -> None:
        while not ended.is_set():
            seen.add(name(0))
            seen.add(points.manager.hook.name(n=0))

    def switch(seed: int) -> None:
        chance = random.Random(seed)
        for _ in range(60):
            points.arrange(chance.choice(sorted(states, key=sorted)))

    points.arrange([])
    workers = [threading.Thread(target=work) for _ in range(3)]
    switchers = [threading.Thread(target=switch, args=(seed,)) for seed in (1, 2)]
    for thread in (*workers, *switchers):
        thread.start()
    for thread in switchers:
        thread.join()
    ended.set()
    for thread in workers:
        thread.join()
    assert seen <= whole
    assert len(seen) > 1
    points.close()


def test_the_points_of_a_module_that_was_reloaded_have_their_variants_after_the_next_arrangement(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "reloaded_shop.py").write_text(
        "from sarto_runtime import variation_point\n@variation_point\ndef reloaded_total(): return 1\n",
        encoding="utf-8",
    )
    monkeypatch.syspath_prepend(tmp_path)
    module = importlib.import_module("reloaded_shop")
    points = Points()
    points.register(plugin("tax", after("reloaded_total")(lambda result: result * 10)), "tax")
    assert module.reloaded_total() == 10
    importlib.reload(module)
    points.arrange()
    assert module.reloaded_total() == 10
    points.close()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")
@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_a_process_that_is_forked_during_a_switch_can_switch_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turn, "PATIENCE", 0.01)
    begun, ended = threading.Event(), threading.Event()

    def wait() -> None:
        begun.set()
        ended.wait(10)

    points = Points()
    announce(points, plugin("slow", start=wait))
    announce(points, plugin("quick"))
    switching = threading.Thread(target=points.arrange, args=({"slow"},))
    switching.start()
    begun.wait(10)
    child = os.fork()
    if child == 0:
        signal.alarm(5)
        points.arrange({"quick"})
        os._exit(0 if any(each.name == "quick" and each.state == "on" for each in points.plugins()) else 1)
    assert os.waitpid(child, 0)[1] == 0
    ended.set()
    switching.join()
    points.close()
