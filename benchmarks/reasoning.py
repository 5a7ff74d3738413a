"""How fast large feature models are analysed, configured and explained.

Run it as ``python benchmarks/reasoning.py FOLDER`` with the folder of the industrial models (UVL) and the Python that
Sarto and its plugin uvl are installed in. Each model has a process of its own, so that its peak memory is
its own. Results go into ``benchmarks/results/reasoning.json``: seconds of the processor, which other work on the
machine hardly reaches (medians of ROUNDS), and megabytes; with the load of the machine before and after.

``--peer PYTHON`` names a Python in which flamapy (flamapy-fm, flamapy-sat, flamapy-configurator) is installed; its core
and dead features of each model are then timed in the same run, once, after Sarto's, and the 30 random decisions of one
session of its configurator, which looks no further than unit propagation does.
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
from collections.abc import Callable
from pathlib import Path
from typing import Any

MODELS = ("automotive01", "linux-2.6.33.3", "automotive02_04")
ROUNDS = 5
SESSIONS = 5
DECISIONS = 30
LONGEST = 300
"""Seconds after which the peer is given up on a model."""
RESULTS = Path(__file__).parent / "results" / "reasoning.json"

PEER = """
import json, random, statistics, sys, time
from flamapy.metamodels.configurator_metamodel.operations import Configure
from flamapy.metamodels.configurator_metamodel.transformation.fm_to_configurator import FmToConfigurator
from flamapy.metamodels.fm_metamodel.transformations import UVLReader
from flamapy.metamodels.pysat_metamodel.transformations import FmToPysat
from flamapy.metamodels.pysat_metamodel.operations import PySATCoreFeatures, PySATDeadFeatures
start = time.process_time()
model = UVLReader(sys.argv[1]).transform()
figures = {"read": time.process_time() - start}
print(json.dumps(figures), flush=True)
start = time.process_time()
sat = FmToPysat(model).transform()
core = PySATCoreFeatures().execute(sat).get_result()
dead = PySATDeadFeatures().execute(sat).get_result()
figures |= {"core and dead": time.process_time() - start, "core": len(core), "dead": len(dead)}
print(json.dumps(figures), flush=True)
session = Configure().execute(FmToConfigurator(model).transform())
session.start()
chance, times = random.Random(0), []
for _ in range(30):
    options = session._model.options_by_name.values()
    free = [option.name for option in options if option.status.name == "UNDECIDED"]
    start = time.process_time()
    session.answer_question({chance.choice(free): chance.random() < 0.5})
    times.append(time.process_time() - start)
figures["one decision, median"] = statistics.median(times)
print(json.dumps(figures))
"""


def median_of(work: Callable[[], object], rounds: int = ROUNDS) -> float:
    """The median time of several runs, in seconds."""
    times = []
    for _ in range(rounds):
        start = time.process_time()
        work()
        times.append(time.process_time() - start)
    return statistics.median(times)


def measure(path: Path) -> dict[str, Any]:
    """All figures of one model."""
    import sarto_uvl
    from sarto.solve.analysis import analyse, core_and_dead
    from sarto.solve.configurator import Configurator

    (uvl,) = sarto_uvl.sarto_model_formats()
    model = uvl.read(path, False).model
    figures: dict[str, Any] = {
        "read": median_of(lambda: uvl.read(path, False)),
        "core and dead": median_of(lambda: core_and_dead(model)),
        "all four analyses": median_of(lambda: analyse(model)),
    }
    figures["opening a configurator"] = median_of(lambda: Configurator(model), 3)
    configurator = Configurator(model)
    decisions: list[float] = []
    explanations: list[float] = []
    for seed in range(SESSIONS):
        chance = random.Random(seed)
        while configurator.undo():
            pass
        for _ in range(DECISIONS):
            free = configurator.free
            if not free:
                break
            feature, value = chance.choice(free), chance.random() < 0.5
            start = time.process_time()
            configurator.decide(feature, value)
            decisions.append(time.process_time() - start)
        decided = {fact.feature for fact in configurator.decisions}
        settled = [name for name in model.features if configurator.state(name) is not None and name not in decided]
        for name in chance.sample(settled, min(3, len(settled))):
            start = time.process_time()
            configurator.reason(name)
            explanations.append(time.process_time() - start)
    decisions.sort()
    figures["one decision, median"] = statistics.median(decisions)
    figures["one decision, 95th percentile"] = decisions[int(len(decisions) * 0.95)]
    figures["one explanation, median"] = statistics.median(explanations)
    figures["one explanation, longest"] = max(explanations)
    figures["peak memory in MB"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return figures


def peer(python: str, path: Path) -> dict[str, Any] | str:
    """The peer's figures, or why there are none; of the file as Sarto writes it where it refuses the published one."""
    figures = peer_on(python, path)
    if isinstance(figures, dict):
        return figures
    import sarto_uvl
    from sarto_uvl.writing import write

    (uvl,) = sarto_uvl.sarto_model_formats()
    with tempfile.TemporaryDirectory() as folder:
        written = Path(folder, path.name)
        written.write_text(write(uvl.read(path, False).model), encoding="utf-8")
        again = peer_on(python, written)
    return again | {"as published": False} if isinstance(again, dict) else again


def peer_on(python: str, path: Path) -> dict[str, Any] | str:
    """The peer's figures of one file: those that it had when the time was up, if it was not done by then."""
    try:
        done = subprocess.run(
            [python, "-c", PEER, str(path)], capture_output=True, text=True, check=False, timeout=LONGEST
        )
    except subprocess.TimeoutExpired as late:
        late_figures: dict[str, Any] = json.loads((late.stdout or b"{}").splitlines()[-1])
        return late_figures | {"not done after": LONGEST}
    if done.returncode:
        return done.stderr.strip().splitlines()[-1]
    figures: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return figures


def main() -> None:
    """Measure each model in a process of its own, and write the results."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--peer", metavar="PYTHON", default="")
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
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        figures = {name: round(value, 4) for name, value in json.loads(done.stdout).items()}
        if arguments.peer:
            figures["flamapy"] = peer(arguments.peer, arguments.folder / f"{model}.uvl")
        results["models"][model] = figures
        print(model, json.dumps(figures, indent=2))
    results["load before and after"].append(os.getloadavg()[0])
    RESULTS.write_text(json.dumps(results, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
