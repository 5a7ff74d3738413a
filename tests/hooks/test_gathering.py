"""Faults of a reading are gathered and told together, a bounded number of them, in the order of the file."""

from __future__ import annotations

import pytest
from sarto.errors import Place, SartoError, SartoErrors
from sarto.hooks import Gathered


def place(line: int, column: int = 1) -> Place:
    return Place("m", line=line, column=column)


def test_a_reading_without_faults_raises_nothing() -> None:
    faults = Gathered()
    faults.raise_found()
    assert (faults.count, faults.warnings) == (0, ())


def test_all_errors_are_raised_together_in_the_order_of_the_file() -> None:
    faults = Gathered()
    faults.error("third", place(2, 5), hint="mend it")
    faults.add(SartoErrors([SartoError("second", where=place(2, 4)), SartoError("first", where=place(1, 9))]))
    with pytest.raises(SartoErrors) as caught:
        faults.raise_found()
    assert str(caught.value) == "m:1:9: first\nm:2:4: second\nm:2:5: third\n  hint: mend it"


def test_a_hundred_errors_are_told_and_the_rest_is_counted() -> None:
    faults = Gathered()
    for line in range(1, 1235):
        faults.error("broken", place(line))
    with pytest.raises(SartoErrors) as caught:
        faults.raise_found()
    *told, last = caught.value.errors
    assert (len(told), str(last)) == (100, "m: and 1,134 more errors")


def test_an_oddity_is_a_warning_and_others_of_its_kind_are_counted() -> None:
    faults = Gathered()
    for line in (3, 4, 1):
        faults.oddity("spelling", f"odd in line {line}", place(line), hint="write it properly")
    faults.warning("order", "not kept", place(9))
    faults.raise_found()
    assert [str(warning) for warning in faults.warnings] == [
        "m:3:1: odd in line 3 (and 2 more like this)\n  hint: write it properly",
        "m:9:1: not kept",
    ]


def test_a_strict_reading_refuses_an_oddity_and_not_a_warning() -> None:
    faults = Gathered(strict=True)
    faults.oddity("spelling", "odd", place(3))
    faults.warning("order", "not kept", place(9))
    with pytest.raises(SartoError, match=r"^m:3:1: odd$"):
        faults.raise_found()
    assert [str(warning) for warning in faults.warnings] == ["m:9:1: not kept"]
