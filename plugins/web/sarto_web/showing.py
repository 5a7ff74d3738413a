"""A room as the API shows it: whole, and what a change has changed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sarto.model.expression import Value
from sarto.solve.choices import Choice

from .line import OfferedLine
from .room import Comment, Decided, Proposal, Room
from .who import Role, Visitor

__all__ = ["Shown"]


class Shown:
    """What people are shown of rooms over one line."""

    def __init__(self, line: OfferedLine) -> None:
        self._line = line

    def standing(self, room: Room, choice: Choice, remaining: Mapping[str, Any]) -> dict[str, Any]:
        """What both a room and a change of it say."""
        return {
            "version": room.version,
            "decisions": [decided(each) for each in room.said.decisions],
            "open": list(room.said.open),
            "free": choice.freedom,
            "remaining": remaining,
            "price": self._line.price(choice),
            "without_value": list(self._line.choices.without_value(choice)),
            "approved": approvals(room),
            "can_undo": bool(room.past),
            "can_redo": bool(room.future),
        }

    def room(
        self, room: Room, choice: Choice, remaining: Mapping[str, Any], visitor: Visitor, people: list[str]
    ) -> dict[str, Any]:
        """Everything in a room, as one visitor sees it."""
        return {
            "id": room.id,
            "customer": room.customer,
            "created": room.created,
            "order": room.order,
            "role": visitor.role.value,
            "me": visitor.name,
            "people": people,
            **self.standing(room, choice, remaining),
            "selected": list(choice.selected),
            "excluded": list(choice.excluded),
            "comments": [comment(each) for each in room.comments],
            "proposals": [proposal(each) for each in room.proposals],
        }

    def change(
        self, what: str, by: str, decision: Mapping[str, Value | None] | None, room: Room, choice: Choice,
        before: Choice, remaining: Mapping[str, Any],
    ) -> dict[str, Any]:  # fmt: skip
        """What somebody did, and all that follows from it."""
        new, freed = choice.since(before)
        return {
            **self.standing(room, choice, remaining),
            "what": what,
            "by": by,
            "decision": decision,
            "selected": list(new.selected),
            "excluded": list(new.excluded),
            "freed": list(freed),
        }


def decided(each: Decided) -> dict[str, Any]:
    """A decision."""
    return {"feature": each.feature, "value": each.value, "by": each.by, "role": each.role.value, "at": each.at}


def comment(each: Comment) -> dict[str, Any]:
    """A comment."""
    return {
        "id": each.id,
        "text": each.text,
        "feature": each.feature,
        "by": each.by,
        "role": each.role.value,
        "at": each.at,
    }


def proposal(each: Proposal) -> dict[str, Any]:
    """A proposal with what became of it."""
    return {
        "id": each.id,
        "feature": each.feature,
        "value": each.value,
        "text": each.text,
        "by": each.by,
        "role": each.role.value,
        "at": each.at,
        "outcome": each.outcome.value,
        "closed_by": each.closed_by,
    }


def approvals(room: Room) -> dict[str, bool]:
    """Who has approved of what is said now."""
    return {role.value: role in room.approved for role in (Role.VENDOR, Role.CUSTOMER)}
