"""The description of the API, held against the routes, and against whatever it allows a program to send."""

from __future__ import annotations

import json
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sarto_web.application import application
from sarto_web.limits import Limits
from schemathesis.checks import CheckFunction
from schemathesis.config import SchemathesisConfig
from schemathesis.specs.openapi.checks import missing_required_header, positive_data_acceptance, unsupported_method
from starlette.routing import Route

from .books import PASSWORD, Shelf
from .live import at_home, serving
from .shop import served

DESCRIPTION: dict[str, Any] = json.loads((files("sarto_web") / "openapi.json").read_text(encoding="utf-8"))
EXPECTED = {"positive_data_acceptance": {"expected-statuses": ["2xx", "403", "404", "409", "412", "422"]}}
SCHEMA = schemathesis.openapi.from_dict(DESCRIPTION, config=SchemathesisConfig.from_dict({"checks": EXPECTED}))
OPERATIONS = {
    f"{method.upper()} {path}": (path, method)
    for path, methods in DESCRIPTION["paths"].items()
    for method in methods
    if path != "/api/rooms/{room}/events" and (path, method) != ("/api/session", "delete")  # a stream, and the way out
}
NOT_MEANT: list[CheckFunction] = [missing_required_header, unsupported_method]
LOGGING_IN = [*NOT_MEANT, positive_data_acceptance]
"""Nobody is called by names that are made up, which is answered with 401."""


def test_the_document_names_every_endpoint_and_no_other(tmp_path: Path) -> None:
    app = application(served(tmp_path / "line"))
    there = {
        (route.path.replace(":path}", "}"), method.lower())
        for route in app.routes
        if isinstance(route, Route) and route.path.startswith("/api/")
        for method in (route.methods or set()) - {"HEAD"}
    }

    assert {(path, method) for path, methods in DESCRIPTION["paths"].items() for method in methods} == there


WHO = ["host", "vendor", "customer"]


@pytest.fixture(scope="module", params=WHO)
def somebody(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Any]]:
    """A server, the headers of somebody at it, and ids of what there is: where they have logged in, of an order."""
    folder, limits = tmp_path_factory.mktemp("line"), Limits(rate=10_000, burst=10_000, rooms=10_000)
    if request.param == "host":
        with serving(served(folder, limits=limits)) as base, at_home(base) as client:
            room = client.post("/api/rooms", json={"customer": "Acme"}).json()["id"]
            yield {"base": base, "headers": headers_of(client), "room": room}
        return
    shelf: Shelf = request.getfixturevalue("shelves").sqlite(folder)
    name = {"vendor": "vera", "customer": "anna"}[request.param]
    with (
        serving(served(folder, limits=limits, book=shelf.book)) as base,
        httpx.Client(base_url=base, timeout=30) as client,
    ):
        answer = client.post("/api/session", json={"name": name, "password": PASSWORD})
        client.headers["x-csrf-token"] = answer.json()["csrf"]
        order = client.post("/api/orders", json={"customer": "Acme"}).json()["id"]
        room = client.post("/api/rooms", json={"order": order}).json()["id"]
        yield {"base": base, "headers": headers_of(client), "room": room, "order": order}
    shelf.close()


def headers_of(client: httpx.Client) -> dict[str, str]:
    return {"Cookie": f"sarto_web={client.cookies['sarto_web']}", "X-CSRF-Token": client.headers["x-csrf-token"]}


@pytest.mark.parametrize("name", OPERATIONS)
def test_whatever_a_program_sends_the_answer_is_as_described(name: str, somebody: dict[str, Any]) -> None:
    operation = SCHEMA[OPERATIONS[name][0]][OPERATIONS[name][1]]
    features = st.sampled_from(["reviews", "page_size", "shop", "support", "simple"])

    @settings(
        max_examples=4, deadline=None, suppress_health_check=list(HealthCheck), phases=[Phase.generate], database=None
    )
    @given(case=operation.as_strategy(), is_real=st.integers(0, 3), feature=features)
    def send(case: Any, is_real: int, feature: str) -> None:
        real = {"feature": feature, **somebody}
        excluded = LOGGING_IN if name == "POST /api/session" else NOT_MEANT
        if is_real:
            case.path_parameters |= {each: real[each] for each in real.keys() & case.path_parameters.keys()}
            for given in (case.query, case.body):
                if isinstance(given, dict):
                    given |= {each: real[each] for each in real.keys() & given.keys()}
        case.call_and_validate(somebody["base"], headers=somebody["headers"], excluded_checks=excluded)

    send()


def test_what_follows_from_an_answer_is_answered_as_described(somebody: dict[str, Any]) -> None:
    """The links of the description are followed: into a new room or order, and on from there."""
    valid = SchemathesisConfig.from_dict({"checks": EXPECTED, "generation": {"mode": "positive"}})
    schema = schemathesis.openapi.from_dict(DESCRIPTION, config=valid)
    followed = schema.exclude(operation_id=["events", "log_in", "log_out"])

    class Program(followed.as_state_machine()):  # type: ignore[misc]  # a class that is made
        def get_call_kwargs(self, _case: Any) -> dict[str, Any]:
            return {"base_url": somebody["base"], "headers": somebody["headers"]}

        def validate_response(self, response: Any, case: Any, *_: Any, **__: Any) -> None:
            case.validate_response(response, excluded_checks=NOT_MEANT)

    bounds = settings(
        max_examples=10, stateful_step_count=6, deadline=None, suppress_health_check=list(HealthCheck),
        phases=[Phase.generate], database=None,
    )  # fmt: skip
    Program.run(settings=bounds)
