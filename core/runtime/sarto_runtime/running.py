"""What runs, as a start leaves it behind for the code of the product and for the processes that it starts."""

from __future__ import annotations

import json
import os

from .build import Build, read_build
from .errors import ProductError
from .state import State, state_of

__all__ = ["announce", "announced"]

VARIABLE = "SARTO_PRODUCT"

# What was announced or read last, with the text that said so: it is asked for often, and seldom another.
_last: list[tuple[str, Build, State]] = []


def announce(build: Build, state: State) -> None:
    """Say what runs, in the environment: a child process that multiprocessing spawns has nothing else of its parent."""
    switches = {name: state.is_on(name) for name in sorted(state.switched)}
    said = json.dumps({"folder": build.folder, "switches": switches})
    _last[:] = [(said, build, state)]
    os.environ[VARIABLE] = said


def announced() -> tuple[Build, State]:
    """What runs here. Raises :class:`ProductError` outside a build."""
    said = os.environ.get(VARIABLE)
    if not said:
        raise ProductError("this is not running in a product that Sarto built", hint="start the build's launcher")
    for known, build, state in _last:
        if known == said:
            return build, state
    started = json.loads(said)
    build = read_build(started["folder"])
    _last[:] = [(said, build, state_of(build, started["switches"]))]
    return _last[0][1:]
