"""Bytecode of the modules in a folder, the same from the same Python whoever compiles them where and when."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from ..errors import SartoError

__all__ = ["can_compile", "compile_modules"]

PROGRAM = """
import errno, os, py_compile, sys
unchecked = py_compile.PycInvalidationMode.UNCHECKED_HASH
for base, folders, names in os.walk("."):
    folders.sort()
    for name in sorted(names):
        if name.endswith(".py"):
            path = os.path.join(base, name)[2:]
            try:
                py_compile.compile(path, dfile=path, doraise=True, invalidation_mode=unchecked)
            except (py_compile.PyCompileError, ValueError, RecursionError):
                pass  # a template, or for another Python: whoever imports it is told
            except OSError as error:
                if error.errno != errno.ENAMETOOLONG:  # its bytecode would have a longer name than it has itself
                    raise
"""


def can_compile(python: str) -> bool:
    """Whether this Python makes the bytecode of the version ``python``, such as "3.11"."""
    return python == f"{sys.version_info.major}.{sys.version_info.minor}"


def compile_modules(folder: Path) -> None:
    """Write the bytecode of every module below ``folder`` into its ``__pycache__``.

    It holds whatever the dates of the files are, and is never looked at again against its source. A module's path below
    ``folder`` is all that it says of where it is. A process of its own compiles, since what a process has
    compiled before shows in its bytecode. Raises :class:`SartoError` where it does not come to its end.
    """
    surroundings = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    done = subprocess.run(
        [sys.executable, "-s", "-S", "-P", "-W", "ignore", "-c", PROGRAM],
        cwd=folder, env={**surroundings, "PYTHONHASHSEED": "0"}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        last = (done.stderr.strip().splitlines() or [f"it ended with {done.returncode}"])[-1]
        raise SartoError(f"modules cannot be compiled in '{folder}': {last}")
