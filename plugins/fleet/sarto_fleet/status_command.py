"""``sarto fleet status``: how each customer's build stands."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from sarto.commands import Application, json_option, on_option, print_json, print_table

if TYPE_CHECKING:
    from .status import Standing

__all__ = ["status"]

PATH = click.Path(path_type=Path)


@click.command("status")
@click.argument("folder", metavar="DIR", type=PATH)
@click.option("-o", "--output", "builds", metavar="DIR", type=PATH, default="builds", show_default=True,
              help="Where the builds are.")  # fmt: skip
@on_option
@json_option
@click.pass_context
def status(ctx: click.Context, folder: Path, builds: Path, address: str, as_json: bool) -> None:
    """How the build of each customer stands, and why.

    DIR has the selections. A build is built, out of date, never built or broken; one for which there
    is no selection any more is named, too. Nothing is built, and no part is fetched.
    """
    from sarto.orders import read_orders

    from .looking import look
    from .status import State, orphans, standing

    application = ctx.find_object(Application) or Application()
    orders = read_orders(folder, application.plugins)
    ordered: set[str] = set()

    def found() -> Iterator[Standing]:
        for order, each in look(standing, orders, builds, application.plugins, address):
            ordered.add(order.name)
            yield each

    counts: Counter[State] = Counter()
    told: list[Any] = []
    for each in chain(found(), orphans(ordered, builds)):  # one at a time is held with all that its build says
        counts[each.state] += 1
        told.append(_as_data(each) if as_json else _row(each))
    if as_json:
        print_json({**{state.value: counts[state] for state in State}, "customers": told})
        return
    if told:
        print_table([("CUSTOMER", "STATE", "LINE", "FEATURES", "SIZE", "WHY"), *told])
    click.echo(", ".join(f"{state.value} {counts[state]}" for state in State if counts[state] or state is State.BUILT))


def _row(standing: Standing) -> tuple[str, ...]:
    held = standing.held
    of_it = (held.version, str(held.features), f"{held.size:,}") if held else ("-", "-", "-")
    return (standing.name, standing.state.value, *of_it, "; ".join(map(_first, standing.because)))


def _first(reason: str) -> str:
    """A reason without the list behind it, which has no place in a table."""
    return reason.partition("\n")[0].removesuffix(", because these cannot all hold:")


def _as_data(standing: Standing) -> dict[str, Any]:
    held = standing.held
    return {
        "name": standing.name,
        "customer": standing.customer,
        "state": standing.state.value,
        "because": list(standing.because),
        "version": held.version if held else None,
        "features": held.features if held else None,
        "bytes": held.size if held else None,
    }
