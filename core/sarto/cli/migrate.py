"""``sarto migrate``: a customer's selection for another version of its line."""

from __future__ import annotations

import os.path
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from .application import Application
from .declaring import PATH, declare, json_option
from .migration_file import migrated_text
from .migration_report import Report
from .output import counted
from .writing import refuse_overwriting, write_whole

if TYPE_CHECKING:
    from ..errors import SartoError
    from ..line import ProductLine
    from ..model.selection import Selection
    from ..solve.evolution.migration import Migration
    from ..solve.evolution.outcome import Shift

__all__ = ["command"]


@declare(
    "migrate",
    "sarto migrate selections/acme.toml --to ../2027",
    "sarto migrate selections/acme.toml --to ../2027/features.toml -o ../2027/selections/acme.toml",
)
@click.argument("selection", type=PATH)
@click.option("--to", "to", metavar="LINE", type=PATH, required=True, help="The other version, or its folder.")
@click.option("-o", "--output", metavar="FILE", type=PATH, help="The selection file to write.")
@click.option("--force", is_flag=True, help="Replace FILE where it is there already.")
@json_option
@click.pass_obj
def command(
    application: Application, selection: Path, to: Path, output: Path | None, force: bool, as_json: bool
) -> None:
    """A selection carried over to another version of its line.

    As many decisions are kept as can be kept together in LINE. Features go by their new names where it records them
    (was), and a value that cannot be kept gives way to the nearest that can. All that is changed or dropped is
    said with the reason, and so is what changes in the configuration.
    """
    from ..line import ProductLine, read_text
    from ..model.toml_selection import load_selection
    from ..solve.evolution.migration import migrate

    if output is not None:
        refuse_overwriting(output, force=force)
    wished = load_selection(str(selection), lambda file: read_text(Path(file)))
    line = ProductLine.open(to, plugins=application.plugins).of(wished)
    migration = migrate(wished, line.description)
    shifts, unknown = _shifts(application, wished, line, migration)
    notes = (*_notes(wished, migration, read_text(selection)), *unknown)
    if output is not None:
        write_whole(output, migrated_text(migration, wished, line.description, output))
    Report(line.description, wished, migration, shifts, notes, output).print(as_json=as_json)


def _shifts(
    application: Application, wished: Selection, line: ProductLine, migration: Migration
) -> tuple[tuple[Shift, ...] | None, tuple[str, ...]]:
    """What changes in the configuration, or None and why that is not known."""
    from ..errors import SartoError
    from ..solve.evolution.outcome import shifts
    from ..solve.evolution.renaming import renames

    try:
        after = line.resolve(migration.selection)
    except SartoError as error:
        return None, (f"the new selection is not complete yet: {_brief(error)}",)
    try:
        old = _old_line(application, wished, line)
        before = old.resolve(wished)
    except SartoError as error:
        return None, (f"what changes in the configuration is not known: {_brief(error)}",)
    return shifts(before, after, renames(old.model, line.model)), ()


def _old_line(application: Application, wished: Selection, new: ProductLine) -> ProductLine:
    """The line that the selection names. Raises SartoError where that is the new one already, or cannot be read."""
    from ..errors import SartoError
    from ..line import ProductLine

    file = os.path.normpath(Path(wished.file).parent / wished.line)
    if os.path.realpath(file) == os.path.realpath(new.description.file):
        raise SartoError("the selection names this very file as its line", where=wished.place_of("line"))
    return ProductLine.open(Path(file), plugins=application.plugins).of(wished)


def _brief(error: SartoError) -> str:
    """The first line of each single error, with its place."""
    heads = ((single.what.splitlines()[0].rstrip(":"), single.where) for single in error.errors)
    return "; ".join(f"{head} ({where})" if where else head for head, where in heads)


def _notes(wished: Selection, migration: Migration, text: str) -> Iterator[str]:
    """What is not carried over beside the decisions."""
    from ..model.toml_comments import comments

    if lost := len(comments(text)):
        verb = "is" if lost == 1 else "are"
        yield f"{counted(lost, 'comment')} of {wished.file} {verb} not carried over"
    if wished.extends and not migration.selection.extends:
        fit = "does not fit as it is" if len(wished.extends) == 1 else "do not all fit as they are"
        yield f"the new selection says itself what it had from {', '.join(wished.extends)}, which {fit}"
