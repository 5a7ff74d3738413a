"""What many plugins cost at a start beside pluggy's, and a switch of one of them."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

from sarto_runtime import Plugin, Points
from variants import Times

__all__ = ["PLUGINS", "loading", "switching", "write_plugins"]

PLUGINS = 200
MANY_CORE = "from sarto_runtime import variation_point\n" + "".join(
    f"\n@variation_point\ndef point{number}(n: int, rate: int) -> int:\n    return n * rate\n" for number in range(20)
)
MANY_PLUGIN = """
from sarto_runtime import after, around

@around("point{first}")
def wrap(proceed, n, rate):
    return proceed(n, rate) + {number}

@after("point{second}")
def more(result, n, rate):
    return result + {number}
"""
PLUGGY_CORE = """
import pluggy
spec = pluggy.HookspecMarker("many")
""" + "".join(f"\n@spec(firstresult=True)\ndef point{number}(n, rate): ...\n" for number in range(20))
PLUGGY_PLUGIN = """
import pluggy
impl = pluggy.HookimplMarker("many")

@impl(wrapper=True)
def point{first}(n, rate):
    return (yield) + {number}

@impl(wrapper=True)
def point{second}(n, rate):
    return (yield) + {number}
"""
LOADING = """
import sys, time
sys.path.insert(0, sys.argv[1])
import importlib, importlib.metadata, pluggy, sarto_runtime.points, sarto_runtime.variants
core = importlib.import_module(sys.argv[3])
names = [f"{sys.argv[4]}{number}" for number in range(int(sys.argv[2]))]
begun = time.perf_counter()
for name in names:
    importlib.import_module(name)
own = time.perf_counter() - begun
begun = time.perf_counter()
if sys.argv[3] == "many_core":
    points = sarto_runtime.points.Points(order=names)
    points.announce([sarto_runtime.Plugin(name, name, name, name) for name in names])
    points.arrange(is_start=True)
    assert len(points.manager.get_plugins()) == len(names)
else:
    manager = pluggy.PluginManager("many")
    manager.add_hookspecs(core)
    assert manager.load_setuptools_entrypoints("many") == len(names)
print(own * 1000, (time.perf_counter() - begun) * 1000)
"""


def write_plugins(folder: Path) -> None:
    """So many plugins for the points, and so many for pluggy, the latter with their metadata."""
    (folder / "many_core.py").write_text(MANY_CORE, encoding="utf-8")
    (folder / "pluggy_core.py").write_text(PLUGGY_CORE, encoding="utf-8")
    for number in range(PLUGINS):
        places = {"first": number % 20, "second": (number + 7) % 20, "number": number}
        (folder / f"ours{number}.py").write_text(MANY_PLUGIN.format(**places), encoding="utf-8")
        (folder / f"theirs{number}.py").write_text(PLUGGY_PLUGIN.format(**places), encoding="utf-8")
        info = folder / f"theirs{number}-1.0.dist-info"
        info.mkdir()
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: theirs{number}\nVersion: 1.0\n", encoding="utf-8")
        (info / "entry_points.txt").write_text(f"[many]\ntheirs{number} = theirs{number}\n", encoding="utf-8")


def loading(folder: Path, times: Times) -> None:
    """One start of all plugins with each, in a process of its own: over their own import time."""
    for name, core, stem in (("points", "many_core", "ours"), ("pluggy", "pluggy_core", "theirs")):
        command = [sys.executable, "-c", LOADING, str(folder), str(PLUGINS), core, stem]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        own, taken = map(float, done.stdout.split())
        times.setdefault(f"{PLUGINS} plugins: their own imports, {name}", []).append(own)
        times.setdefault(f"{PLUGINS} plugins: taken in, {name}", []).append(taken)


def switching(times: Times) -> None:
    """One feature of all goes off and on again."""
    points = Points(order=[f"ours{number}" for number in range(PLUGINS)])
    names = [f"ours{number}" for number in range(PLUGINS)]
    points.announce([Plugin(name, name, name, name) for name in names])
    points.arrange(names)
    for number in range(0, PLUGINS, 40):
        rest = [name for name in names if name != f"ours{number}"]
        for word, enabled in (("off", rest), ("on", names)):
            begun = time.perf_counter()
            points.arrange(enabled)
            times.setdefault(f"switch one of {PLUGINS} {word}", []).append((time.perf_counter() - begun) * 1000)
    points.close()
