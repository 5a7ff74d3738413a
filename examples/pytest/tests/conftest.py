"""Which example this is, and who its customers are."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from ...customers import line, own_switches, products, reckless, workshop
from ...workshop import own_places as places

__all__ = ["CUSTOMERS", "EXAMPLE", "line", "own_switches", "products", "reckless", "workshop"]

EXAMPLE = Path(__file__).parent.parent
CUSTOMERS = ("library", "service", "classroom")


@pytest.fixture(scope="session")
def example() -> Path:
    return EXAMPLE


@pytest.fixture(scope="session")
def customers() -> Sequence[str]:
    return CUSTOMERS


@pytest.fixture(scope="session", autouse=True)
def own_places(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with places(tmp_path_factory, "pytest-cache"):
        yield
