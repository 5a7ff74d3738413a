"""Plugins as people install them: a folder of the path with modules and their entry points."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from textwrap import dedent

import pytest

Install = Callable[..., Path]


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Install]:
    """``install(name, source, …)`` puts a distribution with one plugin on the path and returns the path's folder."""
    site = tmp_path / "site"
    site.mkdir()
    monkeypatch.syspath_prepend(str(site))
    before = set(sys.modules)

    def install(name: str, source: str, *, distribution: str = "", version: str = "1.0", target: str = "") -> Path:
        distribution = distribution or f"sarto-{name}"
        module = f"plugin_{distribution.replace('-', '_')}"
        (site / f"{module}.py").write_text(
            "from sarto.hooks import BuildFormat, ModelFormat, hookimpl\n" + dedent(source), encoding="utf-8"
        )
        metadata = site / f"{distribution.replace('-', '_')}-{version}.dist-info"
        metadata.mkdir()
        (metadata / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {distribution}\nVersion: {version}\n")
        (metadata / "entry_points.txt").write_text(
            f"[console_scripts]\nother = other:main\n\n[sarto]\n{name} = {target or module}\n"
        )
        return site

    yield install
    for name in set(sys.modules) - before:
        if name.startswith("plugin_"):
            del sys.modules[name]
