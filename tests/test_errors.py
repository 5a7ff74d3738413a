"""Errors travel between processes as they are, whatever their constructors take."""

from __future__ import annotations

import pickle

import pytest
from sarto.errors import MoreErrors, Place, SartoError, SartoErrors
from sarto.solve.conflict import Conflict
from sarto.solve.difficulty import TooHard
from sarto.solve.resolution import resolve

from .solve.lines import SHOP, model, selection

PLACE = Place("features.toml", "features.maps.parts[0]")


@pytest.mark.parametrize(
    "error",
    [
        SartoError("it is wrong", where=PLACE, hint="mend it"),
        SartoErrors([SartoError("one", where="a file"), MoreErrors(3, where=PLACE)]),
        TooHard("too hard", where=PLACE),
    ],
)
def test_an_error_comes_back_as_it_was(error: SartoError) -> None:
    again = pickle.loads(pickle.dumps(error))
    assert type(again) is type(error)
    assert str(again) == str(error)
    assert again.args == error.args
    assert list(map(str, again.errors)) == list(map(str, error.errors))


def test_a_conflict_keeps_its_reasons_and_repairs() -> None:
    with pytest.raises(Conflict) as caught:
        resolve(model(SHOP), selection("[select]\nreviews = true\nsimple = true"))
    again = pickle.loads(pickle.dumps(caught.value))
    assert (again.reasons, again.repairs) == (caught.value.reasons, caught.value.repairs)
