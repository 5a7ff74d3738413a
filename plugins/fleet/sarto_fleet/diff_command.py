"""``sarto fleet diff``: what would change for whom, and why."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from sarto.commands import Application, counted, error_as_data, json_option, on_option, print_json, show

if TYPE_CHECKING:
    from sarto.orders import Order, Refusal

    from .changes import Change

__all__ = ["diff"]

PATH = click.Path(path_type=Path)


@click.command("diff")
@click.argument("folder", metavar="DIR", type=PATH)
@click.option("-o", "--output", "builds", metavar="DIR", type=PATH, default="builds", show_default=True,
              help="Where the builds are.")  # fmt: skip
@on_option
@json_option
@click.pass_context
def diff(ctx: click.Context, folder: Path, builds: Path, address: str, as_json: bool) -> None:
    """What building again would change for whom, and why.

    The selections in DIR, as they would be built now, against the builds: features, parts, the order of
    plugins, settings and brand. Nothing is built, and no part is fetched.
    """
    from sarto.orders import Refusal

    application = ctx.find_object(Application) or Application()
    found: list[dict[str, Any]] = []
    total = failed = 0
    for order, result in _differences(application, folder, builds, address):
        total += 1
        failed += isinstance(result, Refusal)
        if result:
            found.append(_as_data(order, result))
            if not as_json:
                _show(order, result)
    if as_json:
        print_json({"customers": found})
    else:
        same = total - len(found)
        click.echo(
            f"{counted(total, 'customer')}: {len(found) - failed} would change, {same} would not, {failed} cannot"
        )
    if failed:
        ctx.exit(1)


def _differences(
    application: Application, folder: Path, builds: Path, address: str
) -> Iterator[tuple[Order | Refusal, tuple[Change, ...] | Refusal]]:
    """Each order with what would change, found here or by the machines behind the address."""
    from sarto.orders import Refusal, read_orders

    from .differences import differences
    from .looking import look

    orders = read_orders(folder, application.plugins)
    for order, result in look(differences, orders, builds, application.plugins, address):
        if not address or isinstance(result, Refusal) or folder.is_absolute():
            yield order, result
        else:
            yield order, tuple(map(_from_here, result))


def _from_here(change: Change) -> Change:
    """With the paths in its reason as this machine, which was given relative ones, would write them."""
    return replace(change, because=change.because.replace(f"{Path.cwd()}{os.sep}", ""))


def _show(order: Order | Refusal, result: tuple[Change, ...] | Refusal) -> None:
    from sarto.orders import Order, Refusal

    if isinstance(result, Refusal):
        show(result.error)
    elif isinstance(order, Order):
        click.echo("\n".join((f"{order.name}:", *(f"  {_line(each)}" for each in result))))


def _line(change: Change) -> str:
    why = f"  ({change.because})" if change.because else ""
    return f"{change.kind:<8} {change.name}: {_word(change.before)} -> {_word(change.after)}{why}"


def _word(value: Any) -> str:
    if value is None:
        return "none"
    return ("yes" if value else "no") if isinstance(value, bool) else str(value)


def _as_data(order: Order | Refusal, result: tuple[Change, ...] | Refusal) -> dict[str, Any]:
    from sarto.orders import Order, Refusal

    if isinstance(result, Refusal):
        return {"selection": str(order.file), "error": error_as_data(result.error)}
    whose = {"name": order.name, "customer": order.selection.customer} if isinstance(order, Order) else {}
    return {**whose, "changes": [asdict(change) for change in result]}
