"""How long it takes to find the exact number of configurations of large feature models, beside Ganak.

Run it as ``python benchmarks/count.py [ROUNDS] [--models FOLDER] [--only NAME…]`` with the Python that Sarto,
sarto-uvl and sarto-count are installed in. In each round every model is counted, each time in a process of its own: by
Sarto alone, by Sarto together with the number for every feature (its commonality), by Ganak from the formula of the
skeleton, weights written as clauses, and by Ganak from the formula of the whole model, as one would ask it without
Sarto. What takes longer than TEDIOUS seconds is not asked again, and nothing takes longer than LIMIT. The results go
into ``benchmarks/results/count.json``: medians in seconds, of the clock and of the processor, without the time to
read the file; null where the number was not found. ``load`` is that of the machine at the
start: above the number of its processors, the clock says too much, and a null may be owed to it.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import platform
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import Any

ROUNDS = 5
LIMIT = 60.0
TEDIOUS = 10.0
REPOSITORY = Path(__file__).parents[1]
PUBLISHED = REPOSITORY.parent / "shared" / "models" / "industrial"
RESULTS = REPOSITORY / "benchmarks" / "results" / "count.json"


def by_sarto(path: Path) -> Callable[[], int | None]:
    """Counting as ``sarto analyse --count`` does where no plugin helps."""
    from sarto.solve.counting import count
    from sarto_uvl.reading import read

    model = read(path).model
    return lambda: count(model, seconds=LIMIT)


def with_commonality(path: Path) -> Callable[[], int | None]:
    """Counting all configurations and those with each feature, as ``sarto analyse --commonality`` does."""
    from sarto.solve.compiled import compile_configurations
    from sarto_uvl.reading import read

    model = read(path).model

    def counted() -> int | None:
        compiled = compile_configurations(model, seconds=LIMIT)
        return compiled.numbers()[model.root] if compiled else None

    return counted


def by_ganak_from_the_skeleton(path: Path) -> Callable[[], int | None]:
    """Counting where all is left to the plugin that has to be searched for."""
    from sarto.solve import counting
    from sarto_count.ganak import count
    from sarto_uvl.reading import read

    model = read(path).model
    counting.EASY = 0
    return lambda: counting.count(model, count, LIMIT)


def by_ganak_from_the_whole(path: Path) -> Callable[[], int | None]:
    """Counting the solutions of the formula over all features."""
    from sarto.solve.encoding import encode
    from sarto.solve.values import domains_of
    from sarto_count.ganak import count
    from sarto_uvl.reading import read

    model = read(path).model

    def counted() -> int | None:
        formula = encode(model, domains_of(model, {}))
        return count(formula.clauses, formula.size, None, LIMIT)

    return counted


WAYS = {
    "Sarto": by_sarto,
    "Sarto, commonality": with_commonality,
    "Ganak, skeleton": by_ganak_from_the_skeleton,
    "Ganak, whole formula": by_ganak_from_the_whole,
}


def spent() -> float:
    """Seconds of the processor that this process and those that it waited for took."""
    return sum(sum(resource.getrusage(who)[:2]) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))


def measure(path: Path, way: str) -> dict[str, Any]:
    """One count: its time and memory, and the number, with its digits."""
    sys.set_int_max_str_digits(0)
    work = WAYS[way](path)
    start, before = time.perf_counter(), spent()
    number = work()
    seconds, processor = time.perf_counter() - start, spent() - before
    memory = max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return {
        "seconds": seconds,
        "processor": processor,
        "megabytes": memory / 1024,
        "number": None if number is None else f"{number:x}",
        "digits": None if number is None else len(str(number)),
    }


def measured_apart(path: Path, way: str) -> dict[str, Any]:
    """One count in a process of its own."""
    command = [sys.executable, __file__, "--one", str(path), "--way", way]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def summary(runs: list[dict[str, Any]]) -> dict[str, Any] | None:
    """The medians of the runs, or None where the last found nothing."""
    if not runs[-1]["digits"]:
        return None
    names = ("seconds", "processor", "megabytes")
    medians = {name: statistics.median(run[name] for run in runs) for name in names}
    return {"runs": len(runs), **{name: round(median, 2) for name, median in medians.items()}}


def agreed(path: Path, expected: dict[str, str], runs: dict[str, list[dict[str, Any]]]) -> int | None:
    """The digits of the number that all ways agree on. Ends the program where they do not."""
    numbers = {run["number"] for found in runs.values() for run in found if run["number"] is not None}
    digits = {run["digits"] for found in runs.values() for run in found if run["digits"]}
    if expected.get(path.name):
        digits.add(int(expected[path.name]))
    if len(numbers) > 1 or len(digits) > 1:
        sys.exit(f"{path.name}: the numbers differ")
    return digits.pop() if numbers else None


def main() -> None:
    """Measure, print and keep the results."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("rounds", type=int, nargs="?", default=ROUNDS)
    parser.add_argument("--models", type=Path, default=PUBLISHED)
    parser.add_argument("--only", nargs="+", metavar="NAME", help="measure these models alone")
    parser.add_argument("--one", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--way", choices=WAYS, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.one:
        print(json.dumps(measure(arguments.one, arguments.way)))
        return
    paths = sorted(arguments.models.glob("*.uvl"))
    if arguments.only:
        paths = [path for path in paths if path.stem in arguments.only]
    with (arguments.models / "expected.csv").open(encoding="utf-8") as table:
        expected = {row["file"]: row["digits_of_configurations"] for row in csv.DictReader(table)}
    load = round(os.getloadavg()[0], 2)
    runs: dict[Path, dict[str, list[dict[str, Any]]]] = {path: {way: [] for way in WAYS} for path in paths}
    for _ in range(arguments.rounds):
        for path in paths:
            for way, found in runs[path].items():
                if not found or found[-1]["seconds"] < TEDIOUS:
                    found.append(measured_apart(path, way))
                    print(path.stem, way, round(found[-1]["seconds"], 2), found[-1]["digits"], flush=True)
    results = {
        "machine": f"{platform.machine()}, {platform.system()}, {os.cpu_count()} processors",
        "load": load,
        "python": platform.python_version(),
        "pyganak": version("pyganak"),
        "limit": LIMIT,
        "models": {
            path.stem: {
                "digits": agreed(path, expected, runs[path]),
                **{way: summary(found) for way, found in runs[path].items()},
            }
            for path in paths
        },
    }
    RESULTS.write_text(json.dumps(results, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
