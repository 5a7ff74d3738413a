"""Facts: what is known of a customer, from which the line's rules tailor a selection."""

from __future__ import annotations

from collections.abc import Mapping

from ..errors import Place, SartoError, raise_all
from .expression import Value
from .toml_table import Table, parse_toml

__all__ = ["read_facts"]


def read_facts(text: str, file: str) -> Mapping[str, Value]:
    """The facts of a TOML file: true, false, numbers and texts, those in tables with dotted names.

    Raises SartoError with everything that is not one.
    """
    errors: list[SartoError] = []
    facts: dict[str, Value] = {}
    _gather(Table(parse_toml(text, file), Place(file), errors), "", facts)
    raise_all(errors)
    return facts


def _gather(table: Table, path: str, facts: dict[str, Value]) -> None:
    for key in table:
        name = path + key
        if isinstance(table.content[key], dict):
            _gather(table.table(key), f"{name}.", facts)
        elif name in facts:
            table.fault(f"the fact '{name}' is there twice", key)
        elif (value := table.value(key)) is not None:
            facts[name] = value
