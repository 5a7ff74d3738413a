"""Puts what the commands of a page really print into the page: ``python -m tests.docs.refresh PAGE…``.

Only outputs that no longer hold are replaced, so the places that were shortened to "…" stay as they
are; read what comes out before you commit it. Paths of the temporary folder become "…".
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from .comparison import is_shown
from .page import ROOT, Block, Command, Page, commands
from .session import Session


def refresh(page: Page, session: Session) -> str:
    """The text of the page with the outputs that its commands have now."""
    lines = page.text.splitlines(keepends=True)
    for command, block, printed in reversed(_outdated(page, session)):
        start = command.line - 1 + len(command.text.splitlines())
        end = start + len(command.output.splitlines())
        margin = lines[block.line - 2][: -len(lines[block.line - 2].lstrip(" "))] if block.line > 1 else ""
        lines[start:end] = [f"{margin}{line.rstrip()}".rstrip() + "\n" for line in printed.strip("\n").splitlines()]
    return "".join(lines)


def _outdated(page: Page, session: Session) -> list[tuple[Command, Block, str]]:
    found: list[tuple[Command, Block, str]] = []
    for block in page.blocks:
        if block.title:
            session.write(block)
        elif block.language == "console":
            for command in commands(block):
                _, printed = session.run(command.text)
                if not is_shown(command.output, printed):
                    found.append((command, block, printed.replace(str(session.folder), "…")))
    return found


if __name__ == "__main__":
    for name in sys.argv[1:]:
        with tempfile.TemporaryDirectory() as folder:
            page = Page.read(name)
            text = refresh(page, Session(Path(folder) / "sarto", Path(folder) / "cache"))
            (ROOT / name).write_text(text, encoding="utf-8")
