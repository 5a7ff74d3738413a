"""Asking Ganak (Sharma, Roy, Soos and Meel, 2019) in a process of its own, which can be ended at any time."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Collection, Sequence

from sarto.errors import SartoError

__all__ = ["MEMORY", "count"]

MEMORY = 4 << 30
"""Bytes that counting may take."""
OUT_OF_MEMORY = ("memory", "bad_alloc", "reallocating")
WORKER = (sys.executable, "-m", "sarto_count.worker")


def count(
    clauses: Sequence[tuple[int, ...]], size: int, counted: Collection[int] | None, seconds: float, memory: int = MEMORY
) -> int | None:
    """The exact number of solutions, as :class:`sarto.hooks.Counter` promises it.

    None where it is not found in so many seconds or with so much ``memory``. Raises SartoError where Ganak
    does not run.
    """
    question = {
        "clauses": clauses,
        "size": size,
        "counted": None if counted is None else sorted(counted),
        "seconds": seconds,
        "memory": memory,
    }
    try:
        answer = subprocess.run(
            WORKER, input=json.dumps(question), capture_output=True, text=True, timeout=seconds, env=_environment()
        )
    except subprocess.TimeoutExpired:
        return None
    if answer.returncode == 0:
        return int(answer.stdout, 16)
    said = _last_line(answer.stderr)
    if answer.returncode < 0 or any(word in said.lower() for word in OUT_OF_MEMORY):
        return None  # a negative code: ended by its limits, or by a system that is short of memory
    raise SartoError(f"Ganak does not run: {said}", hint="install it anew: pip install pyganak")


def _environment() -> dict[str, str]:
    """The same modules for the other process, wherever this one has them from."""
    return {**os.environ, "PYTHONPATH": os.pathsep.join(folder for folder in sys.path if folder)}


def _last_line(text: str) -> str:
    lines = text.strip().splitlines()
    return lines[-1] if lines else "it says nothing"
