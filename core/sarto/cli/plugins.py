"""``sarto plugins``: the plugins that take part, and what each adds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from .application import Application
from .declaring import declare, json_option
from .output import Cell, print_json, print_table

if TYPE_CHECKING:
    from ..hooks import Plugin, PluginManager

__all__ = ["command"]


@declare("plugins", "sarto plugins", "sarto plugins --json")
@json_option
@click.pass_obj
def command(application: Application, as_json: bool) -> None:
    """The plugins that take part, and what each adds.

    A plugin that is broken is left out of everything; it is listed with the reason.
    """
    application.is_silent = True
    rows = _rows(application.plugins)
    if as_json:
        print_json({"plugins": rows})
    else:
        print_table([(row["name"], _origin(row), _state(row)) for row in rows])


def _rows(plugins: PluginManager) -> list[dict[str, Any]]:
    contributions = plugins.contributions()
    working = [
        {**_identity(plugin), "adds": [{"kind": c.kind, "name": c.name} for c in contributions if c.plugin == plugin]}
        for plugin in plugins.plugins
    ]
    return working + [{**_identity(broken.plugin), "broken": broken.error} for broken in plugins.broken]


def _identity(plugin: Plugin) -> dict[str, Any]:
    return {"name": plugin.name, "distribution": plugin.distribution, "version": plugin.version}


def _origin(row: dict[str, Any]) -> str:
    return f"{row['distribution']} {row['version']}".strip()


def _state(row: dict[str, Any]) -> Cell:
    if "broken" in row:
        return Cell(f"broken: {row['broken']}", colour="red")
    return Cell(", ".join(f"{each['kind']} {each['name']}".rstrip() for each in row["adds"]))
