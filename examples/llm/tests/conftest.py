"""The builds of the example's selections, each made once, and what they are asked."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest
from sarto.line import ProductLine

from ...asking import Product
from ...workshop import Workshop
from ...workshop import own_places as places

EXAMPLE = Path(__file__).parent.parent
CUSTOMERS = ("trainer", "newsroom", "analyst")


@pytest.fixture(scope="session", autouse=True)
def own_places(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with places(tmp_path_factory, "llm-cache", "LLM_USER_PATH"):
        yield


@pytest.fixture
def own_switches(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A user who has switched nothing yet."""
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


@pytest.fixture(scope="session")
def reckless(workshop: Workshop) -> Callable[[Mapping[str, object]], Product]:
    return workshop.reckless
