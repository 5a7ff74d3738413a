"""The tree as features.toml says it: the groups in the features' tables, and the features that only groups name."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from dataclasses import replace

from ..errors import Place
from .feature import Group, GroupKind
from .names import feature_name_fault, key_text
from .toml_table import Table

__all__ = ["TREE_KEYS", "implicit_features", "mend_names", "read_groups"]

SHORT = {kind.value: kind for kind in GroupKind if kind is not GroupKind.CARDINALITY}
TREE_KEYS = (*SHORT, "groups")
ENTRY_KEYS = ("kind", "min", "max", "of")


def read_groups(tables: Mapping[str, Table]) -> tuple[Group, ...]:
    """The groups of all features, in the order of the tables.

    Below one feature the short forms (``optional = […]``) come first, in the order in which they
    stand there, then the entries of ``groups``. An entry has a ``kind``, or else ``min`` and ``max``
    (0 and all where one is missing); it is the way to several groups of one kind.
    """
    return tuple(group for name, table in tables.items() for group in _groups_under(name, table))


def _groups_under(parent: str, table: Table) -> Iterator[Group]:
    for key in table:
        if key in SHORT and (members := _members(table, key)):
            yield Group(parent, SHORT[key], members, where=table.at(key))
    for entry in table.tables("groups", ENTRY_KEYS):
        if "of" not in entry:
            entry.missing("of", 'of = ["first", "second"]')
        elif members := _members(entry, "of"):
            yield _group(parent, entry, members)


def _members(table: Table, key: str) -> tuple[str, ...]:
    if table.content[key] == []:
        table.fault("this group has no features", key, hint="name one, or leave the group out")
    return table.texts(key, check=feature_name_fault)


def _group(parent: str, entry: Table, members: tuple[str, ...]) -> Group:
    kind = entry.choice("kind", GroupKind, GroupKind.CARDINALITY)
    low, high = entry.integer("min"), entry.integer("max")
    if kind is not GroupKind.CARDINALITY:
        for key in ("min", "max"):
            if key in entry:
                entry.fault(f"'{key}' does not go with kind = \"{kind}\"", key, hint="leave one of the two out")
        return Group(parent, kind, members, where=entry.where)
    if "min" not in entry and "max" not in entry and entry.content.get("kind", kind) == kind:
        entry.missing("min", "min and max, or a kind")
    return Group(parent, kind, members, low or 0, len(members) if high is None else high, where=entry.where)


def mend_names(groups: tuple[Group, ...], tables: Mapping[str, Table], root: str) -> tuple[Group, ...]:
    """Report misspelt members and read on as if they were right.

    A member without a table is a feature all the same; but where the table of a similar name is in
    no group, one of the two is misspelt.
    """
    named = {name for group in groups for name in group.members}
    lost = [name for name in tables if name not in named and name != root]
    mended: dict[str, str] = {}
    for group in groups:
        for name in group.members:
            nearest = difflib.get_close_matches(name, lost, n=1) if name not in tables and name not in mended else []
            if nearest:
                mended[name] = nearest[0]
                lost.remove(nearest[0])
                what = f"feature '{name}' has no table, and the table [features.{key_text(nearest[0])}] is in no group"
                tables[nearest[0]].fault(what, group.where, hint=f"did you mean '{nearest[0]}'?")
    return tuple(replace(group, members=tuple(mended.get(name, name) for name in group.members)) for group in groups)


def implicit_features(groups: tuple[Group, ...], tables: Mapping[str, Table]) -> dict[str, Place]:
    """The features that have no table of their own, and where they are named first."""
    found: dict[str, Place] = {}
    for group in groups:
        for name in group.members:
            if name not in tables:
                found.setdefault(name, group.where)
    return found
