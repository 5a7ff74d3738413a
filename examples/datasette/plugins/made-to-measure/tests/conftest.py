"""Products to test in: a build's folder with the brand of a test, announced as its launcher does it."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from sarto_runtime.build import read_build
from sarto_runtime.running import VARIABLE, announce
from sarto_runtime.state import state_of

Runs = Callable[..., Path]


@pytest.fixture(autouse=True)
def nothing_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, "")


@pytest.fixture
def runs(tmp_path: Path, nothing_runs: None) -> Runs:
    """Announces a product with this brand and these features, and gives its folder."""

    def announced(
        features: Mapping[str, bool] | None = None, /, look: Mapping[str, object] | None = None, **brand: str
    ) -> Path:
        (tmp_path / "brand").mkdir(exist_ok=True)
        said = _build(features or {}, brand) | ({"look": look} if look else {})
        (tmp_path / "build.json").write_text(json.dumps(said), encoding="utf-8")
        build = read_build(str(tmp_path))
        announce(build, state_of(build, {}))
        return tmp_path

    return announced


def _build(features: Mapping[str, bool], brand: Mapping[str, str]) -> dict[str, object]:
    unsaid = {"reason": "", "cause": "wish", "stage": "customer", "binding": "build", "summary": ""}
    route = {"arguments": [], "command": "", "but_not": [], "environment": ""}
    return {
        "format": 1,
        "sarto": "0.1.0",
        "line": {"name": "datasette", "version": "1", "summary": ""},
        "customer": "A Customer",
        "name": "customer",
        "launcher": "customer",
        "target": {"python": "3.11", "platform": "any"},
        "core": {"part": "datasette", "command": "datasette", "object": "", "group": "datasette", "settings": route},
        "features": {name: {"value": value, **unsaid} for name, value in features.items()},
        "parts": [],
        "order": [],
        "settings": {},
        "brand": dict(brand),
        "open": [],
        "residual": [],
    }
