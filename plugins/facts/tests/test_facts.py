"""Facts from databases: SQLite and PostgreSQL answer alike, nothing is changed, every fault is one clear sentence."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner
from sarto.cli import program as sarto
from sarto.errors import SartoError
from sarto.hooks import PluginManager
from sarto.model.expression import Value
from sqlalchemy import create_engine, text

from .postgresql import server

CUSTOMERS = """
CREATE TABLE customers (name TEXT, region TEXT, employees INTEGER, share NUMERIC(6, 2), since DATE, note TEXT)
"""
ROWS = [
    ("Acme GmbH", "EU", 80, 12.5, "2020-02-29", "a: note; with 'quotes'"),
    ("Bolt", None, 3, 2, None, None),
    ("Özgür Ltd", "US", 1200, 0, "2026-11-29", "=1+1"),
]
ASKED = "SELECT name AS customer, region, employees, share FROM customers ORDER BY employees"


@pytest.fixture(scope="module")
def postgresql() -> Iterator[str]:
    with server() as address:
        _fill(address.replace("postgresql:", "postgresql+pg8000:"))
        yield address


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "postgresql":
        found: str = request.getfixturevalue("postgresql")
        return found
    address = f"sqlite:///{tmp_path / 'crm.db'}"
    _fill(address)
    return address


def _fill(address: str) -> None:
    engine = create_engine(address)
    with engine.begin() as connection:
        connection.execute(text(CUSTOMERS))
        for row in ROWS:
            names = ("name", "region", "employees", "share", "since", "note")
            values = dict(zip(names, row, strict=True))
            connection.execute(
                text(f"INSERT INTO customers VALUES ({', '.join(f':{name}' for name in names)})"), values
            )
    engine.dispose()


def known(address: str, query: str) -> dict[str, dict[str, Value]]:
    source = PluginManager.discover().fact_source(address)
    return {each.name: dict(each.facts) for each in source.read(address, query)}


def said(address: str, query: str) -> str:
    with pytest.raises(SartoError) as caught:
        known(address, query)
    return str(caught.value)


def test_each_row_is_a_customer_and_null_is_a_missing_fact(database: str) -> None:
    assert known(database, ASKED) == {
        "Bolt": {"customer": "Bolt", "employees": 3, "share": 2},
        "Acme GmbH": {"customer": "Acme GmbH", "region": "EU", "employees": 80, "share": 12.5},
        "Özgür Ltd": {"customer": "Özgür Ltd", "region": "US", "employees": 1200, "share": 0},
    }


def test_days_are_texts_and_truth_values_can_be_written_as_texts(database: str) -> None:
    query = """SELECT name AS customer, since, CASE WHEN employees > 50 THEN 'true' ELSE 'false' END AS large
    FROM customers WHERE name LIKE 'A%' AND note LIKE 'a: %'"""
    assert known(database, query) == {"Acme GmbH": {"customer": "Acme GmbH", "since": "2020-02-29", "large": True}}


@pytest.mark.parametrize(
    "query",
    [
        "DELETE FROM customers",
        "UPDATE customers SET region = 'EU' RETURNING name AS customer",
        "DROP TABLE customers",
        "INSERT INTO customers (name) VALUES ('Evil') RETURNING name AS customer",
        "SELECT name AS customer FROM customers; DELETE FROM customers",
    ],
)
def test_nothing_that_is_asked_changes_anything(database: str, query: str) -> None:
    before = known(database, ASKED)
    assert said(database, query)
    assert known(database, ASKED) == before


@pytest.mark.parametrize(
    ("query", "part"),
    [
        ("", "a database needs a query"),
        ("SELEC 1", "the database does not answer: "),
        ("SELECT * FROM nothing", "the database does not answer: "),
        ("SELECT name FROM customers", "no column of the answer is called 'customer'"),
        ("SELECT name AS customer, 1 AS a, 2 AS a FROM customers", "two columns of the answer have the name 'a'"),
        ("SELECT region AS customer FROM customers WHERE region IS NULL", "the customer's name is empty, in row 1"),
    ],
)
def test_a_query_that_gives_no_facts_is_one_clear_answer(database: str, query: str, part: str) -> None:
    words = said(database, query)
    assert part in words
    assert "Traceback" not in words
    assert "sqlalche.me" not in words


def test_rows_that_contradict_each_other_are_named(database: str) -> None:
    query = "SELECT 'Acme' AS customer, employees AS size FROM customers ORDER BY employees"
    assert "two rows contradict each other on 'size' of 'Acme': 3 in row 1 and 80 in row 2" in said(database, query)
    agreeing = "SELECT 'Acme' AS customer, 'EU' AS region FROM customers"
    assert known(database, agreeing) == {"Acme": {"customer": "Acme", "region": "EU"}}


def test_what_is_no_fact_is_said_with_its_row(database: str) -> None:
    blob = "CAST('a' AS BYTEA)" if database.startswith("postgresql") else "x'00'"
    assert "'data' in row 1 is no fact: bytes" in said(database, f"SELECT 'Acme' AS customer, {blob} AS data")


def test_no_password_is_ever_shown(tmp_path: Path) -> None:
    words = said("postgresql://me:secret@127.0.0.1:1/crm", "SELECT 1")
    assert words.startswith("postgresql://127.0.0.1:1/crm: the database does")
    assert "secret" not in words


@pytest.mark.parametrize("address", ["sqlite://", "sqlite:///:memory:", "sqlite:////no/such/file.db"])
def test_a_database_that_is_not_there_is_not_made(address: str) -> None:
    assert "there is no such database" in said(address, "SELECT 1 AS customer")


def test_a_file_that_is_no_database_is_said(tmp_path: Path) -> None:
    file = tmp_path / "crm.db"
    file.write_text("customer,region\n" * 100)
    assert "the database does not answer: file is not a database" in said(f"sqlite:///{file}", ASKED)


def test_a_driver_that_is_missing_is_named() -> None:
    words = said("mysql://crm/customers", "SELECT 1")
    assert "nothing is installed that speaks to this database" in words


def test_an_address_that_is_none_is_said() -> None:
    assert "this is no address of a database" in said("postgresql://crm:port/x", "SELECT 1")


def test_many_rows_are_read(tmp_path: Path) -> None:
    file = tmp_path / "crm.db"
    with sqlite3.connect(file) as connection:
        connection.execute("CREATE TABLE c (name TEXT, n INTEGER)")
        connection.executemany("INSERT INTO c VALUES (?, ?)", ((f"c{n}", n) for n in range(20_000)))
    connection.close()
    found = known(f"sqlite:///{file}", "SELECT name AS customer, n FROM c")
    assert (len(found), found["c19999"]["n"]) == (20_000, 19_999)


LINE = """
[line]
name = "shop"
version = "1"
root = "shop"
[core]
parts = ["shop"]
command = "shop"
[features.shop]
optional = ["audit", "maps"]
[[rules]]
when = "employees > 50"
select = { audit = true }
because = "Large customers are audited."
"""


def test_a_fleet_is_tailored_from_a_database(database: str, tmp_path: Path) -> None:
    (tmp_path / "features.toml").write_text(LINE)
    words = ["tailor", database, "--query", ASKED, "--fleet", "--line", str(tmp_path), "-o", str(tmp_path / "out")]
    result = CliRunner().invoke(sarto, [*words, "--json"], prog_name="sarto", catch_exceptions=False)
    assert result.exit_code == 0, result.output
    selected = {each["customer"]: each["select"] for each in json.loads(result.stdout)["customers"]}
    assert selected == {"Acme GmbH": {"audit": True}, "Bolt": {}, "Özgür Ltd": {"audit": True}}
    written = (tmp_path / "out" / "acme-gmbh.toml").read_text()
    assert written.startswith(f"# Tailored from {database.partition('?')[0].replace('crm@', '')} by the rules of ")
