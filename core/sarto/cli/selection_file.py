"""The text of a selection file, for people to read and go on editing."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ..model.selection import Selection

__all__ = ["line_seen_from", "selection_text"]


def line_seen_from(selection: Path, line: str) -> str:
    """The line's path as a selection file names it: relative to that file, or whole where the drives differ."""
    try:
        return Path(os.path.relpath(line, selection.parent)).as_posix()
    except ValueError:
        return Path(line).absolute().as_posix()


def selection_text(selection: Selection, heading: str, comments: Mapping[str, str]) -> str:
    """The selection as TOML under a comment, with a comment above each feature that has one in ``comments``."""
    import tomli_w

    from ..model.toml_selection import selection_to_toml

    content: dict[str, Any] = selection_to_toml(selection)
    wishes = content.pop("select", {})
    tables = {key: content.pop(key) for key in list(content) if isinstance(content[key], dict)}
    blocks = [f"# {heading}\n{tomli_w.dumps(content)}"]
    if wishes:
        lines = [_commented(comments.get(name, "")) + tomli_w.dumps({name: value}) for name, value in wishes.items()]
        blocks.append("[select]\n" + "".join(lines))
    blocks += [tomli_w.dumps({key: table}) for key, table in tables.items()]
    return "\n".join(blocks)


def _commented(text: str) -> str:
    return f"# {' '.join(text.split())}\n" if text else ""
