"""Deciding in a room: all that follows, conflicts with their repairs, and the way back."""

from __future__ import annotations

import asyncio
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from sarto.hooks import PluginManager
from sarto.model.expression import Value
from sarto.model.feature_model import FeatureModel

from .lines import fitting, small_lines
from .shop import AtRoom, line_of, shop

LARGE = Path(__file__).parents[4] / "shared" / "models" / "industrial" / "automotive02_04.uvl"


async def test_a_decision_brings_all_its_consequences_the_price_and_what_is_left(tmp_path: Path) -> None:
    async with shop(tmp_path / "line") as browser:
        room = await browser.room(customer="Acme")
        assert (room.room["free"], room.room["remaining"]["count"], room.room["price"]["total"]) == (
            10,
            "144",
            "900.00",
        )

        change = await room.decide("reviews", True)

        assert (change["selected"], change["excluded"]) == (["search", "full", "reviews"], ["simple"])
        assert (change["free"], change["remaining"], change["price"]["total"]) == (
            6, {"count": "36", "pending": False}, "1300.00",
        )  # fmt: skip
        assert change["decision"] == {"feature": "reviews", "value": True}
        assert (change["version"], change["can_undo"], change["can_redo"]) == (2, True, False)
        said = change["decisions"][0]
        assert (said["feature"], said["value"], said["by"], said["role"]) == ("reviews", True, "Host", "both")


async def test_a_conflict_changes_nothing_and_offers_repairs_that_keep_what_was_asked_for(tmp_path: Path) -> None:
    async with shop(tmp_path / "line") as browser:
        room = await browser.room()
        await room.decide("reviews", True)

        answer = await room.decide("simple", True, status=409)

        assert answer["conflict"] == {
            "sentences": [
                "'reviews' is selected",
                "'simple' is selected",
                "'search' has exactly one of 'simple' and 'full' (features.search.alternative)",
                "the constraint reviews => full (constraints[1].rule): Reviews are found through the full-text index",
            ],
            "rules": [
                {"kind": "wish", "feature": "reviews", "value": True, "said": None, "place": ""},
                {"kind": "wish", "feature": "simple", "value": True, "said": None, "place": ""},
                {
                    "kind": "group", "group": "alternative", "parent": "search", "members": ["simple", "full"],
                    "minimum": 1, "maximum": 1, "place": "features.search.alternative",
                },
                {
                    "kind": "constraint", "form": "written", "rule": "reviews => full", "instance": "",
                    "because": "Reviews are found through the full-text index.", "place": "constraints[1].rule",
                },
            ],
            "repairs": [
                {
                    "id": "repair-1",
                    "sentences": ["take back 'reviews' = true"],
                    "changes": [{"feature": "reviews", "from": True, "to": None}],
                }
            ],
        }  # fmt: skip
        assert answer["version"] == room.version == (await room.see())["version"]

        mended = await room.do("repairs", {"feature": "simple", "value": True, "repair": "repair-1"})

        assert [each["feature"] for each in mended["decisions"]] == ["simple"]
        assert mended["excluded"] == ["full", "reviews"]
        assert (await room.do("undo"))["decisions"][0]["feature"] == "reviews"


async def test_a_repair_may_change_a_value(tmp_path: Path) -> None:
    async with shop(tmp_path / "line") as browser:
        room = await browser.room()
        await room.decide("page_size", 80)

        answer = await room.decide("full", True, status=409)
        repair = answer["conflict"]["repairs"][0]
        assert repair["changes"] == [{"feature": "page_size", "from": 80, "to": 50}]
        mended = await room.do("repairs", {"feature": "full", "value": True, "repair": repair["id"]})

        assert {each["feature"]: each["value"] for each in mended["decisions"]} == {"page_size": 50, "full": True}


async def test_a_repair_of_nothing_and_an_unknown_one_are_refused(tmp_path: Path) -> None:
    async with shop(tmp_path / "line") as browser:
        room = await browser.room()
        await room.do("repairs", {"feature": "simple", "value": True, "repair": "repair-1"}, status=409)
        await room.decide("reviews", True)
        await room.do("repairs", {"feature": "simple", "value": True, "repair": "repair-9"}, status=404)
        assert room.version == (await room.see())["version"] == 2


async def test_any_decision_can_be_taken_back_and_any_step_undone_and_done_again(tmp_path: Path) -> None:
    async with shop(tmp_path / "line") as browser:
        room = await browser.room()
        await room.decide("audit", True)
        await room.decide("search", True)

        change = await room.take_back("audit")
        assert (change["what"], change["freed"]) == ("retract", ["invoice", "coins", "audit"])
        assert [each["feature"] for each in change["decisions"]] == ["search"]
        change = await room.do("undo")
        assert (change["selected"], change["excluded"]) == (["invoice", "audit"], ["coins"])
        change = await room.do("redo")
        assert change["freed"] == ["invoice", "coins", "audit"]
        await room.do("redo", status=409)
        await room.take_back("audit", status=404)
        await room.decide("reviews", True)
        assert (await room.see())["can_redo"] is False


async def test_whoever_has_not_seen_the_last_change_is_told_so(tmp_path: Path) -> None:
    async with shop(tmp_path / "line") as browser:
        room = await browser.room()
        other = AtRoom(browser, room.room)
        await room.decide("search", True)

        answer = await other.decide("reviews", False, status=412)

        assert (answer["error"]["what"], answer["version"]) == ("somebody else was faster: the room has changed", 2)
        await other.see()
        await other.decide("reviews", False)


async def test_two_who_decide_at_once_are_not_lost_on_one_another(tmp_path: Path) -> None:
    async with shop(tmp_path / "line") as browser:
        room = await browser.room()
        names = ["search", "audit", "support", "card", "reviews"]
        bodies = [{"value": True, "version": 1} for _ in names]
        answers = await asyncio.gather(
            *(browser.client.put(f"{room.path}/decisions/{n}", json=b) for n, b in zip(names, bodies, strict=True))
        )
        assert sorted(answer.status_code for answer in answers) == [200, 412, 412, 412, 412]
        assert len((await room.see())["decisions"]) == 1


async def test_a_value_has_its_range_and_its_consequences(tmp_path: Path) -> None:
    async with shop(tmp_path / "line") as browser:
        room = await browser.room()
        assert (await room.get("range/page_size"))["maximum"] == 100
        await room.decide("full", True)

        answer = await room.get("range/page_size")

        assert (answer["minimum"], answer["maximum"], answer["is_known"]) == (10, 50, True)
        assert (await room.decide("page_size", 101, status=422))["error"] == {
            "code": "misfit", "what": "101 is above the maximum of 'page_size', 100", "where": "value",
            "hint": "give an integer from 10 to 100, or false",
            "data": {"feature": "page_size", "value": 101, "type": "integer", "minimum": 10, "maximum": 100},
        }  # fmt: skip
        assert (await room.decide("page_size", 30.0))["decisions"][-1]["value"] == 30
        assert (await room.get("range/banner"))["type"] == "string"


async def test_what_is_in_without_a_value_is_named_and_must_have_one_before_approval(tmp_path: Path) -> None:
    async with shop(tmp_path / "line") as browser:
        room = await browser.room()
        assert (await room.decide("banner", True))["without_value"] == ["banner"]
        answer = await room.do("approve", status=409)
        assert answer["error"]["what"] == "'banner' has no value yet"
        assert (await room.decide("banner", "Sale!"))["without_value"] == []
        assert (await room.do("approve"))["approved"] == {"vendor": True, "customer": True}
        assert (await room.decide("search", True))["approved"] == {"vendor": False, "customer": False}


async def test_why_says_the_reasons_and_the_decisions_that_can_be_taken_back(tmp_path: Path) -> None:
    async with shop(tmp_path / "line") as browser:
        room = await browser.room()
        await room.decide("reviews", True)

        answer = await room.get("why/simple")

        assert (answer["state"], answer["because_of"]) == ("out", ["reviews"])
        assert answer["sentences"] == [
            "'search' has exactly one of 'simple' and 'full' (features.search.alternative) — 'full' is selected",
            "'full' is in: the constraint reviews => full (constraints[1].rule): "
            "Reviews are found through the full-text index — 'reviews' is selected",
        ]
        assert [(each["feature"], each["state"], each["cause"]) for each in answer["reasons"]] == [
            ("simple", "out", "consequence"),
            ("full", "in", "consequence"),
        ]
        assert answer["reasons"][0]["premises"] == [{"feature": "full", "value": True}]
        assert (await room.get("why/audit"))["state"] == "free"
        decided = await room.get("why/reviews")
        assert decided["sentences"] == ["Host has decided it"]
        assert [(each["cause"], each["by"]) for each in decided["reasons"]] == [("wish", "Host")]


async def test_a_value_that_rules_a_feature_out_can_be_taken_back_with_one_step(tmp_path: Path) -> None:
    async with shop(tmp_path / "line") as browser:
        room = await browser.room()
        await room.decide("page_size", 80)
        await room.decide("search", True)

        full = await room.get("why/full")
        assert full["because_of"] == ["page_size"]
        assert full["reasons"][0]["premises"] == [{"feature": "page_size", "value": 80}]
        assert (await room.get("why/reviews"))["because_of"] == ["page_size"]
        assert (await room.get("why/simple"))["because_of"] == ["page_size", "search"]
        assert "full" in (await room.take_back("page_size"))["freed"]


async def test_a_preview_says_what_would_follow_and_changes_nothing(tmp_path: Path) -> None:
    async with shop(tmp_path / "line") as browser:
        room = await browser.room()

        answer = await room.get("preview/reviews?value=true")

        assert (answer["possible"], answer["selected"], answer["excluded"]) == (True, ["search", "full"], ["simple"])
        assert answer["price"]["total"] == "1300.00"
        assert (await room.see())["version"] == 1
        assert (await room.get("preview/shop?value=false"))["possible"] is False
        assert (await room.get("preview/page_size?value=60"))["excluded"] == ["full", "reviews"]


async def test_what_is_left_to_the_end_user_is_open_in_the_selection(tmp_path: Path) -> None:
    async with shop(tmp_path / "line") as browser:
        room = await browser.room()
        body = {"version": room.version}
        change = await browser.ask("PUT", f"{room.path}/open/reviews", body)
        assert change["open"] == ["reviews"]
        room.version = change["version"]
        await browser.ask("PUT", f"{room.path}/open/search", {"version": room.version}, status=422)
        assert (
            '[open]\nfeatures = [\n    "reviews",\n]' in (await browser.client.get(f"{room.path}/selection.toml")).text
        )
        assert (await room.take_back("reviews"))["open"] == []


async def test_completing_decides_what_is_free_as_the_line_recommends(tmp_path: Path) -> None:
    async with shop(tmp_path / "line") as browser:
        room = await browser.room()
        await room.decide("audit", True)

        dry = await browser.ask("POST", f"{room.path}/complete?dry=1", {"to": "recommended", "version": 2})
        assert (dry["free"], dry["version"], (await room.see())["free"]) == (0, 2, 7)
        change = await room.do("complete", {"to": "recommended"})

        assert (change["free"], change["remaining"]["count"], change["is_best"]) == (0, "1", True)
        assert change["selected"] == dry["selected"] == ["search", "full", "reviews"]
        assert len((await room.do("undo"))["decisions"]) == 1


async def test_the_cheapest_needs_a_plugin_and_says_so(tmp_path: Path) -> None:
    async with shop(tmp_path / "line") as browser:
        room = await browser.room()
        answer = await room.do("complete", {"to": "cheapest"}, status=422)
        assert answer["error"]["hint"] == "install the plugin 'sarto-optimise'"


async def test_two_rooms_are_compared(tmp_path: Path) -> None:
    async with shop(tmp_path / "line") as browser:
        one, other = await browser.room(), await browser.room()
        await one.decide("full", True)
        await other.decide("page_size", 80)

        answer = await one.get(f"compare?with={other.id}")

        assert (answer["only_here"], answer["only_there"]) == (["search", "full"], [])
        assert answer["differing"] == [{"feature": "page_size", "here": 25, "there": 80}]
        assert (answer["price_here"]["total"], answer["price_there"]["total"]) == ("1300.00", "900.00")


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(small_lines(), st.data())
def test_whatever_people_do_the_room_says_what_all_configurations_say(text: str, data: st.DataObject) -> None:
    with tempfile.TemporaryDirectory() as folder:
        model = line_of(Path(folder) / "seen", text).model
        assume(fitting(model, {}))
        asyncio.run(_act(Path(folder) / "line", text, model, data))


async def _act(folder: Path, text: str, model: FeatureModel, data: st.DataObject) -> None:
    async with shop(folder, text) as browser:
        room = await browser.room()
        past: list[dict[str, Value]] = []
        future: list[dict[str, Value]] = []
        said: dict[str, Value] = {}
        for _ in range(data.draw(st.integers(1, 6))):
            act, feature = data.draw(st.sampled_from(ACTS)), data.draw(st.sampled_from(list(model.features)))
            values: list[Value] = [True, False] if model.features[feature].type is None else [False, 0, 1, 2, 3]
            value = data.draw(st.sampled_from(values))
            if act == "decide":
                wanted = {name: each for name, each in said.items() if name != feature} | {feature: value}
                is_possible = bool(fitting(model, wanted))
                await room.decide(feature, value, status=200 if is_possible else 409)
                past, future, said = ([*past, said], [], wanted) if is_possible else (past, future, said)
            elif act == "take back":
                await room.take_back(feature, status=200 if feature in said else 404)
                if feature in said:
                    past, future = [*past, said], []
                    said = {name: each for name, each in said.items() if name != feature}
            elif act == "undo":
                await room.do("undo", status=200 if past else 409)
                if past:
                    past, future, said = past[:-1], [*future, said], past[-1]
            else:
                await room.do("redo", status=200 if future else 409)
                if future:
                    past, future, said = [*past, said], future[:-1], future[-1]
            check(await room.see(), said, fitting(model, said))


pytestmark = pytest.mark.anyio
ACTS = ["decide", "decide", "decide", "take back", "undo", "redo"]


def check(room: dict[str, Any], said: dict[str, Value], everything: list[dict[str, Value]]) -> None:
    """The room's states are those of all configurations that are left."""
    assert {each["feature"]: each["value"] for each in room["decisions"]} == said
    names = list(everything[0])
    assert set(room["selected"]) == {n for n in names if all(each[n] is not False for each in everything)}
    assert set(room["excluded"]) == {n for n in names if all(each[n] is False for each in everything)}
    assert room["free"] == len(names) - len(room["selected"]) - len(room["excluded"])
    assert room["remaining"]["count"] == str(len(everything))


@pytest.mark.parametrize("feature", ["", "nothing", "../line", "shop%00", "a/b", "%F0%9F%92%A5", "x" * 3000])
async def test_a_feature_that_the_line_has_not_is_not_found(feature: str, tmp_path: Path) -> None:
    async with shop(tmp_path / "line") as browser:
        room = await browser.room()
        for what in ("why", "preview", "range"):
            assert (await browser.client.get(f"{room.path}/{what}/{feature}")).status_code == 404
        answer = await browser.client.put(f"{room.path}/decisions/{feature}", json={"value": True, "version": 1})
        assert answer.status_code == 404


async def test_the_cheapest_is_found_where_something_finds_it(tmp_path: Path) -> None:
    plugins = PluginManager.discover()
    if plugins.solver() is None:
        pytest.skip("no plugin is installed that finds the best")
    async with shop(tmp_path / "line", plugins=plugins) as browser:
        room = await browser.room()
        await room.decide("search", True)
        change = await room.do("complete", {"to": "cheapest"})
        assert (change["free"], change["is_best"], change["price"]["total"]) == (0, True, "900.00")
        assert "simple" in change["selected"]
        assert all(each["feature"] != "page_size" for each in change["decisions"])


@pytest.mark.skipif(not LARGE.exists(), reason="the published models are not beside this checkout")
async def test_a_line_of_18616_features_is_shown_level_by_level_and_answers(tmp_path: Path) -> None:
    text = f'[line]\nname = "large"\nversion = "1"\nmodel = "{LARGE}"\n[core]\nparts = ["large"]\ncommand = "large"\n'
    async with shop(tmp_path / "line", text, plugins=PluginManager.discover()) as browser:
        line = await browser.ask("GET", "/api/line")
        assert line["features"] == 18616
        level = await browser.ask("GET", f"/api/tree?parent={line['root']}")
        assert sum(len(group["members"]) for group in level["groups"]) < 100
        room = await browser.room()
        assert room.room["free"] == 18616 - len(room.room["selected"]) - len(room.room["excluded"])
        change = await room.decide("F_9DA86B738946", True)
        assert (len(change["selected"]), len(change["excluded"])) == (20, 1)
        assert change["remaining"] == {"count": None, "pending": True}
        assert (await room.take_back("F_9DA86B738946"))["freed"] == sorted(
            (*change["selected"], *change["excluded"]), key=browser.desk.line.choices.place.__getitem__
        )
