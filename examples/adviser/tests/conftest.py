"""The builds of the example's selections, each made once, and configurations tried without one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from sarto.line import ProductLine

from ...asking import Product
from ...rehearsing import importable
from ...workshop import Workshop
from ...workshop import own_places as places

EXAMPLE = Path(__file__).parent.parent
CUSTOMERS = ("client-1", "client-2", "client-3")

importable(EXAMPLE)


@pytest.fixture(scope="session", autouse=True)
def own_places(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with places(tmp_path_factory, "adviser-cache"):
        yield


@pytest.fixture
def own_switches(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A client who has switched nothing yet."""
    monkeypatch.setenv("SARTO_STATE", str(tmp_path / "state"))


@pytest.fixture(scope="session")
def line() -> ProductLine:
    return ProductLine.open(EXAMPLE)


@pytest.fixture(scope="session")
def workshop(own_places: None, tmp_path_factory: pytest.TempPathFactory) -> Workshop:
    return Workshop(EXAMPLE, tmp_path_factory)


@pytest.fixture(scope="session")
def products(workshop: Workshop) -> Mapping[str, Product]:
    return workshop.customers(*CUSTOMERS)
