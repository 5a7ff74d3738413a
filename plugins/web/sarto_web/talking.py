"""What people say to one another in a room: comments, proposals, approvals."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from secrets import token_urlsafe
from typing import Any

from sarto.model.expression import Value

from .counting import Counting
from .deciding import Deciding
from .limits import Limits
from .line import OfferedLine
from .problems import Code, Problem, not_found
from .room import Comment, Outcome, Proposal
from .rooms import OpenRoom, Rooms, now
from .showing import Shown, comment, proposal
from .who import Visitor, may_decide

__all__ = ["Talking"]

Decide = Callable[[OpenRoom, Visitor, str, Value, int], Awaitable[dict[str, Any]]]


class Talking:
    """Comments, proposals and approvals in rooms over one line."""

    def __init__(self, line: OfferedLine, rooms: Rooms, limits: Limits, deciding: Deciding, counting: Counting) -> None:
        self._line = line
        self._rooms = rooms
        self._limits = limits
        self._deciding = deciding
        self._counting = counting
        self._shown = Shown(line)

    async def comment(self, opened: OpenRoom, visitor: Visitor, text: str, feature: str) -> dict[str, Any]:
        """Remark something, of a feature or of the whole."""
        if feature:
            self._line.known(feature)
        async with self._rooms.changing(opened) as room:
            if len(room.comments) >= self._limits.comments:
                most = self._limits.comments
                raise Problem(409, Code.TOO_MANY_COMMENTS, f"there are {most:,} comments already", data={"n": most})
            said = Comment(token_urlsafe(9), text, feature, visitor.name, visitor.role, now())
            await self._rooms.put(opened, replace(room, comments=(*room.comments, said)))
            opened.feed.tell("comment", comment(said))
            return comment(said)

    async def propose(
        self, opened: OpenRoom, visitor: Visitor, feature: str, value: Value, text: str
    ) -> dict[str, Any]:
        """Propose a decision, whoever may make it."""
        value = self._deciding.fit(feature, value)
        async with self._rooms.changing(opened) as room:
            if len(room.proposals) >= self._limits.proposals:
                most = self._limits.proposals
                raise Problem(409, Code.TOO_MANY_PROPOSALS, f"there are {most:,} proposals already", data={"n": most})
            said = Proposal(token_urlsafe(9), feature, value, text, visitor.name, visitor.role, now())
            await self._rooms.put(opened, replace(room, proposals=(*room.proposals, said)))
            opened.feed.tell("proposal", proposal(said))
            return proposal(said)

    async def answer(
        self, opened: OpenRoom, visitor: Visitor, id: str, *, accept: bool, version: int
    ) -> dict[str, Any]:
        """Accept a proposal, which decides its feature, or decline it; whoever made it may withdraw it so."""
        said = self._pending(opened, id)
        stage = self._line.known(said.feature).stage
        is_own = said.by == visitor.name and said.role is visitor.role
        if not may_decide(visitor.role, stage) and (accept or not is_own):
            what, hint = f"'{said.feature}' is not yours to decide", f"it is the {stage.value}'s"
            data = {"feature": said.feature, "stage": stage.value}
            raise Problem(403, Code.NOT_YOURS, what, said.feature, hint, data=data)
        if accept:
            change = await self._deciding.decide(opened, visitor, said.feature, said.value, version)
            await self._close(opened, visitor, id, Outcome.ACCEPTED)
            return change
        async with self._rooms.changing(opened, version):
            pass
        await self._close(opened, visitor, id, Outcome.DECLINED)
        return self._unchanged(opened, visitor, "decline")

    async def approve(self, opened: OpenRoom, visitor: Visitor, version: int) -> dict[str, Any]:
        """Approve of all that is said now; whatever changes it makes that void."""
        async with self._rooms.changing(opened, version) as room:
            for name in self._line.choices.without_value(opened.choice):
                what, hint = f"'{name}' has no value yet", "give it one, then approve"
                raise Problem(409, Code.NO_VALUE, what, name, hint, data={"feature": name})
            await self._rooms.put(opened, room.approving(visitor.role))
            told = self._unchanged(opened, visitor, "approve")
            opened.feed.tell("approved", {key: told[key] for key in ("version", "approved", "by")})
            return told

    async def _close(self, opened: OpenRoom, visitor: Visitor, id: str, outcome: Outcome) -> None:
        async with self._rooms.changing(opened) as room:
            closed = replace(self._pending(opened, id), outcome=outcome, closed_by=visitor.name)
            all = tuple(closed if each.id == id else each for each in room.proposals)
            await self._rooms.put(opened, replace(room, proposals=all))
            opened.feed.tell("proposal", proposal(closed))

    def _pending(self, opened: OpenRoom, id: str) -> Proposal:
        for each in opened.room.proposals:
            if each.id == id and each.outcome is Outcome.PENDING:
                return each
        raise not_found("there is no such proposal, or it was answered already", Code.NO_PROPOSAL)

    def _unchanged(self, opened: OpenRoom, visitor: Visitor, what: str) -> dict[str, Any]:
        choice = opened.choice
        return self._shown.change(what, visitor.name, None, opened.room, choice, choice, self._counting.known(choice))
