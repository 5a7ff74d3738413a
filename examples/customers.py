"""Fixtures that every example of a host has: its line, the builds of its own selections, and reckless ones.

An example's conftest says which ``example`` it is and who its ``customers`` are, and sees to places of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pytest
from sarto.line import ProductLine

from .asking import Product
from .workshop import Workshop

__all__ = ["line", "own_switches", "products", "reckless", "workshop"]


@pytest.fixture
def own_switches(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A user who has switched nothing yet."""
    monkeypatch.setenv("SARTO_STATE", str(tmp_path / "state"))


@pytest.fixture(scope="session")
def line(example: Path) -> ProductLine:
    """The example's line."""
    return ProductLine.open(example)


@pytest.fixture(scope="session")
def workshop(example: Path, tmp_path_factory: pytest.TempPathFactory) -> Workshop:
    """Where its builds are made, in places of its own (a fixture for the whole session)."""
    return Workshop(example, tmp_path_factory)


@pytest.fixture(scope="session")
def products(workshop: Workshop, customers: Sequence[str]) -> Mapping[str, Product]:
    """The builds of its customers, by their names."""
    return workshop.customers(*customers)


@pytest.fixture(scope="session")
def reckless(workshop: Workshop) -> Callable[[Mapping[str, object]], Product]:
    """What makes builds that its constraints forbid."""
    return workshop.reckless
