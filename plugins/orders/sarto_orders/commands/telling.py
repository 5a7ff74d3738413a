"""What the commands say of orders: as rows, as data and in sentences."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import click
from sarto.commands import print_json
from sarto.order_book import BookedOrder, HistoryEntry, OrderState

__all__ = [
    "changes",
    "entry_as_data",
    "moment",
    "order_as_data",
    "order_row",
    "parsed",
    "report",
    "said_of",
    "total_of",
]


def moment(time: datetime) -> str:
    """A time as people read it, in UTC."""
    return f"{time:%Y-%m-%d %H:%M}"


def order_row(order: BookedOrder) -> tuple[str, ...]:
    """An order in a list."""
    return (
        str(order.number), str(order.state), order.customer, order.line, str(order.version), moment(order.changed),
        total_of(order),
    )  # fmt: skip


def order_as_data(order: BookedOrder) -> dict[str, Any]:
    """An order as data: its quote and build taken apart, its texts whole; the lock, which is long, is not there."""
    return {
        "id": order.id,
        "number": order.number,
        "customer": order.customer,
        "line": order.line,
        "state": str(order.state),
        "version": order.version,
        "created": order.created.isoformat(),
        "changed": order.changed.isoformat(),
        "selection": order.selection,
        "files": dict(order.files),
        "quote": parsed(order.quote),
        "build": parsed(order.build),
    }


def parsed(text: str) -> Any:
    """What a JSON text of the book says; None where there is none, the text itself where it is something else."""
    if not text:
        return None
    try:
        return json.loads(text)
    except ValueError:
        return text


def total_of(order: BookedOrder) -> str:
    """What the order comes to by its quote."""
    quote = parsed(order.quote)
    if not isinstance(quote, Mapping) or not isinstance(quote.get("total"), str):
        return ""
    return f"{quote.get('currency', '')} {quote['total']}".strip()


def said_of(order: BookedOrder) -> str:
    """The order in a few words."""
    return f"order {order.number} for {order.customer}"


def entry_as_data(order: BookedOrder, entry: HistoryEntry) -> dict[str, Any]:
    """A change of an order as data."""
    return {
        "number": order.number,
        "version": entry.version,
        "at": entry.at.isoformat(),
        "user": entry.user,
        "what": entry.what,
        "before": json.loads(entry.before),
        "after": json.loads(entry.after),
    }


def changes(entry: HistoryEntry) -> str:
    """What a change changed, in a line."""
    before, after = json.loads(entry.before), json.loads(entry.after)
    told = [_change(name, before.get(name, ""), after[name]) for name in after]
    return ", ".join(filter(None, told))


def _change(name: str, was: str, now: str) -> str:
    if name == "state":
        return f"{was} → {now}" if was else str(OrderState(now))
    if not was:
        return f"{name} added" if now else ""
    return f"{name} {'changed' if now else 'given up'}"


def report(order: BookedOrder, sentence: str, as_json: bool) -> None:
    """Say what was done, and at which version the order is since."""
    if as_json:
        print_json(order_as_data(order))
    else:
        click.echo(f"{sentence}; version {order.version}")
