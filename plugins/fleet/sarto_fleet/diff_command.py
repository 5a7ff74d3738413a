"""``sarto fleet diff``: what would change for whom, and why."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from sarto.commands import Application, counted, error_as_data, json_option, print_json, show

if TYPE_CHECKING:
    from .changes import Change
    from .orders import Order, Refusal

__all__ = ["diff"]

PATH = click.Path(path_type=Path)


@click.command("diff")
@click.argument("folder", metavar="DIR", type=PATH)
@click.option("-o", "--output", "builds", metavar="DIR", type=PATH, default="builds", show_default=True,
              help="Where the builds are.")  # fmt: skip
@json_option
@click.pass_context
def diff(ctx: click.Context, folder: Path, builds: Path, as_json: bool) -> None:
    """What building again would change for whom, and why.

    The selections in DIR, as they would be built now, against the builds: features, parts, settings and
    brand. Nothing is built, and no part is fetched.
    """
    from .differences import differences
    from .orders import Refusal, read_orders

    application = ctx.find_object(Application) or Application()
    found: list[dict[str, Any]] = []
    total = failed = 0
    for order in read_orders(folder, application.plugins):
        total += 1
        result = differences(order, builds)
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


def _show(order: Order | Refusal, result: tuple[Change, ...] | Refusal) -> None:
    from .orders import Order, Refusal

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
    from .orders import Order, Refusal

    if isinstance(result, Refusal):
        return {"selection": str(result.file), "error": error_as_data(result.error)}
    whose = {"name": order.name, "customer": order.selection.customer} if isinstance(order, Order) else {}
    return {**whose, "changes": [asdict(change) for change in result]}
