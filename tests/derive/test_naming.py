from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sarto.derive.naming import build_name, launcher_name
from sarto.errors import SartoError
from sarto.model.names import RESERVED
from sarto.model.selection import Selection
from sarto.model.toml_line import read_line

from .making import LINE


def name_of(customer: str) -> str:
    return build_name(Selection(line="features.toml", customer=customer, file="acme.toml"))


@pytest.mark.parametrize(
    ("customer", "name"),
    [
        ("Acme GmbH", "acme-gmbh"),
        ("Müller & Söhne, Straßenbau", "muller-sohne-strassenbau"),
        ("  L'Été  ", "l-ete"),
        ("ACME/Europe\\..", "acme-europe"),
        ("4711", "4711"),
        ("İstanbul Işık", "istanbul-isk"),
        ("Con", "con-build"),
        ("COM1", "com1-build"),
        ("Console", "console"),
        ("株式会社 Acme", "acme"),
        ("x" * 300, "x" * 60),
        ("a" * 59 + " b", "a" * 59),
    ],
)
def test_a_build_is_named_after_its_customer(customer: str, name: str) -> None:
    assert name_of(customer) == name


@pytest.mark.parametrize("customer", ["株式会社", "...", " ", "–"])
def test_a_customer_whose_name_leaves_nothing_is_an_error(customer: str) -> None:
    with pytest.raises(SartoError) as caught:
        name_of(customer)
    assert str(caught.value) == (
        f"acme.toml: no build can be named after the customer '{customer}'\n"
        "  hint: write the name with at least one letter from a to z, or a digit"
    )


@given(st.text())
def test_every_name_is_one_that_every_system_takes(customer: str) -> None:
    try:
        name = name_of(customer)
    except SartoError:
        assert not re.search("[A-Za-z0-9]", customer)
        return
    assert re.fullmatch("[a-z0-9]+(-[a-z0-9]+)*", name)
    assert name not in RESERVED
    assert len(name) <= 60


@pytest.mark.parametrize(
    ("brand", "launcher"), [({"name": "Acme Data"}, "acme-data"), ({"name": "数据"}, ""), ({}, "")]
)
def test_the_brand_names_the_launcher(brand: dict[str, str], launcher: str) -> None:
    assert launcher_of(LINE, brand) == launcher


@given(st.text(max_size=40))
def test_whatever_the_product_is_called_its_launcher_is_a_plain_word_for_shells_and_systems(name: str) -> None:
    launcher = launcher_of(LINE, {"name": name})
    assert launcher == "" or (re.fullmatch("[a-z0-9]+(-[a-z0-9]+)*", launcher) and launcher not in RESERVED)


@pytest.mark.parametrize(
    ("brand", "launcher"),
    [({"name": "Acme Data", "command": "ad"}, "ad"), ({"name": "Acme Data"}, "portal"), ({"command": ""}, "portal")],
)
def test_a_slot_for_the_command_outranks_the_name(brand: dict[str, str], launcher: str) -> None:
    assert launcher_of(LINE + '[cosmetics]\ncommand = { type = "command", default = "portal" }\n', brand) == launcher


def launcher_of(line: str, brand: dict[str, str]) -> str:
    selection = Selection(line="features.toml", customer="Acme GmbH", brand=brand)
    return launcher_name(selection, read_line(line, "features.toml"))
