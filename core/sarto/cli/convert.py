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

    The suffixes of IN and OUT say which formats these are. What the format of OUT cannot express is an error that
    lists all of it; nothing is dropped.
    """
    from ..line import read_model

    format = application.plugins.model_format(target)
    refuse_overwriting(target, force=force)
    reading = read_model(source, application.plugins, strict=strict)
    for warning in reading.warnings:
        application.warn(warning)
    write_whole(target, format.write(reading.model))
    features, constraints = len(reading.model.features), len(reading.model.constraints)
    click.echo(f"wrote {target}: {counted(features, 'feature')}, {counted(constraints, 'constraint')}")
