"""How long `sarto --help` takes beside a bare click program, with and without plugins installed.

Run it as ``python benchmarks/startup.py [ROUNDS]`` with the Python that Sarto is installed in. Every program is started
once in each round, one after the other, so that what else the machine does falls on all of them alike. The
results go into ``benchmarks/results/startup.json``: the median of each in milliseconds, and its ratio to the bare click
program.
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
from collections.abc import Mapping, Sequence
from importlib.metadata import version
from pathlib import Path

ROUNDS = 40
PLUGINS = 8
RESULTS = Path(__file__).parent / "results" / "startup.json"

BARE = """
import click

@click.group()
@click.version_option("1.0")
def program():
    '''A bare click program.'''

@program.command()
def check():
    '''A command.'''

program()
"""
SARTO = "from sarto.cli import main; main()"
PLUGIN = """
import click

from sarto.hooks import hookimpl

@click.command("{name}")
def command():
    '''What {name} does.'''

@hookimpl
def sarto_commands():
    return [command]
"""


def install_plugins(site: Path, number: int) -> None:
    """Put plugins with a command each into a folder, as an installer would."""
    for index in range(number):
        name = f"plugin{index}"
        (site / f"sarto_{name}.py").write_text(PLUGIN.format(name=name), encoding="utf-8")
        metadata = site / f"sarto_{name}-1.0.dist-info"
        metadata.mkdir()
        (metadata / "METADATA").write_text(f"Metadata-Version: 2.1\nName: sarto-{name}\nVersion: 1.0\n")
        (metadata / "entry_points.txt").write_text(f"[sarto]\n{name} = sarto_{name}\n")


def measure(commands: Mapping[str, tuple[Sequence[str], Mapping[str, str]]], rounds: int) -> dict[str, list[float]]:
    """The seconds that each command took, round by round; one more round before warms the caches."""
    times: dict[str, list[float]] = {name: [] for name in commands}
    for turn in range(rounds + 1):
        for name, (command, environment) in commands.items():
            start = time.perf_counter()
            subprocess.run(command, env={**os.environ, **environment}, stdout=subprocess.DEVNULL, check=True)
            if turn:
                times[name].append(time.perf_counter() - start)
    return times


def main() -> None:
    """Measure, print and keep the results."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS
    with tempfile.TemporaryDirectory() as folder:
        site = Path(folder, "site")
        site.mkdir()
        install_plugins(site, PLUGINS)
        own, more = {"SARTO_CACHE": f"{folder}/own"}, {"SARTO_CACHE": f"{folder}/more", "PYTHONPATH": str(site)}
        commands = {
            "python -c pass": ([sys.executable, "-c", "pass"], {}),
            "a bare click program --help": ([sys.executable, "-c", BARE, "--help"], {}),
            "sarto --version": ([sys.executable, "-c", SARTO, "--version"], own),
            "sarto --help": ([sys.executable, "-c", SARTO, "--help"], own),
            f"sarto --help, {PLUGINS} plugins more": ([sys.executable, "-c", SARTO, "--help"], more),
        }
        times = measure(commands, rounds)
    medians = {name: statistics.median(found) * 1000 for name, found in times.items()}
    bare = medians["a bare click program --help"]
    results = {
        "python": platform.python_version(),
        "click": version("click"),
        "machine": f"{platform.system()} {platform.machine()}, {os.cpu_count()} processors",
        "rounds": rounds,
        "milliseconds": {name: round(median, 1) for name, median in medians.items()},
        "ratio": {name: round(median / bare, 2) for name, median in medians.items()},
    }
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps(results, indent=2) + "\n", encoding="utf-8")
    print(json.dumps(results, indent=2))


if __name__ == "__main__":
    main()
