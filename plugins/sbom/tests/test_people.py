"""Authors and suppliers out of the fields for people."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sarto.derive.plan import Part
from sarto_sbom.components import component
from sarto_sbom.wheel_metadata import people


@pytest.mark.parametrize(
    ("names", "addresses", "found"),
    [
        ("", "", []),
        ("UNKNOWN", "", []),
        ("Ada Lovelace", "", [{"name": "Ada Lovelace"}]),
        ("", "ada@example.org", [{"email": "ada@example.org"}]),
        ("Ada Lovelace", "ada@example.org", [{"name": "Ada Lovelace", "email": "ada@example.org"}]),
        ("Ada", "Ada <ada@example.org>", [{"name": "Ada", "email": "ada@example.org"}]),
        (
            "The team", "Ada <ada@example.org>, Bob <bob@example.org>",
            [
                {"name": "The team"}, {"name": "Ada", "email": "ada@example.org"},
                {"name": "Bob", "email": "bob@example.org"},
            ],
        ),
        ("", "Ada <ada at example.org>", [{"name": "Ada"}]),
        ("", '"Lovelace, Ada" <ada@example.org>', [{"name": "Lovelace, Ada", "email": "ada@example.org"}]),
        ("", "ada@localhost", []),
    ],
)  # fmt: skip
def test_people_are_found_by_name_and_address(names: str, addresses: str, found: list[dict[str, Any]]) -> None:
    assert people(names, addresses) == found


def test_authors_and_the_one_who_maintains_it_are_kept_apart(part: Callable[..., Part]) -> None:
    made = component(part("dash 1.0", "Author: Ada", "Maintainer: Dash team", "Maintainer-email: team@example.org"))
    assert made["authors"] == [{"name": "Ada"}]
    assert made["supplier"] == {"name": "Dash team", "contact": [{"name": "Dash team", "email": "team@example.org"}]}


def test_a_supplier_without_a_name_goes_by_the_address(part: Callable[..., Part]) -> None:
    made = component(part("dash 1.0", "Maintainer-email: team@example.org"))
    assert made["supplier"] == {"name": "team@example.org", "contact": [{"email": "team@example.org"}]}


def test_a_part_that_says_nothing_of_people_has_none(part: Callable[..., Part]) -> None:
    made = component(part("dash 1.0"))
    assert not {"authors", "supplier", "licenses", "description"} & set(made)
