"""The pages as HTML: one frame for all of them, with what a page has to know as data inside."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined

from .files import styles, texts

__all__ = ["LANGUAGES", "frame", "page"]

LANGUAGES: Mapping[str, str] = {"en": "English", "it": "Italiano", "tr": "Türkçe"}


def page(name: str, **context: object) -> str:
    """The page of that name (``start``, ``room``, ``embed``, ``error``) as HTML.

    What the context says is there as data, never as markup. ``language`` is the one in which it is written
    where the reader has no script; with it, what the browser prefers or the reader has switched to comes first.
    """
    language = str(context.get("language", "en"))
    line = context.get("line")
    title = str(line.get("name", "")) if isinstance(line, Mapping) else ""
    data = {**context, "page": name, "title": title, "languages": dict(LANGUAGES)}
    return frame("page.html", language=language, title=title, data=data, styles=styles(), messages=texts(language))


def frame(template: str, **values: object) -> str:
    """A template with its values filled in."""
    return _environment().get_template(template).render(**values)


@cache
def _environment() -> Environment:
    loader = PackageLoader("sarto_web.pages")
    return Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
