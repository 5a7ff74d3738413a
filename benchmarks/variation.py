"""What variation points cost: calls beside plain Python and pluggy, plugins at a start, a switch, a product's start.

Run it as ``python benchmarks/variation.py [ROUNDS]`` with the Python that Sarto is installed in. In each round
everything is measured once, one after the other, so that what else the machine does falls on all of them alike; calls
are measured by the best of a few repetitions. The results go into ``benchmarks/results/variation.json``: medians, and
the ratios to the peers that they are to be held against.

*Nested by hand* is what a programmer writes without any framework: for each variant a function that does what the
variant does and calls the next one in its closure. The product's peer is the same host with the same parts in a
virtual environment, where it finds its plugins by their metadata.
"""

from __future__ import annotations

import asyncio
import json
import os
import platform
import statistics
import sys
import tempfile
import time
import timeit
from collections.abc import Callable, Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pluggy
from sarto_runtime import Points, variation_point
from variants import Times, plugin
from variation_plugins import loading, switching, write_plugins
from variation_products import make_products, starting

ROUNDS = 15
CALLS = 20_000
REPEAT = 5
RESULTS = Path(__file__).parent / "results" / "variation.json"

Call = Callable[..., Any]


def cost(n: int, rate: int) -> int:
    """The small function."""
    return n * rate


@variation_point(name="cost")
def point(n: int, rate: int) -> int:
    """The same, as a variation point."""
    return n * rate


async def cost_later(n: int, rate: int) -> int:
    """The small coroutine function."""
    return n * rate


@variation_point(name="cost_later")
async def point_later(n: int, rate: int) -> int:
    """The same, as a variation point."""
    return n * rate


def nested(kind: str, inner: Call) -> Call:
    """One variant around ``inner``, by hand."""

    def around_it(n: int, rate: int) -> int:
        result: int = inner(n, rate) + 1
        return result

    def before_it(n: int, rate: int) -> int:
        if n < 0:
            n = 0
        result: int = inner(n, rate)
        return result

    return before_it if kind == "before" else around_it


def of_pluggy(wrappers: int) -> Call:
    """A hook of pluggy's with the small function as its one implementation, and so many wrappers."""
    spec, impl = pluggy.HookspecMarker("bench"), pluggy.HookimplMarker("bench")

    class Specs:
        @spec(firstresult=True)
        def cost(self, n: int, rate: int) -> Any:
            """The hook."""

    class Core:
        @impl
        def cost(self, n: int, rate: int) -> int:
            return n * rate

    class Wrapper:
        @impl(wrapper=True)
        def cost(self) -> Any:
            return (yield) + 1

    manager = pluggy.PluginManager("bench")
    manager.add_hookspecs(Specs)
    for each in (Core(), *(Wrapper() for _ in range(wrappers))):
        manager.register(each)
    hook: Call = manager.hook.cost
    return hook


def nanoseconds(call: str, names: Mapping[str, Any]) -> float:
    """What one call takes, the loop around it included."""
    return min(timeit.repeat(call, globals=dict(names), number=CALLS, repeat=REPEAT)) / CALLS * 1e9


def awaited(function: Call) -> float:
    """What it takes to await one call."""

    async def many() -> float:
        begun = time.perf_counter()
        for _ in range(CALLS):
            await function(3, 4)
        return time.perf_counter() - begun

    return min(asyncio.run(many()) for _ in range(REPEAT)) / CALLS * 1e9


def calls(times: Times) -> None:
    """One round of calls."""
    direct = "f(3, 4)"
    times.setdefault("direct", []).append(nanoseconds(direct, {"f": cost}))
    times.setdefault("point", []).append(nanoseconds(direct, {"f": point}))
    times.setdefault("direct, awaited", []).append(awaited(cost_later))
    times.setdefault("point, awaited", []).append(awaited(point_later))
    for count in (0, 1, 5):
        by_name = nanoseconds("f(n=3, rate=4)", {"f": of_pluggy(count)})
        times.setdefault(f"pluggy, {count} wrappers", []).append(by_name)
    for kind in ("around", "after", "before"):
        for count in (1, 5):
            hand: Call = cost
            points = Points()
            for number in range(count):
                hand = nested(kind, hand)
                points.register(plugin(kind, number))
            assert hand(3, 4) == point(3, 4)
            times.setdefault(f"{count} {kind} by hand", []).append(nanoseconds(direct, {"f": hand}))
            times.setdefault(f"{count} {kind}", []).append(nanoseconds(direct, {"f": point}))
            points.close()


def ratios(nano: Mapping[str, float], milli: Mapping[str, float]) -> dict[str, float]:
    """What is to be held against what."""
    found = {
        "point / direct call": nano["point"] / nano["direct"],
        "point / direct call, awaited": nano["point, awaited"] / nano["direct, awaited"],
        "pluggy / direct call": nano["pluggy, 0 wrappers"] / nano["direct"],
    }
    for kind in ("around", "after", "before"):
        for count in (1, 5):
            found[f"{count} {kind} / by hand"] = nano[f"{count} {kind}"] / nano[f"{count} {kind} by hand"]
    for count in (1, 5):
        found[f"pluggy, {count} wrappers / by hand"] = (
            nano[f"pluggy, {count} wrappers"] / nano[f"{count} around by hand"]
        )
    found["start of the build / in a virtual environment"] = (
        milli["start of the build"] / milli["start in a virtual environment"]
    )
    return {name: round(value, 2) for name, value in found.items()}


def main() -> None:
    """Measure, print and keep the results."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS
    nano: Times = {}
    milli: Times = {}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        many = folder / "many"
        many.mkdir()
        write_plugins(many)
        sys.path.insert(0, str(many))
        __import__("many_core")
        commands = make_products(folder)
        starting(commands, {})
        loading(many, {})
        for _ in range(rounds):
            calls(nano)
            loading(many, milli)
            switching(milli)
            starting(commands, milli)
    nanos = {key: statistics.median(found) for key, found in nano.items()}
    millis = {key: statistics.median(found) for key, found in milli.items()}
    results = {
        "python": platform.python_version(),
        "pluggy": version("pluggy"),
        "machine": f"{platform.system()} {platform.machine()}, {os.cpu_count()} processors",
        "load": [round(each, 2) for each in os.getloadavg()],
        "rounds": rounds,
        "nanoseconds for a call": {key: round(value, 1) for key, value in nanos.items()},
        "milliseconds": {key: round(value, 2) for key, value in millis.items()},
        "ratio": ratios(nanos, millis),
    }
    RESULTS.write_text(json.dumps(results, indent=2) + "\n", encoding="utf-8")
    print(json.dumps(results, indent=2))


if __name__ == "__main__":
    main()
