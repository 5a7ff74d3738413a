"""A plugin that fails is named with its feature and part, and the rest goes on where its feature's policy says so."""

from __future__ import annotations

import asyncio
import gc
import os
import signal
import sys
import threading
import warnings
from collections.abc import Callable, Generator
from pathlib import Path
from typing import Any

import pluggy
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sarto_runtime import (
    Plugin,
    PluginError,
    Points,
    Policy,
    ProductError,
    add,
    after,
    around,
    before,
    replace,
    variation_point,
)  # fmt: skip
from sarto_runtime.importing import import_plugin
from sarto_runtime.point import PROJECT

from .plugins import module_file, plugin, taken_in

hookimpl = pluggy.HookimplMarker(PROJECT)
DISABLE = Policy("disable")
HEAD = "from sarto_runtime import after, before\nimport pluggy\n"


@pytest.fixture(autouse=True)
def _points_of_other_tests_are_gone() -> None:
    gc.collect()


FAULTS = {
    "raises": ("1 / 0", "cannot be imported: ZeroDivisionError: division by zero (…/bad.py:3)"),
    "misses": (
        "import no_such_module",
        "cannot be imported: ModuleNotFoundError: No module named 'no_such_module' (…/bad.py:3)",
    ),
    "is no Python": ("def", "cannot be imported: SyntaxError: invalid syntax (bad.py, line 3)…"),
    "exits": ("raise SystemExit(3)", "ends the program while it is imported: SystemExit: 3 (…/bad.py:3)"),
    "exits as programs do": (
        "import sys; sys.exit('bye')",
        "ends the program while it is imported: SystemExit: bye (…/bad.py:3)",
    ),
    "ends the process": (
        "import os\nos._exit(4)",
        "ends the program while it is imported: EndOfProcess: os._exit(4) (…/bad.py:4)",
    ),
    "changes pluggy": (
        "pluggy.PluginManager.register = None",
        "changes pluggy itself while it is imported (PluginManager.register); that was undone",
    ),
    "adds to pluggy": (
        "pluggy.HookCaller.more = 1\npluggy._callers._multicall = print",
        "changes pluggy itself while it is imported (HookCaller.more, pluggy._callers._multicall); that was undone",
    ),
}  # fmt: skip


def is_like(said: str, pattern: str) -> bool:
    begin, _, end = pattern.partition("…")
    return said.startswith(begin) and said.endswith(end.rstrip("…")) if "…" in pattern else said == pattern


@pytest.mark.parametrize("fault", FAULTS)
def test_a_plugin_that_fails_at_import_is_named_and_stops_the_start_or_not_as_its_policy_says(
    tmp_path: Path, fault: str
) -> None:
    text, message = FAULTS[fault]
    original = pluggy.PluginManager.register
    bad = Plugin("bad", "bad", "maps", "shop-maps", "1.2")
    with module_file(tmp_path, "bad", HEAD + text), module_file(tmp_path, "good", HEAD):
        points = Points()
        points.announce([bad])
        with pytest.raises(PluginError) as caught:
            points.arrange(is_start=True)
        assert is_like(caught.value.what, f"feature 'maps' (part shop-maps 1.2) {message}")
        assert caught.value.plugin == bad
        points.close()
        sys.modules.pop("bad", None)

        told: list[str] = []
        points = Points(policies={"maps": DISABLE}, tell=told.append)
        points.announce([bad, Plugin("good", "good")])
        points.arrange(is_start=True)
        (said,) = told
        assert is_like(said.removesuffix("; it is left out"), f"feature 'maps' (part shop-maps 1.2) {message}")
        assert [(report.name, report.state) for report in points.plugins()] == [("bad", "failed"), ("good", "on")]
        assert is_like(points.plugins()[0].problem, message)
        points.close()
    assert pluggy.PluginManager.register is original


@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="nothing can call back from an import here")
def test_a_plugin_that_does_not_come_back_from_its_import_is_left_after_its_time(tmp_path: Path) -> None:
    former, (left, _) = signal.getsignal(signal.SIGALRM), signal.getitimer(signal.ITIMER_REAL)
    for text in ("while True: pass", "import time; time.sleep(60)"):
        with module_file(tmp_path, "endless", f"try:\n  {text}\nexcept Exception: pass"):
            with pytest.raises(PluginError) as caught:
                import_plugin(Plugin("endless", "endless", "maps", "shop-maps"), patience=0.1)
            assert (
                caught.value.what == "feature 'maps' (part shop-maps) does not come to the end of its import in 0.1 s"
            )
        sys.modules.pop("endless", None)
    assert signal.getsignal(signal.SIGALRM) is former
    assert (signal.getitimer(signal.ITIMER_REAL)[0] > 0) is (left > 0), "a timer that was set before is set again"


def test_an_import_in_another_thread_has_its_time_too(tmp_path: Path) -> None:
    said: list[str] = []

    def load() -> None:
        try:
            import_plugin(Plugin("endless_too", "endless_too", "maps"), patience=0.1)
        except PluginError as error:
            said.append(error.what)

    with module_file(tmp_path, "endless_too", "while True: pass"):
        thread = threading.Thread(target=load)
        thread.start()
        thread.join(30)
    assert said == ["feature 'maps' does not come to the end of its import in 0.1 s"]
    sys.modules.pop("endless_too", None)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork here")
def test_a_process_that_a_plugin_forks_at_its_import_still_ends_by_exit(tmp_path: Path) -> None:
    text = "import os\npid = os.fork()\nif not pid: os._exit(7)\nstatus = os.waitpid(pid, 0)[1]\n"
    original = os._exit
    with module_file(tmp_path, "forks", text), warnings.catch_warnings(action="ignore"):
        assert os.waitstatus_to_exitcode(import_plugin(Plugin("forks", "forks:status"))) == 7
    assert os._exit is original


def test_a_user_who_interrupts_an_import_interrupts_the_program(tmp_path: Path) -> None:
    with module_file(tmp_path, "interrupted", "raise KeyboardInterrupt"), pytest.raises(KeyboardInterrupt):
        import_plugin(Plugin("interrupted", "interrupted"))


def test_an_object_that_is_not_in_its_module_is_named(tmp_path: Path) -> None:
    with module_file(tmp_path, "empty", ""), pytest.raises(PluginError) as caught:
        import_plugin(Plugin("p", "empty:plugin.inner"))
    assert caught.value.what.startswith(
        "plugin 'p' cannot be imported: AttributeError: module 'empty' has no attribute"
    )


def test_a_plugin_that_registers_twice_is_named() -> None:
    told: list[str] = []
    module = plugin("maps")
    with taken_in(module) as points:
        with pytest.raises(PluginError) as caught:
            points.register(module, feature="maps", part="shop-maps")
        assert caught.value.what == "feature 'maps' (part shop-maps) registers twice: there is a plugin 'maps' already"
        with pytest.raises(PluginError) as caught:
            points.register(module, "other", feature="more")
        assert caught.value.what == "feature 'more' registers twice: 'maps' is the same object"
        assert [report.name for report in points.plugins()] == ["maps"]
    points = Points(policies={"more": DISABLE}, tell=told.append)
    points.announce([Plugin("maps", "m", "maps"), Plugin("maps", "n", "more", "shop-more", "2")])
    assert told == [
        "feature 'more' (part shop-more 2) registers twice: there is a plugin 'maps' already; it is left out"
    ]
    with pytest.raises(PluginError):
        points.announce([Plugin("maps", "n", "third")])
    points.close()


def cost_and(policy: Policy, *variants: Any, told: list[str]) -> Points:
    points = Points(policies={"bad": policy}, tell=told.append)
    points.register(plugin("bad", *variants), feature="bad", part="shop-bad")
    return points


def failing(kind: str, when: str, *, is_async: bool = False) -> Any:
    """A variant of each kind that fails, before or after it has done what it does."""
    if kind == "wrapper":

        @hookimpl(specname="cost", wrapper=True)
        def wrap(n: int) -> Generator[None, Any, Any]:
            if when == "early":
                raise ValueError("bad")
            yield
            raise ValueError("bad")

        return wrap

    def around_it(proceed: Callable[[int], list[int]], n: int) -> list[int]:
        if when == "late":
            proceed(n)
        raise ValueError("bad")

    async def around_later(proceed: Callable[[int], Any], n: int) -> list[int]:
        if when == "late":
            await proceed(n)
        raise ValueError("bad")

    def replace_it(n: int) -> Any:
        raise ValueError("bad")

    def after_it(result: Any, n: int) -> Any:
        raise SystemExit(2)

    if kind == "first":
        return hookimpl(specname="cost")(replace_it)
    marks = {"around": around, "after": after, "before": before, "replace": replace, "add": add}
    functions: dict[str, Any] = {"around": around_later if is_async else around_it, "after": after_it}
    return marks[kind]("cost")(functions.get(kind, replace_it))


KINDS = ["before", "after", "around", "replace", "add", "wrapper", "first"]


@pytest.mark.parametrize("is_async", [False, True])
@pytest.mark.parametrize("when", ["early", "late"])
@pytest.mark.parametrize("kind", KINDS)
def test_where_a_feature_may_be_disabled_its_failing_call_goes_on_without_it_and_so_do_all_others(
    kind: str, when: str, is_async: bool
) -> None:
    calls: list[int] = []

    if is_async:

        @variation_point(name="cost", collect=True)
        async def cost_later(n: int) -> list[int]:
            calls.append(n)
            return [n]

        def cost(n: int) -> list[int]:
            return asyncio.run(cost_later(n))

    else:

        @variation_point(collect=True)
        def cost(n: int) -> list[int]:
            calls.append(n)
            return [n]

    @after("cost")
    def kept(result: list[int], n: int) -> list[int]:
        return [*result, 100]

    told: list[str] = []
    points = cost_and(DISABLE, failing(kind, when, is_async=is_async), told=told)
    points.register(plugin("good", kept))
    try:
        assert cost(1) == [1, 100]
        assert calls == [1], "the core is not called twice"
        (said,) = told
        assert said.startswith("feature 'bad' (part shop-bad) fails in a call: ")
        assert said.endswith("; it is off until the next start")
        report = points.plugins()[0]
        assert (report.name, report.state, report.failures) in [("bad", "failed", 1)]
        assert cost(2) == [2, 100]
        assert len(told) == 1
        assert [variant.plugin.name for variant in points.variants("cost")] == ["good"]
    finally:
        points.close()


def test_a_feature_in_quarantine_fails_a_few_times_first() -> None:
    @variation_point
    def cost(n: int) -> int:
        return n

    @after(cost)
    def picky(result: int, n: int) -> int:
        return result * 10 // n

    told: list[str] = []
    points = cost_and(Policy("quarantine", 3), picky, told=told)
    assert [cost(0), cost(2), cost(0), cost(2), cost(0), cost(2)] == [0, 10, 0, 10, 0, 2]
    assert [said.rpartition("; ")[2] for said in told[2:]] == ["it is off until the next start"]
    assert [said.partition(" (part")[0] for said in told] == ["feature 'bad'"] * 3
    assert points.plugins()[0].failures == 3
    points.close()


def test_what_the_core_raises_goes_through_a_feature_that_may_be_disabled_and_is_no_failure_of_it() -> None:
    @variation_point
    def cost(n: int) -> int:
        return 10 // n

    @around(cost)
    def pass_on(proceed: Callable[[int], int], n: int) -> int:
        return proceed(n)

    @hookimpl(specname="cost", wrapper=True)
    def wrap(n: int) -> Generator[None, Any, Any]:
        return (yield)

    told: list[str] = []
    points = cost_and(DISABLE, pass_on, wrap, told=told)
    with pytest.raises(ZeroDivisionError):
        cost(0)
    assert (cost(5), told) == (2, [])
    points.close()


def test_an_around_that_fails_after_the_core_has_raised_gives_way_to_what_the_core_raised() -> None:
    @variation_point
    def cost(n: int) -> int:
        raise LookupError("the core's own")

    @around(cost)
    def clumsy(proceed: Callable[[int], int], n: int) -> int:
        try:
            return proceed(n)
        except LookupError as error:
            raise ValueError("the plugin's") from error

    told: list[str] = []
    points = cost_and(DISABLE, clumsy, told=told)
    with pytest.raises(LookupError, match="the core's own"):
        cost(0)
    assert len(told) == 1
    points.close()


def test_with_the_policy_to_fail_the_caller_is_told() -> None:
    @variation_point
    def cost(n: int) -> int:
        return n

    @after(cost)
    def leaves(result: int, n: int) -> int:
        raise SystemExit(4)

    with taken_in(plugin("leaves", leaves)), pytest.raises(SystemExit):
        cost(1)


def test_a_plugin_that_fails_to_stop_is_named_and_gone() -> None:
    @variation_point
    def cost(n: int) -> int:
        return n

    @after(cost)
    def more(result: int, n: int) -> int:
        return result + 1

    def stop() -> None:
        raise OSError("the port is still open")

    told: list[str] = []
    points = Points(tell=told.append)
    points.register(plugin("net", more, stop=stop), feature="net", part="shop-net")
    assert cost(1) == 2
    points.arrange([])
    (said,) = told
    assert said.startswith("feature 'net' (part shop-net) fails to stop: OSError: the port is still open (")
    assert (cost(1), points.manager.get_plugins()) == (1, set())
    points.close()


def test_of_many_threads_that_meet_a_failing_feature_all_go_on() -> None:
    @variation_point
    def cost(n: int) -> int:
        return n

    @after(cost)
    def breaks(result: int, n: int) -> int:
        raise ValueError(n)

    told: list[str] = []
    points = cost_and(Policy("quarantine", 50), breaks, told=told)
    results: list[int] = []

    def work() -> None:
        results.extend(cost(n) - n for n in range(200))

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == [0] * 800
    assert points.plugins()[0].state == "failed"
    assert sum(said.endswith("off until the next start") for said in told) == 1
    points.close()


Plan = list[tuple[str, bool]]


@settings(max_examples=100, deadline=None)
@given(plan=st.lists(st.tuples(st.sampled_from(KINDS[:4]), st.booleans()), max_size=6), policy=st.sampled_from([2, 10]))
def test_a_call_with_failing_features_is_the_call_without_them(plan: Plan, policy: int) -> None:
    """Random variants, each of a feature of its own; those that fail might as well not be there."""

    def core(n: int) -> Any:
        return ("core", n)

    @variation_point(name="cost")
    def cost(n: int) -> Any:
        return ("core", n)

    def good(kind: str, number: int) -> Any:
        def around_it(proceed: Callable[[int], Any], n: int) -> Any:
            return ("around", number, proceed(n + 1))

        def after_it(result: Any, n: int) -> Any:
            return ("after", number, result)

        def before_it(n: int) -> Any:
            return {"n": n * 2}

        def replace_it(n: int) -> Any:
            return ("replaced", number, n)

        return {
            "around": around("cost")(around_it), "after": after("cost")(after_it), "before": before("cost")(before_it),
            "replace": replace("cost")(replace_it),
        }[kind]  # fmt: skip

    def outcome(plan: Plan, numbers: list[int]) -> Any:
        order = [f"f{number}" for number in numbers]
        points = Points(
            order=order, policies={name: Policy("quarantine", policy) for name in order}, tell=lambda _: None
        )
        for name, number, (kind, fails) in zip(order, numbers, plan, strict=True):
            variant = failing(kind, "late") if fails else good(kind, number)
            points.register(plugin(name, variant), feature=name)
        try:
            return [cost(n) for n in range(4)]
        finally:
            points.close()

    sound = [(number, each) for number, each in enumerate(plan) if not each[1]]
    expected = outcome([each for _, each in sound], [number for number, _ in sound])
    assert outcome(plan, list(range(len(plan)))) == expected
    assert cost(1) == core(1)


def test_a_switch_during_a_switch_is_refused_in_one_sentence() -> None:
    points = Points()

    def start() -> None:
        points.arrange([])

    with pytest.raises(ProductError, match="a switch during a switch: a plugin that starts or stops cannot switch"):
        points.register(plugin("eager", start=start), feature="eager")
    points.close()
