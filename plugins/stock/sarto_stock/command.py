"""``sarto stock``: what is needed, what lies idle, what a further customer costs, and what will be needed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from sarto.commands import (
    Application,
    counted,
    error_as_data,
    json_option,
    on_option,
    print_json,
    print_table,
    reporting,
    show,
)
from sarto.errors import SartoError, did_you_mean

from .telling import (
    bytes_of,
    cost_as_data,
    cost_row,
    needed_as_data,
    outlook_as_data,
    outlook_row,
    refused_as_data,
    total,
    weight,
)

if TYPE_CHECKING:
    from sarto.derive.progress import Progress
    from sarto.orders import Refusal

    from .demand import Demand

__all__ = ["stock"]

PATH = click.Path(path_type=Path)
Reading = tuple[list["Demand"], list["Refusal"]]

folder_argument = click.argument("folder", metavar="DIR", type=PATH)
builds_option = click.option(
    "-o", "--output", "builds", metavar="DIR", type=PATH, default="builds", show_default=True, help="Where builds go."
)


@click.group("stock")
def stock() -> None:
    """The inventory of parts: what orders need, what lies idle, what a further customer costs."""


@stock.command("list")
@folder_argument
@builds_option
@on_option
@json_option
@click.pass_context
def list_stock(ctx: click.Context, folder: Path, builds: Path, address: str, as_json: bool) -> None:
    """The parts that open orders need and the store lacks, and those that lie in it for nobody.

    DIR has the selections; one without a build is an open order. Idle is what neither a selection nor a
    build needs.
    """
    from sarto.derive.store import PartStore

    from .needs import idle, lacking

    store = PartStore.default()
    orders, refused = _read(ctx, folder, builds, address, as_json)
    needed, unneeded = lacking(orders, store), idle(orders, builds, store)
    number = sum(order.is_open for order in orders)
    if as_json:
        print_json({
            "open": [order.name for order in orders if order.is_open],
            "needed": [needed_as_data(each) for each in needed],
            "idle": [{"file": part.filename, "bytes": part.size} for part in unneeded],
            "refused": refused_as_data(refused),
        })  # fmt: skip
    else:
        rows = [
            ("needed", each.wheel.filename, bytes_of(each.wheel), f"for {', '.join(each.waiting)}") for each in needed
        ]
        rows += [("idle", part.filename, f"{part.size:,} bytes", "for nobody") for part in unneeded]
        if rows:
            print_table(rows)
        click.echo(f"{counted(number, 'open order')}: {total(needed)} to fetch; {weight(unneeded)} idle")
    _end(ctx, refused)


@stock.command("fetch")
@folder_argument
@builds_option
@on_option
@json_option
@click.pass_context
def fetch_stock(ctx: click.Context, folder: Path, builds: Path, address: str, as_json: bool) -> None:
    """Fetch the parts that open orders need and the store lacks, and no others.

    What was fetched stays where the rest cannot be had; a build then needs no network.
    """
    from sarto.derive.store import PartStore

    from .needs import fetch_elsewhere, fetch_lacking, lacking, weighed

    store = PartStore.default()
    orders, refused = _read(ctx, folder, builds, address, as_json)
    needed = lacking(orders, store)
    if address:
        fetch_elsewhere(needed, store, _application(ctx).plugins.executor(address), address)
    else:
        with _progress("fetching") as progress:
            fetch_lacking(needed, store, progress)
    needed = weighed(needed, store)
    if as_json:
        print_json({"fetched": [needed_as_data(each) for each in needed], "refused": refused_as_data(refused)})
    else:
        click.echo(f"fetched {total(needed)} for {counted(sum(order.is_open for order in orders), 'open order')}")
    _end(ctx, refused)


@stock.command("cost")
@click.argument("path", metavar="[LINE]", type=PATH, required=False)
@click.option("--feature", "features", metavar="F", multiple=True, help="Only this feature; by default all with parts.")
@click.option("-o", "--output", "builds", metavar="DIR", type=PATH, default="builds", show_default=True,
              help="On whose disk builds are made and removed.")  # fmt: skip
@click.option("--runs", metavar="N", type=click.IntRange(min=1), default=5, show_default=True,
              help="How many builds are timed for each; the median counts.")  # fmt: skip
@json_option
@click.pass_context
def cost(
    ctx: click.Context, path: Path | None, features: tuple[str, ...], builds: Path, runs: int, as_json: bool
) -> None:
    """What one more customer of each feature costs, in bytes and milliseconds: measured, not guessed.

    Builds are made for it, with each feature in turn and nothing else chosen, and removed. Parts that the
    store lacks are fetched first, which does not count.
    """
    from sarto.line import ProductLine

    from .cost import Cost, costs

    line = ProductLine.open(path, plugins=_application(ctx).plugins)
    for name in features:
        if name not in line.model.features:
            raise SartoError(f"the line has no feature '{name}'", hint=did_you_mean(name, line.model.features))
    asked = features or tuple(name for name in line.model.features if line.model.features[name].delivery.parts)
    with _progress("measuring") as progress:
        found = list(costs(line, asked, builds, runs, progress))
    good = [each for each in found if isinstance(each, Cost)]
    never = {each[0]: each[1] for each in found if not isinstance(each, Cost)}
    if "" in never:  # not even a customer who chooses nothing
        raise never[""]
    if as_json:
        impossible = {name: error_as_data(error) for name, error in never.items()}
        print_json({"runs": runs, "costs": [cost_as_data(each) for each in good], "impossible": impossible})
        return
    print_table([("FEATURE", "PARTS", "HANDED OUT", "NEW ON DISK", "TIME"), *map(cost_row, good)])
    for name, error in never.items():
        click.echo(f"{name}: in no build of its own: {error.what}")


@stock.command("forecast")
@folder_argument
@builds_option
@click.option("-n", "--customers", "further", metavar="N", type=click.IntRange(min=1, max=100_000), default=100,
              show_default=True, help="How many further customers.")  # fmt: skip
@on_option
@json_option
@click.pass_context
def forecast(ctx: click.Context, folder: Path, builds: Path, further: int, address: str, as_json: bool) -> None:
    """How many further customers will need which feature and which part, judged by the known ones.

    The known customers are the selections in DIR. Of n of them k need something: the next one will with
    probability (k + 1) / (n + 2), by Laplace's rule of succession. The range holds nine times out of ten,
    if further customers are like the known ones.
    """
    orders, refused = _read(ctx, folder, builds, address, as_json)
    if not orders and not refused:
        raise SartoError("there is no customer to judge by", where=str(folder), hint="a forecast needs selections")
    reports = [_forecast(group, further) for group in _by_line(orders)]
    if as_json:
        print_json({"further": further, "lines": reports, "refused": refused_as_data(refused)})
    else:
        for report in reports:
            _show_forecast(report, further)
    _end(ctx, refused)


def _forecast(orders: Sequence[Demand], further: int) -> dict[str, Any]:
    from sarto.derive.store import PartStore

    from .forecast import features_outlook, parts_outlook
    from .needs import is_stored

    store = PartStore.default()
    return {
        "line": orders[0].line.description.name,
        "customers": len(orders),
        "features": {name: outlook_as_data(found) for name, found in features_outlook(orders, further).items()},
        "parts": [
            {
                "file": each.wheel.filename, "bytes": each.wheel.size, "stored": is_stored(each.wheel, store),
                **outlook_as_data(each.outlook),
            }
            for each in parts_outlook(orders, further)
        ],
    }  # fmt: skip


def _show_forecast(report: dict[str, Any], further: int) -> None:
    known = counted(report["customers"], "known customer")
    click.echo(f"{report['line']}: {known}, {counted(further, 'further one')}")
    head = ("KNOWN", "NEXT", "EXPECTED", "NINE TIMES OF TEN")
    rows = [(name, *outlook_row(said)) for name, said in report["features"].items()]
    print_table([("FEATURE", *head), *rows])
    click.echo()
    parts = [(each["file"], *outlook_row(each), "" if each["stored"] else "to fetch") for each in report["parts"]]
    print_table([("PART", *head, "STORE"), *parts])


def _by_line(orders: Iterable[Demand]) -> list[list[Demand]]:
    groups: dict[int, list[Demand]] = {}
    for order in orders:
        groups.setdefault(id(order.line), []).append(order)
    return list(groups.values())


def _read(ctx: click.Context, folder: Path, builds: Path, address: str, as_json: bool) -> Reading:
    """The orders, and what cannot be honoured, which is said at once."""
    from sarto.orders import Refusal

    from .demand import Demand, read_demand

    found = list(read_demand(folder, builds, _application(ctx).plugins, address))
    refused = [each for each in found if isinstance(each, Refusal)]
    for each in () if as_json else refused:
        show(each.error)
    return [each for each in found if isinstance(each, Demand)], refused


def _end(ctx: click.Context, refused: Sequence[Refusal]) -> None:
    if refused:
        ctx.exit(1)


def _application(ctx: click.Context) -> Application:
    return ctx.find_object(Application) or Application()


def _progress(label: str) -> AbstractContextManager[Progress]:
    from contextlib import contextmanager

    @contextmanager
    def shown() -> Iterator[Progress]:
        with reporting() as reporter, reporter(label) as progress:
            yield progress

    return shown()
