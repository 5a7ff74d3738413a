"""What it costs to record a product's use: calls of variation points, counted and not, and the start of a product.

Run it as ``python benchmarks/usage.py [ROUNDS]`` with the Python that Sarto is installed in. In each round everything
is measured once, one after the other; a call's time is the best of many small batches, so that what else the machine
does is left out. The results go into ``benchmarks/results/usage.json``: medians, and ratios.
"""

from __future__ import annotations

import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
import timeit
from collections.abc import Callable
from pathlib import Path

from sarto.hooks import PluginManager
from sarto.line import ProductLine
from sarto.testing import installed_wheel, make_wheel
from sarto_runtime import Points, variation_point
from sarto_runtime.counting import Tally
from variants import Times, plugin
from variation_products import SHOP

ROUNDS = 15
CALLS = 1000
REPEAT = 60
RESULTS = Path(__file__).parent / "results" / "usage.json"


def plain(n: int, rate: int) -> int:
    """The small function."""
    return n * rate


@variation_point(name="cost")
def point(n: int, rate: int) -> int:
    """The same, as a variation point."""
    return n * rate


class Counting:
    """What counts calls, as a product does that records its use; with ``reaches`` the point is there for a feature."""

    def __init__(self, *, reaches: bool = False) -> None:
        self.reaches = reaches

    def tick(self, feature: str) -> Callable[[], int]:  # noqa: ARG002  # each has its own
        """A number for each feature."""
        return Tally().tick

    def point(self, name: str, is_on: Callable[[str], bool]) -> Callable[[], object] | None:
        """The one point is there for a feature that is off, or for none."""
        tick = Tally().tick
        return (lambda: None if is_on(name) else tick()) if self.reaches else None


def nanoseconds(call: Callable[..., int]) -> float:
    """What one call takes, the loop around it included."""
    return min(timeit.repeat("f(3, 4)", globals={"f": call}, number=CALLS, repeat=REPEAT)) / CALLS * 1e9


def calls(times: Times) -> None:
    """One round of calls."""
    times.setdefault("a function", []).append(nanoseconds(plain))
    times.setdefault("a point without variants", []).append(nanoseconds(point))
    points = Points(recorder=Counting())
    times.setdefault("a point without variants, recording", []).append(nanoseconds(point))
    points.close()
    points = Points(recorder=Counting(reaches=True))
    points.arrange(())
    times.setdefault("a point that reaches for a feature", []).append(nanoseconds(point))
    points.close()
    for kind in ("around", "after", "before"):
        for count in (1, 5):
            for word, recorder in (("", None), (", counted", Counting())):
                points = Points(recorder=recorder)
                for number in range(count):
                    points.register(plugin(kind, number), feature=f"f{number}")
                times.setdefault(f"{count} {kind}{word}", []).append(nanoseconds(point))
                points.close()


MORE = "from sarto_runtime import after\n\n@after('price')\ndef more(result, n, rate):\n    return result + 1\n"
LINE = """
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
mandatory = ["more"]
[features.more]
parts = ["shop-more"]
[usage]
record = ["calls", "reached"]
"""


def products(folder: Path) -> dict[str, list[str]]:
    """The commands that start the same product for a customer who consents, and for one who does not."""
    wheels = folder / "wheels"
    installed_wheel(wheels, "pluggy")
    make_wheel(wheels, "shop", {"shop.py": SHOP}, "[console_scripts]\nshop = shop:main\n")
    make_wheel(wheels, "shop-more", {"shop_more.py": MORE}, "[shop]\nmore = shop_more\n")
    (folder / "features.toml").write_text(LINE, encoding="utf-8")
    os.environ |= {"SARTO_CACHE": str(folder / "cache"), "SARTO_STATE": str(folder / "state"), "UV_OFFLINE": "1"}
    found: dict[str, list[str]] = {}
    for name, consent in (("a start", "false"), ("a start, recording", "true")):
        slug = f"c{len(found)}"
        text = f'line = "features.toml"\ncustomer = "{slug}"\n[consent]\nusage = {consent}\n'
        (folder / f"{slug}.toml").write_text(text, encoding="utf-8")
        line, selection = ProductLine.for_selection(folder / f"{slug}.toml", plugins=PluginManager())
        line.build(selection, folder / "builds")
        found[name] = [sys.executable, str(folder / "builds" / slug / f"{slug}.py"), "4"]
    return found


def starts(commands: dict[str, list[str]], times: Times) -> None:
    """One start of each, from the command to its end."""
    for name, command in commands.items():
        begun = time.perf_counter()
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        times.setdefault(name, []).append((time.perf_counter() - begun) * 1000)
        assert done.stdout == "9\n"


def main() -> None:
    """Measure, print and keep the results."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS
    nano: Times = {}
    milli: Times = {}
    with tempfile.TemporaryDirectory() as name:
        commands = products(Path(name))
        starts(commands, {})
        for _ in range(rounds):
            calls(nano)
            starts(commands, milli)
    nanos = {key: statistics.median(found) for key, found in nano.items()}
    millis = {key: statistics.median(found) for key, found in milli.items()}
    ratio = {key: nanos[key] / nanos[key.removesuffix(", counted")] for key in nanos if key.endswith(", counted")}
    ratio["a point without variants, recording"] = (
        nanos["a point without variants, recording"] / nanos["a point without variants"]
    )
    ratio["a start, recording"] = millis["a start, recording"] / millis["a start"]
    results = {
        "python": platform.python_version(),
        "machine": f"{platform.system()} {platform.machine()}, {os.cpu_count()} processors",
        "load": [round(each, 2) for each in os.getloadavg()],
        "rounds": rounds,
        "nanoseconds for a call": {key: round(value, 1) for key, value in nanos.items()},
        "milliseconds": {key: round(value, 2) for key, value in millis.items()},
        "ratio": {key: round(value, 2) for key, value in ratio.items()},
    }
    RESULTS.write_text(json.dumps(results, indent=2) + "\n", encoding="utf-8")
    print(json.dumps(results, indent=2))


if __name__ == "__main__":
    main()
