"""The text of a selection file, for people to read and go on editing."""

from __future__ import annotations

import os.path
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ..errors import Place
    from ..model.cosmetics import BrandValue
    from ..model.line import LineDescription
    from ..model.selection import Selection

__all__ = ["line_seen_from", "one_line", "placed", "selection_text"]


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
    return f"# {one_line(text)}\n" if text else ""


def one_line(text: str) -> str:
    """The text as a comment of TOML can have it: on one line, without control characters."""
    return "".join(character if character.isprintable() else "\ufffd" for character in " ".join(text.split()))


def placed(selection: Selection, line: LineDescription, output: Path) -> Selection:
    """The selection as a file at ``output`` says it: paths seen from there, and all its own that no profile says."""
    from ..model.feature import NOWHERE

    def home(place: Place) -> Place:
        return NOWHERE if place.file in ("", selection.file) else place

    profiles = (Path(selection.file).parent / path for path in selection.extends)
    return replace(
        selection,
        line=line_seen_from(output, line.file),
        file=str(output),
        extends=tuple(line_seen_from(output, os.path.normpath(profile)) for profile in profiles),
        wishes={name: replace(wish, where=home(wish.where)) for name, wish in selection.wishes.items()},
        open={name: home(where) for name, where in selection.open.items()},
        brand={slot: _seen_from(output, selection, line, slot) for slot in selection.brand},
        places={key: place for key, place in selection.places.items() if key != "line" and home(place).file},
    )


def _seen_from(output: Path, selection: Selection, line: LineDescription, slot: str) -> BrandValue:
    """What fills a slot of the brand: a file, as a path from the new selection."""
    text = selection.brand[slot]
    is_file = slot in line.cosmetics and line.cosmetics[slot].type.is_file and text
    return line_seen_from(output, str(selection.brand_file(slot))) if is_file else text
