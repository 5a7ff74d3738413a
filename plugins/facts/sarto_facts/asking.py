"""Asks a database one question, in a transaction that only reads, and makes facts of its answer."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sarto.errors import SartoError, did_you_mean, raise_all
from sarto.model.expression import Value
from sarto.model.facts import CUSTOMER, KnownCustomer, customer_fault
from sarto.model.values import is_number, shown

if TYPE_CHECKING:
    from sqlalchemy import URL, Connection, Engine

__all__ = ["customers"]

DRIVERS = {"postgresql": "postgresql+pg8000"}
"""What speaks to a database where the address does not say it."""

_TRUTHS = {"true": True, "false": False}
MOST_FAULTS = 20
BATCH = 1000
SECONDS = 10
"""How long to wait for a server that does not answer."""


def customers(address: str, query: str) -> Iterator[KnownCustomer]:
    """The customers of a query, one a row; rows of one customer add up.

    Columns are facts: texts, numbers, true and false, which may also be said by the texts "true" and "false", for not
    every database has them; days and times as ISO 8601. NULL is a fact that is missing.
    Raises SartoError where the database cannot be asked, and with everything that is no fact.
    """
    if not query.strip():
        hint = 'give one that has a row for each customer: --query "SELECT name AS customer, region FROM customers"'
        raise SartoError("a database needs a query", where=_shown(address), hint=hint)
    rows: dict[str, tuple[int, dict[str, Value]]] = {}
    faults: list[SartoError] = []
    place = _shown(address)
    with _asked(address, query) as (names, found):
        _check_names(names, place)
        for number, row in enumerate(found, 1):
            try:
                _add(rows, names, row, number, place)
            except SartoError as fault:
                faults.append(fault)
                if len(faults) >= MOST_FAULTS:
                    break
    raise_all(faults)
    for name, (_, facts) in rows.items():
        yield KnownCustomer(name, facts)


def _check_names(names: Sequence[str], place: str) -> None:
    twice = next((name for number, name in enumerate(names) if name in names[:number]), None)
    if twice is not None:
        what = f"two columns of the answer have the name '{twice}'"
        raise SartoError(what, where=place, hint="name one of them otherwise, with AS")
    if CUSTOMER not in names:
        hint = did_you_mean(CUSTOMER, names) or "name one with AS: SELECT name AS customer, …"
        raise SartoError(f"no column of the answer is called '{CUSTOMER}'", where=place, hint=hint)


def _add(
    rows: dict[str, tuple[int, dict[str, Value]]], names: Sequence[str], row: Sequence[Any], number: int, place: str
) -> None:  # fmt: skip
    facts: dict[str, Value] = {}
    for name, cell in zip(names, row, strict=True):
        if cell is not None:
            value = _fact(cell)
            if value is None:
                what = f"'{name}' in row {number} is no fact: {type(cell).__name__}"
                raise SartoError(what, where=place, hint="make a number or a text of it, with CAST")
            facts[name] = value
    customer = str(facts.get(CUSTOMER, "")).strip()
    if what := customer_fault(customer):
        raise SartoError(f"{what}, in row {number}", where=place)
    facts[CUSTOMER] = customer
    first, known = rows.setdefault(customer, (number, facts))
    for name, value in facts.items():
        other = known.setdefault(name, value)
        if (other, type(other)) != (value, type(value)):
            what = (
                f"two rows contradict each other on '{name}' of '{customer}': "
                f"{shown(other)} in row {first} and {shown(value)} in row {number}"
            )
            raise SartoError(what, where=place, hint="ask for one row a customer, or for what is the same in all")


def _fact(cell: Any) -> Value | None:
    """What a cell says, or None where that is no fact."""
    if isinstance(cell, Decimal):
        is_whole = cell.is_finite() and cell == cell.to_integral_value()
        cell = int(cell) if is_whole else float(cell)
    if isinstance(cell, str):
        return _TRUTHS.get(cell.strip().lower(), cell)
    if isinstance(cell, bool):
        return cell
    if isinstance(cell, datetime.date | datetime.time):
        return cell.isoformat()
    if isinstance(cell, int | float) and is_number(cell):
        return cell
    return None


@contextmanager
def _asked(address: str, query: str) -> Iterator[tuple[Sequence[str], Iterator[Sequence[Any]]]]:
    """The names of the columns and the rows, while the connection is open. Raises SartoError."""
    from sqlalchemy import text
    from sqlalchemy.exc import SQLAlchemyError

    place = _shown(address)
    engine = _engine(address)
    try:
        with engine.connect() as connection:
            _only_read(connection)
            answer = connection.execution_options(stream_results=True).execute(text(_literal(query)))
            if not answer.returns_rows:
                raise SartoError("this query gives no rows", where=place, hint="write a SELECT")
            yield list(answer.keys()), _rows(answer)
    except SQLAlchemyError as error:
        reason = _without_secrets(getattr(error, "orig", None) or error, address)
        raise SartoError(f"the database does not answer: {reason}", where=place) from None
    except OSError as error:
        raise SartoError(f"the database cannot be reached: {_without_secrets(error, address)}", where=place) from None


def _engine(address: str) -> Engine:
    """What speaks to the database. Raises SartoError for an address that is none, or a driver that is missing."""
    from sqlalchemy import create_engine
    from sqlalchemy.exc import ArgumentError, NoSuchModuleError
    from sqlalchemy.pool import NullPool

    place = _shown(address)
    try:
        url = _url(address)
        return create_engine(url, poolclass=NullPool, **_options(url))
    except (NoSuchModuleError, ModuleNotFoundError) as error:
        what = f"nothing is installed that speaks to this database: {error}"
        hint = "install its driver beside Sarto, and name it: mysql+pymysql://…"
        raise SartoError(what, where=place, hint=hint) from None
    except (ArgumentError, ValueError) as error:
        what = f"this is no address of a database: {_without_secrets(error, address)}"
        hint = "write it as sqlite:///customers.db or postgresql://user@host/customers"
        raise SartoError(what, where=place, hint=hint) from None


def _rows(answer: Any) -> Iterator[Sequence[Any]]:
    for part in answer.partitions(BATCH):
        yield from part


def _literal(query: str) -> str:
    r"""The query as it is: a colon in it begins no parameter."""
    return re.sub(r"(?<![:\\]):(?=\w)", r"\:", query)


def _url(address: str) -> URL:
    from sqlalchemy import make_url

    url = make_url(address)
    return url.set(drivername=DRIVERS.get(url.drivername, url.drivername))


def _options(url: URL) -> dict[str, Any]:
    """How to connect: to a file of SQLite only where it is there, and nowhere for ever."""
    if url.get_backend_name() == "sqlite":
        file = url.database or ""
        if not file or file == ":memory:" or not Path(file).is_file():
            raise SartoError("there is no such database", where=url.render_as_string(hide_password=True))
        return {"connect_args": {"timeout": SECONDS}}
    return {"connect_args": {"timeout": SECONDS}} if url.drivername == "postgresql+pg8000" else {}


def _only_read(connection: Connection) -> None:
    """From here on the database itself refuses to change anything."""
    match connection.dialect.name:
        case "sqlite":
            connection.exec_driver_sql("PRAGMA query_only = ON")
        case "postgresql" | "mysql" | "mariadb" | "oracle":
            connection.exec_driver_sql("SET TRANSACTION READ ONLY")
        case _:
            pass  # what is read is rolled back at the end, as all is that is not committed


def _shown(address: str) -> str:
    """The address without what is nobody's business."""
    scheme, _, rest = address.partition("://")
    return f"{scheme}://{rest.rpartition('@')[2].partition('?')[0]}"


def _without_secrets(error: BaseException, address: str) -> str:
    """The first line of what a database says, without the password of the address."""
    said = error.args[0] if error.args and isinstance(error.args[0], dict) else None
    words = str(said["M"]) if said and "M" in said else str(error)
    account = address.partition("://")[2].rpartition("@")[0]
    secret = account.partition(":")[2]
    first = (words.strip() or type(error).__name__).splitlines()[0]
    return first.replace(secret, "…") if secret else first
