"""``sarto tailor``: selections from what is known of customers."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from .application import Application
from .declaring import PATH, declare, json_option
from .output import print_json
from .writing import refuse_overwriting

if TYPE_CHECKING:
    from ..line import ProductLine
    from ..model.facts import KnownCustomer
    from .tailoring.customers import Belongings

__all__ = ["command"]


@declare(
    "tailor",
    "sarto tailor facts/library.toml",
    "sarto tailor facts/library.toml -o selections/library.toml --customer 'City Library'",
    "sarto tailor crm.csv --fleet --present selections -o proposed",
    "sarto tailor --measure crm.csv --against selections",
    "sarto tailor --undo selections/library.toml",
)
@click.argument("facts", required=False)
@click.option(
    "-o", "--output", metavar="SELECTION", type=PATH, help="The selection file to write; with --fleet, the folder."
)
@click.option("--line", type=PATH, help="A features.toml or its folder; by default the one in this folder.")
@click.option("--customer", default="", help="The customer's name, or of several customers the one that is meant; "
              "by default the fact 'customer', else the name of FACTS.")  # fmt: skip
@click.option("--query", metavar="SQL", default="", help="What FACTS, a database, is asked; a row for each customer.")
@click.option("--usage", metavar="FILE", type=PATH, help="What the customer's product has recorded (@usage --export).")
@click.option("--present", metavar="SELECTION", type=PATH, help="The customer's selection of now; its decisions stay.")
@click.option("--build", metavar="BUILD", type=PATH, help="The customer's build of now.")
@click.option("--licence", metavar="FILE", type=PATH, help="The customer's licence; nothing is proposed beyond it.")
@click.option("--fleet", is_flag=True, help="Take all customers of FACTS; --usage, --present, --build and --licence "
              "are folders.")  # fmt: skip
@click.option("--summary", metavar="CSV", type=PATH, help="Write the table of --fleet to this file, too.")
@click.option("--dry-run", "dry", is_flag=True, help="Write nothing.")
@click.option("--measure", is_flag=True, help="Hold what the rules propose against what the customers have.")
@click.option("--against", metavar="DIR", type=PATH, help="The selections that the customers of --measure have.")
@click.option("--undo", metavar="SELECTION", type=PATH, help="Make a selection what it was before it was tailored.")
@click.option("--force", is_flag=True, help="Replace SELECTION where it is there already.")
@json_option
@click.pass_obj
def command(
    application: Application, facts: str | None, output: Path | None, line: Path | None, customer: str, query: str,
    usage: Path | None, present: Path | None, build: Path | None, licence: Path | None, fleet: bool,
    summary: Path | None, dry: bool, measure: bool, against: Path | None, undo: Path | None, force: bool, as_json: bool,
) -> None:  # fmt: skip
    """A selection from what is known of a customer, with the evidence.

    FACTS is a TOML file with what is known, a CSV file with a row for each customer, a folder of TOML files, or the
    address of a database. The line's [[rules]] make decisions of it. Their outcome is resolved before anything is
    written: what would make it impossible is left out, the least by weight, and said with the reason. What the
    customer has decided in a selection of their own outweighs rules that are not the vendor's.
    """
    from ..line import ProductLine
    from .tailoring.customers import Belongings, known_customers

    if undo is not None:
        _undo(undo, force=force, as_json=as_json)
        return
    source = _source(facts, measure=measure, against=against, fleet=fleet, summary=summary)
    if customer and (fleet or measure):
        raise click.UsageError("--customer names one, and --fleet and --measure take all.")
    if measure and (output or present or build or licence):
        raise click.UsageError("--measure looks at facts alone, and writes nothing.")
    own = Belongings(present, build, licence)
    if output is not None and not (fleet or dry):
        refuse_overwriting(output, force=force)
    opened = ProductLine.open(line, plugins=application.plugins)
    customers = known_customers(opened, source, query, usage)
    if not (fleet or measure):
        customers = iter([_one(customers, source, customer)])
    if measure and against:
        from .tailoring.measuring import print_measured

        is_good = print_measured(opened, customers, against, application.plugins, as_json=as_json)
    elif fleet:
        from .tailoring.fleet import Fleet

        belongings = own.by_name(application.plugins)
        run = Fleet(opened, belongings, _shown(source), output, dry=dry or output is None, force=force)
        is_good = run.run(customers, summary, as_json=as_json)
    else:
        _tailor_one(opened, next(customers), own, _shown(source), output, dry=dry, as_json=as_json)
        is_good = True
    if not is_good:
        click.get_current_context().exit(1)


def _source(facts: str | None, *, measure: bool, against: Path | None, fleet: bool, summary: Path | None) -> str:
    """Where the facts are; what the options ask for goes together, or it is a usage error."""
    if facts is None:
        raise click.UsageError("Missing argument 'FACTS'.")
    if measure is not (against is not None):
        raise click.UsageError("--measure and --against DIR belong together.")
    if measure and fleet:
        raise click.UsageError("--measure is about all customers anyway: leave out --fleet.")
    if summary is not None and not fleet:
        raise click.UsageError("--summary is the table of --fleet.")
    return facts


def _one(customers: Iterator[KnownCustomer], facts: str, customer: str) -> KnownCustomer:
    from .tailoring.customers import one_of

    return one_of(customers, facts, customer)


def _shown(source: str) -> str:
    """Where facts come from, by the name of the file or what follows the account of a database."""
    scheme, is_address, rest = source.partition("://")
    return f"{scheme}://{rest.rpartition('@')[2].partition('?')[0]}" if is_address else Path(source).name


def _tailor_one(
    line: ProductLine, known: KnownCustomer, own: Belongings, source: str, output: Path | None, *, dry: bool,
    as_json: bool,
) -> None:  # fmt: skip
    from ..proposals import proposed_for
    from .tailoring.record import tailored_text, write_tailored
    from .tailoring.report import print_proposed, proposed_as_data

    present, licence = own.of(line, known.name)
    proposed = proposed_for(line, known, present, licence, file=str(output or known.where.file))
    written = None if dry else output
    if written is not None:
        write_tailored(written, tailored_text(line, proposed, source, written), proposed)
    if as_json:
        print_json(proposed_as_data(line, proposed, written))
    else:
        ending = (
            f"; wrote {written}" if written else "; nothing was written" if dry else "; -o SELECTION writes them down"
        )
        print_proposed(line, proposed, ending)


def _undo(selection: Path, *, force: bool, as_json: bool) -> None:
    from .tailoring.record import undo

    is_there = undo(selection, force=force)
    if as_json:
        print_json({"selection": str(selection), "there": is_there})
    elif is_there:
        click.echo(f"{selection} is what it was before it was tailored")
    else:
        click.echo(f"removed {selection}, which was not there before it was tailored")
