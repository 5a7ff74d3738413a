"""What a home comes to, reckoned from its features alone, as somebody would with a pencil."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from sarto.model.expression import Value

__all__ = ["Ordered", "net", "ordered", "shortest", "things"]

Chosen = Mapping[str, Value]
IN_A = {
    "kitchen": {"worktop", "hob", "sink"}, "bath": {"tub", "toilet", "basin"}, "bedroom": {"bed", "wardrobe"},
    "living": {"sofa", "low table"}, "study": {"desk", "chair"},
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Ordered:
    """A room as it was ordered."""

    kind: str
    modules: int
    windows: int
    is_heated: bool


def has(chosen: Chosen, feature: str) -> bool:
    return chosen.get(feature, False) is not False


def ordered(chosen: Chosen) -> list[Ordered]:
    rooms = []
    for number in range(1, 7):
        if has(chosen, f"room#{number}"):
            (kind,) = (each for each in IN_A if has(chosen, f"{each}#{number}"))
            modules, windows = int(chosen[f"modules#{number}"]), int(chosen[f"windows#{number}"])
            rooms.append(Ordered(kind, modules, windows, has(chosen, f"floor_heating#{number}")))
    return rooms


def things(room: Ordered) -> set[str]:
    return IN_A[room.kind] | ({"heating loop"} if room.is_heated else set())


def shortest(widths: list[int]) -> int:
    """How long the longer side is at least, of all sums that some of the widths can have."""
    sums = {0}
    for width in widths:
        sums |= {each + width for each in sums}
    return min(max(each, sum(widths) - each) for each in sums)


def net(chosen: Chosen) -> Decimal:
    """What the customer pays before taxes."""
    rooms = ordered(chosen)
    amount = 30000 + sum(2500 + 9000 * room.modules + 650 * room.windows + 1200 * room.is_heated for room in rooms)
    amount += sum({"kitchen": 9000, "bath": 8000}.get(room.kind, 0) for room in rooms)
    amount += 14000 * has(chosen, "heat_pump") + 6500 * has(chosen, "carport") + 900 * int(chosen.get("terrace", 0))
    return Decimal(amount)
