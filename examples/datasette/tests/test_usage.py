"""What a customer who consents lets be recorded, of a core that loads its plugins by itself."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from .conftest import EXAMPLE
from .serving import ask, serving

pytestmark = pytest.mark.network
SELECTION = f"""
line = "{EXAMPLE.as_posix()}/features.toml"
customer = "Harbour Office"

[select]
charts = true
markdown = true
ics = true
atom = false

[consent]
usage = true
"""


def test_datasettes_own_calls_of_hooks_count_for_their_features_until_sigterm_ends_the_server(
    built: Callable[[Path], Path], database: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SARTO_STATE", str(tmp_path / "state"))
    (tmp_path / "office.toml").write_text(SELECTION)
    build = built(tmp_path / "office.toml")
    with serving(build, "-i", str(database)) as site:
        tables = [name for name in site.get("/collection.json").json()["tables"] if not name["hidden"]]
        assert site.get(f"/collection/{tables[0]['name']}").status == 200

    found = json.loads(ask(build, "@usage", "--json").stdout)["features"]
    assert found["markdown"]["calls"] > 0
    assert found["charts"]["calls"] > 0
    assert found["ics"]["calls"] > 0
    assert "calls" not in found.get("atom", {})
