"""The pages as HTML: one frame for all of them, with what a page has to know as data inside."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict
from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined

from .files import styles, texts
from .look import Look

__all__ = ["LANGUAGES", "frame", "language_of", "page"]

WEIGHT = re.compile(r"[01](\.[0-9]{0,3})?")
LANGUAGES: Mapping[str, str] = {"en": "English", "it": "Italiano", "tr": "Türkçe"}


def page(name: str, **context: object) -> str:
    """The page of that name (``start``, ``room``, ``embed``, ``error``) as HTML.

    What the context says is there as data, never as markup. ``language`` is the one to begin in, ``look`` a
    :class:`~sarto_web.pages.look.Look`.
    """
    language = str(context.setdefault("language", "en"))
    look, line = context.pop("look", None), context.get("line")
    title = str(line.get("name", "")) if isinstance(line, Mapping) else ""
    data = {**context, **(asdict(look) if isinstance(look, Look) else {}), "page": name, "title": title}
    data["languages"] = dict(LANGUAGES)
    return frame("page.html", language=language, title=title, data=data, styles=styles(), messages=texts(language))


def language_of(accepted: str) -> str:
    """The language of ours that an Accept-Language header (RFC 9110, 12.5.4) likes best; English where it has none."""
    wanted: dict[str, float] = {}
    for each in accepted.lower().split(",")[:20]:
        tag, _, rest = each.partition(";")
        language = tag.strip().partition("-")[0]
        weight = rest.replace(" ", "").removeprefix("q=")
        quality = float(weight) if WEIGHT.fullmatch(weight) else 1.0 if not rest else 0.0
        if language in LANGUAGES and quality > 0:
            wanted.setdefault(language, quality)
    return max(wanted, key=wanted.__getitem__, default="en")


def frame(template: str, **values: object) -> str:
    """A template with its values filled in."""
    return _environment().get_template(template).render(**values)


@cache
def _environment() -> Environment:
    loader = PackageLoader("sarto_web.pages")
    return Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
