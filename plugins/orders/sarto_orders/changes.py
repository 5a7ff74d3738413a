"""What an order is after a change: pure, and held against what may follow what and by whom."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, fields

from sarto.order_book import BookedOrder, NotAllowed, OrderState, User, can_be_saved, check_step

__all__ = ["Content", "after_saving", "after_step", "difference", "word_for"]

NEEDED: Mapping[OrderState, tuple[str, ...]] = {
    OrderState.QUOTED: ("quote",), OrderState.BUILT: ("lock", "build"), OrderState.UPGRADED: ("lock", "build"),
}  # fmt: skip
"""What has to be brought along into a state."""


@dataclass(frozen=True, slots=True)
class Content:
    """What changes of an order from version to version."""

    state: OrderState
    selection: str
    quote: str = ""
    lock: str = ""
    build: str = ""
    files: str = ""


def after_saving(order: BookedOrder, selection: str, files: str) -> Content:
    """The order with another selection and other files. Raises NotAllowed where it is frozen."""
    if not can_be_saved(order.state):
        what = f"order {order.number} is {order.state}: its selection is frozen"
        hint = "before it is built, a vendor can take it back to configuring" if order.state == "approved" else ""
        raise NotAllowed(what, hint=hint)
    return Content(OrderState.CONFIGURING, selection, files=files)


def after_step(order: BookedOrder, user: User, to: OrderState, brought: Mapping[str, str], files: str = "") -> Content:
    """The order in another state, with what was ``brought`` along and the ``files`` that it has. Raises NotAllowed."""
    check_step(order, user, to)
    given = {name for name, text in brought.items() if text}
    needed = set(NEEDED.get(to, ()))
    allowed = needed | ({"selection"} if to is OrderState.UPGRADED else set())
    if missing := sorted(needed - given):
        raise NotAllowed(f"an order that is {to} needs its {' and '.join(missing)}")
    if beyond := sorted(given - allowed):
        raise NotAllowed(f"an order that becomes {to} gets no other {' and '.join(beyond)}")
    if to is OrderState.CONFIGURING:
        return Content(to, order.selection, files=files)
    return Content(
        to,
        brought.get("selection") or order.selection,
        brought.get("quote") or order.quote,
        brought.get("lock") or order.lock,
        brought.get("build") or order.build,
        files,
    )


def word_for(to: OrderState) -> str:
    """What was done when an order came into a state."""
    return "reopened" if to is OrderState.CONFIGURING else to.value


def difference(before: Content | None, after: Content) -> tuple[str, str]:
    """What differs, as it was and as it is, as JSON texts; before the first version there was nothing."""
    names = [field.name for field in fields(Content)]
    changed = [name for name in names if getattr(before, name, "") != getattr(after, name)]
    was = {} if before is None else {name: getattr(before, name) for name in changed}
    return _json(was), _json({name: getattr(after, name) for name in changed})


def _json(data: Mapping[str, str]) -> str:
    return json.dumps(data, ensure_ascii=False)
