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
import subprocess
import sys
import tempfile
import time
import timeit
import venv
import zipfile
from collections.abc import Callable, Mapping
from importlib.metadata import version
from pathlib import Path
from types import ModuleType
from typing import Any

import pluggy
from sarto.hooks import PluginManager
from sarto.line import ProductLine
from sarto.testing import installed_wheel, make_wheel
from sarto_runtime import Plugin, Points, after, around, before, variation_point

ROUNDS = 15
CALLS = 20_000
REPEAT = 5
PLUGINS = 200
RESULTS = Path(__file__).parent / "results" / "variation.json"

Call = Callable[..., Any]
Times = dict[str, list[float]]


# Calls


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


def plugin(kind: str, number: int) -> ModuleType:
    """The same variant as a plugin."""
    module = ModuleType(f"{kind}{number}")

    def around_it(proceed: Call, n: int, rate: int) -> int:
        result: int = proceed(n, rate) + 1
        return result

    def after_it(result: int, n: int, rate: int) -> int:  # noqa: ARG001  # the point's parameters
        return result + 1

    def before_it(n: int, rate: int) -> dict[str, int] | None:  # noqa: ARG001  # as above
        return {"n": 0} if n < 0 else None

    marked: dict[str, Any] = {
        "around": lambda: around("cost")(around_it), "after": lambda: after("cost")(after_it),
        "before": lambda: before("cost")(before_it),
    }  # fmt: skip
    module.variant = marked[kind]()  # type: ignore[attr-defined]  # modules take any attribute
    return module


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


# Many plugins, and a switch of one of them

MANY_CORE = "from sarto_runtime import variation_point\n" + "".join(
    f"\n@variation_point\ndef point{number}(n: int, rate: int) -> int:\n    return n * rate\n" for number in range(20)
)
MANY_PLUGIN = """
from sarto_runtime import after, around

@around("point{first}")
def wrap(proceed, n, rate):
    return proceed(n, rate) + {number}

@after("point{second}")
def more(result, n, rate):
    return result + {number}
"""
PLUGGY_CORE = """
import pluggy
spec = pluggy.HookspecMarker("many")
""" + "".join(f"\n@spec(firstresult=True)\ndef point{number}(n, rate): ...\n" for number in range(20))
PLUGGY_PLUGIN = """
import pluggy
impl = pluggy.HookimplMarker("many")

@impl(wrapper=True)
def point{first}(n, rate):
    return (yield) + {number}

@impl(wrapper=True)
def point{second}(n, rate):
    return (yield) + {number}
"""
LOADING = """
import sys, time
sys.path.insert(0, sys.argv[1])
import importlib, importlib.metadata, pluggy, sarto_runtime.points, sarto_runtime.variants
core = importlib.import_module(sys.argv[3])
names = [f"{sys.argv[4]}{number}" for number in range(int(sys.argv[2]))]
begun = time.perf_counter()
for name in names:
    importlib.import_module(name)
own = time.perf_counter() - begun
begun = time.perf_counter()
if sys.argv[3] == "many_core":
    points = sarto_runtime.points.Points(order=names)
    points.announce([sarto_runtime.Plugin(name, name, name, name) for name in names])
    points.arrange(is_start=True)
    assert len(points.manager.get_plugins()) == len(names)
else:
    manager = pluggy.PluginManager("many")
    manager.add_hookspecs(core)
    assert manager.load_setuptools_entrypoints("many") == len(names)
print(own * 1000, (time.perf_counter() - begun) * 1000)
"""


def write_plugins(folder: Path) -> None:
    """So many plugins for the points, and so many for pluggy, the latter with their metadata."""
    (folder / "many_core.py").write_text(MANY_CORE, encoding="utf-8")
    (folder / "pluggy_core.py").write_text(PLUGGY_CORE, encoding="utf-8")
    for number in range(PLUGINS):
        places = {"first": number % 20, "second": (number + 7) % 20, "number": number}
        (folder / f"ours{number}.py").write_text(MANY_PLUGIN.format(**places), encoding="utf-8")
        (folder / f"theirs{number}.py").write_text(PLUGGY_PLUGIN.format(**places), encoding="utf-8")
        info = folder / f"theirs{number}-1.0.dist-info"
        info.mkdir()
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: theirs{number}\nVersion: 1.0\n", encoding="utf-8")
        (info / "entry_points.txt").write_text(f"[many]\ntheirs{number} = theirs{number}\n", encoding="utf-8")


def loading(folder: Path, times: Times) -> None:
    """One start of all plugins with each, in a process of its own: over their own import time."""
    for name, core, stem in (("points", "many_core", "ours"), ("pluggy", "pluggy_core", "theirs")):
        command = [sys.executable, "-c", LOADING, str(folder), str(PLUGINS), core, stem]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        own, taken = map(float, done.stdout.split())
        times.setdefault(f"{PLUGINS} plugins: their own imports, {name}", []).append(own)
        times.setdefault(f"{PLUGINS} plugins: taken in, {name}", []).append(taken)


def switching(times: Times) -> None:
    """One feature of all goes off and on again."""
    points = Points(order=[f"ours{number}" for number in range(PLUGINS)])
    names = [f"ours{number}" for number in range(PLUGINS)]
    points.announce([Plugin(name, name, name, name) for name in names])
    points.arrange(names)
    for number in range(0, PLUGINS, 40):
        rest = [name for name in names if name != f"ours{number}"]
        for word, enabled in (("off", rest), ("on", names)):
            begun = time.perf_counter()
            points.arrange(enabled)
            times.setdefault(f"switch one of {PLUGINS} {word}", []).append((time.perf_counter() - begun) * 1000)
    points.close()


# The start of a product

SHOP = """
import sys
from sarto_runtime import load_plugins, variation_point

@variation_point
def price(n: int, rate: int) -> int:
    return n * rate

def main():
    load_plugins("shop")
    print(price(int(sys.argv[1]), 2))
"""
SHOP_PLUGIN = """
from sarto_runtime import after

@after("price")
def more(result, n, rate):
    return result + {number}
"""
FEATURES = 8
SHOP_LINE = """
[line]
name = "shop"
version = "1.0"
root = "shop"

[core]
parts = ["shop"]
command = "shop"
group = "shop"
sources = ["wheels"]

[targets]
python = "host"
platforms = ["host"]

[features.shop]
mandatory = [{names}]
"""


def make_products(folder: Path) -> dict[str, list[str]]:
    """The commands that start the same host with the same parts: in a build, and in a virtual environment."""
    wheels = folder / "wheels"
    installed_wheel(wheels, "pluggy")
    make_wheel(wheels, "shop", {"shop.py": SHOP}, "[console_scripts]\nshop = shop:main\n")
    features = [f"f{number}" for number in range(FEATURES)]
    line = SHOP_LINE.format(names=", ".join(f'"{name}"' for name in features))
    for number, name in enumerate(features):
        files = {f"shop_{name}.py": SHOP_PLUGIN.format(number=number)}
        make_wheel(wheels, f"shop-{name}", files, f"[shop]\n{name} = shop_{name}\n")
        line += f'\n[features.{name}]\nparts = ["shop-{name}"]\n'
    (folder / "features.toml").write_text(line, encoding="utf-8")
    (folder / "acme.toml").write_text('line = "features.toml"\ncustomer = "Acme"\n', encoding="utf-8")
    os.environ |= {"SARTO_CACHE": str(folder / "cache"), "UV_OFFLINE": "1"}
    opened, selection = ProductLine.for_selection(folder / "acme.toml", plugins=PluginManager())
    opened.build(selection, folder / "builds")
    build = folder / "builds" / "acme"
    venv.create(folder / "venv", symlinks=True)
    python = folder / "venv" / "bin" / "python"
    (site,) = (folder / "venv" / "lib").glob("python*/site-packages")
    for wheel in sorted((build / "parts").glob("*.whl")):
        with zipfile.ZipFile(wheel) as archive:
            archive.extractall(site)
    subprocess.run([str(python), "-m", "compileall", "-q", str(site)], check=True)
    script = folder / "venv" / "bin" / "shop"
    script.write_text("import sys\nfrom shop import main\nsys.exit(main())\n", encoding="utf-8")
    return {
        "python -c pass": [str(python), "-c", "pass"],
        "start in a virtual environment": [str(python), str(script), "4"],
        "start of the build": [str(python), str(build / "acme.py"), "4"],
    }


def starting(commands: Mapping[str, list[str]], times: Times) -> None:
    """One start of each."""
    for name, command in commands.items():
        begun = time.perf_counter()
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        times.setdefault(name, []).append((time.perf_counter() - begun) * 1000)
        assert done.stdout == ("" if "-c" in command else f"{8 + sum(range(FEATURES))}\n")


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
