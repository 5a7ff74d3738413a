"""The project that uv is given to resolve: the core's parts as its dependencies, each feature's parts as an extra."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import tomli_w

from .request import LineRequest
from .seed import RUNTIME
from .uv_words import PROJECT

__all__ = ["OLDEST_PYTHON", "WHEELS", "project_toml"]

OLDEST_PYTHON = "3.11"
WHEELS = "wheels"
"""The folder, beside the project, of the wheels that come from the line's sources."""


def project_toml(request: LineRequest, pythons: Sequence[str], conflicts: Iterable[tuple[str, str]] = ()) -> str:
    """The ``pyproject.toml`` of a line that is for the ``pythons`` (full versions).

    What the folder of wheels has is taken from there and from nowhere else: uv stops at the first index that knows a
    name. ``conflicts`` are pairs of features that may need different versions of a part.
    """
    uv: dict[str, Any] = {
        "package": False,
        # uv insists that its own Python fits requires-python, which must not bind the target's.
        "environments": [_environment(python) for python in sorted(pythons, key=_numbers)],
        "index": [{"name": "sources", "url": f"./{WHEELS}", "format": "flat"}],
        "workspace": {},
    }
    pairs = [[{"extra": request.extras[name]} for name in pair] for pair in conflicts]
    if pairs:
        uv["conflicts"] = pairs
    extras = {
        request.extras[name]: [str(each.requirement) for each in asked] for name, asked in request.features.items()
    }
    project = {
        "name": PROJECT,
        "version": "0",
        "requires-python": f">={OLDEST_PYTHON}",
        "dependencies": [*(str(each.requirement) for each in request.core), RUNTIME],
        "optional-dependencies": extras,
    }
    return tomli_w.dumps({"project": project, "tool": {"uv": uv}})


def _numbers(python: str) -> tuple[int, ...]:
    return tuple(int(number) for number in python.split("."))


def _environment(python: str) -> str:
    """All patch versions from this one on, of the same minor version, on the systems that a build can be for.

    Some parts name browsers in their markers, for which hardly any part has wheels.
    """
    major, minor, _ = python.split(".")
    versions = f"python_full_version >= '{python}' and python_full_version < '{major}.{int(minor) + 1}'"
    return f"{versions} and sys_platform != 'emscripten'"
