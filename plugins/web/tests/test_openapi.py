"""The description of the API, held against the routes, and against whatever it allows a program to send."""

from __future__ import annotations

import json
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sarto_web.application import application
from sarto_web.limits import Limits
from schemathesis.checks import CheckFunction
from schemathesis.config import SchemathesisConfig
from schemathesis.specs.openapi.checks import missing_required_header, unsupported_method
from starlette.routing import Route

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


def test_the_document_names_every_endpoint_and_no_other(tmp_path: Path) -> None:
    app = application(served(tmp_path / "line"))
    there = {
        (route.path.replace(":path}", "}"), method.lower())
        for route in app.routes
        if isinstance(route, Route) and route.path.startswith("/api/")
        for method in (route.methods or set()) - {"HEAD"}
    }

    assert {(path, method) for path, methods in DESCRIPTION["paths"].items() for method in methods} == there


@pytest.fixture(scope="module")
def somebody(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Any]]:
    """A server, the headers of somebody at it, and a room."""
    limits = Limits(rate=10_000, burst=10_000, rooms=10_000)
    with serving(served(tmp_path_factory.mktemp("line"), limits=limits)) as base, at_home(base) as client:
        room = client.post("/api/rooms", json={"customer": "Acme"}).json()["id"]
        cookie = f"sarto_web={client.cookies['sarto_web']}"
        yield {
            "base": base,
            "headers": {"Cookie": cookie, "X-CSRF-Token": client.headers["x-csrf-token"]},
            "room": room,
        }


@pytest.mark.parametrize("name", OPERATIONS)
def test_whatever_a_program_sends_the_answer_is_as_described(name: str, somebody: dict[str, Any]) -> None:
    operation = SCHEMA[OPERATIONS[name][0]][OPERATIONS[name][1]]
    features = st.sampled_from(["reviews", "page_size", "shop", "support", "simple"])

    @settings(
        max_examples=4, deadline=None, suppress_health_check=list(HealthCheck), phases=[Phase.generate], database=None
    )
    @given(case=operation.as_strategy(), is_real=st.integers(0, 3), feature=features)
    def send(case: Any, is_real: int, feature: str) -> None:
        if is_real and "room" in case.path_parameters:
            case.path_parameters["room"] = somebody["room"]
        if is_real and "feature" in case.path_parameters:
            case.path_parameters["feature"] = feature
        case.call_and_validate(somebody["base"], headers=somebody["headers"], excluded_checks=NOT_MEANT)

    send()
