"""``sarto test``: a line's suite over a covering sample of its products."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ..errors import SartoError
from .application import Application
from .declaring import PATH, ExampleCommand, json_option, line_argument
from .output import print_json
from .progress import reporting

if TYPE_CHECKING:
    from ..line import ProductLine
    from ..testing.campaign import Campaign

__all__ = ["command"]


FOR_PYTEST = "sarto.pytest"
EXAMPLES = ("sarto test", "sarto test shop -t 3 --jobs 4", "sarto test -- -x -k search")


class PassingOn(ExampleCommand):
    """A command whose words behind ``--`` are for pytest, also where no LINE is before them."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Put the words behind ``--`` aside."""
        place = args.index("--") if "--" in args else len(args)
        ctx.meta[FOR_PYTEST] = args[place + 1 :]
        return super().parse_args(ctx, args[:place])

    def collect_usage_pieces(self, ctx: click.Context) -> list[str]:
        """The usage, with what is passed on."""
        return [*super().collect_usage_pieces(ctx), "[-- PYTEST ARGUMENTS]"]


@click.command("test", cls=PassingOn, examples=EXAMPLES)
@line_argument
@click.option("-t", "strength", type=click.IntRange(1, 3), metavar="N", default=2, show_default=True,
              help="Cover whatever N features can be.")  # fmt: skip
@click.option("-j", "--jobs", metavar="N", type=click.IntRange(min=1),
              help="How many products are tested at the same time; by default one for each processor.")  # fmt: skip
@click.option("-o", "--output", metavar="DIR", type=PATH, default="failing", show_default=True,
              help="Where selections that fail are written.")  # fmt: skip
@click.option("--no-shrink", is_flag=True, help="Run the sample alone; do not look for the smallest failing selection.")
@click.option("--limit", type=click.FloatRange(min=0, min_open=True), metavar="SECONDS",
              help="How long the suite may run in one product, in place of what the line says.")  # fmt: skip
@click.option("--seed", type=int, metavar="N", default=0, show_default=True, help="Another seed, another sample.")
@json_option
@click.pass_context
def command(
    ctx: click.Context, line: Path | None, strength: int, jobs: int | None, output: Path,
    no_shrink: bool, limit: float | None, seed: int, as_json: bool,
) -> None:  # fmt: skip
    """Run a line's tests in a sample of its products.

    LINE is a features.toml or its folder; by default the one in this folder. Its [tests] say what is run. The products
    are really built; together they have whatever two features (-t) can be. pytest runs inside each, where exactly the
    product's parts and what the tests need can be imported. A failure is shrunk to the fewest decisions with which the
    test still fails, and a selection with them is written. What follows -- is for pytest. The exit code is 1 where a
    test fails.
    """
    from ..line import ProductLine
    from ..testing.campaign import run_campaign
    from ..testing.running import SuiteRunner
    from .test_report import as_data, print_report, write_selections

    application = ctx.find_object(Application) or Application()
    opened = ProductLine.open(line, plugins=application.plugins)
    with (
        reporting() as reporter,
        reporter(opened.description.name) as progress,
        SuiteRunner(opened, ctx.meta[FOR_PYTEST], limit, progress) as runner,
    ):
        campaign = run_campaign(
            opened, runner, strength, jobs=jobs or os.cpu_count() or 1, seed=seed, shrink=not no_shrink,
            progress=progress,
        )  # fmt: skip
    _refuse_nothing(opened, campaign)
    files = write_selections(opened, campaign, output)
    if as_json:
        print_json(as_data(opened, campaign, files))
    else:
        print_report(opened, campaign, files)
    if campaign.failures:
        ctx.exit(1)


def _refuse_nothing(line: ProductLine, campaign: Campaign) -> None:
    if not campaign.tests and not campaign.failures:
        raise SartoError(
            "no test was run in any product", where=line.description.file,
            hint="see that [tests] paths, and what is for pytest, name tests that apply to some product",
        )  # fmt: skip
