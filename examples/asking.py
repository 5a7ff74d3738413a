"""A build that is started and asked, and what its own build.json says."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

__all__ = ["Product"]

PATIENCE = 120.0


@dataclass(frozen=True, slots=True)
class Product:
    """The build in ``folder``."""

    folder: Path

    @property
    def launcher(self) -> Path:
        """What starts it."""
        (found,) = self.folder.glob("*.py")
        return found

    def ask(self, *words: str, at: Path | None = None, told: str = "") -> subprocess.CompletedProcess[str]:
        """Start it with these words in the folder ``at``, with what it is ``told`` to read, and wait for its end."""
        ours = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST_", "COV_"))}
        command = [sys.executable, str(self.launcher), *words]
        return subprocess.run(
            command,
            env=ours,
            cwd=at or self.folder.parent,
            input=told,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )

    def said(self, *words: str, at: Path | None = None, told: str = "") -> str:
        """What it prints where all goes well."""
        done = self.ask(*words, at=at, told=told)
        assert done.returncode == 0, done.stderr + done.stdout
        return done.stdout

    def planned(self, *, without: tuple[str, ...] = ()) -> list[str]:
        """The features that bring plugins and are on when it starts, in the order in which the host calls them."""
        data = self._data()
        on = {name for name, entry in data["features"].items() if entry["value"] is not False}
        return [name for name in data["order"] if name in on and name not in without]

    def _data(self) -> Any:
        return json.loads((self.folder / "build.json").read_bytes())
