"""Between rooms and selection files: what a selection says, as decisions, and what a room says, as a selection."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from sarto.commands import selection_text
from sarto.errors import Place, SartoError
from sarto.model.feature import Stage
from sarto.model.names import key_text
from sarto.model.selection import Selection, Wish
from sarto.model.toml_selection import load_selection

from .line import OfferedLine
from .room import Decided, Room, Said
from .rooms import line_for, now
from .who import Role, Visitor

__all__ = ["Read", "Selections"]

FILE = "selection.toml"
NOBODY = "customer"
"""For whom a selection file is where a room is for nobody: it has to name somebody."""


@dataclass(frozen=True, slots=True)
class Read:
    """What a selection says, whose it is, and the line with as many instances as it speaks of."""

    line: OfferedLine
    customer: str
    said: Said


class Selections:
    """Selections of one line that come from people and go to them, as texts."""

    def __init__(self, line: OfferedLine) -> None:
        self._line = line
        self._path = Path(line.line.description.file).name

    def sent(self, text: str, visitor: Visitor) -> Read:
        """What a selection says that somebody has sent. Raises SartoError where it does not fit the line.

        It may not name other files: profiles, or, from a customer, files for the brand.
        """
        line, selection = self._read(text)
        if visitor.role is Role.CUSTOMER:
            self._refuse_files(selection)
        return _read(line, selection, visitor.name, lambda _: visitor.role)

    def ordered(self, text: str, by: str) -> Read:
        """What the selection of an order says, as whoever has written it there wanted it. Raises SartoError."""
        line, selection = self._read(text)
        return _read(line, selection, by, lambda name: _role(line.known(name).stage))

    def selection(self, room: Room) -> Selection:
        """What a room says, as if it stood in a file beside the line; nothing of what is in without a value."""
        file, features = str(self._line.line.folder / FILE), line_for(self._line, room).model.features
        began = self._read(room.began)[1] if room.began else Selection(line=self._path, customer="")
        wishes = {
            each.feature: Wish(each.feature, each.value, Place(file, f"select.{key_text(each.feature)}"))
            for each in room.said.decisions
            if each.value is not True or features[each.feature].type is None  # a file has no word for "in, but how?"
        }
        open = {name: Place(file, "open.features") for name in room.said.open}
        places = {key: Place(file, place.key) for key, place in began.places.items()}
        customer = room.customer or began.customer
        return replace(began, line=self._path, customer=customer, file=file, wishes=wishes, open=open, places=places)

    def text(self, room: Room, comments: Mapping[str, str] | None = None) -> str:
        """The same as the text of a selection file."""
        description = self._line.line.description
        heading = f"Chosen from {description.name} {description.version}, in the browser."
        chosen = self.selection(room)
        return selection_text(replace(chosen, customer=chosen.customer or NOBODY), heading, comments or {})

    def _read(self, text: str) -> tuple[OfferedLine, Selection]:
        def read(file: str) -> str:
            if file != FILE:
                raise SartoError("a selection that is sent here cannot extend other files", hint="write it whole")
            return text

        selection = load_selection(FILE, read)
        line = self._line.with_room_for(selection)
        return line, line.fitting(selection)

    def _refuse_files(self, selection: Selection) -> None:
        slots = self._line.line.description.cosmetics
        for name in selection.brand:
            if name in slots and slots[name].type.is_file:
                raise SartoError(
                    "a file for the brand cannot be sent here", where=selection.place_of(f"brand.{name}"),
                    hint="leave it out, and hand the file to the vendor",
                )  # fmt: skip


def _read(line: OfferedLine, selection: Selection, by: str, role: Callable[[str], Role]) -> Read:
    at = now()
    decisions = [Decided(wish.feature, wish.value, by, role(wish.feature), at) for wish in selection.wishes.values()]
    return Read(line, selection.customer, Said(tuple(decisions), tuple(selection.open)))


def _role(stage: Stage) -> Role:
    return Role.VENDOR if stage is Stage.VENDOR else Role.CUSTOMER
