"""``sarto report``: what is looked at, and where the page goes."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click
from sarto.commands import (
    PATH,
    Application,
    counted,
    declare,
    json_option,
    print_json,
    refuse_overwriting,
    reporting,
    seconds_option,
    show,
    write_whole,
)

if TYPE_CHECKING:
    from .study import Study

__all__ = ["report"]

PAGE = Path("report.html")


@declare("report", "sarto report selections", "sarto report selections --no-parts --date 2026-11-29 -o autumn.html")
@click.argument("folder", metavar="DIR", type=PATH)
@click.option("-o", "--output", metavar="FILE", type=PATH, help=f"Where the page goes.  [default: {PAGE}]")
@click.option("--no-parts", is_flag=True, help="Leave the parts out, which needs no network.")
@click.option("--date", metavar="DATE", type=click.DateTime(["%Y-%m-%d"]), help="The date of the report; today's.")
@seconds_option(20, "How long configurations are counted, and pairs looked at.")
@click.option("--force", is_flag=True, help="Replace the file where it is there already.")
@json_option
@click.pass_context
def report(
    ctx: click.Context, folder: Path, output: Path | None, no_parts: bool, date: datetime.datetime | None,
    seconds: float, force: bool, as_json: bool,
) -> None:  # fmt: skip
    """One HTML page about a line and its customers, the selections in DIR.

    How often each feature is chosen, which go together, what customers pay, which parts their builds share, and how
    sound the line is. Nothing is built: the parts are those of the line's lock. The page needs no network and no
    script, and prints on paper. A selection that cannot be honoured is in it with the reason, and makes the exit
    code 1.
    """
    if as_json and output is not None:
        raise click.UsageError("--json does not go with --output.")
    path = output or PAGE
    if not as_json:
        refuse_overwriting(path, force=force)
    found = _study(ctx, folder, seconds, parts=not no_parts)
    day = f"{date or datetime.date.today():%Y-%m-%d}"
    if as_json:
        from .data import study_as_data

        print_json(study_as_data(found, day))
    else:
        _write(found, day, path)
    if found.survey.refused:
        ctx.exit(1)


def _study(ctx: click.Context, folder: Path, seconds: float, *, parts: bool) -> Study:
    from .study import study
    from .survey import survey

    application = ctx.find_object(Application) or Application()
    with reporting() as reporter, reporter(folder.name) as progress:
        surveyed = survey(folder, application.plugins, parts=parts, progress=progress)
        progress("checking the line")
        findings = surveyed.line.check(parts=parts, progress=progress)
        progress("counting")
        return study(surveyed, findings, seconds)


def _write(found: Study, day: str, path: Path) -> None:
    from .page import render

    write_whole(path, render(found, day))
    for each in found.survey.refused:
        show(each.error)
    line = found.survey.line.written
    click.echo(f"wrote {path}: {line.name} {line.version}, {counted(len(found.survey.customers), 'customer')}")
