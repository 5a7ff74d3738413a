"""A round of builds: the store is held and the folder cleared once for all of them."""

from __future__ import annotations

from pathlib import Path

import pytest
from sarto.derive.round import begin_round
from sarto.derive.store import PartStore
from sarto.derive.store_use import alone
from sarto.errors import SartoError


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SARTO_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


def test_nothing_is_freed_from_the_store_during_a_round(cache: Path, tmp_path: Path) -> None:
    with (
        begin_round(tmp_path / "builds"),
        pytest.raises(SartoError, match="a build is being made"),
        alone(PartStore.default()),
    ):
        pass
    with alone(PartStore.default()):
        assert sorted((cache / "parts" / "users").iterdir()) == []


def test_a_round_clears_away_what_was_left_and_makes_no_folder_of_its_own(cache: Path, tmp_path: Path) -> None:
    builds = tmp_path / "builds"
    with begin_round(builds):
        assert not builds.exists()
    (builds / ".acme.tmp-0123abcd").mkdir(parents=True)
    (builds / ".acme.tmp-0123abcd.lock").touch()
    with begin_round(builds) as during:
        assert during.output == builds
        assert list(builds.iterdir()) == []
