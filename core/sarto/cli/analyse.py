"""``sarto analyse``: what holds for all configurations of a feature model."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from .application import Application
from .declaring import PATH, declare, json_option
from .output import counted, print_json, print_table

if TYPE_CHECKING:
    from ..solve.analysis import Analysis

__all__ = ["command"]


@declare("analyse", "sarto analyse features.toml", "sarto analyse model.uvl --json")
@click.argument("model", type=PATH)
@click.option("--strict", is_flag=True, help="Tolerate no fault in the file.")
@json_option
@click.pass_obj
def command(application: Application, model: Path, strict: bool, as_json: bool) -> None:
    """Void, core, dead and false-optional features of a model.

    MODEL is a file in any format that a plugin reads. A core feature is in every configuration, a dead one in none; a
    false-optional one looks optional, but is in every configuration that has its parent.
    """
    from ..line import read_model
    from ..solve.analysis import analyse

    reading = read_model(model, application.plugins, strict=strict)
    for warning in reading.warnings:
        application.warn(warning)
    analysis = analyse(reading.model)
    if as_json:
        print_json(asdict(analysis))
    else:
        _print(model, analysis)


def _print(model: Path, analysis: Analysis) -> None:
    size = f"{counted(analysis.features, 'feature')}, {counted(analysis.constraints, 'constraint')}"
    click.echo(f"{model}: {size}")
    rows = [("void", "yes" if analysis.void else "no", "")]
    for word, names in (
        ("core", analysis.core),
        ("dead", analysis.dead),
        ("false-optional", analysis.false_optional),
    ):
        rows.append((word, str(len(names)), ", ".join(names)))
    print_table(rows, indent="  ")
