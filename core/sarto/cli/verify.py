"""``sarto verify``: is a build as it was made?"""

from __future__ import annotations

from pathlib import Path

import click

from .application import Application
from .declaring import PATH, declare, json_option
from .output import counted, print_json

__all__ = ["command"]


@declare("verify", "sarto verify builds/acme")
@click.argument("build", type=PATH)
@json_option
@click.pass_context
def command(ctx: click.Context, build: Path, as_json: bool) -> None:
    """Check a build: every hash, the lock, the validity.

    BUILD is the folder of a build. Each file that was changed, added or lost is named.
    """
    from ..line import verify_build

    application = ctx.find_object(Application) or Application()
    report = verify_build(build, application.plugins)
    if as_json:
        print_json({"build": str(build), "files": report.files, "problems": list(report.problems)})
    for problem in report.problems:
        click.echo(f"{click.style('error', fg='red', bold=True)}: {problem}", err=True)
    if report.problems:
        ctx.exit(1)
    if not as_json:
        click.echo(f"{build}: {counted(report.files, 'file')}, all as they were built")
