"""Edits of typed features: the values that make a difference are found, wherever they are."""

from __future__ import annotations

import pytest
from sarto.solve.evolution.comparison import Edit, compare

from ..lines import model

TYPED = '[features.shop]\noptional = ["x"]\n[features.x]\n'


def edit(old: str, new: str) -> tuple[Edit, object, object]:
    """The edit from one feature x to another, with the values of it that are gone and that are new."""
    found = compare(model(TYPED + old), model(TYPED + new))
    lost, gained = (
        witness and (witness.telling.get("x"), witness.configuration["x"])[0] for witness in (found.lost, found.gained)
    )
    return found.edit, lost, gained


def rule(text: str) -> str:
    return f'[[constraints]]\nrule = "{text}"\n'


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("minimum = 0\nmaximum = 9", "minimum = 0", (Edit.GENERALISATION, None, 10)),
        ("minimum = 0", "minimum = 1", (Edit.SPECIALISATION, 0, None)),
        ("", "maximum = 5", (Edit.SPECIALISATION, 6, None)),
        ("maximum = 900", "maximum = 900\ndefault = 3", (Edit.REFACTORING, None, None)),
        ("minimum = 0\n" + rule("x < 5"), "minimum = 0\n" + rule("x <= 4"), (Edit.REFACTORING, None, None)),
        ("minimum = 0\n" + rule("x < 5"), "minimum = 0\n" + rule("x <= 5"), (Edit.GENERALISATION, None, 5)),
        ("minimum = 0\n" + rule("x < 500"), "minimum = 0\nmaximum = 499", (Edit.REFACTORING, None, None)),
        ("minimum = 7\nmaximum = 7", "minimum = 7\nmaximum = 7\n" + rule("x == 7"), (Edit.SPECIALISATION, False, None)),
    ],
)
def test_of_integers(old: str, new: str, expected: tuple[Edit, object, object]) -> None:
    assert edit('type = "integer"\n' + old, 'type = "integer"\n' + new) == expected


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (rule("x < 5"), rule("x <= 5"), (Edit.GENERALISATION, None, 5)),
        (rule("x <= 5"), "maximum = 5", (Edit.REFACTORING, None, None)),
        (rule("x < 10"), rule("x <= 9.9"), (Edit.SPECIALISATION, 9.95, None)),
        (rule("!(x > 2 & x < 3)"), rule("!(x > 2 & x < 3 & x != 2.5)"), (Edit.GENERALISATION, None, 2.5)),
    ],
)
def test_of_real_numbers_also_between_any_two_thresholds(
    old: str, new: str, expected: tuple[Edit, object, object]
) -> None:
    assert edit('type = "real"\n' + old, 'type = "real"\n' + new) == expected


def test_of_texts() -> None:
    old, new = rule("x == 'a' | x == 'b'"), rule("x == 'a' | x == 'c'")
    assert edit('type = "string"\n' + old, 'type = "string"\n' + new) == (Edit.ARBITRARY, "b", "c")


def test_another_type_allows_other_values() -> None:
    bounds = "minimum = 0\nmaximum = 3\n"
    integer, real = f'type = "integer"\n{bounds}', f'type = "real"\n{bounds}'
    found = edit(integer, real)
    assert found[0] is Edit.GENERALISATION
    assert isinstance(found[2], float)
    assert edit(integer, 'type = "string"\n')[0] is Edit.ARBITRARY
    assert edit('summary = "plain"\n', integer)[0] is Edit.ARBITRARY
