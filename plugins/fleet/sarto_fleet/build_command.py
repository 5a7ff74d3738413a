"""``sarto fleet build``: every customer's build, made again only where something changed."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from sarto.commands import Application, counting, error_as_data, json_option, on_option, show

from .formats import asked_formats, formats_option
from .vouched import asked_vouching, vouching_options

if TYPE_CHECKING:
    from sarto.orders import Order, Refusal

    from .building import Done

__all__ = ["build", "report", "spread"]

PATH = click.Path(path_type=Path)
COUNTED = ("built", "unchanged", "failed")


@click.command("build")
@click.argument("folder", metavar="DIR", type=PATH)
@click.option("-o", "--output", "builds", metavar="DIR", type=PATH, default="builds", show_default=True,
              help="Where builds go.")  # fmt: skip
@click.option("-j", "--jobs", metavar="N", type=click.IntRange(min=1),
              help="How many builds are made at the same time; by default one for each processor.")  # fmt: skip
@formats_option
@on_option
@vouching_options
@json_option
@click.pass_context
def build(
    ctx: click.Context,
    folder: Path,
    builds: Path,
    jobs: int | None,
    formats: tuple[str, ...],
    address: str,
    sign: Path | None,
    provenance: bool,
    as_json: bool,
) -> None:
    """Build for every customer whose selection is in a folder.

    The selections are the TOML files that name a line or a customer. A build is left as it is where
    nothing that goes into it has changed, so an interrupted run goes on where it was. One customer that
    cannot be built for is reported and the others are built; the exit code is 1 then. A signed build is not
    replaced by one that is not. Each build is a bundle, which the other commands read; with --format it
    is handed out in other formats, too, and from then on these are kept up with it.
    """
    from sarto.orders import read_orders

    from .building import bring_up_to_date

    application = ctx.find_object(Application) or Application()
    wanted = asked_formats(application, formats)
    orders = read_orders(folder, application.plugins)
    work = partial(bring_up_to_date, vouching=asked_vouching(application, sign, provenance), formats=wanted)
    report(ctx, spread(application, work, orders, builds, jobs, address), as_json)


def spread(
    application: Application,
    work: Callable[..., Done | Refusal],
    orders: Iterable[Order | Refusal],
    builds: Path,
    jobs: int | None,
    address: str,
) -> Iterator[Done | Refusal]:
    """Have the orders worked on by the machines behind the address, or by the processors of this one.

    A private key stays on this machine: where builds are signed, the others prepare, and this one builds and signs.
    """
    jobs = jobs or os.cpu_count() or 1
    if not address:
        return _here(work, orders, builds, jobs)
    from sarto.elsewhere import elsewhere

    from .building import prepare
    from .made_elsewhere import arrived, made_elsewhere

    known, executor = list(orders), application.plugins.executor(address)
    if click.get_current_context().params["sign"]:
        for _ in elsewhere(partial(prepare, builds=builds.resolve()), known, executor, address):
            pass
        return _here(work, known, builds, jobs)
    results = elsewhere(partial(made_elsewhere, work=work, builds=builds.resolve()), known, executor, address)
    return (arrived(made, order.file, builds) for made, order in zip(results, known, strict=True))


def _here(
    work: Callable[..., Done | Refusal], orders: Iterable[Order | Refusal], builds: Path, jobs: int
) -> Iterator[Done | Refusal]:
    from sarto.derive.round import begin_round

    from .crew import for_all
    from .records import sweep_records

    with begin_round(builds) as during:
        sweep_records(builds)
        yield from for_all(partial(work, builds=builds, during=during), orders, jobs)


def report(ctx: click.Context, results: Iterable[Done | Refusal], as_json: bool) -> tuple[Done, ...]:
    """Say of each customer what was done, as it is done; exit with 1 where one failed. Those that did not."""
    from sarto.orders import Refusal

    from .building import Done

    counts = dict.fromkeys(COUNTED, 0)
    found: list[dict[str, Any]] = []
    done: list[Done] = []
    with counting("building") as progress:
        for result in results:
            outcome = "failed" if isinstance(result, Refusal) else "built" if result.was_built else "unchanged"
            counts[outcome] += 1
            if isinstance(result, Done):
                done.append(result)
            if as_json:
                found.append(_as_data(result, outcome))
            elif isinstance(result, Refusal):
                progress("")
                show(result.error)
                click.echo(f"{result.file} was not built", err=True)
            progress(_summary(counts))
    said = {**counts, "customers": found}
    click.echo(json.dumps(said, indent=2, ensure_ascii=False) if as_json else _summary(counts))
    if counts["failed"]:
        ctx.exit(1)
    return tuple(done)


def _summary(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{name} {count}" for name, count in counts.items())


def _as_data(result: Done | Refusal, outcome: str) -> dict[str, Any]:
    from sarto.orders import Refusal

    if isinstance(result, Refusal):
        return {"selection": str(result.file), "outcome": outcome, "error": error_as_data(result.error)}
    return {"selection": str(result.file), "outcome": outcome, "customer": result.customer, "name": result.name}
