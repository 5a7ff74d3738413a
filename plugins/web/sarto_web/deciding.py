"""What people do in a room: decide, take back, undo, repair, complete; all consequences at once, or a conflict."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from sarto.errors import SartoError
from sarto.model.expression import Value
from sarto.model.feature import Binding, Feature, Stage, ValueType
from sarto.model.values import in_words, is_number, misfit
from sarto.solve.choices import Choice
from sarto.solve.conflict import Conflict

from .booking import Booking
from .completing import completion
from .counting import Counting
from .finishing import Finishing
from .limits import Limits
from .line import OfferedLine
from .mending import changes_of, conflict_data, repair_of
from .problems import Code, Problem, not_found, refused
from .room import Decided, Room
from .rooms import OpenRoom, Rooms, now
from .showing import Shown
from .who import Visitor, may_decide
from .work import Work

__all__ = ["Deciding"]

Step = Callable[[Room], Room]
Asked = Mapping[str, Value | None] | None


class Deciding:
    """Changes of what is said in rooms over one line."""

    def __init__(
        self, line: OfferedLine, rooms: Rooms, limits: Limits, work: Work, counting: Counting, booking: Booking
    ) -> None:
        self._line = line
        self._rooms = rooms
        self._limits = limits
        self._work = work
        self._counting = counting
        self._booking = booking
        self._finishing = Finishing(line.line, limits)
        self._shown = Shown(line)

    async def decide(
        self, opened: OpenRoom, visitor: Visitor, feature: str, value: Value, version: int
    ) -> dict[str, Any]:
        """Decide a feature. Raises a Problem with the conflict and its repairs where that is impossible."""
        self.allow(visitor, [feature])
        value = self.fit(feature, value)
        step = self._saying(visitor, {feature: value})
        return await self._step(opened, visitor, "decide", {"feature": feature, "value": value}, version, step)

    async def take_back(self, opened: OpenRoom, visitor: Visitor, feature: str, version: int) -> dict[str, Any]:
        """Take a decision back, whenever it was made."""
        self.allow(visitor, [feature])

        def step(room: Room) -> Room:
            if feature not in room.said.wishes and feature not in room.said.open:
                raise not_found(f"nothing is decided of '{feature}'", Code.NOT_DECIDED, data={"feature": feature})
            return room.saying(room.said.without(feature), self._limits.undo)

        return await self._step(opened, visitor, "retract", {"feature": feature, "value": None}, version, step)

    async def leave_open(self, opened: OpenRoom, visitor: Visitor, feature: str, version: int) -> dict[str, Any]:
        """Leave a feature to the end user."""
        self.allow(visitor, [feature])
        known = self._line.known(feature)
        if known.type is not None or known.stage is Stage.VENDOR or known.delivery.binding is Binding.BUILD:
            raise Problem(
                422, Code.NOT_FOR_USER, f"'{feature}' cannot be left to the end user", feature,
                "it is bound when the build is made", data={"feature": feature},
            )  # fmt: skip

        def step(room: Room) -> Room:
            return room.saying(room.said.left_open(feature), self._limits.undo)

        return await self._step(opened, visitor, "open", {"feature": feature, "value": None}, version, step)

    async def undo(self, opened: OpenRoom, visitor: Visitor, version: int) -> dict[str, Any]:
        """Go a step back."""

        def step(room: Room) -> Room:
            if not room.past:
                raise Problem(409, Code.NOTHING_TO_UNDO, "there is nothing to undo")
            self.allow(visitor, room.said.differing(room.past[-1]))
            return room.undone()

        return await self._step(opened, visitor, "undo", None, version, step)

    async def redo(self, opened: OpenRoom, visitor: Visitor, version: int) -> dict[str, Any]:
        """Go forward again."""

        def step(room: Room) -> Room:
            if not room.future:
                raise Problem(409, Code.NOTHING_TO_REDO, "there is nothing to redo")
            self.allow(visitor, room.said.differing(room.future[-1]))
            return room.redone()

        return await self._step(opened, visitor, "redo", None, version, step)

    async def repair(
        self, opened: OpenRoom, visitor: Visitor, feature: str, value: Value, id: str, version: int
    ) -> dict[str, Any]:
        """Decide a feature together with a repair of the conflict that this has made."""
        self.allow(visitor, [feature])
        value = self.fit(feature, value)
        async with self._rooms.changing(opened, version) as room:
            wishes = self._saying(visitor, {feature: value})(room).said.wishes
            if await self._attempt(wishes) is not None:
                what, more = "there is no conflict to repair", {"version": version}
                raise Problem(409, Code.NOTHING_TO_REPAIR, what, hint="decide it", more=more)
            repair = repair_of(await self._conflict(wishes, feature), feature, id)
            if repair is None:
                raise not_found("there is no such repair", Code.NO_REPAIR)
            changes = changes_of(repair)
            self.allow(visitor, changes)
            given = {name: new for name, new in changes.items() if new is not None}
            taken = [name for name, new in changes.items() if new is None]

            def step(before: Room) -> Room:
                said = before.said.without(*taken).decided(*self._decided(visitor, {**given, feature: value}))
                return before.saying(said, self._limits.undo)

            asked = {"feature": feature, "value": value}
            return await self._change(opened, visitor, "repair", asked, room, step)

    async def complete(
        self, opened: OpenRoom, visitor: Visitor, to: str, version: int, *, is_dry: bool
    ) -> dict[str, Any]:
        """Decide all that is free, as the line recommends or the cheapest way; or say what that would be."""
        async with self._rooms.changing(opened, version) as room:
            found = await self._work.long(lambda: self._finishing.configuration(room.said.wishes, to))
            may = lambda name: may_decide(visitor.role, self._line.known(name).stage)  # noqa: E731
            wishes = completion(self._line.model, opened.choice, found.configuration, may)
            step = self._saying(visitor, wishes) if wishes else lambda room: room
            more = {"is_best": found.is_best, "note": found.note}
            if is_dry or not wishes:
                after = step(room)
                choice = await self._follow(after, None)
                return {
                    **self._told("complete", visitor, None, after, choice, opened.choice),
                    "version": version,
                    **more,
                }
            return {**await self._change(opened, visitor, "complete", None, room, step), **more}

    async def preview(self, opened: OpenRoom, feature: str, value: Value) -> dict[str, Any]:
        """What a decision would bring."""
        value = self.fit(feature, value)
        room, before = opened.room, opened.choice
        wishes = {**room.said.without(feature).wishes, feature: value}
        choice = await self._attempt(wishes)
        if choice is None:
            return {"possible": False, "selected": [], "excluded": [], "freed": [], "price": self._line.price(before)}
        new, freed = choice.since(before)
        return {
            "possible": True,
            "selected": [name for name in new.selected if name != feature],
            "excluded": [name for name in new.excluded if name != feature],
            "freed": list(freed),
            "price": self._line.price(choice),
        }

    def fit(self, feature: str, value: Value) -> Value:
        """The value as the feature has it. Raises a Problem where it cannot be decided that way."""
        known = self._line.known(feature)
        if known.type is ValueType.INTEGER and isinstance(value, float) and value.is_integer():
            value = int(value)  # JSON has but one kind of number
        if known.type is not None and value is True:  # wanted, with whatever value the line gives it
            return True if known.default is None else known.default
        if fault := misfit(known, value):
            raise Problem(422, Code.MISFIT, fault, "value", f"give {in_words(known)}", data=_fitting(known, value))
        return value

    async def _step(
        self, opened: OpenRoom, visitor: Visitor, what: str, asked: Asked, version: int, step: Step
    ) -> dict[str, Any]:
        async with self._rooms.changing(opened, version) as room:
            return await self._change(opened, visitor, what, asked, room, step)

    async def _change(
        self, opened: OpenRoom, visitor: Visitor, what: str, asked: Asked, room: Room, step: Step
    ) -> dict[str, Any]:
        """Change what is said, alone in the room; tell all who are there, and then whoever asked."""
        after, before = step(room), opened.choice
        choice = await self._follow(after, asked)
        after = await self._booking.save(opened, after, visitor)
        await self._rooms.put(opened, after, choice)
        change = await self._work.quick(lambda: self._told(what, visitor, asked, after, choice, before))
        opened.feed.tell("change", change)
        self._counting.later(opened)
        return change

    def _told(
        self, what: str, visitor: Visitor, asked: Asked, after: Room, choice: Choice, before: Choice
    ) -> dict[str, Any]:
        return self._shown.change(what, visitor.name, asked, after, choice, before, self._counting.known(choice))

    def _saying(self, visitor: Visitor, wishes: Mapping[str, Value]) -> Step:
        return lambda room: room.saying(room.said.decided(*self._decided(visitor, wishes)), self._limits.undo)

    def _decided(self, visitor: Visitor, wishes: Mapping[str, Value]) -> list[Decided]:
        at = now()
        return [Decided(name, value, visitor.name, visitor.role, at) for name, value in wishes.items()]

    async def _follow(self, room: Room, asked: Asked) -> Choice:
        """What follows from all that is said. Raises a Problem with the conflict."""
        wishes = room.said.wishes
        choice = await self._attempt(wishes)
        if choice is not None:
            return choice
        feature = str(asked["feature"]) if asked else ""
        conflict = await self._conflict(wishes, feature if feature in wishes else "")
        raise Problem(
            409, Code.CONFLICT, "this is impossible together with what was decided", feature,
            more={"conflict": conflict_data(conflict, feature), "version": room.version - 1},
        )  # fmt: skip

    async def _attempt(self, wishes: Mapping[str, Value]) -> Choice | None:
        try:
            return await self._work.quick(lambda: self._line.choices.attempt(wishes))
        except SartoError as error:  # arithmetic that is beyond what is decided here
            raise refused(422, error) from None

    async def _conflict(self, wishes: Mapping[str, Value], insisted: str) -> Conflict:
        return await self._work.long(lambda: self._line.choices.conflict(wishes, insisted))

    def allow(self, visitor: Visitor, features: Iterable[str]) -> None:
        """Raise a Problem where the visitor may not decide one of the features."""
        for feature in sorted(features):
            stage = self._line.known(feature).stage
            if not may_decide(visitor.role, stage):
                what, hint = f"'{feature}' is not yours to decide", f"it is the {stage.value}'s: propose it instead"
                data = {"feature": feature, "stage": stage.value}
                raise Problem(403, Code.NOT_YOURS, what, feature, hint, data=data)


def _fitting(feature: Feature, value: Value) -> dict[str, Any]:
    """What the words about a value that does not fit are about: the value, and what would."""
    said = value if isinstance(value, bool) or is_number(value) else str(value)[:60]
    return {
        "feature": feature.name,
        "value": said,
        "type": feature.type.value if feature.type else None,
        "minimum": feature.minimum,
        "maximum": feature.maximum,
    }
