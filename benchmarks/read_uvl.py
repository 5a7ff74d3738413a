"""How long it takes to read a large UVL file to a finished feature model, beside the one other reader in Python.

Run it as ``python benchmarks/read_uvl.py [ROUNDS] [--peer FOLDER] [--models FOLDER]`` with the Python that Sarto and
sarto-uvl are installed in. ``--peer`` names a folder for flamapy's own environment, which is made there if it is
missing; each of its readings runs once, in a process of its own, in the midst of Sarto's rounds. A file that it
refuses is given to it as Sarto writes it. The results go into ``benchmarks/results/read_uvl.json``: medians in
seconds, of the clock and of the processor (which other work on the machine does not reach), and ratios.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import resource
import statistics
import subprocess
import sys
import tempfile
import time
import venv
from pathlib import Path
from typing import Any

from sarto_uvl.reading import read
from sarto_uvl.writing import write

MODELS = ("automotive01", "linux-2.6.33.3", "automotive02_04")
PEER = "flamapy-fm==2.6.0"
ROUNDS = 11
REPOSITORY = Path(__file__).parents[1]
PUBLISHED = REPOSITORY.parent / "shared" / "models" / "industrial"
RESULTS = REPOSITORY / "benchmarks" / "results" / "read_uvl.json"
PEER_CODE = """
import sys, time
from flamapy.metamodels.fm_metamodel.transformations import UVLReader
start, spent = time.perf_counter(), time.process_time()
model = UVLReader(sys.argv[1]).transform()
print(time.perf_counter() - start, time.process_time() - spent, len(model.get_features()))
"""


def peer_python(folder: Path) -> Path:
    """The Python of the peer's environment, made in the folder where there is none."""
    python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    if not python.exists():
        venv.create(folder, with_pip=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", PEER], check=True)
    return python


def read_once(path: Path) -> tuple[float, float]:
    """Seconds of the clock and of the processor for one reading."""
    start, spent = time.perf_counter(), time.process_time()
    read(path)
    return time.perf_counter() - start, time.process_time() - spent


def read_by_peer(python: Path, path: Path) -> tuple[float, float] | None:
    """The same of the peer; None where it refuses the file."""
    done = subprocess.run([python, "-c", PEER_CODE, path], capture_output=True, text=True, check=False)
    if done.returncode:
        return None
    seconds, spent, _ = map(float, done.stdout.split()[-3:])
    return seconds, spent


def peer_result(python: Path, path: Path) -> dict[str, Any]:
    """How long the peer takes for a file, or for what Sarto makes of it."""
    found, as_published = read_by_peer(python, path), True
    if found is None:
        with tempfile.TemporaryDirectory() as folder:
            rewritten = Path(folder, path.name)
            rewritten.write_text(write(read(path).model), encoding="utf-8")
            found, as_published = read_by_peer(python, rewritten), False
    if found is None:
        return {"refused": True}
    return {"seconds": round(found[0], 2), "processor": round(found[1], 2), "as published": as_published}


def measure(path: Path, rounds: int, python: Path | None) -> dict[str, Any]:
    """Everything about one file."""
    read_once(path)
    times = [read_once(path) for _ in range(rounds // 2)]
    peer = peer_result(python, path) if python else {}
    times += [read_once(path) for _ in range(rounds - rounds // 2)]
    seconds, spent = (statistics.median(column) for column in zip(*times, strict=True))
    result = {"seconds": round(seconds, 4), "processor": round(spent, 4), "best": round(min(times)[0], 4)}
    if "processor" in peer:
        return {**result, "flamapy": peer, "ratio": round(peer["processor"] / spent)}
    return {**result, "flamapy": peer} if peer else result


def main() -> None:
    """Measure, print and keep the results."""
    options = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    options.add_argument("rounds", nargs="?", type=int, default=ROUNDS)
    options.add_argument("--peer", type=Path, metavar="FOLDER", help="an environment for flamapy, made if missing")
    options.add_argument("--models", type=Path, metavar="FOLDER", default=PUBLISHED)
    given = options.parse_args()
    python = peer_python(given.peer) if given.peer else None
    models = {name: measure(given.models / f"{name}.uvl", given.rounds, python) for name in MODELS}
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024 if sys.platform == "linux" else 1024**2)
    results = {
        "python": platform.python_version(),
        "machine": f"{platform.system()} {platform.machine()}, {os.cpu_count()} processors",
        "rounds": given.rounds,
        "peer": PEER if python else None,
        "models": models,
        "peak memory (MB)": round(peak),
    }
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps(results, indent=2) + "\n", encoding="utf-8")
    print(json.dumps(results, indent=2))


if __name__ == "__main__":
    main()
