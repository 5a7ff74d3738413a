"""Follows a page from top to bottom in one folder, which begins with a copy of ``examples/``."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

from .comparison import difference, is_shown
from .page import ROOT, Block, Command, Page, commands

__all__ = ["Mismatch", "Session"]

PATIENCE = 300
"""Seconds after which a command is taken to hang."""
WHERE = ".where"


class Mismatch(AssertionError):
    """A page shows what does not happen."""


@dataclass
class Session:
    """A reader at work in ``folder``; ``here`` is where the last ``cd`` led."""

    folder: Path
    cache: Path
    here: Path = field(init=False)

    def __post_init__(self) -> None:
        shutil.copytree(ROOT / "examples", self.folder / "examples", ignore=shutil.ignore_patterns("__pycache__"))
        self.here = self.folder

    def follow(self, page: Page) -> None:
        """Do all that the page says. Raises :class:`Mismatch` at the first step that does not do what is shown."""
        for block in page.blocks:
            if block.title:
                self.write(block)
            elif block.language == "console":
                for command in commands(block):
                    self._check(page, command)
            elif block.language == "python":
                self._execute(page, block)

    def run(self, command: str) -> tuple[int, str]:
        """The exit code of a command and what it printed, on both of its streams."""
        where = self.folder / WHERE
        found = self._call("bash", "-c", f'{command}\ncode=$?\npwd -P > "{where}"\nexit $code')
        self.here = Path(where.read_text(encoding="utf-8").strip())
        return found

    def _call(self, *command: str) -> tuple[int, str]:
        run = subprocess.run(
            command, cwd=self.here, env=self._environment(), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, encoding="utf-8", timeout=PATIENCE, check=False,
        )  # fmt: skip
        return run.returncode, run.stdout

    def _environment(self) -> dict[str, str]:
        own = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST", "SARTO", "COV"))}
        return own | {
            "PATH": os.pathsep.join([str(Path(sys.executable).parent), own.get("PATH", "")]),
            "SARTO_CACHE": str(self.cache),
            "SARTO_STATE": str(self.folder / ".state"),
            "PYTHONUNBUFFERED": "1",
            "NO_COLOR": "1",
            "COLUMNS": "100",
        }

    def write(self, block: Block) -> None:
        """Make the file whose content the block is."""
        file = self.here / block.title
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(block.text, encoding="utf-8")

    def _check(self, page: Page, command: Command) -> None:
        code, printed = self.run(command.text)
        place = f"{page.name}:{command.line}: $ {command.text}"
        if not is_shown(command.output, printed):
            raise Mismatch(f"{place}\n{difference(command.output, printed)}")
        if code and not command.shows_an_error:
            raise Mismatch(f"{place}\nended with exit code {code}, and the page shows no error")

    def _execute(self, page: Page, block: Block) -> None:
        code, printed = self._call(sys.executable, "-W", "error", "-c", block.text)
        if code or printed:
            raise Mismatch(f"{page.name}:{block.line}: this snippet does not go through\n{printed}")
