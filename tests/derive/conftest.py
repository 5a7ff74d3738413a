"""A workshop for the tests of derivation: an index of their own, a cache that they share, projects to build."""

from __future__ import annotations

import os
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from sarto.derive.plan import Plan, ResolvedTarget
from sarto.derive.planning import plan
from sarto.derive.prepare import prepare
from sarto.derive.target import target_for
from sarto.model.line import LineDescription
from sarto.model.selection import Target

from .making import LINE, Index, greeter_projects, line_of, pluggy_wheel, resolved, selection_of, serve

INDEX_VARIABLES = ("UV_INDEX", "UV_INDEX_URL", "UV_EXTRA_INDEX_URL", "UV_FIND_LINKS", "UV_OFFLINE", "UV_INDEX_STRATEGY")


@pytest.fixture(scope="session")
def shared_cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The cache of all tests that do not ask for a cold one."""
    return tmp_path_factory.mktemp("cache")


@pytest.fixture(scope="session")
def shared_index() -> Iterator[Index]:
    """The index of all tests that do not ask for one: it knows nothing."""
    index = Index()
    server = serve(index)
    yield index
    server.shutdown()
    server.server_close()


@pytest.fixture(autouse=True)
def surroundings(shared_cache: Path, shared_index: Index, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing here reaches the network, but for the tests that say so."""
    for name in INDEX_VARIABLES:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("SARTO_CACHE", str(shared_cache))
    monkeypatch.setenv("UV_DEFAULT_INDEX", shared_index.url)
    monkeypatch.setenv("UV_HTTP_RETRIES", "0")
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setattr("sarto.derive.fetch.PAUSE", 0.01)


@pytest.fixture
def cold_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A cache with nothing in it, for Sarto and for uv."""
    monkeypatch.setenv("SARTO_CACHE", str(tmp_path / "cold"))
    monkeypatch.setenv("UV_CACHE_DIR", str(tmp_path / "cold-uv"))
    return tmp_path / "cold"


@pytest.fixture
def index(monkeypatch: pytest.MonkeyPatch) -> Iterator[Index]:
    """An index of the test's own."""
    own = Index()
    server = serve(own)
    monkeypatch.setenv("UV_DEFAULT_INDEX", own.url)
    yield own
    server.shutdown()
    server.server_close()


@pytest.fixture
def package_index(monkeypatch: pytest.MonkeyPatch) -> None:
    """The real package index; without a network the test is skipped, but never in CI."""
    monkeypatch.delenv("UV_DEFAULT_INDEX")
    monkeypatch.delenv("UV_HTTP_RETRIES")
    if os.environ.get("CI") == "true":
        return
    try:
        urllib.request.urlopen("https://pypi.org/simple/pluggy/", timeout=10).close()
    except OSError as error:
        pytest.skip(f"the package index cannot be reached: {error}")


@pytest.fixture(scope="session")
def workshop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A line's folder with the greeter's projects and a folder of wheels; tests leave it as it is."""
    folder = tmp_path_factory.mktemp("workshop")
    greeter_projects(folder / "projects")
    pluggy_wheel(folder / "wheelhouse")
    return folder


@pytest.fixture(scope="session")
def greeter(workshop: Path) -> LineDescription:
    """The line over the workshop."""
    return line_of(LINE, workshop)


@pytest.fixture(scope="session")
def linux() -> ResolvedTarget:
    """A target that is no machine in particular."""
    return target_for(Target("3.11", "manylinux_2_28_x86_64"))


@pytest.fixture(scope="session")
def greeter_plan(
    greeter: LineDescription, workshop: Path, linux: ResolvedTarget, shared_cache: Path, shared_index: Index
) -> Plan:
    """A plan of the greeter with a feature chosen and one left open; it can be started on this machine."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SARTO_CACHE", str(shared_cache))
        patch.setenv("UV_DEFAULT_INDEX", shared_index.url)
        catalog = prepare(greeter, workshop, linux)
        resolution = resolved(greeter, "loud", "maps", open=["maps"])
        return plan(greeter, workshop, selection_of(), resolution, catalog)
