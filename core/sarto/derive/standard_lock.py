"""``pylock.toml``, the standard lock (PEP 751) of one build, which pip and uv install as it is."""

from __future__ import annotations

from functools import cache

import tomli_w
from packaging.pylock import Pylock
from packaging.specifiers import SpecifierSet

from .part import LOCK_VERSION
from .plan import Plan

__all__ = ["STANDARD_LOCK", "standard_lock"]

STANDARD_LOCK = "pylock.toml"


def standard_lock(plan: Plan) -> bytes:
    """The lock of exactly the build's parts, for exactly its minor version of Python."""
    return "\n".join([_head(plan.target.python), *(part.lock_entry for part in plan.parts)]).encode()


@cache
def _head(python: str) -> str:
    head = Pylock(
        lock_version=LOCK_VERSION,
        requires_python=SpecifierSet(f"=={python}.*"),
        created_by="sarto",
        packages=[],
    )
    return tomli_w.dumps({key: value for key, value in head.to_dict().items() if key != "packages"})
