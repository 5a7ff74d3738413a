"""How fast impossible selections of large models are diagnosed, and answers about the models proved.

Run it as ``python benchmarks/diagnosis.py FOLDER`` with the folder of the industrial models (UVL) and the Python that
Sarto and its plugin uvl are installed in. A selection is 30 random wishes over all features; those that are
possible are drawn anew. Each model has a process of its own. Results go into
``benchmarks/results/diagnosis.json``: seconds of the processor (all of it is one thread), kilobytes of the proof files
and numbers of their steps.
"""

from __future__ import annotations

import argparse
import json
import platform
import random
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

MODELS = ("automotive01", "linux-2.6.33.3", "automotive02_04")
WISHES = 30
SELECTIONS = 20
RESULTS = Path(__file__).parent / "results" / "diagnosis.json"
T = TypeVar("T")


def timed(work: Callable[[], T], times: list[float]) -> T:
    """What the work gives; its time on the processor is added to the others, in seconds."""
    start = time.process_time()
    found = work()
    times.append(time.process_time() - start)
    return found


def measure(path: Path) -> dict[str, Any]:
    """All figures of one model."""
    import sarto_uvl
    from sarto.model.selection import Selection, Wish
    from sarto.solve.analysis import analyse
    from sarto.solve.certificates import certify_analysis, witness
    from sarto.solve.conflict import conflict_of, diagnose
    from sarto.solve.relaxing import relaxations

    (uvl,) = sarto_uvl.sarto_model_formats()
    model = uvl.read(path, False).model
    one: list[float] = []
    every: list[float] = []
    vendor: list[float] = []
    conflicts: list[int] = []
    seed = 0
    while len(one) < SELECTIONS:
        chance, seed = random.Random(seed), seed + 1
        wishes = {n: Wish(n, chance.random() < 0.5) for n in chance.sample(list(model.features), WISHES)}
        selection = Selection(line="", customer="", wishes=wishes)
        if not diagnose(model, selection, 1).conflicts:
            continue
        timed(lambda s=selection: conflict_of(model, s), one)  # type: ignore[misc]  # a default keeps this selection
        conflicts.append(len(timed(lambda s=selection: diagnose(model, s), every).conflicts))  # type: ignore[misc]  # so here
        timed(lambda s=selection: next(relaxations(model, s), None), vendor)  # type: ignore[misc]  # and here
    proving: list[float] = []
    analysis = analyse(model)
    timed(lambda: witness(model), proving)
    certificates = timed(lambda: list(certify_analysis(model, analysis)), proving)
    return {
        "conflicts and five repairs, median": statistics.median(one),
        "conflicts and five repairs, longest": max(one),
        "all minimal conflicts and repairs up to 20, median": statistics.median(every),
        "all minimal conflicts and repairs up to 20, longest": max(every),
        "all minimal conflicts, median number": statistics.median(conflicts),
        "what the vendor would have to drop, median": statistics.median(vendor),
        "what the vendor would have to drop, longest": max(vendor),
        "proofs of core, dead and false-optional, and a configuration": sum(proving),
        "formulas in kB": sum(len(c.refutation.cnf) for c in certificates) // 1000,
        "proofs in kB": sum(len(c.refutation.proof) for c in certificates) / 1000,
        "steps of the proofs": sum(c.refutation.proof.count("\n") for c in certificates),
    }


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
        "models": {},
    }
    for model in MODELS:
        command = [sys.executable, __file__, str(arguments.folder), "--one", model]
        done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
        results["models"][model] = {name: round(value, 4) for name, value in json.loads(done.stdout).items()}
        print(model, json.dumps(results["models"][model], indent=2))
    RESULTS.write_text(json.dumps(results, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
