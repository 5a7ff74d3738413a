"""Between rooms and selection files: what a selection says, as decisions, and what a room says, as a selection."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from sarto.commands import selection_text
from sarto.errors import Place, SartoError
from sarto.line import ProductLine
from sarto.model.names import key_text
from sarto.model.selection import Selection, Wish
from sarto.model.toml_selection import load_selection

from .room import Decided, Room, Said
from .rooms import now
from .who import Role, Visitor

__all__ = ["Selections"]

FILE = "selection.toml"


class Selections:
    """Selections of one line that come from people and go to them, as texts."""

    def __init__(self, line: ProductLine) -> None:
        self._line = line
        self._path = Path(line.description.file).name

    def said(self, text: str, visitor: Visitor) -> tuple[str, Said]:
        """Whose selection a text is, and what it says. Raises SartoError where it does not fit the line.

        It may not name other files: profiles, or, from a customer, files for the brand.
        """
        selection = self._read(text)
        if visitor.role is Role.CUSTOMER:
            self._refuse_files(selection)
        at = now()
        decisions = [
            Decided(wish.feature, wish.value, visitor.name, visitor.role, at) for wish in selection.wishes.values()
        ]
        return selection.customer, Said(tuple(decisions), tuple(selection.open))

    def selection(self, room: Room) -> Selection:
        """What a room says, as if it stood in a file beside the line; nothing of what is in without a value."""
        file, features = str(self._line.folder / FILE), self._line.model.features
        began = self._read(room.began) if room.began else Selection(line=self._path, customer="")
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
        description = self._line.description
        heading = f"Chosen from {description.name} {description.version}, in the browser."
        return selection_text(self.selection(room), heading, comments or {})

    def _read(self, text: str) -> Selection:
        def read(file: str) -> str:
            if file != FILE:
                raise SartoError("a selection that is sent here cannot extend other files", hint="write it whole")
            return text

        selection = load_selection(FILE, read)
        if self._line.of(selection) is not self._line:
            raise SartoError(
                "the selection speaks of more instances than are offered here", where=Place(FILE, "select")
            )
        return self._line.fitting(selection)

    def _refuse_files(self, selection: Selection) -> None:
        slots = self._line.description.cosmetics
        for name in selection.brand:
            if name in slots and slots[name].type.is_file:
                raise SartoError(
                    "a file for the brand cannot be sent here", where=selection.place_of(f"brand.{name}"),
                    hint="leave it out, and hand the file to the vendor",
                )  # fmt: skip
