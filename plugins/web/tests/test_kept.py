"""Rooms are kept: over a restart, while nobody is there, and whatever is wrong with a file."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sarto.errors import SartoError
from sarto_web.limits import Limits
from sarto_web.records import Records, room_from_data, room_to_data
from sarto_web.room import Comment, Decided, Outcome, Proposal, Room, Said
from sarto_web.who import Role

from .shop import AtRoom, shop

pytestmark = pytest.mark.anyio


async def test_a_room_is_there_again_after_a_restart_with_its_way_back(tmp_path: Path) -> None:
    async with shop(tmp_path / "line") as browser:
        room = await browser.room(customer="Acme")
        await room.decide("reviews", True)
        await room.decide("page_size", 30)
        await browser.ask("POST", f"{room.path}/comments", {"text": "kept?"}, status=201)
        before = await room.see()
        links = room.room["links"]
    async with shop(tmp_path / "line") as browser:
        again = AtRoom(browser, await browser.ask("GET", room.path))
        kept = {key: value for key, value in again.room.items() if key != "people"}
        assert kept == {key: value for key, value in before.items() if key != "people"}
        assert again.room["links"] == links
        change = await again.do("undo")
        assert [each["feature"] for each in change["decisions"]] == ["reviews"]


async def test_rooms_that_nobody_asks_for_are_put_away_and_come_back(tmp_path: Path) -> None:
    async with shop(tmp_path / "line", limits=Limits(in_memory=2)) as browser:
        rooms = [await browser.room(customer=f"number {number}") for number in range(5)]
        for number, room in enumerate(rooms):
            await room.decide("page_size", 30 + number)
        assert len(browser.desk.rooms._open) <= 3
        for number, room in enumerate(rooms):
            seen = await room.see()
            assert (seen["customer"], seen["decisions"][0]["value"]) == (f"number {number}", 30 + number)


async def test_a_room_that_does_not_fit_the_line_any_more_is_not_found(tmp_path: Path) -> None:
    async with shop(tmp_path / "line") as browser:
        room = await browser.room()
        await room.decide("coins", True)
    text = (tmp_path / "line" / "features.toml").read_text().replace("coins", "cash")
    async with shop(tmp_path / "line", text) as browser:
        await browser.ask("GET", room.path, status=404)
        assert (tmp_path / "line" / "state" / "rooms" / f"{room.id}.json").exists()


@pytest.mark.parametrize("content", ["", "{}", "[]", "null", '{"format": 2}', '{"format": 1, "id": 3}', "\x00" * 100])
async def test_a_file_that_is_no_room_is_not_found(content: str, tmp_path: Path) -> None:
    async with shop(tmp_path / "line") as browser:
        room = await browser.room()
    (tmp_path / "line" / "state" / "rooms" / f"{room.id}.json").write_text(content)
    async with shop(tmp_path / "line") as browser:
        await browser.ask("GET", room.path, status=404)


async def test_what_cannot_be_kept_is_not_said_to_be_done(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with shop(tmp_path / "line") as browser:
        room = await browser.room()

        def full(_self: Records, _room: Room) -> None:
            raise SartoError("the room cannot be kept", hint="is the disk full?")

        monkeypatch.setattr(Records, "write", full)
        answer = await room.decide("search", True, status=422)
        assert answer["error"]["what"] == "the room cannot be kept"
        monkeypatch.undo()
        assert (await room.see())["decisions"] == []


texts = st.text(max_size=8)
roles = st.sampled_from(Role)
values = st.one_of(
    st.booleans(), st.integers(-(2**63), 2**63 - 1), st.floats(allow_nan=False, allow_infinity=False), texts
)
decisions = st.builds(Decided, texts, values, texts, roles, texts)
saids = st.builds(Said, st.lists(decisions, max_size=3).map(tuple), st.lists(texts, max_size=2).map(tuple))
comments = st.builds(Comment, texts, texts, texts, texts, roles, texts)
proposals = st.builds(Proposal, texts, texts, values, texts, texts, roles, texts, st.sampled_from(Outcome), texts)
few = st.lists(saids, max_size=2).map(tuple)


@settings(max_examples=30, deadline=None)
@given(
    st.builds(
        Room, id=st.just("a" * 24), customer=texts, created=texts, version=st.integers(1), said=saids, past=few,
        future=few, comments=st.lists(comments, max_size=2).map(tuple),
        proposals=st.lists(proposals, max_size=2).map(tuple),
        approved=st.lists(roles, max_size=2).map(tuple), began=texts, order=texts, order_version=st.integers(0),
    )
)  # fmt: skip
def test_a_room_comes_back_as_it_was(room: Room) -> None:
    assert room_from_data(json.loads(json.dumps(room_to_data(room)))) == room
    with tempfile.TemporaryDirectory() as folder:
        records = Records(Path(folder) / "rooms")
        records.write(room)
        assert records.read(room.id) == room
        assert records.ids() == [room.id]
        assert records.read("../secret") is None
