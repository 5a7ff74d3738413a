"""How long ``sarto resolve`` takes on large feature models, as a whole command.

Run it as ``python benchmarks/resolve.py FOLDER`` with the folder of the industrial models (UVL) and the Python that
Sarto and its plugin uvl are installed in. A line is made over each model, with one selection that says nothing
and one of DECISIONS features, drawn with a fixed seed from one valid configuration. Each command runs in a process of
its own: its start, reading, resolving, and a report of every decision with its reason. Results go into
``benchmarks/results/resolve.json``: seconds of the processor, which other work on the machine hardly reaches (medians
of ROUNDS), and the peak memory in megabytes; with the load of the machine before and after.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

MODELS = ("automotive01", "linux-2.6.33.3", "automotive02_04")
ROUNDS = 5
DECISIONS = 30
SEED = 1
RESULTS = Path(__file__).parent / "results" / "resolve.json"

LINE = """[line]
name = "benchmark"
version = "1"
model = {model}

[core]
parts = ["core"]
command = "core"
group = "core"
"""


def write_line(folder: Path, path: Path) -> list[Path]:
    """A line over a model and its two selections."""
    import sarto_uvl
    from sarto.solve.encoding import encode
    from sarto.solve.session import SatSession

    (uvl,) = sarto_uvl.sarto_model_formats()
    formula = encode(uvl.read(path, False).model, {})
    session = SatSession.of(formula)
    chance = random.Random(SEED)
    session.prefer(variable if chance.random() < 0.5 else -variable for variable in formula.variables.values())
    session.is_possible()
    solution = session.solution()
    (folder / "features.toml").write_text(LINE.format(model=json.dumps(str(path.resolve()))), encoding="utf-8")
    selections = []
    for number in (0, DECISIONS):
        names = chance.sample(sorted(formula.variables), number)
        wishes = [f"{json.dumps(name)} = {json.dumps(solution[formula.literal(name)] > 0)}" for name in names]
        head = ['line = "features.toml"', 'customer = "Benchmark"', "[select]"]
        selections.append(folder / f"{number}.toml")
        selections[-1].write_text("\n".join([*head, *wishes, ""]), encoding="utf-8")
    return selections


def run(selection: Path) -> tuple[float, float]:
    """Processor seconds and peak megabytes of one command."""
    code = "from sarto.cli import main; main()"
    command = [sys.executable, "-c", code, "resolve", str(selection), "--json"]
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, stdout=subprocess.DEVNULL, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    seconds = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return seconds, after.ru_maxrss / 1024


def measure(path: Path) -> dict[str, Any]:
    """All figures of one model."""
    figures: dict[str, Any] = {}
    with tempfile.TemporaryDirectory() as folder:
        for number, selection in zip((0, DECISIONS), write_line(Path(folder), path), strict=True):
            runs = [run(selection) for _ in range(ROUNDS)]
            figures[f"{number} decisions"] = statistics.median(seconds for seconds, _ in runs)
        figures["peak memory in MB"] = max(megabytes for _, megabytes in runs)
    return figures


def main() -> None:
    """Measure each model in a process of its own, and write the results."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--one", metavar="MODEL", default="", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.one:
        print(json.dumps(measure(arguments.folder / f"{arguments.one}.uvl")))
        return
    results: dict[str, Any] = {
        "machine": f"{platform.machine()}, {platform.system()}, Python {platform.python_version()}",
        "date": time.strftime("%Y-%m-%d"),
        "processors": os.cpu_count(),
        "load before and after": [os.getloadavg()[0]],
        "models": {},
    }
    for model in MODELS:
        command = [sys.executable, __file__, str(arguments.folder), "--one", model]
        done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
        results["models"][model] = {name: round(value, 3) for name, value in json.loads(done.stdout).items()}
        print(model, json.dumps(results["models"][model], indent=2))
    results["load before and after"].append(os.getloadavg()[0])
    RESULTS.write_text(json.dumps(results, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
