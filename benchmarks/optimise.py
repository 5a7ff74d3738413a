"""How fast the cheapest configuration of large feature models is found and proved.

Run it as ``python benchmarks/optimise.py FOLDER`` with the folder of the industrial models (UVL) and the Python that
Sarto and its plugins uvl and optimise are installed in. Each feature costs a whole number from 1 to 1000, drawn with a
fixed seed. Each work has a process of its own, timed after the model is read; the rounds are interleaved. Peers:
Sarto's own search without the plugin (OLL on a SAT solver) and RC2 of python-sat, both on the whole formula.
Results go into ``benchmarks/results/optimise.json``: seconds by the clock and of the processor (medians of ROUNDS), and
megabytes.
"""

from __future__ import annotations

import argparse
import json
import platform
import random
import resource
import statistics
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

from sarto.model.feature_model import FeatureModel

MODELS = ("automotive01", "linux-2.6.33.3", "automotive02_04")
WORKS = ("sarto optimise", "own search", "RC2")
ROUNDS = 5
LIMIT = 30.0
RESULTS = Path(__file__).parent / "results" / "optimise.json"


def priced(path: Path) -> FeatureModel:
    """The model of a file with a price on every feature."""
    import sarto_uvl

    (uvl,) = sarto_uvl.sarto_model_formats()
    model = uvl.read(path, False).model
    chance = random.Random(1)
    features = {
        name: replace(feature, attributes={"price": chance.randint(1, 1000)})
        for name, feature in model.features.items()
    }
    return replace(model, features=features)


def with_plugin(model: FeatureModel) -> int:
    """The least sum by the plugin; the import of CP-SAT counts."""
    from sarto.errors import Place
    from sarto.solve.goals import read_goal
    from sarto.solve.optimising import optimise
    from sarto_optimise.cp_sat import solve

    optimum = optimise(model, {}, [read_goal(model, "price", Place())], solve, LIMIT)
    if not optimum.reached[0].is_proved:
        raise TimeoutError
    return int(optimum.reached[0].amount)


def by_own_search(model: FeatureModel) -> int:
    """The least sum by Sarto's own search."""
    from sarto.solve.encoding import encode
    from sarto.solve.minimising import minimise
    from sarto.solve.session import SatSession

    formula = encode(model, {})
    weights = {variable: model.features[name].attributes["price"] for name, variable in formula.variables.items()}
    found = minimise(SatSession.of(formula), weights, [])
    if found is None:
        raise ValueError("no configuration")
    return found[0]


def by_rc2(model: FeatureModel) -> int:
    """The least sum by RC2 (Ignatiev, Morgado and Marques-Silva, 2019)."""
    from pysat.examples.rc2 import RC2
    from pysat.formula import WCNF
    from sarto.solve.encoding import encode

    formula = encode(model, {})
    weighted = WCNF()
    weighted.extend([list(clause) for clause in formula.clauses])
    for name, variable in formula.variables.items():
        weighted.append([-variable], weight=model.features[name].attributes["price"])
    with RC2(weighted) as search:
        search.compute()
        return int(search.cost)


def measure(path: Path, work: str) -> dict[str, Any]:
    """One work on one model."""
    model = priced(path)
    start, spent = time.perf_counter(), time.process_time()
    cost = {"sarto optimise": with_plugin, "own search": by_own_search, "RC2": by_rc2}[work](model)
    seconds = time.perf_counter() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"seconds": seconds, "processor": time.process_time() - spent, "cost": cost, "peak MB": peak}


def in_a_process(folder: Path, model: str, work: str) -> dict[str, Any] | None:
    """The figures from a process of its own; None where it takes longer than the limit."""
    command = [sys.executable, __file__, str(folder), "--one", model, "--work", work]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=2 * LIMIT)
    except subprocess.TimeoutExpired:
        return None
    figures: dict[str, Any] = json.loads(done.stdout)
    return figures


def main() -> None:
    """Measure all models, or one work on one of them for the process that asks."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--one")
    parser.add_argument("--work", choices=WORKS)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    options = parser.parse_args()
    if options.one:
        print(json.dumps(measure(options.folder / f"{options.one}.uvl", options.work)))
        return
    found: dict[tuple[str, str], list[dict[str, Any] | None]] = {}
    for _ in range(options.rounds):
        for model in MODELS:
            for work in WORKS:
                earlier = found.setdefault((model, work), [])
                if None not in earlier:  # what did not finish once is not tried again
                    earlier.append(in_a_process(options.folder, model, work))
    results = {model: {work: summary(found[model, work]) for work in WORKS} for model in MODELS}
    machine = {"python": platform.python_version(), "system": platform.platform(), "processor": platform.machine()}
    RESULTS.write_text(json.dumps({"machine": machine, "rounds": options.rounds, "models": results}, indent=2) + "\n")
    print(json.dumps(results, indent=2))


def summary(rounds: list[dict[str, Any] | None]) -> dict[str, Any] | str:
    """The medians of the rounds, or that the time was over."""
    finished = [figures for figures in rounds if figures is not None]
    if len(finished) < len(rounds):
        return f"not finished in {2 * LIMIT:g} s, reading included"
    return {
        "cost": finished[0]["cost"],
        "seconds": round(statistics.median(figures["seconds"] for figures in finished), 3),
        "processor seconds": round(statistics.median(figures["processor"] for figures in finished), 3),
        "peak MB": round(max(figures["peak MB"] for figures in finished)),
    }


if __name__ == "__main__":
    main()
