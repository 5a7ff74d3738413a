"""A page of the documentation as the tests see it: its headings, its fenced blocks and where they stand.

What a block is, its fence says:

- ``console``: commands behind ``$``, each with the output that it shows; they are run
- ``python``: a snippet; it is run
- any language with ``title="path"``: the content of a file; it is written
- everything else is only read
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from textwrap import dedent

__all__ = ["ROOT", "Block", "Command", "Page", "commands"]

ROOT = Path(__file__).parents[2]
_FENCE = re.compile(r"^(?P<indent> *)(?P<fence>`{3,})(?P<language>[\w-]*)(?P<rest>.*)$")
_TITLE = re.compile(r'title="([^"]+)"')
_HEADING = re.compile(r"^(#+) (.+?)(?: *\{#[\w-]+\})?$")


@dataclass(frozen=True, slots=True)
class Block:
    """A fenced block. ``heading`` is the nearest one above it, ``line`` the number of its first line in the page."""

    language: str
    title: str
    text: str
    heading: str
    line: int

    @property
    def is_step(self) -> bool:
        """Whether the block is to be run or written."""
        return bool(self.title) or self.language in ("console", "python")


@dataclass(frozen=True, slots=True)
class Command:
    """A command of a ``console`` block, the output that the page shows for it, and its line in the page."""

    text: str
    output: str
    line: int

    @property
    def shows_an_error(self) -> bool:
        """Whether the page says that the command fails."""
        return any(re.match(r'( *"?error"?|[\w.-]+\.py):', line) for line in self.output.splitlines())


@dataclass(frozen=True, slots=True)
class Page:
    """One Markdown file; ``name`` is its path below the project's root."""

    name: str
    text: str

    @classmethod
    def read(cls, name: str) -> Page:
        """The page of that name."""
        return cls(name, (ROOT / name).read_text(encoding="utf-8"))

    @property
    def blocks(self) -> tuple[Block, ...]:
        """The fenced blocks, in order. Raises ValueError where one is never closed."""
        return tuple(self._blocks())

    def _blocks(self) -> Iterator[Block]:
        lines = iter(enumerate(self.text.splitlines(), 1))
        heading = ""
        for number, line in lines:
            if found := _HEADING.match(line):
                heading = found[2]
            opening = _FENCE.match(line)
            if opening is None:
                continue
            inside: list[str] = []
            for _, line in lines:
                if line.strip() == opening["fence"]:
                    break
                inside.append(line)
            else:
                raise ValueError(f"{self.name}:{number}: this block is never closed")
            title = _TITLE.search(opening["rest"])
            text = "".join(f"{line}\n" for line in dedent("\n".join(inside)).splitlines())
            yield Block(opening["language"], title[1] if title else "", text, heading, number + 1)

    def sections(self) -> dict[str, str]:
        """Heading to the text up to the next heading, of any depth. Raises ValueError for one that is there twice."""
        found: dict[str, str] = {}
        heading, fence = "", ""
        for line in self.text.splitlines(keepends=True):
            edge = _FENCE.match(line.rstrip())
            if edge and (not fence or line.strip() == fence):
                fence = "" if fence else edge["fence"]
            title = None if fence else _HEADING.match(line.rstrip())
            if title:
                heading = title[2]
                if heading in found:
                    raise ValueError(f"{self.name} has the heading '{heading}' twice")
            found[heading] = found.get(heading, "") + line
        return found


def commands(block: Block) -> tuple[Command, ...]:
    """The commands of a ``console`` block; a line that ends with a backslash goes on in the next one."""
    found: list[tuple[list[str], list[str], int]] = []
    for number, line in enumerate(block.text.splitlines(), block.line):
        if line.startswith("$ "):
            found.append(([line[2:]], [], number))
        elif not found:
            raise ValueError(f"line {number}: a console block begins with a command, '$ …'")
        elif found[-1][0][-1].endswith("\\") and not found[-1][1]:
            found[-1][0].append(line)
        else:
            found[-1][1].append(line)
    return tuple(Command("\n".join(text), "\n".join(output), number) for text, output, number in found)
