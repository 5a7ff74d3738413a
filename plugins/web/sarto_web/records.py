"""A room as JSON and back, and the folder in which rooms are kept."""

from __future__ import annotations

import contextlib
import json
import os
import re
from collections.abc import Collection, Mapping
from pathlib import Path
from secrets import token_bytes
from typing import Any

from sarto.errors import SartoError

from .room import Comment, Decided, Outcome, Proposal, Room, Said
from .who import Role

__all__ = ["Records", "room_from_data", "room_to_data"]

FORMAT = 1
NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL
ROOM = re.compile(r"[A-Za-z0-9_-]{20,40}")


class Records:
    """Rooms in files, one each, written aside and renamed: what is there is whole."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def secret(self) -> bytes:
        """What the server's links are made with: made once, and kept for it alone."""
        file = self.folder.with_name("secret")
        try:
            self.folder.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            with contextlib.suppress(FileExistsError), os.fdopen(os.open(file, NEW, 0o600), "wb") as out:
                out.write(token_bytes(32))
            return file.read_bytes()
        except OSError as error:
            what = f"the folder of the server cannot be written: {(error.strerror or str(error)).lower()}"
            raise SartoError(what, where=str(file), hint="SARTO_STATE names another") from error

    def ids(self) -> list[str]:
        """The rooms that are kept."""
        try:
            return sorted(file.stem for file in self.folder.glob("*.json") if ROOM.fullmatch(file.stem))
        except OSError:
            return []

    def write(self, room: Room) -> None:
        """Keep a room. Raises SartoError where that fails."""
        file = self.folder / f"{room.id}.json"
        aside = file.with_name(f".{room.id}.{os.getpid()}")
        try:
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            aside.write_text(json.dumps(room_to_data(room), ensure_ascii=False), encoding="utf-8")
            aside.replace(file)
        except OSError as error:
            raise SartoError("the room cannot be kept", where=str(file), hint="is the disk full?") from error
        finally:
            with contextlib.suppress(OSError):
                aside.unlink(missing_ok=True)

    def clear(self, but: Collection[str]) -> list[str]:
        """Remove the rooms in which nothing was ever said or done, ``but`` those; their ids."""
        found = []
        for id in self.ids():
            room = None if id in but else self.read(id)
            is_untouched = room is not None and room == Room(id=id, created=room.created, customer=room.customer)
            if is_untouched:
                (self.folder / f"{id}.json").unlink(missing_ok=True)
                found.append(id)
        return found

    def read(self, id: str) -> Room | None:
        """A room that is kept; None where there is none, or its file is not what was written."""
        if not ROOM.fullmatch(id):
            return None
        try:
            data = json.loads((self.folder / f"{id}.json").read_text(encoding="utf-8"))
            room = room_from_data(data)
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return None
        return room if room.id == id else None


def room_to_data(room: Room) -> dict[str, Any]:
    """A room as JSON has it."""
    return {
        "format": FORMAT,
        "id": room.id,
        "customer": room.customer,
        "created": room.created,
        "version": room.version,
        "said": _said_to_data(room.said),
        "past": [_said_to_data(each) for each in room.past],
        "future": [_said_to_data(each) for each in room.future],
        "comments": [_to_data(each) for each in room.comments],
        "proposals": [_to_data(each) for each in room.proposals],
        "approved": list(room.approved),
        "began": room.began,
        "order": room.order,
        "order_version": room.order_version,
        "elsewhere": room.elsewhere,
        "elsewhere_version": room.elsewhere_version,
    }


def room_from_data(data: Mapping[str, Any]) -> Room:
    """The room back. Raises ValueError, KeyError or TypeError where it is none."""
    if data["format"] != FORMAT:
        raise ValueError("another format")
    return Room(
        id=data["id"],
        customer=data["customer"],
        created=data["created"],
        version=data["version"],
        said=_said_from_data(data["said"]),
        past=tuple(_said_from_data(each) for each in data["past"]),
        future=tuple(_said_from_data(each) for each in data["future"]),
        comments=tuple(Comment(**{**each, "role": Role(each["role"])}) for each in data["comments"]),
        proposals=tuple(
            Proposal(**{**each, "role": Role(each["role"]), "outcome": Outcome(each["outcome"])})
            for each in data["proposals"]
        ),
        approved=tuple(Role(each) for each in data["approved"]),
        began=data["began"],
        order=data["order"],
        order_version=data["order_version"],
        elsewhere=data["elsewhere"],
        elsewhere_version=data["elsewhere_version"],
    )


def _said_to_data(said: Said) -> dict[str, Any]:
    return {"decisions": [_to_data(each) for each in said.decisions], "open": list(said.open)}


def _said_from_data(data: Mapping[str, Any]) -> Said:
    decisions = tuple(Decided(**{**each, "role": Role(each["role"])}) for each in data["decisions"])
    return Said(decisions, tuple(data["open"]))


def _to_data(value: Decided | Comment | Proposal) -> dict[str, Any]:
    return {name: getattr(value, name) for name in value.__slots__}
