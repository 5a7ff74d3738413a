"""``sarto orders new``, ``edit``, ``save``, ``quote``, ``reopen``, ``approve``: what is to be built, for how much."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click
from sarto.commands import print_json, refuse_overwriting, selection_text, write_whole
from sarto.order_book import OrderState

from .desk import LARGEST, PATH, Desk, at_desk, number_argument, step, version_option
from .telling import parsed, report, said_of, total_of

if TYPE_CHECKING:
    from sarto.line import ProductLine
    from sarto.model.selection import Selection

__all__ = ["approve", "edit", "new", "quote", "reopen", "save"]


@click.command("new")
@click.argument("selection", type=PATH)
@at_desk
def new(selection: Path, book: str | None, line: Path, name: str | None, as_json: bool) -> None:
    """Order what a selection asks for.

    The order is for the customer whom it names, and keeps all that it says, with its profiles and the files of its
    brand, whatever becomes of the files.
    """
    from sarto.order_steps import files_for_order, text_for_order

    with Desk.open(book, line, name) as desk:
        opened = desk.line()
        read = read_for(opened, selection)
        text, files = text_for_order(read, opened), files_for_order(read, opened)
        name_of_line = opened.written.name
        order = desk.book.create(desk.user, customer=read.customer, line=name_of_line, selection=text, files=files)
    report(order, f"made {said_of(order)}", as_json)


@click.command("edit")
@number_argument
@click.option("-o", "--output", metavar="FILE", type=PATH, required=True, help="The selection file to write.")
@click.option("--force", is_flag=True, help="Replace FILE where it is there already.")
@at_desk
def edit(number: int, output: Path, force: bool, book: str | None, line: Path, name: str | None, as_json: bool) -> None:
    """Write the selection of an order to a file, to change it.

    Its first line is the command that saves it: nobody's changes in between are lost. Files of its brand that are
    no longer where they were are written beside it.
    """
    from sarto.order_steps import put_in_place, selection_of

    refuse_overwriting(output, force=force)
    with Desk.open(book, line, name) as desk:
        order, opened = desk.order(number), desk.line()
        selection = put_in_place(desk.book, desk.user, order, selection_of(order, opened), opened, output)
    command = f"sarto orders save {number} {output} --version {order.version}"
    write_whole(output, selection_text(selection, f"Order {number}. When it is changed: {command}", {}))
    if as_json:
        print_json({"file": str(output), "number": number, "version": order.version})
    else:
        click.echo(f"wrote {output}; when it is changed: {command}")


@click.command("save")
@number_argument
@click.argument("selection", type=PATH)
@click.option("--version", metavar="V", type=click.IntRange(1, LARGEST), required=True,
              help="The version of the order that was changed.")  # fmt: skip
@at_desk
def save(
    number: int, selection: Path, version: int, book: str | None, line: Path, name: str | None, as_json: bool
) -> None:
    """Give an order another selection.

    A quote that it had is given up. Where others have changed the order since version V, nothing is saved.
    """
    from sarto.errors import SartoError
    from sarto.order_steps import files_for_order, text_for_order

    with Desk.open(book, line, name) as desk:
        order, opened = desk.order(number, version), desk.line()
        read = read_for(opened, selection)
        if read.customer != order.customer:
            what = f"this selection is for '{read.customer}', and order {number} for '{order.customer}'"
            raise SartoError(what, where=read.place_of("customer"))
        text, files = text_for_order(read, opened), files_for_order(read, opened)
        order = desk.book.save(desk.user, order.id, version, selection=text, files=files)
    report(order, f"saved {said_of(order)}", as_json)


@click.command("quote")
@number_argument
@version_option
@click.option("--days", metavar="D", type=click.IntRange(1, 3650), help="How long the quote is valid.")
@at_desk
def quote(
    number: int, version: int | None, days: int | None,
    book: str | None, line: Path, name: str | None, as_json: bool,
) -> None:  # fmt: skip
    """Quote an order by the prices of the line.

    The quote is kept with its number and date. An order that is quoted already gets another quote.
    """
    from sarto.order_steps import quote_order

    today = datetime.now(UTC).date()
    until = (today + timedelta(days=days)).isoformat() if days else ""
    with Desk.open(book, line, name) as desk:
        order = desk.order(number, version)
        order = quote_order(desk.book, desk.user, order, desk.line(), date=today.isoformat(), valid_until=until)
    said = parsed(order.quote)
    report(order, f"quoted {said_of(order)}: {total_of(order)} (quote {said['number']} of {said['date']})", as_json)


@click.command("approve")
@number_argument
@version_option
@at_desk
def approve(number: int, version: int | None, book: str | None, line: Path, name: str | None, as_json: bool) -> None:
    """Approve the quote of an order.

    Its selection is frozen: what is built is what was quoted.
    """
    order = step(number, version, OrderState.APPROVED, book, line, name)
    report(order, f"approved {said_of(order)}: {total_of(order)}", as_json)


@click.command("reopen")
@number_argument
@version_option
@at_desk
def reopen(number: int, version: int | None, book: str | None, line: Path, name: str | None, as_json: bool) -> None:
    """Take an order back to configuring, before it is built.

    Its quote is given up.
    """
    order = step(number, version, OrderState.CONFIGURING, book, line, name)
    report(order, f"reopened {said_of(order)}", as_json)


def read_for(line: ProductLine, file: Path) -> Selection:
    """The selection in a file as it is written, its names checked. Raises SartoError where it is for another line."""
    import os.path

    from sarto.errors import SartoError
    from sarto.line import read_text
    from sarto.model.toml_selection import load_selection

    selection = load_selection(str(file), lambda path: read_text(Path(path)))
    named = file.parent / selection.line
    named = named / "features.toml" if named.is_dir() else named
    if os.path.realpath(named) != os.path.realpath(line.written.file):
        what = f"this selection is for another line than '{line.written.file}'"
        raise SartoError(what, where=selection.place_of("line"), hint="--line names the line of the order book")
    line.fitting(selection)
    return selection
