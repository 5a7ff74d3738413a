"""The handbook as a static site: pages that name nothing outside it, the same bytes each time."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Mapping
from typing import Union

from .facts import FeaturePage, Handbook
from .hooks import HookUse
from .style import STYLE
from .words import Name, Row, feature_rows, hook_rows, number_in_words, share_in_words, signature

__all__ = ["GENERATOR", "site"]

GENERATOR = "sarto docs"
LONGEST = 80


class Markup(str):
    """Text that is HTML already; every other text is escaped where it is put into a page."""

    __slots__ = ()


Child = Union[str, Markup]  # noqa: UP007  (a class that is a text is one of them, which `|` would hide)


def element(tag: str, *children: Child, **attributes: str) -> Markup:
    """An element; ``class_`` is its class."""
    words = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{html.escape(text)}"' for key, text in attributes.items()
    )  # fmt: skip
    return Markup(f"<{tag}{words}>{''.join(map(_escaped, children))}</{tag}>")


def _escaped(child: Child) -> str:
    return child if isinstance(child, Markup) else html.escape(child)


def site(book: Handbook) -> dict[str, str]:
    """The files of the site by their paths: ``index.html``, ``style.css``, a page for each feature and each hook."""
    hooks = book.hooks or ()
    places = _places("features", book.pages)
    hook_places = _places("hooks", [use.name for use in hooks])
    files = {"index.html": _index(book, places, hook_places), "style.css": STYLE}
    for name, page in book.pages.items():
        trail = [(parent, places[parent]) for parent in page.parents]
        body = [
            element("h1", name),
            element("p", page.feature.summary, class_="summary") if page.feature.summary else Markup(),
            _rows(feature_rows(book, page), places, hook_places),
        ]
        files[places[name]] = _page(book, name, trail, body, up="../")
    for use in hooks:
        body = [
            element("h1", use.name),
            element("p", element("code", signature(use)), class_="summary"),
            _rows(hook_rows(use), places, hook_places),
        ]
        files[hook_places[use.name]] = _page(book, use.name, [], body, up="../")
    return files


def _places(folder: str, names: Iterable[str]) -> dict[str, str]:
    """A file for each name, on any file system: none differs from another by case alone."""
    taken: set[str] = set()
    found = {}
    for name in names:
        stem = re.sub(r"[^A-Za-z0-9_-]+", "_", name)[:LONGEST] or "_"
        file, number = stem, 1
        while file.lower() in taken:
            number += 1
            file = f"{stem}-{number}"
        taken.add(file.lower())
        found[name] = f"{folder}/{file}.html"
    return found


def _page(
    book: Handbook, title: str, trail: Iterable[tuple[str, str]], body: Iterable[Child], *, up: str
) -> str:  # fmt: skip
    line = book.line
    whole = f"{title} · {line.name}" if up else line.name
    crumbs = [element("li", element("a", line.name, href=f"{up}index.html"))] if up else []
    crumbs += [element("li", element("a", name, href=up + place)) for name, place in trail]
    navigation = element("nav", element("ol", *crumbs), aria_label="Where this is") if crumbs else Markup()
    foot = element("footer", f"{line.name} {line.version}".strip() + ", written by sarto docs")
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f'<meta name="generator" content="{GENERATOR}">\n'
        f'{element("title", whole)}\n<link rel="stylesheet" href="{up}style.css">\n</head>\n<body>\n'
        f"{navigation}\n{element('main', *body)}\n{foot}\n</body>\n</html>\n"
    )


def _rows(rows: Iterable[Row], places: Mapping[str, str], hooks: Mapping[str, str]) -> Markup:
    return element(
        "dl", *(Markup(element("dt", row.title) + element("dd", _items(row, places, hooks))) for row in rows)
    )


def _items(row: Row, places: Mapping[str, str], hooks: Mapping[str, str]) -> Markup:
    items = [Markup("".join(_escaped(_linked(piece, places, hooks)) for piece in item)) for item in row.items]
    if len(items) == 1:
        return items[0]
    return element("ol" if row.is_in_order else "ul", *(element("li", item) for item in items))


def _linked(piece: str | Name, places: Mapping[str, str], hooks: Mapping[str, str]) -> Child:
    if isinstance(piece, str):
        return piece
    place = (hooks if piece.is_hook else places).get(piece.text)
    return element("a", piece.text, href=f"../{place}") if place else piece.text


def _index(book: Handbook, places: Mapping[str, str], hooks: Mapping[str, str]) -> str:
    line = book.line
    number = f"{len(book.pages):,} features, {number_in_words(book.count)} of products"
    if book.count is not None:
        number = f"{len(book.pages):,} features, {number_in_words(book.count)} products"
    body = [
        element("h1", line.name),
        element("p", " — ".join(filter(None, (line.summary, f"version {line.version}", number))), class_="summary"),
        element("h2", "Features"),
        _table(("Feature", "What it is", "Products"), (_feature_row(page, places) for page in book.pages.values())),
    ]
    if book.hooks:
        rows = (
            (
                element("a", use.name, href=hooks[use.name]),
                ", ".join(_implementers(use)) or "nobody",
                str(len(use.implementers)),
            )
            for use in book.hooks
        )
        body += [element("h2", "Hooks"), _table(("Hook", "Implemented by", "Plugins"), rows)]
    return _page(book, line.name, [], body, up="")


def _implementers(use: HookUse) -> list[str]:
    return list(dict.fromkeys(name for each in use.implementers for name in each.features or ("the core",)))


def _feature_row(page: FeaturePage, places: Mapping[str, str]) -> tuple[Child, Child, Child]:
    name = page.feature.name
    link = element("a", name, href=places[name], style=f"--depth:{len(page.parents)}")
    return link, page.feature.summary, share_in_words(page.share) or "unknown"


def _table(heads: tuple[str, str, str], rows: Iterable[tuple[Child, Child, Child]]) -> Markup:
    def row(tag: str, cells: tuple[Child, Child, Child]) -> Markup:
        extra = {"scope": "col"} if tag == "th" else {}
        first, second, last = cells
        return element(
            "tr", element(tag, first, **extra), element(tag, second, **extra),
            element(tag, last, class_="number", **extra),
        )  # fmt: skip

    return element("table", element("thead", row("th", heads)), element("tbody", *(row("td", each) for each in rows)))
