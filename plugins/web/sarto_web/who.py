"""Who asks: a visitor with a name and a role, and what a role may decide."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from sarto.model.feature import Stage
from sarto.order_book import User

__all__ = ["Role", "Visitor", "may_decide"]


class Role(StrEnum):
    """For whom somebody speaks; whoever is alone speaks for both."""

    VENDOR = "vendor"
    CUSTOMER = "customer"
    BOTH = "both"


VENDORS = frozenset([Stage.VENDOR])
CUSTOMERS = frozenset([Stage.CUSTOMER, Stage.USER])


def may_decide(role: Role, stage: Stage) -> bool:
    """Whether a role decides features of a stage; what is left to end users, a customer may decide for them."""
    return role is Role.BOTH or stage in (VENDORS if role is Role.VENDOR else CUSTOMERS)


@dataclass(frozen=True, slots=True)
class Visitor:
    """Somebody who was let in. ``rooms`` are the only ones that they may enter; None stands for all.

    ``key`` is what the server knows a session by, never what the browser keeps. ``customer`` is whose rooms they may
    enter where people log in; "" for a vendor's people, and where nobody does. ``user`` is who that is in the order
    book.
    """

    key: str
    name: str
    role: Role
    rooms: frozenset[str] | None = None
    customer: str = ""
    user: User | None = None
