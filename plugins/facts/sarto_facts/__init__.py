"""The feature ``facts`` of Sarto: what is known of customers, asked of a database."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from sarto.hooks import FactSource, hookimpl

if TYPE_CHECKING:
    from sarto.model.facts import KnownCustomer

__all__ = ["sarto_fact_sources"]

__version__ = "0.1.0"


@hookimpl
def sarto_fact_sources() -> Sequence[FactSource]:
    """Databases that SQLAlchemy speaks to."""
    return [
        FactSource(
            name="sql", schemes=("sqlite", "postgresql", "mysql", "mariadb", "oracle", "mssql", "duckdb"), read=_read
        )
    ]


def _read(address: str, query: str) -> Iterable[KnownCustomer]:
    from .asking import customers

    return customers(address, query)
