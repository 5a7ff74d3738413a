"""Every refusal has a code that is described, and those that people can meet have words in every language."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import AsyncIterator, Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
import sarto_web
from sarto_web import pages
from sarto_web.limits import Limits
from sarto_web.problems import Code

from .shop import AtRoom, Browser, browsers, served

pytestmark = pytest.mark.anyio
DESCRIPTION: dict[str, Any] = json.loads((files("sarto_web") / "openapi.json").read_text(encoding="utf-8"))
FOR_PROGRAMS = {
    Code.BAD_FIELD, Code.BAD_JSON, Code.EMPTY, Code.FIXED_NAME, Code.NO_METHOD, Code.TOO_MANY_WATCHING, Code.WRONG_HOST,
}  # fmt: skip
"""What no page asks for, or hears of."""
IN_ITS_OWN_WORDS = {Code.REFUSED, Code.NOT_ALLOWED}
"""What a line, a selection or an order book says."""
Refused = tuple[str, dict[str, Any]]
"""A code and its data."""


def made_in(source: str) -> Iterator[str]:
    """The codes that a module gives to problems; one that makes a problem without a code is named."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "Code":
            yield Code[node.attr].value
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Problem":
            assert len(node.args) > 2, ast.unparse(node)
            assert ast.unparse(node.args[1]) == "code" or ast.unparse(node.args[1]).startswith("Code."), ast.unparse(
                node
            )


def test_every_problem_has_a_code_and_every_code_is_of_some_problem() -> None:
    folder = Path(sarto_web.__file__).parent
    made = {code for file in folder.rglob("*.py") for code in made_in(file.read_text(encoding="utf-8"))}

    assert made == set(Code)


def test_every_code_is_described() -> None:
    assert [each["const"] for each in DESCRIPTION["components"]["schemas"]["Code"]["oneOf"]] == [*Code]


@pytest.mark.parametrize("language", pages.LANGUAGES)
def test_what_people_can_meet_has_words_that_need_no_more_than_the_data_of_its_code(language: str) -> None:
    said = {key.removeprefix("refusal."): text for key, text in pages.texts(language).items() if "refusal." in key}
    codes = {key.split(".")[0] for key in said}
    assert codes == set(Code) - FOR_PROGRAMS - IN_ITS_OWN_WORDS
    described = {each["const"]: each["description"] for each in DESCRIPTION["components"]["schemas"]["Code"]["oneOf"]}
    for key, text in said.items():
        slots = set(re.findall(r"\{(\w+)\}", json.dumps(text)))
        known = set(re.findall(r"`(\w+)`", described[key.split(".")[0]]))
        assert slots <= known | ({"n"} if "seconds" in known else set()), key


async def test_a_refusal_says_what_it_is_about(tmp_path: Path) -> None:
    limits = Limits(comments=1, proposals=1, guesses=3, body=2000)
    async with browsers(served(tmp_path / "line", limits=limits)) as (host, other, third):
        await host.enter()
        room = await host.room()
        await other.enter(room.room["links"]["customer"])

        met = [error async for error in meant(host, other, third, room)]

        assert met == EXPECTED
        for _ in range(3):
            await third.ask("GET", f"/rooms/{room.id}?key=guess", status=401)
        error = (await third.ask("GET", f"/rooms/{room.id}?key=guess", status=429))["error"]
        assert (error["code"], error["data"]) == ("too-many-requests", {"seconds": error["data"]["seconds"]})
        assert 1 <= error["data"]["seconds"] <= 20


def misfit(value: object, kind: str | None = "integer", low: int | None = 10, high: int | None = 100) -> dict[str, Any]:
    name = "page_size" if kind else "search"
    return {"feature": name, "value": value, "type": kind, "minimum": low, "maximum": high}


EXPECTED: list[Refused] = [
    ("nothing-to-undo", {}), ("nothing-to-redo", {}), ("not-decided", {"feature": "search"}),
    ("not-for-user", {"feature": "search"}), ("misfit", misfit(5)), ("misfit", misfit(33.5)),
    ("misfit", misfit("many")), ("misfit", misfit(7, None, None, None)), ("no-feature", {}), ("no-room", {}),
    ("nothing-to-repair", {}), ("no-repair", {}), ("conflict", {}), ("stale", {}), ("no-proposal", {}),
    ("no-value", {"feature": "banner"}), ("no-value", {"feature": "banner"}), ("no-customer", {}), ("no-job", {}),
    ("not-found", {}), ("no-method", {}), ("empty", {}), ("too-many-comments", {"n": 1}),
    ("too-many-proposals", {"n": 1}), ("impossible-selection", {}), ("refused", {}), ("bad-field", {}),
    ("bad-json", {}), ("long-body", {"bytes": 2000}), ("not-yours", {"feature": "support", "stage": "vendor"}),
    ("foreign-page", {}), ("no-token", {}), ("not-let-in", {}), ("wrong-host", {}),
]  # fmt: skip


async def meant(host: Browser, other: Browser, stranger: Browser, room: AtRoom) -> AsyncIterator[Refused]:
    """One refusal after the other, by its code and data."""

    async def refused(
        method: str, path: str, body: object = None, by: Browser = host, headers: dict[str, str] | None = None
    ) -> Refused:
        answer = await by.client.request(method, path, json=body, headers=headers)
        error = answer.json()["error"]
        assert answer.status_code >= 400
        assert error["what"]
        return error["code"], error["data"]

    at, now = room.path, {"version": room.version}
    yield await refused("POST", f"{at}/undo", now)
    yield await refused("POST", f"{at}/redo", now)
    yield await refused("DELETE", f"{at}/decisions/search?version={room.version}")
    yield await refused("PUT", f"{at}/open/search", now)
    for value in (5, 33.5, "many"):
        yield await refused("PUT", f"{at}/decisions/page_size", {**now, "value": value})
    yield await refused("PUT", f"{at}/decisions/search", {**now, "value": 7})
    yield await refused("PUT", f"{at}/decisions/dream", {**now, "value": True})
    yield await refused("GET", "/api/rooms/AAAAAAAAAAAAAAAAAAAAAAAA")
    repair = {"feature": "simple", "value": True, "repair": "repair-9"}
    yield await refused("POST", f"{at}/repairs", {**repair, **now})
    stale = dict(now)
    now["version"] = (await room.decide("reviews", True))["version"]
    yield await refused("POST", f"{at}/repairs", {**repair, **now})
    yield await refused("PUT", f"{at}/decisions/simple", {**now, "value": True})
    yield await refused("PUT", f"{at}/decisions/audit", {**stale, "value": True})
    yield await refused("POST", f"{at}/proposals/none", {**now, "accept": True})
    now["version"] = (await room.decide("banner", True))["version"]
    yield await refused("POST", f"{at}/approve", now)
    yield await refused("POST", f"{at}/build", {})
    now["version"] = (await room.decide("banner", False))["version"]
    yield await refused("POST", f"{at}/build", {})
    yield await refused("GET", "/api/jobs/none")
    yield await refused("GET", f"{at}/quote.scroll")
    yield await refused("PATCH", at, {})
    yield await refused("POST", f"{at}/comments", {"text": " "})
    await host.ask("POST", f"{at}/comments", {"text": "first"}, status=201)
    yield await refused("POST", f"{at}/comments", {"text": "second"})
    await host.ask("POST", f"{at}/proposals", {"feature": "audit", "value": True}, status=201)
    yield await refused("POST", f"{at}/proposals", {"feature": "audit", "value": False})
    head = 'line = "features.toml"\ncustomer = "Acme"\n[select]\n'
    yield await refused("POST", "/api/rooms", {"selection": f"{head}reviews = true\nsimple = true\n"})
    yield await refused("POST", "/api/rooms", {"selection": f"{head}dream = true\n"})
    yield await refused("PUT", f"{at}/decisions/audit", {"value": True})
    yield await refused("PUT", f"{at}/decisions/audit", [])
    yield await refused("POST", f"{at}/comments", {"text": "x" * 2000})
    yield await refused("PUT", f"{at}/decisions/support", {**now, "value": True}, by=other)
    yield await refused("POST", f"{at}/undo", now, headers={"Origin": "http://elsewhere.test"})
    yield await refused("POST", f"{at}/undo", now, headers={"X-CSRF-Token": "guess"})
    yield await refused("GET", at, by=stranger)
    yield await refused("GET", at, headers={"Host": "elsewhere.test"})
