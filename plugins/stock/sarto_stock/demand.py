"""What orders need: the features and the wheels of each, and whether its build is there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from sarto.derive.lockfile import LockedWheel
from sarto.derive.manifest import MANIFEST
from sarto.derive.planning import delivered
from sarto.errors import SartoError
from sarto.hooks import PluginManager
from sarto.line import ProductLine
from sarto.orders import Order, Refusal, read_orders

__all__ = ["Demand", "read_demand"]


@dataclass(frozen=True, slots=True)
class Demand:
    """One customer: the features that are in the build, open ones too, and its wheels, fetched or not."""

    name: str
    line: ProductLine
    features: frozenset[str]
    wheels: tuple[LockedWheel, ...]
    is_open: bool


def read_demand(folder: Path, builds: Path, plugins: PluginManager) -> Iterator[Demand | Refusal]:
    """What each order in the folder needs (see :func:`read_orders`); it is open while ``builds`` lacks its build."""
    for order in read_orders(folder, plugins):
        if isinstance(order, Refusal):
            yield order
            continue
        try:
            yield _demand(order, builds)
        except SartoError as error:
            yield Refusal(order.file, error)


def _demand(order: Order, builds: Path) -> Demand:
    features = delivered(order.line.resolve(order.selection))
    wheels = order.line.catalog(order.selection).wheels(features)
    is_open = not (builds / order.name / MANIFEST).is_file()
    return Demand(order.name, order.line, frozenset(features), wheels, is_open)
