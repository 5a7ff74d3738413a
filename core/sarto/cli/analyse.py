"""``sarto analyse``: what holds for all configurations of a feature model."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from .analysis_report import print_report
from .application import Application
from .declaring import PATH, declare, json_option, seconds_option
from .output import print_json
from .progress import reporting
from .proving import proof_option, prove_decided

if TYPE_CHECKING:
    from ..model.feature_model import FeatureModel

__all__ = ["command"]


@declare(
    "analyse",
    "sarto analyse features.toml",
    "sarto analyse model.uvl --count --json",
    "sarto analyse model.uvl --commonality --with search",
)
@click.argument("model", type=PATH)
@click.option("--strict", is_flag=True, help="Tolerate no fault in the file.")
@click.option("--with", "wanted", multiple=True, metavar="FEATURE", help="Only configurations with this feature.")
@click.option("--without", "barred", multiple=True, metavar="FEATURE", help="Only configurations without this feature.")
@click.option("--count", "is_counted", is_flag=True, help="Say how many configurations there are.")
@click.option("--commonality", is_flag=True, help="Say which part of all configurations has each feature.")
@click.option("--redundant", is_flag=True, help="Look for redundant constraints, which takes long in large models.")
@click.option("--explain", is_flag=True, help="Say why each defect is one.")
@seconds_option(60, "How long counting may take.")
@proof_option
@json_option
@click.pass_obj
def command(
    application: Application,
    /,
    model: Path,
    strict: bool,
    wanted: tuple[str, ...],
    barred: tuple[str, ...],
    seconds: float,
    proof: Path | None,
    as_json: bool,
    **asked: bool,
) -> None:
    """Void, core, dead and false-optional features of a model.

    MODEL is a file in any format that a plugin reads. A core feature is in every configuration, a dead one in none; a
    false-optional one looks optional, but is in every configuration that has its parent. The features of an atomic set
    go together, in or out. With --with and --without all this is said of the configurations that agree. Configurations
    are counted as selections of features, whatever values typed ones have; the numbers are exact, or unknown where they
    are not found in time.
    """
    from ..line import read_model
    from .analysing import report

    reading = read_model(model, application.plugins, strict=strict)
    for warning in reading.warnings:
        application.warn(warning)
    decisions = _decisions(reading.model, wanted, barred)
    if proof is not None:
        prove_decided(proof, reading.model, decisions)
    counters = application.plugins.counters()
    with reporting() as reporter, reporter("analysing"):
        found = report(
            reading.model,
            decisions,
            asked,
            counters[0].count if counters else None,
            application.plugins.solver(),
            seconds,
        )
    if as_json:
        print_json(found)
    else:
        more = "" if counters else "; the plugin 'count' finds more (pip install sarto-count)"
        print_report(str(model), found, f"unknown, not found in {seconds:g} s{more}")


def _decisions(model: FeatureModel, wanted: tuple[str, ...], barred: tuple[str, ...]) -> Mapping[str, bool]:
    """What is decided. Raises SartoErrors for all names that are unknown, or decided both ways."""
    from ..errors import Place, SartoError, did_you_mean, raise_all

    raise_all(
        SartoError(f"unknown feature '{name}'", where=Place(key=option), hint=did_you_mean(name, model.features))
        for option, names in (("--with", wanted), ("--without", barred))
        for name in names
        if name not in model.features
    )
    raise_all(
        SartoError(f"'{name}' cannot be both in and out", where=Place(key="--with"), hint="leave out one of the two")
        for name in dict.fromkeys(wanted)
        if name in barred
    )
    return dict.fromkeys(wanted, True) | dict.fromkeys(barred, False)
