"""The project that uv is given to resolve: the core's parts as its dependencies, each feature's parts as an extra."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import tomli_w

from .exclusion import at_most_one
from .request import LineRequest
from .scope import Scope
from .seed import RUNTIME
from .uv_words import PROJECT

__all__ = ["OLDEST_PYTHON", "WHEELS", "project_toml"]

OLDEST_PYTHON = "3.11"
WHEELS = "wheels"
"""The folder, beside the project, of the wheels that come from the line's sources."""


def project_toml(request: LineRequest, scope: Scope, conflicts: Iterable[tuple[str, str]] = ()) -> str:
    """The ``pyproject.toml`` of a line whose lock is to hold in the ``scope``.

    What the folder of wheels has is taken from there and from nowhere else: uv stops at the first index that knows a
    name. ``conflicts`` are pairs of features that may need different versions of a part.
    """
    uv: dict[str, Any] = {
        "package": False,
        # uv insists that its own Python fits requires-python, which must not bind the target's.
        "environments": [*scope.environments],
        "index": [{"name": "sources", "url": f"./{WHEELS}", "format": "flat"}],
        "workspace": {},
    }
    if scope.required:
        uv["required-environments"] = [*scope.required]
    if scope.excluded:
        uv["constraint-dependencies"] = [*scope.excluded]
    sets = [[{"extra": request.extras[name]} for name in each] for each in at_most_one(tuple(conflicts))]
    if sets:
        uv["conflicts"] = sets
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
