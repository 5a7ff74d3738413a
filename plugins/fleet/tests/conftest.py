"""The vendor's folder that the tests of builds begin with."""

from __future__ import annotations

import importlib.metadata
from pathlib import Path

import pytest

from .shop import LINE, MAPS, SHOP, make_wheel, order


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a line and the selections of three customers; nothing here reaches the network."""
    monkeypatch.setenv("SARTO_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("UV_OFFLINE", "1")
    monkeypatch.chdir(tmp_path)
    make_wheel(tmp_path / "wheelhouse", "shop", "1.0", {"shop.py": SHOP}, "pluggy")
    make_wheel(tmp_path / "wheelhouse", "shop-maps", "1.0", {"shop_maps.py": ""})
    pluggy = importlib.metadata.distribution("pluggy")
    files = [file for file in pluggy.files or [] if file.parts[0] == "pluggy" and file.suffix == ".py"]
    make_wheel(tmp_path / "wheelhouse", "pluggy", "1.6", {str(file): file.read_text("utf-8") for file in files})
    (tmp_path / "features.toml").write_text(LINE)
    (tmp_path / "orders").mkdir()
    (tmp_path / "orders" / "base.toml").write_text(MAPS)
    order(tmp_path, "acme")
    order(tmp_path, "bolt", MAPS)
    order(tmp_path, "cord", "", 'extends = ["base.toml"]\n')
    return tmp_path
