"""The hooks through which Datasette takes on the look of the product that it runs in."""

from __future__ import annotations

import hashlib
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

from datasette import Response  # type: ignore[import-untyped]  # Datasette ships no types
from pluggy import HookimplMarker

from .look import Look, current_look
from .stylesheet import stylesheet

__all__ = ["extra_css_urls", "get_metadata", "prepare_jinja2_environment", "register_routes"]

STYLES = "/-/made-to-measure/look.css"
LOGO = "/-/made-to-measure/logo"
KEPT = "_made_to_measure"  # a Datasette keeps its look, so that a page does not read the build's data again
HARMLESS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; sandbox",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "max-age=3600",
}

hookimpl = HookimplMarker("datasette")  # what datasette.hookimpl is, with types
View = Callable[[], Awaitable[Response]]


@hookimpl
def get_metadata(datasette: Any) -> Mapping[str, Any]:
    """The title; the operator's own metadata outranks it."""
    look = _look(datasette)
    return {"title": look.title} if look.title else {}


@hookimpl
def prepare_jinja2_environment(env: Any, datasette: Any) -> None:
    """The look, for this plugin's ``_footer.html``, which escapes its texts.

    Here, since Datasette's error pages do not ask for ``extra_template_vars``.
    """
    env.globals["made_to_measure"] = _look(datasette)


@hookimpl
def extra_css_urls(datasette: Any) -> Sequence[str]:
    """The style sheet, where there is anything in it; its address changes with its contents."""
    styles = _styles(_look(datasette))
    return [f"{STYLES}?{hashlib.sha256(styles.encode()).hexdigest()[:8]}"] if styles else []


@hookimpl
def register_routes(datasette: Any) -> Sequence[tuple[str, View]]:
    """The style sheet and the logo, where the look has them."""
    look = _look(datasette)
    routes: list[tuple[str, View]] = []
    if styles := _styles(look):
        routes.append((f"^{STYLES}$", _serving(styles.encode(), "text/css; charset=utf-8")))
    if look.logo:
        routes.append((f"^{LOGO}$", _serving(look.logo.read_bytes(), look.logo_type)))
    return routes


def _serving(body: bytes, content_type: str) -> View:
    async def serve() -> Response:
        return Response(body, headers=dict(HARMLESS), content_type=content_type)

    return serve


def _styles(look: Look) -> str:
    return stylesheet(look, LOGO.rpartition("/")[2])


def _look(datasette: Any) -> Look:
    if not hasattr(datasette, KEPT):
        setattr(datasette, KEPT, current_look() or Look())
    look: Look = getattr(datasette, KEPT)
    return look
