"""The text of a migrated selection, placed where it is written, with what was changed said in comments."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from .migration_report import was_in_words
from .selection_file import one_line, placed, selection_text

if TYPE_CHECKING:
    from ..errors import Place
    from ..model.line import LineDescription
    from ..model.selection import Selection
    from ..solve.evolution.migration import Migration

__all__ = ["migrated_text"]


def migrated_text(migration: Migration, wished: Selection, line: LineDescription, output: Path) -> str:
    """The new selection as a file: its heading lists what is dropped, each changed wish has its reason above it."""
    heading = "\n# ".join(_heading(migration, wished, line))
    return selection_text(placed(migration.selection, line, output), heading, dict(_comments(migration)))


def _heading(migration: Migration, wished: Selection, line: LineDescription) -> Iterator[str]:
    from ..solve.evolution.migration import Fate
    from ..solve.evolution.words import against_in_words

    yield f"Migrated from {Path(wished.file).name} to {line.name} {line.version}."
    for each in migration.decisions:
        if each.fate is Fate.DROPPED:
            reasons = "; ".join(against_in_words(each, _by_name))
            yield one_line(f"Dropped {was_in_words(each)}: {reasons}.")


def _comments(migration: Migration) -> Iterator[tuple[str, str]]:
    from ..solve.evolution.migration import Fate
    from ..solve.evolution.words import against_in_words

    for each in migration.decisions:
        topic, _, name = each.now.partition(".")
        if topic == "select" and each.fate in (Fate.RENAMED, Fate.CHANGED):
            yield name, one_line("; ".join([f"was {was_in_words(each)}", *against_in_words(each, _by_name)]))
    for added in migration.added:
        yield added.feature, one_line("; ".join(["in place of the default", *against_in_words(added, _by_name)]))


def _by_name(place: Place) -> str:
    """A place by the name of its file alone, which is the same wherever the command runs."""
    return str(replace(place, file=Path(place.file).name))
