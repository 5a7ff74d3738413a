"""What orders need: the features and the wheels of each, and whether its build is there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from sarto.derive.lockfile import LockedWheel
from sarto.derive.manifest import MANIFEST
from sarto.derive.planning import delivered
from sarto.elsewhere import elsewhere
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


@dataclass(frozen=True, slots=True)
class Needs:
    """The same without what does not travel from one machine to another, and is asked of this one: is a build here?"""

    features: frozenset[str]
    wheels: tuple[LockedWheel, ...]


def read_demand(folder: Path, builds: Path, plugins: PluginManager, address: str = "") -> Iterator[Demand | Refusal]:
    """What each order in the folder needs (see :func:`read_orders`); it is open while ``builds`` lacks its build.

    The machines behind the ``address``, where there is one, find out what that is.
    """
    orders = read_orders(folder, plugins)
    if not address:
        yield from (_demand(order, _needs(order), builds) for order in orders)
        return
    known = list(orders)
    found = elsewhere(_needs, known, plugins.executor(address), address)
    yield from (_demand(order, each, builds) for order, each in zip(known, found, strict=True))


def _needs(order: Order | Refusal) -> Needs | Refusal:
    if isinstance(order, Refusal):
        return order
    try:
        features = delivered(order.line.resolve(order.selection))
        wheels = order.line.catalog(order.selection).wheels(features)
    except SartoError as error:
        return Refusal(order.file, error)
    return Needs(frozenset(features), wheels)


def _demand(order: Order | Refusal, needs: Needs | Refusal, builds: Path) -> Demand | Refusal:
    if isinstance(order, Refusal):
        return order
    if isinstance(needs, Refusal):
        return Refusal(order.file, needs.error)
    is_open = not (builds / order.name / MANIFEST).is_file()
    return Demand(order.name, order.line, needs.features, needs.wheels, is_open)
