"""``sarto convert``: a feature model in another format."""

from __future__ import annotations

from pathlib import Path

import click

from .application import Application
from .declaring import PATH, declare
from .output import counted
from .writing import refuse_overwriting, write_whole

__all__ = ["command"]


@declare("convert", "sarto convert features.toml model.uvl", "sarto convert model.uvl features.toml")
@click.argument("source", metavar="IN", type=PATH)
@click.argument("target", metavar="OUT", type=PATH)
@click.option("--force", is_flag=True, help="Replace OUT where it is there already.")
@click.option("--strict", is_flag=True, help="Tolerate no fault in IN.")
@click.pass_obj
def command(application: Application, source: Path, target: Path, force: bool, strict: bool) -> None:
    """Write a feature model in another format.

    The suffixes of IN and OUT say which formats these are. OUT has the same configurations; where its format cannot
    express them, that is an error that lists all of it. Whatever else OUT has no place for is left out with a warning.
    """
    from ..errors import SartoError
    from ..line import read_model

    format = application.plugins.model_format(target)
    refuse_overwriting(target, force=force)
    reading = read_model(source, application.plugins, strict=strict)
    for warning in reading.warnings:
        application.warn(warning)
    write_whole(target, format.write(reading.model))
    if reading.beyond:
        what = f"a feature model has no place for what this line says of {', '.join(reading.beyond)}"
        application.warn(SartoError(what, where=str(source)))
    for left_out in format.leaves_out(reading.model):
        application.warn(SartoError(f"{format.name} has no place for {left_out}", where=str(target)))
    features, constraints = len(reading.model.features), len(reading.model.constraints)
    click.echo(f"wrote {target}: {counted(features, 'feature')}, {counted(constraints, 'constraint')}")
