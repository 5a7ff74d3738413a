"""Where facts come from: files that Sarto reads itself, and what plugins read."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

import pytest
from sarto.errors import SartoError
from sarto.hooks import Contribution, FactSource, Plugin, PluginManager, hookimpl
from sarto.model.facts import KnownCustomer

from .samples import message, with_plugins


def read_nothing(address: str, query: str) -> Iterable[KnownCustomer]:
    return [KnownCustomer("Acme", {"address": address, "query": query})]


class Source:
    def __init__(self, name: str, **read: tuple[str, ...]) -> None:
        self.source = FactSource(name=name, read=read_nothing, **read)

    @hookimpl
    def sarto_fact_sources(self) -> Sequence[FactSource]:
        return [self.source]


def test_a_source_is_found_by_the_scheme_of_its_address_without_what_is_its_own() -> None:
    plugins = with_plugins(ant=Source("sql", schemes=("sqlite", "postgresql")))
    source = plugins.fact_source("postgresql+pg8000://crm/customers")
    assert [dict(known.facts) for known in source.read("a", "b")] == [{"address": "a", "query": "b"}]
    assert Contribution(Plugin("ant", "sarto-ant", "1.0"), "source of facts", "sql") in plugins.contributions()


def test_a_file_is_read_by_its_suffix_and_a_folder_as_toml(tmp_path: Path) -> None:
    plugins = with_plugins(ant=Source("json", suffixes=(".json",)))
    assert [plugins.fact_source(name).name for name in ("a.JSON", "a.csv", "a.toml", str(tmp_path))] == [
        "json", "csv", "toml", "toml",
    ]  # fmt: skip


def test_what_nobody_reads_is_said_without_a_password_in_it() -> None:
    with pytest.raises(SartoError) as caught:
        PluginManager().fact_source("postgresql://me:secret@crm/customers")
    assert message(caught) == (
        "no plugin reads facts from 'postgresql://…'\n  hint: what is known: nothing; sarto-facts reads databases"
    )
    with pytest.raises(SartoError) as caught:
        PluginManager().fact_source("facts.xls")
    assert message(caught) == (
        "facts.xls: no plugin reads facts from such a file\n  hint: what is known: .toml, .csv, .tsv, .txt"
    )


def test_two_sources_for_one_scheme_are_an_error() -> None:
    with pytest.raises(SartoError, match="scheme of facts 'sqlite' comes from two plugins"):
        with_plugins(ant=Source("a", schemes=("sqlite",)), bee=Source("b", schemes=("sqlite",))).fact_sources()


def known(path: Path) -> dict[str, dict[str, object]]:
    read = PluginManager().fact_source(str(path)).read
    return {each.name: dict(each.facts) for each in read(str(path), "")}


def test_a_folder_has_a_customer_in_each_of_its_files(tmp_path: Path) -> None:
    (tmp_path / "bolt.toml").write_text("employees = 3\n", encoding="utf-8")
    (tmp_path / "acme.toml").write_text('customer = "Acme GmbH"\n', encoding="utf-8")
    assert known(tmp_path) == {"Acme GmbH": {"customer": "Acme GmbH"}, "bolt": {"employees": 3}}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_csv_is_read_as_spreadsheets_write_it(encoding: str, tmp_path: Path) -> None:
    file = tmp_path / "facts.csv"
    file.write_bytes("customer;city\r\nAcme;Würzburg\r\n".encode(encoding))
    assert known(file) == {"Acme": {"customer": "Acme", "city": "Würzburg"}}


def test_another_encoding_is_said_with_the_line(tmp_path: Path) -> None:
    file = tmp_path / "facts.csv"
    file.write_bytes(b"customer;city\nAcme;W\xfcrzburg\n")
    with pytest.raises(SartoError) as caught:
        known(file)
    assert message(caught) == (
        f'{file}: this is not UTF-8 text: behind line 0, 0xfc is no letter of it\n  hint: save it as "CSV UTF-8"'
    )


def test_half_a_character_at_the_end_is_said(tmp_path: Path) -> None:
    file = tmp_path / "facts.csv"
    file.write_bytes("customer;city\nAcme;Rom\n".encode("utf-16")[:-1])
    with pytest.raises(SartoError, match=r"this is not UTF-8 text|this is no text"):
        known(file)


def test_a_csv_beyond_all_measure_is_refused_before_it_is_read(tmp_path: Path) -> None:
    file = tmp_path / "facts.csv"
    with file.open("wb") as sparse:
        sparse.truncate(65 * 2**20)
    with pytest.raises(SartoError) as caught:
        known(file)
    assert message(caught) == (
        f"{file}: this file has 65 MB, and Sarto reads CSV of no more than 64\n"
        "  hint: part it, or leave out columns that no rule asks for"
    )


def test_a_query_is_for_databases(tmp_path: Path) -> None:
    with pytest.raises(SartoError, match="there is nothing to put a query to"):
        list(PluginManager().fact_source("a.csv").read("a.csv", "SELECT 1"))
