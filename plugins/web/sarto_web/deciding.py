"""What people do in a room: decide, take back, undo, redo, repair; all consequences at once, or a conflict."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sarto.errors import SartoError
from sarto.model.expression import Value
from sarto.model.values import in_words, misfit
from sarto.solve.choices import Choice

from .limits import Limits
from .line import OfferedLine
from .problems import Problem, error_data, not_found
from .room import Decided, Room, Said
from .rooms import OpenRoom, Rooms, now
from .showing import Shown
from .who import Visitor, may_decide
from .work import Work

__all__ = ["Deciding"]

Step = Callable[[Room], Room]


class Deciding:
    """Changes of what is said in rooms over one line."""

    def __init__(self, line: OfferedLine, rooms: Rooms, limits: Limits, work: Work) -> None:
        self._line = line
        self._rooms = rooms
        self._limits = limits
        self._work = work
        self._shown = Shown(line)

    async def decide(
        self, opened: OpenRoom, visitor: Visitor, feature: str, value: Value, version: int
    ) -> dict[str, Any]:
        """Decide a feature. Raises a Problem with the conflict and its repairs where that is impossible."""
        self._allow(visitor, feature)
        self._fit(feature, value)
        said = Decided(feature, value, visitor.name, visitor.role, now())
        step = lambda room: room.saying(room.said.decided(said), self._limits.undo)  # noqa: E731
        return await self._step(opened, visitor, "decide", {"feature": feature, "value": value}, version, step)

    async def take_back(self, opened: OpenRoom, visitor: Visitor, feature: str, version: int) -> dict[str, Any]:
        """Take a decision back, whenever it was made."""
        self._allow(visitor, feature)

        def step(room: Room) -> Room:
            if feature not in room.said.wishes and feature not in room.said.open:
                raise not_found(f"nothing is decided of '{feature}'")
            return room.saying(room.said.without(feature), self._limits.undo)

        return await self._step(opened, visitor, "retract", {"feature": feature, "value": None}, version, step)

    async def undo(self, opened: OpenRoom, visitor: Visitor, version: int) -> dict[str, Any]:
        """Go a step back."""

        def step(room: Room) -> Room:
            if not room.past:
                raise Problem(409, "there is nothing to undo")
            self._allow_all(visitor, room.said, room.past[-1])
            return room.undone()

        return await self._step(opened, visitor, "undo", None, version, step)

    async def redo(self, opened: OpenRoom, visitor: Visitor, version: int) -> dict[str, Any]:
        """Go forward again."""

        def step(room: Room) -> Room:
            if not room.future:
                raise Problem(409, "there is nothing to redo")
            self._allow_all(visitor, room.said, room.future[-1])
            return room.redone()

        return await self._step(opened, visitor, "redo", None, version, step)

    async def _step(
        self, opened: OpenRoom, visitor: Visitor, what: str, decision: Mapping[str, Value | None] | None, version: int,
        step: Step,
    ) -> dict[str, Any]:  # fmt: skip
        async with self._rooms.changing(opened, version) as room:
            after, before = step(room), opened.choice
            choice = await self._follow(after, decision)
            remaining = await self._work.quick(lambda: self._line.remaining(choice))
            await self._rooms.put(opened, after, choice)
            change = self._shown.change(what, visitor.name, decision, after, choice, before, remaining)
            opened.feed.tell("change", change)
            return change

    async def _follow(self, room: Room, decision: Mapping[str, Value | None] | None) -> Choice:
        """What follows from all that is said. Raises a Problem with the conflict."""
        wishes = room.said.wishes
        try:
            choice = await self._work.quick(lambda: self._line.choices.attempt(wishes))
        except SartoError as error:  # arithmetic that is beyond what is decided here
            raise Problem(422, **error_data(error)) from None
        if choice is not None:
            return choice
        raise Problem(409, "this is impossible together with what was decided", more={"version": room.version - 1})

    def _allow(self, visitor: Visitor, feature: str) -> None:
        stage = self._line.known(feature).stage
        if not may_decide(visitor.role, stage):
            raise Problem(
                403, f"'{feature}' is not yours to decide", feature, f"the {stage.value} decides it; propose it instead"
            )

    def _allow_all(self, visitor: Visitor, said: Said, other: Said) -> None:
        for feature in sorted(said.differing(other)):
            self._allow(visitor, feature)

    def _fit(self, feature: str, value: Value) -> None:
        known = self._line.known(feature)
        if fault := misfit(known, value):
            raise Problem(400, fault, "value", f"give {in_words(known)}")
