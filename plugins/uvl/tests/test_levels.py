"""Language levels: a file that includes some uses no others."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sarto_uvl.reading import read_text

Said = Callable[..., list[str]]

USES = {
    "Boolean.group-cardinality": ("  [1..2]\n   B\n   C\n", "", "3: a group cardinality"),
    "Arithmetic": ("  or\n   B {x 3}\n", " B.x > 2\n", "2: arithmetic"),
    "Arithmetic.feature-cardinality": ("  or\n   B cardinality [1..2]\n", "", "4: a feature cardinality"),
    "Arithmetic.aggregate-function": ("  or\n   B {x 3}\n", " sum(x) > 2\n", "2: 'sum'"),
    "Type": ("  or\n   Integer B\n", "", "4: a typed feature"),
    "Type.string-constraints": ("  or\n   String B\n", " B == 'x'\n", "2: a constraint over texts"),
}


def text_of(use: str, *levels: str) -> str:
    """A model that needs a level and includes these."""
    groups, rules, _ = USES[use]
    include = "".join(["include\n", *(f" {level}\n" for level in levels)]) if levels else ""
    return f"{include}features\n A\n{groups}constraints\n A\n{rules}"


@pytest.mark.parametrize("use", USES)
def test_a_file_that_includes_no_level_has_them_all(use: str) -> None:
    assert read_text(text_of(use), strict=True).warnings == ()


@pytest.mark.parametrize("use", USES)
def test_what_is_included_can_be_used(use: str) -> None:
    major = use.partition(".")[0]
    for levels in ([use, "Arithmetic"], [f"{major}.*", "Arithmetic"], ["Boolean.*", "Arithmetic.*", "Type.*"]):
        assert read_text(text_of(use, *levels), strict=True).warnings == ()


@pytest.mark.parametrize("use", USES)
def test_a_level_that_is_not_included_is_a_warning_where_it_is_used_first(use: str, warnings_of: Said) -> None:
    major, _, minor = use.partition(".")
    included = major if minor else "Boolean"
    [said] = warnings_of(text_of(use, included))
    assert said.partition(":")[2] == f"{USES[use][2]} needs the language level {use}\n  hint: include it"


def test_a_level_that_is_missing_is_an_error_where_the_reading_is_strict(faults_of: Said) -> None:
    text = "include\n Boolean\nfeatures\n A\n  or\n   Real B\n   Real C\nconstraints\n B > 3\n"
    assert faults_of(text, strict=True) == [
        "6:4: a typed feature needs the language level Type\n  hint: include it",
        "9:2: arithmetic needs the language level Arithmetic\n  hint: include it",
    ]


def test_a_major_level_includes_those_before_it() -> None:
    text = "include\n Type\nfeatures\n A\n  or\n   Real B {x 1}\nconstraints\n B > B.x\n"
    assert read_text(text, strict=True).warnings == ()
