"""What a home has, as the features of the product say it, and the points at which features add to it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from sarto_runtime import variation_point

from .layout import DEPTH, MODULE, Layout

__all__ = ["Fitting", "Home", "Room", "Material", "fittings", "home_of", "outside", "materials"]

Features = Mapping[str, bool | int | float | str]
KINDS = ("kitchen", "bath", "bedroom", "living", "study")


@dataclass(frozen=True, slots=True)
class Room:
    """One room, by its number; as wide as so many modules. Areas are in square metres, lengths in millimetres."""

    number: int
    kind: str
    modules: int
    windows: int
    is_heated: bool

    @property
    def width(self) -> int:
        """Along the corridor."""
        return self.modules * MODULE

    @property
    def area(self) -> Decimal:
        """Of its floor."""
        return Decimal(self.width * DEPTH) / 10**6


@dataclass(frozen=True, slots=True)
class Home:
    """The rooms of a home by their numbers, and every feature of the line with true, false or its value."""

    customer: str
    rooms: tuple[Room, ...]
    features: Features

    @property
    def area(self) -> Decimal:
        """Of all rooms together, without the corridor."""
        return sum((room.area for room in self.rooms), Decimal())

    def number(self, feature: str) -> int:
        """The value of a typed feature that is in; 0 where it is not."""
        return int(self.features[feature])


@dataclass(frozen=True, slots=True)
class Fitting:
    """A thing on the plan. In a room ``x`` is from its left wall and ``y`` from its outer wall inwards.

    Outside, both are from the upper left corner of the house. ``radius`` rounds the corners; what is ``dashed`` is
    below or above what one sees.
    """

    name: str
    x: int
    y: int
    width: int
    depth: int
    radius: int = 40
    dashed: bool = False


@dataclass(frozen=True, slots=True)
class Material:
    """What is ordered by measure."""

    name: str
    amount: Decimal
    unit: str


@variation_point(collect=True)
def fittings(room: Room) -> list[Fitting]:
    """What is in a room; each feature can add to it."""
    return []


@variation_point(collect=True)
def outside(home: Home, layout: Layout) -> list[Fitting]:
    """What stands around the house."""
    return []


@variation_point(collect=True)
def materials(home: Home) -> list[Material]:
    """What else a home needs."""
    return [Material("window", Decimal(sum(room.windows for room in home.rooms)), "pcs")]


def home_of(customer: str, features: Features) -> Home:
    """The home that the features describe: the features of the second room end in ``#2``."""
    numbers = sorted(int(name.removeprefix("room#")) for name in features if name.startswith("room#"))
    return Home(customer, tuple(_room(number, features) for number in numbers if features[f"room#{number}"]), features)


def _room(number: int, features: Features) -> Room:
    (kind,) = (each for each in KINDS if features[f"{each}#{number}"])
    modules, windows = int(features[f"modules#{number}"]), int(features[f"windows#{number}"])
    return Room(number, kind, modules, windows, is_heated=bool(features[f"floor_heating#{number}"]))
