"""``sarto resolve``: the configuration that a selection leads to."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ..errors import SartoError
from .application import Application
from .decisions import decision_cell, indented
from .declaring import PATH, declare, json_option
from .output import Cell, counted, print_json, print_table
from .proving import proof_option, prove_resolution

if TYPE_CHECKING:
    from ..line import ProductLine
    from ..model.prices import Quote
    from ..model.selection import Selection
    from ..solve.reasons import Resolution

__all__ = ["command"]


@declare("resolve", "sarto resolve selections/acme.toml", "sarto resolve selections/acme.toml --json")
@click.argument("selection", type=PATH)
@proof_option
@json_option
@click.pass_obj
def command(application: Application, selection: Path, proof: Path | None, as_json: bool) -> None:
    """The configuration of a selection, each decision with its reason.

    What a selection leaves out is decided by what follows from the rest, then its preferences, then the line's
    defaults; what is still undecided gets the fewest features. An open feature is left to the end user.
    """
    from ..line import ProductLine

    line, wished = ProductLine.for_selection(selection, plugins=application.plugins)
    resolution = line.resolve(wished) if proof is None else prove_resolution(proof, line, wished)
    quote = _quote(application, line, wished, resolution)
    if as_json:
        print_json(_as_data(line, wished, resolution) | _quote_as_data(line, quote))
        return
    _print(line, wished, resolution)
    if quote is not None:
        taxed = f", {quote.net:f} before taxes" if quote.taxes else ""
        click.echo(f"price: {quote.total:f} {quote.currency}{taxed}")


def _quote(application: Application, line: ProductLine, wished: Selection, resolution: Resolution) -> Quote | None:
    """What it costs, where the line has prices; where that cannot be said, the configuration holds all the same."""
    if line.written.prices is None:
        return None
    try:
        return line.quote(wished, resolution=resolution)
    except SartoError as error:
        application.warn(error)
        return None


def _quote_as_data(line: ProductLine, quote: Quote | None) -> dict[str, Any]:
    from ..model.prices import quote_to_data

    return {} if line.written.prices is None else {"quote": None if quote is None else quote_to_data(quote)}


def _as_data(line: ProductLine, wished: Selection, resolution: Resolution) -> dict[str, Any]:
    from ..model.instance_listing import listed
    from ..solve.words import sentence

    told = {*line.written.model.features, *listed(line.model, resolution.configuration)}
    return {
        "line": line.description.name,
        "customer": wished.customer,
        "configuration": {name: value for name, value in resolution.configuration.items() if name in told},
        "reasons": {name: sentence(each) for name, each in resolution.decisions.items() if name in told},
        "open": list(resolution.open),
        "follows": list(resolution.follows),
    }


def _print(line: ProductLine, wished: Selection, resolution: Resolution) -> None:
    from ..model.instance_listing import listed
    from ..solve.words import sentence

    shown = [resolution.decisions[name] for name in listed(line.model, resolution.configuration)]
    print_table(
        (
            Cell(indented(line.model, decision.feature), bold=decision.is_selected),
            decision_cell(decision.value, is_open=decision.feature in resolution.open),
            Cell(sentence(decision), dim=not decision.is_selected),
        )
        for decision in shown
    )
    selected = sum(decision.is_selected for decision in shown)
    still_open = f", {len(resolution.open)} left open" if resolution.open else ""
    click.echo(f"\n{wished.customer}: {selected} of {counted(len(shown), 'feature')}{still_open}")
