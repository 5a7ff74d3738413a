"""``sarto fleet rebuild``: the builds that would be made otherwise now, and no others."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click
from sarto.commands import Application, json_option, on_option
from sarto.errors import SartoError

from .build_command import report, spread
from .customers import read_customer
from .formats import asked_formats, formats_option
from .question import Question, question_options
from .vouched import asked_vouching, vouching_options

if TYPE_CHECKING:
    from sarto.orders import Order, Refusal

__all__ = ["rebuild"]

PATH = click.Path(path_type=Path)


@click.command("rebuild")
@click.argument("folder", metavar="DIR", type=PATH)
@click.option("-o", "--output", "builds", metavar="DIR", type=PATH, default="builds", show_default=True,
              help="Where builds go.")  # fmt: skip
@click.option("--affected", is_flag=True, help="Only those of which any byte would change.")
@question_options
@click.option("-j", "--jobs", metavar="N", type=click.IntRange(min=1),
              help="How many builds are made at the same time; by default one for each processor.")  # fmt: skip
@formats_option
@on_option
@vouching_options
@json_option
@click.pass_context
def rebuild(
    ctx: click.Context,
    folder: Path,
    builds: Path,
    affected: bool,
    wanted: tuple[str, ...],
    features: tuple[str, ...],
    advisories: tuple[Path, ...],
    jobs: int | None,
    formats: tuple[str, ...],
    address: str,
    sign: Path | None,
    provenance: bool,
    as_json: bool,
) -> None:
    """Build again for all customers, or only for those who are affected.

    With --affected a build is left as it is where no byte of it would change, so that what stands there
    afterwards is the same as if all had been built again. --part, --feature and --advisories narrow it to
    the customers that 'sarto fleet affected' names; one whose new build still has such a version or
    is concerned by an advisory is an error. A signed build is not replaced by one that is not.
    """
    from sarto.orders import read_orders

    from .building import rebuild as rebuild_one

    question = Question.read(wanted, features, advisories)
    if question and not affected:
        raise click.UsageError("--part, --feature and --advisories go with --affected")
    application = ctx.find_object(Application) or Application()
    orders = _asked(read_orders(folder, application.plugins), question, builds)
    vouching = asked_vouching(application, sign, provenance)
    work = partial(rebuild_one, vouching=vouching, formats=asked_formats(application, formats), all=not affected)
    done = report(ctx, spread(application, work, orders, builds, jobs, address), as_json)
    bad = Question(tuple(each for each in question.parts if each.specifier), (), question.advisories)
    still = [each.name for each in done if _is_meant(builds / each.name, bad)]
    if still:
        what = f"still concerned: {', '.join(still)}"
        raise SartoError(what, hint="let the line ask for other versions, or lock it anew: sarto lock --upgrade")


def _asked(orders: Iterable[Order | Refusal], question: Question, builds: Path) -> Iterator[Order | Refusal]:
    """The orders whose builds are meant; all of them where nothing is asked."""
    from sarto.orders import Refusal

    for order in orders:
        if isinstance(order, Refusal) or not question:
            yield order
            continue
        try:
            if _is_meant(builds / order.name, question):
                yield order
        except SartoError as error:
            yield Refusal(order.file, error)


def _is_meant(folder: Path, question: Question) -> bool:
    file = folder / "build.json"
    return file.is_file() and any(True for _ in question.reasons(read_customer(file)))
