"""A round of builds: the store is held and the folder cleared once for all of them."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest
from sarto.derive.deliver import deliver
from sarto.derive.plan import Plan
from sarto.derive.round import begin_round
from sarto.derive.store import PartStore
from sarto.derive.store_use import alone
from sarto.derive.verify import verify
from sarto.errors import SartoError

from .formats import archive, bundle, leftovers


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


def test_builds_of_a_round_have_one_place_to_work_in_with_no_file_in_it_after_each(
    greeter_plan: Plan, cache: Path, tmp_path: Path
) -> None:
    builds = tmp_path / "builds"
    with begin_round(builds) as during:
        for content in (b"one", b"two"):  # the second one replaces the first
            deliver(greeter_plan, {"more.txt": content}, {"bundle": bundle, "list": archive}, builds, during=during)
            ((place, guard),) = [sorted(builds.glob(".round.tmp-*"))]
            assert guard.name == f"{place.name}.lock"
            assert {path.name for path in place.rglob("*")} <= {".bundle", ".list"}  # what they work in is kept
    assert sorted(path.name for path in builds.iterdir()) == ["acme-gmbh", "acme-gmbh.txt"]
    assert (builds / "acme-gmbh/more.txt").read_bytes() == b"two"
    assert verify(builds / "acme-gmbh").problems == ()


def test_a_build_of_a_round_that_fails_leaves_nothing_to_the_next(
    greeter_plan: Plan, cache: Path, tmp_path: Path
) -> None:
    def broken(_plan: Plan, _bundle: Path, output: Path) -> Path:
        (output / "half").write_text("made")
        raise SartoError("the format is broken")

    with begin_round(tmp_path / "builds") as during:
        with pytest.raises(SartoError, match="the format is broken"):
            deliver(greeter_plan, {}, {"bundle": bundle, "broken": broken}, tmp_path / "builds", during=during)
        deliver(greeter_plan, {}, {"bundle": bundle}, tmp_path / "builds", during=during)
    assert [path.name for path in (tmp_path / "builds").iterdir()] == ["acme-gmbh"]


@pytest.mark.skipif(sys.platform == "win32", reason="processes are not forked there")
def test_a_forked_process_has_a_place_of_its_own_that_goes_with_the_round(
    greeter_plan: Plan, cache: Path, tmp_path: Path
) -> None:
    builds = tmp_path / "builds"
    with begin_round(builds) as during:
        with during.aside() as ours:
            if (child := os.fork()) == 0:
                with during.aside() as theirs:
                    (theirs / "half").write_text("made")
                    os._exit(0 if theirs != ours else 1)
            assert os.waitpid(child, 0)[1] == 0
        assert len(leftovers(builds)) == 4
    assert leftovers(builds) == []
