"""``sarto orders list``, ``show`` and ``history``: what is in the book."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from sarto.commands import Application, counted, print_json, print_table
from sarto.order_book import OrderState

from .desk import PATH, Desk, at_desk, number_argument
from .telling import changes, entry_as_data, moment, order_as_data, order_row, parsed, total_of

if TYPE_CHECKING:
    from sarto.order_book import BookedOrder, HistoryEntry

__all__ = ["history", "list_orders", "show"]

search_option = click.option(
    "--search", metavar="TEXT", default="", help="Those in which this was said, now or earlier."
)


@click.command("list")
@search_option
@click.option("--state", type=click.Choice([state.value for state in OrderState]), help="Those that have come so far.")
@at_desk
def list_orders(search: str, state: str | None, book: str | None, line: Path, name: str | None, as_json: bool) -> None:
    """The orders, the newest first."""
    with Desk.open(book, line, name) as desk:
        found = desk.book.orders(desk.user, search=search, state=OrderState(state) if state else None)
    if as_json:
        print_json({"orders": [order_as_data(order) for order in found]})
        return
    if found:
        head = ("N", "STATE", "CUSTOMER", "LINE", "VERSION", "CHANGED", "TOTAL")
        print_table([head, *map(order_row, found)])
    click.echo(counted(len(found), "order"))


@click.command("show")
@number_argument
@click.option("--quote", "form", metavar="FORMAT", help="The quote alone, in this format, such as text.")
@click.option("--lock", "only_lock", is_flag=True, help="The lock of the build alone, a pylock.toml.")
@click.option("-o", "--output", metavar="FILE", type=PATH, help="Write the quote or the lock here.")
@at_desk
def show(
    number: int, form: str | None, only_lock: bool, output: Path | None,
    book: str | None, line: Path, name: str | None, as_json: bool,
) -> None:  # fmt: skip
    """One order as it is, or its quote or its lock alone."""
    if form and only_lock:
        raise click.UsageError("say --quote or --lock, not both")
    if output is not None and not form and not only_lock:
        raise click.UsageError("-o goes with --quote or --lock")
    with Desk.open(book, line, name) as desk:
        order = desk.order(number)
        content = _quote(desk, order, form) if form else _lock(order) if only_lock else b""
    if content:
        _hand_out(content, output)
    elif as_json:
        print_json(order_as_data(order) | {"lock": order.lock or None})
    else:
        _tell(order)


@click.command("history")
@click.argument("number", metavar="[N]", type=click.IntRange(1, 2**31 - 1), required=False)
@search_option
@at_desk
def history(number: int | None, search: str, book: str | None, line: Path, name: str | None, as_json: bool) -> None:
    """Every change of an order, or of all: who, when, what."""
    from ..schema import folded

    with Desk.open(book, line, name) as desk:
        found = [desk.order(number)] if number else sorted(
            desk.book.orders(desk.user, search=search), key=lambda order: order.number
        )  # fmt: skip
        entries = [(order, entry) for order in found for entry in desk.book.history(desk.user, order.id)]
    sought = folded(search.strip())
    told = [(order, entry) for order, entry in entries if sought in folded(_words(order, entry))]
    if as_json:
        print_json({"history": [entry_as_data(order, entry) for order, entry in told]})
    elif told:
        rows = [
            (str(order.number), str(entry.version), moment(entry.at), entry.user, entry.what, changes(entry))
            for order, entry in told
        ]
        print_table([("N", "VERSION", "WHEN", "WHO", "WHAT", ""), *rows])
    else:
        click.echo("no changes")


def _words(order: BookedOrder, entry: HistoryEntry) -> str:
    """What a change is found by."""
    texts = [text for said in (entry.before, entry.after) for text in parsed(said).values()]
    return "\n".join((order.customer, order.line, entry.user, entry.what, *texts))


def _tell(order: BookedOrder) -> None:
    quote, build = parsed(order.quote), parsed(order.build)
    rows = [
        ("order", str(order.number)),
        ("customer", order.customer),
        ("line", order.line),
        ("state", str(order.state)),
        ("version", f"{order.version}, of {moment(order.changed)}"),
        ("created", moment(order.created)),
    ]
    if isinstance(quote, dict):
        rows.append(("quote", _said_of_quote(order, quote)))
    if isinstance(build, dict):
        rows.append(("build", f"{build.get('folder')}, build.json sha256 {build.get('sha256')}"))
    print_table(rows)
    click.echo(f"\n{order.selection.rstrip()}")


def _said_of_quote(order: BookedOrder, quote: dict[str, Any]) -> str:
    until = f", valid until {quote['valid_until']}" if quote.get("valid_until") else ""
    return f"{quote.get('number')} of {quote.get('date')}: {total_of(order)}{until}"


def _quote(desk: Desk, order: BookedOrder, form: str) -> bytes:
    from sarto.order_steps import offer_of

    application = click.get_current_context().find_object(Application) or Application()
    return application.plugins.quote_format(form).render(offer_of(order, desk.line()))


def _lock(order: BookedOrder) -> bytes:
    from sarto.errors import SartoError

    if not order.lock:
        raise SartoError(f"order {order.number} has no lock: it is {order.state}", hint="building it makes one")
    return order.lock.encode()


def _hand_out(content: bytes, output: Path | None) -> None:
    from sarto.commands import refuse_overwriting

    if output is None:
        sys.stdout.buffer.write(content)
        sys.stdout.buffer.flush()
        return
    refuse_overwriting(output, force=False)
    output.write_bytes(content)
    click.echo(f"wrote {output}")
