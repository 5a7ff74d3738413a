"""``sarto store``: what lies in the part store, whether it is whole, and room in it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from .declaring import PATH, ExampleCommand, json_option
from .output import counted, print_json, print_table

if TYPE_CHECKING:
    from ..derive.inventory import Stored

__all__ = ["command"]


@click.group("store")
def command() -> None:
    """The parts on this machine: list, verify, free."""


@command.command("list", cls=ExampleCommand, examples=["sarto store list --builds builds"])
@click.option("-b", "--builds", metavar="DIR", type=PATH, multiple=True, help="Count the builds below this folder.")
@json_option
def list_parts(builds: tuple[Path, ...], as_json: bool) -> None:
    """The parts with their sizes, and how many builds need each."""
    from ..derive.inventory import count_users, stored_parts
    from ..derive.store import PartStore

    users = count_users(builds)
    parts = stored_parts(PartStore.default())
    if as_json:
        print_json({"parts": [{**_as_data(part), "builds": users[part.sha256]} for part in parts]})
        return
    if parts:
        print_table(
            (part.filename, f"{part.size:,} bytes", part.sha256[:12], *_uses(users[part.sha256], bool(builds)))
            for part in parts
        )
    click.echo(_total(parts))


@command.command("verify", cls=ExampleCommand, examples=["sarto store verify"])
@json_option
@click.pass_context
def verify(ctx: click.Context, as_json: bool) -> None:
    """Check every part against its hash.

    A damaged one is named and removed; whoever needs it next fetches it again. The exit code is 1 then.
    """
    from ..derive.inventory import discard_damaged, stored_parts
    from ..derive.store import PartStore

    store = PartStore.default()
    damaged = discard_damaged(store)
    whole = stored_parts(store)
    if as_json:
        print_json({"whole": len(whole), "damaged": [_as_data(part) for part in damaged]})
    else:
        for part in damaged:
            label = click.style("error", fg="red", bold=True)
            click.echo(f"{label}: '{part.filename}' was damaged, and is removed ({part.path})", err=True)
        click.echo(f"{counted(len(whole), 'part')}, whole")
    if damaged:
        ctx.exit(1)


@command.command("free", cls=ExampleCommand, examples=["sarto store free --builds builds --dry-run"])
@click.option("-b", "--builds", metavar="DIR", type=PATH, multiple=True, required=True,
              help="Keep what the builds below this folder need; can be said again.")  # fmt: skip
@click.option("--dry-run", is_flag=True, help="Only say what would be removed.")
@json_option
def free_parts(builds: tuple[Path, ...], dry_run: bool, as_json: bool) -> None:
    """Remove what no build needs: parts, and what was derived from parts.

    Of the latter, such as unpacked trees, layers of images and environments, only what is of one part that a build
    needs is kept; the rest is made again by whoever needs it next. While a build is being made, nothing is removed.
    """
    from ..derive.inventory import free
    from ..derive.store import PartStore

    freed = free(PartStore.default(), builds, dry_run=dry_run)
    parts, derived = freed.parts, freed.derived
    if as_json:
        cached = [{"name": each.name, "path": str(each.path), "bytes": each.size} for each in derived]
        print_json(
            {"removed": [_as_data(part) for part in parts], "derived": cached, "bytes": freed.size, "dry_run": dry_run}
        )
        return
    for part in parts:
        click.echo(f"{part.filename}  {part.size:,} bytes")
    for each in derived:
        click.echo(f"{each.name}  {each.size:,} bytes")
    of_them = f"; {counted(len(derived), 'thing')} derived from parts, {sum(each.size for each in derived):,} bytes"
    click.echo(f"{'would remove' if dry_run else 'removed'} {_total(parts)}{of_them if derived else ''}")


def _as_data(part: Stored) -> dict[str, Any]:
    return {"file": part.filename, "sha256": part.sha256, "bytes": part.size}


def _uses(count: int, is_known: bool) -> tuple[str, ...]:
    return (f"in {counted(count, 'build')}",) if is_known else ()


def _total(parts: tuple[Stored, ...]) -> str:
    return f"{counted(len(parts), 'part')}, {sum(part.size for part in parts):,} bytes"
