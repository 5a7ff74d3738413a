"""Facts: what is known of customers, from which the line's rules tailor their selections."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from ..errors import Place, SartoError, raise_all
from .expression import Value
from .feature import NOWHERE
from .names import is_plain_text
from .toml_table import Table, parse_toml
from .values import shown

__all__ = ["CUSTOMER", "KnownCustomer", "customer_fault", "read_facts"]

CUSTOMER = "customer"
"""The fact that is the customer's name."""

LONGEST_NAME = 200


@dataclass(frozen=True, slots=True)
class KnownCustomer:
    """What is known of one customer, and where that stands; a fact that is missing is not among ``facts``.

    ``notes`` says of facts why they are of the kind that they are, where that does not show in their value.
    """

    name: str
    facts: Mapping[str, Value]
    where: Place = field(default=NOWHERE, compare=False)
    notes: Mapping[str, str] = field(default_factory=dict, compare=False)


def customer_fault(name: str) -> str:
    """Why a text cannot be a customer's name, or an empty text."""
    if not name.strip():
        return "the customer's name is empty"
    if not (name.isprintable() or is_plain_text(name)):
        return "a customer's name is one line without control characters"
    if len(name) > LONGEST_NAME:
        return f"a customer's name has no more than {LONGEST_NAME} characters, and {shown(name)} has {len(name)}"
    return ""


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
