"""``sarto build``: assemble builds."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ..errors import SartoError
from ..model.brand_check import missing_texts
from .accent import accented
from .application import Application
from .brand import missing_as_data
from .completing import complete_format
from .declaring import PATH, declare, json_option
from .errors import error_as_data, show
from .output import counted, print_json
from .progress import Reporter, reporting

if TYPE_CHECKING:
    from ..derive.signature import SigningKey
    from ..line import Built, ProductLine
    from ..model.selection import Selection

__all__ = ["command"]


@dataclass(frozen=True, slots=True)
class Order:
    """One build to make."""

    file: Path
    line: ProductLine
    selection: Selection


@declare(
    "build",
    "sarto build selections/acme.toml",
    "sarto build selections/*.toml -o out --jobs 4",
    "sarto build selections/acme.toml --format bundle --format pyz",
    "sarto build selections/acme.toml --sign keys/vendor.key",
)
@click.argument("selections", metavar="SELECTION...", type=PATH, nargs=-1, required=True)
@click.option("-o", "--output", metavar="DIR", type=PATH, default="builds", show_default=True, help="Where builds go.")
@click.option("-f", "--format", "formats", metavar="F", multiple=True, default=["bundle"], show_default=True,
              shell_complete=complete_format, help="What to hand out; 'sarto plugins' lists the formats.")  # fmt: skip
@click.option("-j", "--jobs", metavar="N", type=click.IntRange(min=1), envvar="SARTO_BUILD_JOBS", show_envvar=True,
              help="How many builds are made at the same time; by default one for each processor.")  # fmt: skip
@click.option("--sign", metavar="KEY", type=PATH, help="Sign the builds with this private key.")
@click.option("--provenance", is_flag=True, help="Say in the builds how they came about; --sign does, too.")
@json_option
@click.pass_context
def command(
    ctx: click.Context,
    selections: tuple[Path, ...],
    output: Path,
    formats: tuple[str, ...],
    jobs: int | None,
    sign: Path | None,
    provenance: bool,
    as_json: bool,
) -> None:
    """Assemble builds from selections.

    Each goes into a folder of DIR with the customer's name. Of several selections, one that cannot be built is
    reported and the others are built; the exit code is 1 then.
    """
    application = ctx.find_object(Application) or Application()
    for name in formats:
        application.plugins.build_format(name)
    key = application.plugins.signer().private(sign) if sign else None
    files = tuple(dict.fromkeys(selections))
    orders, failed = _orders(application, files)
    with reporting() as reporter:
        done = _build_all(
            orders, partial(_build, output, formats, reporter, key, provenance), jobs or os.cpu_count() or 1
        )
    built = {file: result for file, result in done.items() if not isinstance(result, SartoError)}
    failed |= {file: result for file, result in done.items() if isinstance(result, SartoError)}
    if failed and len(files) == 1:
        raise failed[files[0]]
    _report_as_json(built, failed) if as_json else _report(built, failed)
    if failed:
        ctx.exit(1)


def _orders(application: Application, files: Sequence[Path]) -> tuple[list[Order], dict[Path, SartoError]]:
    """The selections that can be read, all those of one line with the same line; and what keeps others from it."""
    from ..derive.files import refusals
    from ..derive.naming import build_name
    from ..line import ProductLine

    orders: dict[str, Order] = {}
    failed: dict[Path, SartoError] = {}
    lines: dict[Path, ProductLine] = {}
    for file in files:
        try:
            with refusals("reading this selection"):
                opened, selection = ProductLine.for_selection(file, plugins=application.plugins)
            line = lines.setdefault(Path(opened.description.file).resolve(), opened)
            order = orders.setdefault(build_name(selection), Order(file, line, selection))
            if order.file != file:
                what = f"this would be built into the same folder as {order.file}, '{build_name(selection)}'"
                raise SartoError(what, where=str(file), hint="give the two customers different names")
        except SartoError as error:
            failed[file] = error
    return list(orders.values()), failed


def _build_all(
    orders: Sequence[Order], build: Callable[[Order], Built | SartoError], jobs: int
) -> dict[Path, Built | SartoError]:
    """Build the first order of each line, which prepares the line, and then the others at the same time."""
    from concurrent.futures import ThreadPoolExecutor

    firsts = {id(order.line): order for order in reversed(orders)}
    others = [order for order in orders if firsts[id(order.line)] is not order]
    results = {order.file: build(order) for order in firsts.values()}
    pool = ThreadPoolExecutor(jobs)
    try:
        results |= zip((order.file for order in others), pool.map(build, others), strict=True)
    finally:
        pool.shutdown(cancel_futures=True)  # an interruption waits for what has begun, not for the rest
    return {order.file: results[order.file] for order in orders}


def _build(
    output: Path, formats: Sequence[str], reporter: Reporter, key: SigningKey | None, provenance: bool, order: Order
) -> Built | SartoError:
    with reporter(order.file.stem) as progress:
        try:
            return order.line.build(order.selection, output, formats, progress, key=key, provenance=provenance)
        except SartoError as error:
            return error


def _report(built: Mapping[Path, Built], failed: Mapping[Path, SartoError]) -> None:
    for each in built.values():
        *others, last = map(str, each.outputs.values())
        places = f"{', '.join(others)} and {last}" if others else last
        parts = counted(len(each.plan.parts), "part")
        customer = accented(each.plan.selection.customer)
        start = f"; start it with: python {each.launcher}" if each.launcher else ""
        click.echo(f"built {customer}: {parts} in {places}{start}")
        for missing in missing_texts(each.plan.line, each.plan.selection):
            show(SartoError(missing.sentence, where=missing.where), label="notice")
    for file, error in failed.items():
        show(error, label="error")
        click.echo(f"{file} was not built", err=True)


def _report_as_json(built: Mapping[Path, Built], failed: Mapping[Path, SartoError]) -> None:
    done: list[dict[str, Any]] = [
        {
            "selection": str(file),
            "customer": each.plan.selection.customer,
            "name": each.plan.name,
            "parts": len(each.plan.parts),
            "outputs": {format: str(path) for format, path in each.outputs.items()},
            "launcher": None if each.launcher is None else str(each.launcher),
            "missing_texts": [missing_as_data(one) for one in missing_texts(each.plan.line, each.plan.selection)],
        }
        for file, each in built.items()
    ]
    faults = [{"selection": str(file), "error": error_as_data(error)} for file, error in failed.items()]
    print_json({"builds": done, "failed": faults})
