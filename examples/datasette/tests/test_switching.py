"""Adaptive customization: what the museum's people switch at their desks, and what they cannot."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from .plugins import PROBES
from .serving import ask, serving

pytestmark = pytest.mark.network

REFERRER = "OpenStreetMap refuses map tiles to browsers that do not say where they come from"


@pytest.fixture
def museum(builds: Mapping[str, Path], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """The museum's build, for a user who has switched nothing yet."""
    monkeypatch.setenv("SARTO_STATE", str(tmp_path / "state"))
    return builds["museum"]


@pytest.fixture
def acting(museum: Path, database: Path) -> Callable[..., list[str]]:
    """Which of these features can be seen to act when the museum's site is started now."""

    def seen(*features: str) -> list[str]:
        with serving(museum, "-i", str(database)) as site:
            return [feature for feature in features if PROBES[feature](site)]

    return seen


def test_the_open_features_start_as_the_line_has_them(acting: Callable[..., list[str]]) -> None:
    assert acting("maps", "outlines", "referrer", "charts") == ["maps", "referrer", "charts"]


def test_switches_show_at_the_next_start_and_can_be_taken_back(museum: Path, acting: Callable[..., list[str]]) -> None:
    assert ask(museum, "@disable", "charts").returncode == 0
    assert ask(museum, "@enable", "outlines").returncode == 0
    assert acting("outlines", "charts") == ["outlines"]
    assert ask(museum, "@enable", "charts").returncode == 0
    assert acting("outlines", "charts") == ["outlines", "charts"]


def test_a_switch_that_breaks_a_rule_is_refused_with_the_reason(museum: Path, acting: Callable[..., list[str]]) -> None:
    refused = ask(museum, "@disable", "referrer")
    assert refused.returncode == 1
    assert REFERRER in refused.stderr
    assert acting("maps", "referrer") == ["maps", "referrer"]


def test_switches_that_keep_the_rules_together_are_taken_together(
    museum: Path, acting: Callable[..., list[str]]
) -> None:
    assert ask(museum, "@disable", "maps", "referrer").returncode == 0
    assert acting("maps", "referrer") == []


@pytest.mark.parametrize("feature", ["search", "atom", "hashed_urls"])
def test_what_the_customer_has_not_bought_cannot_be_switched_on(museum: Path, feature: str) -> None:
    refused = ask(museum, "@enable", feature)
    assert refused.returncode == 1
    assert f"'{feature}' is not licensed in this build" in refused.stderr


def test_what_the_customer_has_decided_cannot_be_switched_off(museum: Path) -> None:
    refused = ask(museum, "@disable", "graphql")
    assert refused.returncode == 1
    assert "'graphql' is on and was decided by the customer" in refused.stderr


def test_one_users_switches_are_not_anothers(
    museum: Path, acting: Callable[..., list[str]], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    assert ask(museum, "@disable", "charts").returncode == 0
    monkeypatch.setenv("SARTO_STATE", str(tmp_path / "somebody else"))
    assert acting("charts") == ["charts"]


@pytest.mark.parametrize("customer", ["library", "museum", "clinic"])
def test_every_build_verifies(builds: Mapping[str, Path], customer: str) -> None:
    verified = ask(builds[customer], "@verify")
    assert (verified.returncode, verified.stderr) == (0, "")
