"""What others take to hand out the same product: pip, uv, pex and shiv, and plain copies by ``cp``."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

__all__ = ["copies", "make_peers", "measure_peers"]

RUNS = 3


def copies(product: Path, option: str, folder: Path) -> Callable[[int], object]:
    """One copy that ``cp`` makes with the option."""
    folder.mkdir(parents=True)
    command = ["cp", option, str(product)]
    return lambda index: subprocess.run([*command, str(folder / str(index))], check=True)


def make_peers(folder: Path) -> None:
    """An environment for each peer, made where it is not there yet."""
    for name in ("uv", "pex", "shiv"):
        if not (folder / name / "bin" / name).exists():
            subprocess.run([sys.executable, "-m", "venv", "--clear", str(folder / name)], check=True)
            subprocess.run([str(folder / name / "bin" / "pip"), "install", "-q", name], check=True)


def measure_peers(folder: Path, bundle: Path, command: str, work: Path) -> dict[str, float | str]:
    """Milliseconds that each takes for the product of a bundle, from its wheels; medians, in turn."""
    work.mkdir(parents=True)
    parts = str(bundle / "parts")
    wanted = [str(path) for path in sorted((bundle / "parts").glob("*.whl"))]
    local = ["--no-index", "--find-links", parts]
    uv, pex, shiv = (str(folder / name / "bin" / name) for name in ("uv", "pex", "shiv"))
    linked = ["--offline", "--link-mode", "hardlink", "--no-deps"]
    steps: dict[str, Callable[[str], list[list[str]]]] = {
        "uv venv + uv pip install": lambda out: [
            [uv, "venv", "-q", "--python", sys.executable, out],
            [uv, "pip", "install", "-q", *linked, "--python", out, *wanted],
        ],
        "venv + pip install": lambda out: [
            [sys.executable, "-m", "venv", out],
            [f"{out}/bin/python", "-m", "pip", "install", "-q", "--no-deps", *local, *wanted],
        ],
        "pex": lambda out: [[pex, *local, *wanted, "-c", command, "-o", out]],
        "shiv": lambda out: [[shiv, "-q", "-c", command, "-o", out, "--no-deps", *local, *wanted]],
    }
    environment = os.environ | {"UV_CACHE_DIR": str(work / "uv"), "PEX_ROOT": str(work / "pex"), "HOME": str(work)}
    times: dict[str, list[float]] = {name: [] for name in steps}
    faults: dict[str, str] = {}
    for turn in range(RUNS + 1):
        for number, (name, commands) in enumerate(steps.items()):
            if name in faults:
                continue
            start = time.perf_counter()
            try:
                for each in commands(str(work / f"{turn}-{number}")):
                    subprocess.run(each, check=True, capture_output=True, text=True, env=environment, timeout=90)
            except (subprocess.CalledProcessError, subprocess.TimeoutExpired, OSError) as error:
                faults[name] = (getattr(error, "stderr", None) or str(error))[-200:].strip()
            if turn:  # the first one fills its caches
                times[name].append((time.perf_counter() - start) * 1000)
    return {name: faults.get(name) or round(statistics.median(times[name]), 1) for name in steps}
