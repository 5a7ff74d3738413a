"""What took long to fail is not tried again for each of many who ask."""

from __future__ import annotations

import pytest
from sarto.derive.patience import Patience
from sarto.errors import SartoError


class Index:
    """One that is down, which is known after so many seconds."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self.now = 0.0
        self.asked: list[float] = []

    def fetch(self, patience: Patience) -> None:
        with patience.trying("lock"):
            self.asked.append(self.now)
            self.now += self.seconds
            raise SartoError("the index is down")


@pytest.mark.parametrize(("seconds", "asked"), [(7, [0.0, 77.0]), (0, [0.0, 5.0, 10.0])])
def test_a_failure_counts_ten_times_as_long_as_it_took(
    seconds: float, asked: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    index, patience = Index(seconds), Patience()
    monkeypatch.setattr("sarto.derive.patience.monotonic", lambda: index.now)
    while len(index.asked) < len(asked):
        with pytest.raises(SartoError, match="the index is down"):
            index.fetch(patience)
        index.now += 5
    assert index.asked == asked
    with patience.trying("another"):
        pass
