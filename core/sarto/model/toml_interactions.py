"""The interactions that a features.toml settles."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from .interaction import Interaction
from .names import known_feature
from .toml_table import Table
from .values import shown

__all__ = ["read_interactions"]

KEYS = ("between", "order", "exclude", "resolved_by", "because")
WAYS = ("order", "exclude", "resolved_by")
HOW = 'write one of order = ["first", "second"], exclude = true and resolved_by = "a third feature"'


def read_interactions(top: Table, known: Collection[str]) -> Iterator[Interaction]:
    """The interactions that can be read; what is wrong with the others is among the table's errors."""
    settled: dict[tuple[str, ...], Table] = {}
    for table in top.tables("interactions", KEYS):
        before = len(table.errors)
        found = _read(table, known)
        if len(table.errors) > before:
            continue
        pair = tuple(sorted(found.between))
        if pair in settled:
            table.fault("these features are settled twice", "between", hint=f"the first is {settled[pair].where}")
            continue
        settled[pair] = table
        yield found


def _read(table: Table, known: Collection[str]) -> Interaction:
    check = known_feature(known, told=table.errors)
    if "between" not in table:
        table.missing("between", 'between = ["one", "another"]')
    between = table.texts("between", check=check)
    if isinstance(table.content.get("between"), list) and len(table.content["between"]) < 2:
        table.fault("an interaction is between two features or more", "between")
    ways = [key for key in WAYS if key in table]
    if len(ways) != 1:
        said = " and ".join(f"'{key}'" for key in ways)
        what = f"{said} settle it in different ways" if ways else "nothing says how this interaction is settled"
        table.fault(what, table.where, hint=HOW)
    found = Interaction(
        between=between,
        order=table.texts("order", check=check),
        exclude=table.truth("exclude"),
        resolved_by=table.text("resolved_by", check=check),
        because=table.text("because", needed='because = "the reason, as people read it"'),
        where=table.where,
    )
    _check_way(table, found)
    return found


def _check_way(table: Table, found: Interaction) -> None:
    if found.order and sorted(found.order) != sorted(found.between):
        names = ", ".join(shown(name) for name in found.between)
        table.fault("the order is not one of the features between which it is", "order", hint=f"name each of {names}")
    if table.content.get("exclude") is False:
        table.fault("exclude = false settles nothing", "exclude", hint=HOW)
    if table.content.get("resolved_by") == "" or found.resolved_by in found.between:
        table.fault(
            f"{shown(found.resolved_by)} is no third feature", "resolved_by", hint="name the feature that glues"
        )
