"""``sarto analyse``: what holds for all configurations of a feature model."""

from __future__ import annotations

import sys
from dataclasses import asdict
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

import click

from .application import Application
from .declaring import PATH, declare, json_option
from .output import counted, print_json, print_table
from .progress import reporting

if TYPE_CHECKING:
    from ..model.feature_model import FeatureModel
    from ..solve.analysis import Analysis

__all__ = ["command"]

LONG = 30
"""Digits from which on a number is rounded for the eye; JSON has all of them."""


@declare("analyse", "sarto analyse features.toml", "sarto analyse model.uvl --count --json")
@click.argument("model", type=PATH)
@click.option("--strict", is_flag=True, help="Tolerate no fault in the file.")
@click.option("--count", "is_counted", is_flag=True, help="Say how many configurations there are.")
@click.option("--seconds", type=float, metavar="N", default=60, show_default=True, help="How long counting may take.")
@json_option
@click.pass_obj
def command(
    application: Application, model: Path, strict: bool, is_counted: bool, seconds: float, as_json: bool
) -> None:
    """Void, core, dead and false-optional features of a model.

    MODEL is a file in any format that a plugin reads. A core feature is in every configuration, a dead one in none; a
    false-optional one looks optional, but is in every configuration that has its parent. Configurations are counted as
    selections of features, whatever values typed ones have; the number is exact, or unknown where it is not
    found in time.
    """
    from ..line import read_model
    from ..solve.analysis import analyse

    reading = read_model(model, application.plugins, strict=strict)
    for warning in reading.warnings:
        application.warn(warning)
    analysis = analyse(reading.model, application.plugins.solver())
    count = {"configurations": _count(application, reading.model, seconds)} if is_counted else {}
    if as_json:
        print_json(asdict(analysis) | count)
    else:
        _print(model, analysis)
        for number in count.values():
            click.echo(f"  configurations  {_readable(number) if number else _unknown(application, seconds)}")


def _count(application: Application, model: FeatureModel, seconds: float) -> str | None:
    """The number of configurations in all its digits."""
    from ..solve.counting import count

    counters = application.plugins.counters()
    with reporting() as reporter, reporter("counting configurations"):
        number = count(model, counters[0].count if counters else None, seconds)
    limit = sys.get_int_max_str_digits()
    sys.set_int_max_str_digits(0)
    try:
        return None if number is None else str(number)
    finally:
        sys.set_int_max_str_digits(limit)


def _readable(number: str) -> str:
    if len(number) <= LONG:
        return number
    mantissa, exponent = f"{Decimal(number):.1e}".split("e+")
    return f"about {mantissa}·10^{exponent} ({len(number)} digits)"


def _unknown(application: Application, seconds: float) -> str:
    more = "" if application.plugins.counters() else "; the plugin 'count' finds more (pip install sarto-count)"
    return f"unknown, not found in {seconds:g} s{more}"


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
