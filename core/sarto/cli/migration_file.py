"""The text of a migrated selection, placed where it is written, with what was changed said in comments."""

from __future__ import annotations

import os.path
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from .migration_report import was_in_words
from .selection_file import line_seen_from, selection_text

if TYPE_CHECKING:
    from ..errors import Place
    from ..model.cosmetics import BrandValue
    from ..model.line import LineDescription
    from ..model.selection import Selection
    from ..solve.evolution.migration import Migration

__all__ = ["migrated_text"]


def migrated_text(migration: Migration, wished: Selection, line: LineDescription, output: Path) -> str:
    """The new selection as a file: its heading lists what is dropped, each changed wish has its reason above it."""
    heading = "\n# ".join(_heading(migration, wished, line))
    return selection_text(_placed(migration.selection, line, output), heading, dict(_comments(migration)))


def _heading(migration: Migration, wished: Selection, line: LineDescription) -> Iterator[str]:
    from ..solve.evolution.migration import Fate
    from ..solve.evolution.words import against_in_words

    yield f"Migrated from {Path(wished.file).name} to {line.name} {line.version}."
    for each in migration.decisions:
        if each.fate is Fate.DROPPED:
            reasons = "; ".join(against_in_words(each, _by_name))
            yield _one_line(f"Dropped {was_in_words(each)}: {reasons}.")


def _comments(migration: Migration) -> Iterator[tuple[str, str]]:
    from ..solve.evolution.migration import Fate
    from ..solve.evolution.words import against_in_words

    for each in migration.decisions:
        topic, _, name = each.now.partition(".")
        if topic == "select" and each.fate in (Fate.RENAMED, Fate.CHANGED):
            yield name, _one_line("; ".join([f"was {was_in_words(each)}", *against_in_words(each, _by_name)]))
    for added in migration.added:
        yield added.feature, _one_line("; ".join(["in place of the default", *against_in_words(added, _by_name)]))


def _one_line(text: str) -> str:
    """The text as a comment of TOML can have it: on one line, without control characters."""
    return "".join(character if character.isprintable() else "\ufffd" for character in " ".join(text.split()))


def _by_name(place: Place) -> str:
    """A place by the name of its file alone, which is the same wherever the command runs."""
    return str(replace(place, file=Path(place.file).name))


def _placed(selection: Selection, line: LineDescription, output: Path) -> Selection:
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
