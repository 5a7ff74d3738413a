"""The hooks through which Datasette takes on the look of the product that it runs in."""

from __future__ import annotations

import hashlib
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from contextvars import ContextVar
from typing import Any

from datasette import Response  # type: ignore[import-untyped]  # Datasette ships no types
from markupsafe import escape
from pluggy import HookimplMarker

from .look import Look, current_look, media_type
from .stylesheet import stylesheet

__all__ = ["asgi_wrapper", "extra_css_urls", "get_metadata", "prepare_jinja2_environment", "register_routes"]

STYLES = "/-/made-to-measure/look.css"
LOGO = "/-/made-to-measure/logo"
ABOUT = "/-/made-to-measure/about.html"
ICON = "/favicon.ico"
KEPT = "_made_to_measure"  # a Datasette keeps its look, so that a page does not read the build's data again
HARMLESS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; sandbox",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "max-age=3600",
}
PAGE = {**HARMLESS, "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; img-src 'self'"}

_reader: ContextVar[str] = ContextVar("reader", default="")
"""The Accept-Language of the request that is being answered."""
hookimpl = HookimplMarker("datasette")  # what datasette.hookimpl is, with types
View = Callable[..., Awaitable[Response]]
App = Callable[[Any, Any, Any], Awaitable[None]]


@hookimpl
def get_metadata(datasette: Any) -> Mapping[str, Any]:
    """The title; the operator's own metadata outranks it."""
    look = _look(datasette)
    return {"title": _Title(look)} if look.title else {}


class _Title(str):
    """The title, which a page shows in its reader's language: Datasette asks for it without saying for whom.

    A template of its own for the front page would get in the way of other plugins', of which one counts.
    """

    look: Look

    def __new__(cls, look: Look) -> _Title:
        title = super().__new__(cls, look.title)
        title.look = look
        return title

    def __html__(self) -> str:
        return str(escape(self.look.text("title", _reader.get())))


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
    """The style sheet, the logo, the site's icon and the page about it, where the look has them."""
    look = _look(datasette)
    routes: list[tuple[str, View]] = []
    if styles := _styles(look):
        routes.append((f"^{STYLES}$", _serving(styles.encode(), "text/css; charset=utf-8")))
    if look.logo:  # the page about the site names it with its suffix, as it stands in the build
        logo = _serving(look.logo.read_bytes(), look.logo_type)
        routes.append((rf"^{LOGO}(?:\{look.logo.suffix})?$", logo))
    if look.icon:
        routes.append((f"^{ICON}$", _serving(look.icon.read_bytes(), media_type(look.icon))))
    if look.pages:
        routes.append((f"^{ABOUT}$", _about(look)))
    return routes


def _about(look: Look) -> View:
    async def serve(request: Any) -> Response:
        page = look.page(request.headers.get("accept-language", ""))
        body = page.read_text(encoding="utf-8") if page else ""
        return Response(body, headers=dict(PAGE), content_type="text/html; charset=utf-8")

    return serve


def _varied(headers: Iterable[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    """The headers with one Vary, which has the language, too: who adds to it later may see only one."""
    given = [value for name, value in headers if name.lower() == b"vary"]
    others = [(name, value) for name, value in headers if name.lower() != b"vary"]
    return [*others, (b"vary", b", ".join((*given, b"Accept-Language")))]


@hookimpl
def asgi_wrapper(datasette: Any) -> Callable[[App], App]:
    """Remember the reader's language, and tell caches that pages differ by it, where they do."""

    def wrapped(app: App) -> App:
        async def serve(scope: Any, receive: Any, send: Any) -> None:
            said = (value for name, value in scope.get("headers", ()) if name.lower() == b"accept-language")
            _reader.set(next(said, b"").decode("latin-1"))

            async def send_varied(event: Any) -> None:
                if event["type"] == "http.response.start" and _look(datasette).is_by_language:
                    event = {**event, "headers": _varied(event.get("headers", []))}
                await send(event)

            await app(scope, receive, send_varied)

        return serve

    return wrapped


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
