"""Running uv, which resolves and builds for the vendor; its words are turned into Sarto's in ``uv_words``."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import uv

from ..errors import SartoError

__all__ = ["CHOOSING", "UvAnswer", "choosing", "run_uv"]

CHOOSING = (
    "UV_CONFIG_FILE", "UV_CONSTRAINT", "UV_DEFAULT_INDEX", "UV_EXCLUDE_NEWER", "UV_EXTRA_INDEX_URL", "UV_FIND_LINKS",
    "UV_FORK_STRATEGY", "UV_INDEX", "UV_INDEX_STRATEGY", "UV_INDEX_URL", "UV_NO_INDEX", "UV_OVERRIDE", "UV_PRERELEASE",
    "UV_RESOLUTION",
)  # fmt: skip
"""The variables that say which versions uv chooses, and from where."""

MEDDLING = frozenset({
    "UV_FROZEN", "UV_LOCKED", "UV_NO_BINARY", "UV_NO_SOURCES", "UV_PROJECT", "UV_PYTHON", "UV_WORKING_DIR",
    "VIRTUAL_ENV",
})  # fmt: skip
"""Variables that are about the user's own projects and would lead uv away from this one."""

EPOCH = "1580601600"
"""The date that files in built wheels have (2020-02-02, hatchling's own)."""

STOPPED = (
    "systems do so where memory runs out: each further group of features that exclude each other and need different "
    "versions multiplies what uv looks at"
)


@dataclass(frozen=True, slots=True)
class UvAnswer:
    """Whether uv did it, and what it said."""

    is_good: bool
    said: str


def choosing(environment: Mapping[str, str] = os.environ) -> tuple[tuple[str, str], ...]:
    """The variables that are set of those that say what uv chooses."""
    return tuple((name, environment[name]) for name in CHOOSING if environment.get(name))


def run_uv(arguments: Sequence[str], folder: Path, umask: int = -1) -> UvAnswer:
    """Run uv in ``folder`` with this Python and environment, and with this process's umask unless another is given.

    Raises :class:`SartoError` where uv cannot be started, or the system stops it: then it has said nothing.
    """
    environment = {name: value for name, value in os.environ.items() if name not in MEDDLING}
    environment |= {"SOURCE_DATE_EPOCH": EPOCH, "PYTHONHASHSEED": "0", "NO_COLOR": "1"}
    try:
        done = subprocess.run(
            [uv.find_uv_bin(), *arguments, "--no-progress", "--python", sys.executable],
            cwd=folder, env=environment, stdin=subprocess.DEVNULL, capture_output=True, check=False, umask=umask,
        )  # fmt: skip
    except OSError as error:
        raise SartoError(f"uv cannot be started: {error}", hint="install Sarto again: uv comes with it") from error
    if done.returncode < 0:
        raise SartoError(f"uv was stopped by {signal.Signals(-done.returncode).name} before it was done", hint=STOPPED)
    return UvAnswer(done.returncode == 0, done.stderr.decode("utf-8", "replace"))
