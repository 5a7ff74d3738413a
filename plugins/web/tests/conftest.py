"""What the tests of the server begin with."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from .books import Shelf, Shelves


@pytest.fixture
def anyio_backend() -> str:
    """Tests that are coroutines run in asyncio, as the server does."""
    return "asyncio"


@pytest.fixture(scope="session")
def shelves(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shelves]:
    """Where order books come from, if the plugin is there that keeps them."""
    from .books import Shelves

    made = Shelves(tmp_path_factory.mktemp("books"))
    yield made
    made.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def shelf(request: pytest.FixtureRequest, shelves: Shelves, tmp_path: Path) -> Iterator[Shelf]:
    """An order book in each kind of database."""
    made = shelves.sqlite(tmp_path) if request.param == "sqlite" else shelves.postgresql()
    yield made
    made.close()


@pytest.fixture
def file_shelf(shelves: Shelves, tmp_path: Path) -> Iterator[Shelf]:
    """An order book in SQLite, for what has little to do with its database."""
    made = shelves.sqlite(tmp_path)
    yield made
    made.close()


@pytest.fixture
def server_shelf(shelves: Shelves) -> Iterator[Shelf]:
    """An order book in PostgreSQL, for what SQLite has not: a server."""
    made = shelves.postgresql()
    yield made
    made.close()
