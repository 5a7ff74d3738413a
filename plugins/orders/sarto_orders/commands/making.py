"""``sarto orders build``, ``deliver`` and ``upgrade``: what was approved becomes a product, and stays up to date."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from sarto.commands import counted, print_json, reporting
from sarto.order_book import OrderState

from .desk import Desk, at_desk, number_argument, output_option, step, version_option
from .telling import order_as_data, report, said_of

if TYPE_CHECKING:
    from sarto.derive.progress import Progress
    from sarto.line import Built
    from sarto.solve.evolution.migration import Carried, Migration

__all__ = ["build", "deliver", "upgrade"]


@click.command("build")
@number_argument
@version_option
@output_option
@at_desk
def build(
    number: int, version: int | None, output: Path | None,
    book: str | None, line: Path, name: str | None, as_json: bool,
) -> None:  # fmt: skip
    """Build exactly what was approved.

    The book keeps the lock and the digest of the build. Where the line has come to give another product than
    the one that was quoted, nothing is built.
    """
    from sarto.order_steps import build_order

    with Desk.open(book, line, name) as desk:
        order = desk.order(number, version)
        with _progress(f"order {number}") as progress:
            order, built = build_order(desk.book, desk.user, order, desk.line(), _place(output, line, number), progress)
    if as_json:
        print_json(order_as_data(order) | {"launcher": str(built.launcher)})
    else:
        report(order, f"built {said_of(order)}: {_told(built)}", as_json)


@click.command("deliver")
@number_argument
@version_option
@at_desk
def deliver(number: int, version: int | None, book: str | None, line: Path, name: str | None, as_json: bool) -> None:
    """Write down that the build was delivered."""
    order = step(number, version, OrderState.DELIVERED, book, line, name)
    report(order, f"delivered {said_of(order)}", as_json)


@click.command("upgrade")
@number_argument
@version_option
@output_option
@at_desk
def upgrade(
    number: int, version: int | None, output: Path | None,
    book: str | None, line: Path, name: str | None, as_json: bool,
) -> None:  # fmt: skip
    """Build a delivered order against the line as it is now.

    A selection that no longer fits is migrated: as many decisions are kept as can be, and what is changed or
    dropped is said with the reason.
    """
    from sarto.order_steps import upgrade_order

    with Desk.open(book, line, name) as desk:
        order, place = desk.order(number, version), _place(output, line, number)
        with _progress(f"order {number}") as progress:
            done = upgrade_order(desk.book, desk.user, order, desk.line(), place, progress)
    changed = _decisions(done.migration)
    if as_json:
        print_json(order_as_data(done.order) | {"launcher": str(done.built.launcher), "decisions": changed})
        return
    report(done.order, f"upgraded {said_of(done.order)}: {_told(done.built)}", as_json)
    for each in changed:
        to = f" to {each['now']}" if each["now"] else ""
        reason = f": {each['reason']}" if each["reason"] else ""
        click.echo(f"  {each['fate']} {each['said']}{to}{reason}")


def _place(output: Path | None, line: Path, number: int) -> Path:
    folder = line if line.is_dir() else line.parent
    return output or folder / "builds" / f"order-{number}"


def _told(built: Built) -> str:
    start = f"; start it with: python {built.launcher}" if built.launcher else ""
    return f"{counted(len(built.plan.parts), 'part')} in {built.outputs['bundle']}{start}"


def _decisions(migration: Migration) -> list[dict[str, Any]]:
    """What is not as it was in the selection, each with why."""
    from sarto.solve.evolution.migration import Fate
    from sarto.solve.evolution.words import against_in_words

    return [
        {
            "fate": str(each.fate),
            "said": f"{each.key} = {_value(each.before)}",
            "now": _now(each),
            "reason": "; ".join(against_in_words(each, str)),
        }
        for each in migration.decisions
        if each.fate is not Fate.KEPT
    ]


def _now(each: Carried) -> str:
    """What it is now: the value alone where the name is the same."""
    if each.after is None:
        return ""
    return _value(each.after) if each.now == each.key else f"{each.now} = {_value(each.after)}"


def _value(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else repr(value)


@contextmanager
def _progress(label: str) -> Iterator[Progress]:
    with reporting() as reporter, reporter(label) as progress:
        yield progress
