"""What would change for one customer, or why that cannot be said."""

from __future__ import annotations

from pathlib import Path

from sarto.derive.files import refusals
from sarto.errors import SartoError
from sarto.orders import Order, Refusal

from .changes import Change, changes
from .held import held_build
from .inputs import Wanted, changed
from .records import recorded_inputs

__all__ = ["differences"]


def differences(order: Order | Refusal, builds: Path) -> tuple[Change, ...] | Refusal:
    """What would change; nothing is compared where the build was made from the same inputs."""
    if isinstance(order, Refusal):
        return order
    wanted, held = Wanted(order), held_build(builds, order.name)
    try:
        with refusals(f"looking at the build for '{order.selection.customer}'"):
            known = recorded_inputs(builds, order.name) if held and not held.fault else None
            if known and not changed(known, wanted.inputs(known)):
                return ()
            return changes(wanted, held)
    except SartoError as error:
        return Refusal(order.file, error)
