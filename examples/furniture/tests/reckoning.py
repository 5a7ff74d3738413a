"""What a set comes to, reckoned from its features alone, as somebody would with a pencil."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal

from sarto.model.expression import Value

__all__ = ["price", "shapes", "timber"]

Chosen = Mapping[str, Value]


def has(chosen: Chosen, feature: str) -> bool:
    return chosen.get(feature, False) is not False


def number(chosen: Chosen, feature: str) -> int:
    return int(chosen.get(feature, 0))


def timber(chosen: Chosen) -> int:
    """Cubic millimetres of wood."""
    return table(chosen) + bench(chosen) + shelves(chosen)


def table(chosen: Chosen) -> int:
    if not has(chosen, "table"):
        return 0
    width, depth = 100 * number(chosen, "table_width"), 100 * number(chosen, "table_depth")
    pairs = 3 if has(chosen, "middle_leg") else 2
    legs = 0 if has(chosen, "hairpin") else 2 * pairs * 60 * 60 * 713
    aprons = 2 * 90 * 22 * (width - 80 + depth - 124)
    return 27 * width * depth + legs + aprons + number(chosen, "drawers") * 400 * 74 * 18


def bench(chosen: Chosen) -> int:
    if not has(chosen, "bench"):
        return 0
    width = 100 * number(chosen, "bench_width")
    legs = 0 if has(chosen, "hairpin") else 4 * 60 * 60 * 413
    back = 2 * 45 * 370 * 32 + 170 * 22 * (width - 40) if has(chosen, "backrest") else 0
    return 400 * 37 * width + 2 * 70 * 22 * (width - 80) + legs + back


def shelves(chosen: Chosen) -> int:
    if not has(chosen, "shelves"):
        return 0
    width, boards = 100 * number(chosen, "shelf_width"), number(chosen, "boards")
    legs = 0 if has(chosen, "hairpin") or has(chosen, "castors") else 4 * 60 * 60 * 120
    return 2 * 22 * 320 * (320 * boards - 298) + boards * 22 * 310 * (width - 44) + legs


def shapes(chosen: Chosen) -> dict[str, int]:
    """How many shapes each piece has in its picture."""
    drawn = {}
    if has(chosen, "table"):
        drawn["table"] = 2 + has(chosen, "middle_leg") + 4 + 2 * number(chosen, "drawers")
    if has(chosen, "bench"):
        drawn["bench"] = 2 + 2 + 3 * has(chosen, "backrest") + has(chosen, "cushion")
    if has(chosen, "shelves"):
        drawn["shelves"] = 2 + 3 + number(chosen, "boards")
    return drawn


def price(chosen: Chosen) -> Decimal:
    """What the customer pays, with everything rounded as it stands on a quote."""
    asked = {"table": 420, "middle_leg": 80, "bench": 260, "backrest": 110, "cushion": 60, "wool": 35, "leather": 120,
             "shelves": 190, "castors": 55, "hairpin": 90, "painted": 140}  # fmt: skip
    net = Decimal(120 + sum(amount for feature, amount in asked.items() if has(chosen, feature)))
    net += cents(Decimal(number(chosen, "table_width") * number(chosen, "table_depth") * 240) / 100)
    net += cents(Decimal(number(chosen, "bench_width") * 95) / 10)
    net += cents(Decimal(number(chosen, "boards") * number(chosen, "shelf_width") * 38) / 10)
    net += number(chosen, "drawers") * 85
    net += cents(net * 35 / 100) if has(chosen, "walnut") else 0
    net -= cents(net * 5 / 100) if has(chosen, "table") and has(chosen, "bench") else 0
    return net + cents(net * 22 / 100)


def cents(amount: Decimal) -> Decimal:
    return amount.quantize(Decimal("0.01"), ROUND_HALF_UP)
