"""How long covering samples of published feature models take, and how small they are.

Run it as ``python benchmarks/sample.py [MODEL:STRENGTH…]`` with the Python that Sarto and sarto-uvl are installed in.
Each sample is made in a process of its own and certified by the independent check; beside it stands a plain way
to do the same: for each interaction that is not covered yet, ask the solver for a configuration that has it. The
package index has generators of test cases over parameters (allpairspy, covertable, coverwise, ctlog and others; by
their descriptions covertable's constraints come nearest, and none reads feature models); none is measured here. The
results go into ``benchmarks/results/sample.json``, beside those of samples that are not made this time: seconds of
the clock, without the time to read the file; null for a plain sample that took longer than LIMIT.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

LIMIT = 240.0
REPOSITORY = Path(__file__).parents[1]
PUBLISHED = REPOSITORY.parent / "shared" / "models" / "industrial"
RESULTS = REPOSITORY / "benchmarks" / "results" / "sample.json"
SAMPLES = [
    "busybox:1", "automotive01:1", "linux-2.6.33.3:1", "automotive02_04:1",
    "berkeleydb:2", "e_shop:2", "printer:2", "bank:2", "fiasco:2", "busybox:2", "automotive01:2",
    "berkeleydb:3", "e_shop:3",
]  # fmt: skip


def by_sarto(path: Path, strength: int) -> dict[str, Any]:
    """The sample as ``sarto sample`` makes and certifies it."""
    from sarto.solve.sampling.coverage import coverage_of
    from sarto.solve.sampling.covering import covering_sample, features_to_cover
    from sarto_uvl.reading import read

    model = read(path).model
    start = time.perf_counter()
    sample = covering_sample(model, strength, seconds=LIMIT)
    made = time.perf_counter()
    coverage = coverage_of(model, sample.configurations, strength, features_to_cover(model), LIMIT)
    certified = time.perf_counter()
    return {
        "configurations": len(sample.configurations),
        "seconds": round(made - start, 2),
        "certified": coverage is not None and coverage.is_complete,
        "seconds of the check": round(certified - made, 2),
        "possible interactions": coverage.covered + coverage.missing if coverage else None,
    }


def plainly(path: Path, strength: int) -> dict[str, Any] | None:
    """Pairs, or single literals, one question for each that is not covered yet."""
    from pysat.solvers import Solver
    from sarto.solve.encoding import encode
    from sarto.solve.sampling.covering import features_to_cover
    from sarto.solve.values import domains_of
    from sarto_uvl.reading import read

    if strength > 2:
        return None
    model = read(path).model
    start = time.perf_counter()
    formula = encode(model, domains_of(model, {}))
    literals = [sign * formula.variables[name] for name in features_to_cover(model) for sign in (1, -1)]
    place = {literal: index for index, literal in enumerate(literals)}
    covered, sample = [0] * len(literals), 0
    with Solver(name="glucose4", bootstrap_with=formula.clauses) as solver:
        for first, literal in enumerate(literals):
            for other in literals[first + 1 :] if strength == 2 else [literal]:
                if covered[first] >> place[other] & 1 or not solver.solve(assumptions=[literal, other]):
                    continue
                if time.perf_counter() - start > LIMIT:
                    return None
                solution = set(solver.get_model())
                having = [index for index, each in enumerate(literals) if each in solution]
                row = sum(1 << index for index in having)
                for index in having:
                    covered[index] |= row
                sample += 1
    return {"configurations": sample, "seconds": round(time.perf_counter() - start, 2)}


def apart(name: str, strength: int, way: str) -> dict[str, Any] | None:
    """One sample in a process of its own."""
    command = [sys.executable, __file__, "--one", way, f"{name}:{strength}"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    found: dict[str, Any] | None = json.loads(done.stdout)
    return found


def main() -> None:
    """Measure, print and keep the results."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("samples", nargs="*", default=SAMPLES)
    parser.add_argument("--one", choices=["sarto", "plain"], help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    results = json.loads(RESULTS.read_text(encoding="utf-8"))["samples"] if RESULTS.exists() else {}
    load = os.getloadavg()[1]
    for each in arguments.samples:
        name, _, strength = each.partition(":")
        if arguments.one:
            way = by_sarto if arguments.one == "sarto" else plainly
            print(json.dumps(way(PUBLISHED / f"{name}.uvl", int(strength))))
            return
        results[each] = {way: apart(name, int(strength), way) for way in ("sarto", "plain")}
        print(each, results[each], flush=True)
    machine = f"{platform.machine()}, {platform.system()}, {os.cpu_count()} processors, load average {load:.1f}"
    ordered = {each: results[each] for each in [*SAMPLES, *results] if each in results}
    data = {"machine": machine, "python": platform.python_version(), "limit": LIMIT, "samples": ordered}
    RESULTS.write_text(json.dumps(data, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
