"""What the commands of the inventory say, as texts, as rows of tables and as data."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from sarto.commands import counted, error_as_data

if TYPE_CHECKING:
    from sarto.derive.inventory import Stored
    from sarto.derive.lockfile import LockedWheel
    from sarto.orders import Refusal

    from .cost import Cost
    from .forecast import Outlook
    from .needs import Lacking

__all__ = [
    "bytes_of",
    "cost_as_data",
    "cost_row",
    "needed_as_data",
    "outlook_as_data",
    "outlook_row",
    "refused_as_data",
    "total",
    "weight",
]


def bytes_of(wheel: LockedWheel) -> str:
    """The size of a wheel, as far as the index says it."""
    return "size unknown" if wheel.size is None else f"{wheel.size:,} bytes"


def total(needed: Sequence[Lacking]) -> str:
    """How many parts, and their bytes; those of which the index does not say how large they are, are counted."""
    sizes = [each.wheel.size for each in needed if each.wheel.size is not None]
    unknown = len(needed) - len(sizes)
    if unknown and not sizes:
        return f"{counted(len(needed), 'part')}, size unknown"
    more = f" and {unknown:,} of unknown size" if unknown else ""
    return f"{counted(len(needed), 'part')}, {sum(sizes):,} bytes{more}"


def weight(parts: Sequence[Stored]) -> str:
    """How many parts, and their bytes."""
    return f"{counted(len(parts), 'part')}, {sum(part.size for part in parts):,} bytes"


def needed_as_data(each: Lacking) -> dict[str, Any]:
    """What the store lacks, as data."""
    return {"file": each.wheel.filename, "bytes": each.wheel.size, "for": list(each.waiting)}


def refused_as_data(refused: Sequence[Refusal]) -> list[dict[str, Any]]:
    """What cannot be honoured, as data."""
    return [{"selection": str(each.file), "error": error_as_data(each.error)} for each in refused]


def cost_as_data(each: Cost) -> dict[str, Any]:
    """What a further customer costs, as data."""
    return {
        "feature": each.feature or None,
        "parts": each.parts,
        "handed_out": each.size,
        "new": each.new,
        "milliseconds": round(each.milliseconds, 3),
    }


def cost_row(each: Cost) -> tuple[str, ...]:
    """The same as a row of a table."""
    name = each.feature or "(nothing chosen)"
    return (name, str(each.parts), f"{each.size:,}", f"{each.new:,}", f"{each.milliseconds:.1f} ms")


def outlook_as_data(found: Outlook) -> dict[str, Any]:
    """How many of the customers to come want something, as data."""
    return {
        "known": found.known,
        "share": round(float(found.share), 6),
        "expected": round(found.expected, 3),
        "least": found.least,
        "most": found.most,
    }


def outlook_row(said: dict[str, Any]) -> tuple[str, ...]:
    """The same as a row of a table."""
    return (str(said["known"]), f"{said['share']:.0%}", f"{said['expected']:.1f}", f"{said['least']} to {said['most']}")
