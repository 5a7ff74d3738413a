"""The vendor's folder that the tests of builds begin with."""

from __future__ import annotations

from pathlib import Path

import pytest
from sarto.testing import installed_wheel, make_wheel

from .shop import LINE, MAPS, SCRIPT, SHOP, order


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a line and the selections of three customers; nothing here reaches the network."""
    monkeypatch.setenv("SARTO_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("UV_OFFLINE", "1")
    monkeypatch.chdir(tmp_path)
    make_wheel(tmp_path / "wheelhouse", "shop", {"shop.py": SHOP}, SCRIPT, requires=["pluggy"])
    make_wheel(tmp_path / "wheelhouse", "shop-maps", {"shop_maps.py": ""})
    installed_wheel(tmp_path / "wheelhouse", "pluggy")
    (tmp_path / "features.toml").write_text(LINE)
    (tmp_path / "orders").mkdir()
    (tmp_path / "orders" / "base.toml").write_text(MAPS)
    order(tmp_path, "acme")
    order(tmp_path, "bolt", MAPS)
    order(tmp_path, "cord", "", 'extends = ["base.toml"]\n')
    return tmp_path
