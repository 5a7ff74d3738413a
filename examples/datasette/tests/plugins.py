"""How to see from outside that a plugin acts: for each feature with parts, a question to the running site."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Callable, Mapping
from urllib.parse import quote

from .serving import Answer, Site

__all__ = ["OBJECTS", "PLACES", "PROBES", "TOKEN", "graphql"]

OBJECTS, PLACES = "/collection/objects", "/collection/places"
TOKEN = {"Authorization": "Bearer open-sesame"}
PASSWORD = {"Authorization": "Basic " + b64encode(b"reader:sesame").decode()}


def _works(answer: Answer, kind: str, *parts: str) -> bool:
    return answer.status == 200 and answer.kind == kind and all(part in answer.text for part in parts)


def _has_script(site: Site, page: str, name: str) -> bool:
    """Whether the page loads this script, and gets it."""
    found = re.search(rf'src="([^"]*{name}[^"]*)"', site.get(page).text)
    return found is not None and site.get(found[1]).kind in ("text/javascript", "application/javascript")


def maps(site: Site) -> bool:
    tiles = "window.DATASETTE_CLUSTER_MAP_TILE_LAYER = "
    return _has_script(site, PLACES, "datasette-cluster-map.js") and tiles in site.get(PLACES).text


def outlines(site: Site) -> bool:
    return _has_script(site, PLACES, "datasette-leaflet-geojson.js")


def referrer(site: Site) -> bool:
    return site.get(PLACES).headers["referrer-policy"] == "strict-origin-when-cross-origin"


def charts(site: Site) -> bool:
    return _has_script(site, OBJECTS, r"datasette_vega/main\.")


def search(site: Site) -> bool:
    return _works(site.get("/-/search?q=poster"), "text/html", "Search all", '"table": "objects"')


def search_setup(site: Site) -> bool:
    return _works(site.get("/-/configure-fts/collection", **TOKEN), "text/html", "Configure full-text search")


def markdown(site: Site) -> bool:
    return "<p>Found in box <em>1</em>, <strong>common</strong></p>" in site.get(OBJECTS).text


def links(site: Site) -> bool:
    return '<a href="https://example.org/old-mill">About Old Mill</a>' in site.get(PLACES).text


def pretty_json(site: Site) -> bool:
    return (
        '<pre style="white-space: pre-wrap">{\n    &#34;monday&#34;: &#34;10-18&#34;\n}</pre>' in site.get(PLACES).text
    )


def copyable(site: Site) -> bool:
    return _works(site.get(f"{PLACES}.copyable?_raw=1&_col=name"), "text/plain", "id\tname\r\n1\tHarbour\r\n")


def spreadsheet(site: Site) -> bool:
    book = site.get(f"{OBJECTS}.xlsx")
    return book.kind == "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet" and book.body[:2] == b"PK"


def atom(site: Site) -> bool:
    return _works(site.get("/collection/news.atom"), "application/xml", "<feed xmlns", "<title>Letter number 1</title>")


def ics(site: Site) -> bool:
    return _works(
        site.get("/collection/events.ics"), "text/calendar", "SUMMARY:Open day 12", "DTSTART:20260105T100000Z"
    )


def graphql(site: Site) -> bool:
    answer = site.get(f"/graphql?query={quote('{ places(first: 1) { totalCount nodes { name } } }')}")
    expected = {"data": {"places": {"totalCount": 4, "nodes": [{"name": "Harbour"}]}}}
    return answer.kind == "application/json" and answer.json() == expected


def members(site: Site) -> bool:
    answer = site.get("/-/actor.json", **PASSWORD)
    return answer.status == 200 and answer.json() == {"actor": {"id": "reader"}}


def tokens(site: Site) -> bool:
    answer = site.get("/-/actor.json", **TOKEN)
    return answer.status == 200 and answer.json() == {"actor": {"id": "root"}}


def masked(site: Site) -> bool:
    rows = site.get("/collection/members.json?_shape=array").json()
    return len(rows) > 0 and all(row["email"] is None and row["name"] for row in rows)


def keep_out(site: Site) -> bool:
    return _works(site.get("/robots.txt"), "text/plain", "User-agent: *\nDisallow: /")


def sitemap(site: Site) -> bool:
    return _works(site.get("/sitemap.xml"), "application/xml", f"<loc>{site.address}/collection/objects/240</loc>")


def hashed_urls(site: Site) -> bool:
    return site.get(OBJECTS).headers.get("cache-control") == "max-age=31536000, public"


def gzip(site: Site) -> bool:
    return site.get(OBJECTS, Accept_Encoding="gzip").headers.get("content-encoding") == "gzip"


def gallery(site: Site) -> bool:
    page = site.get(f"{OBJECTS}?_theme_preview=sepia")
    return re.search(r'<link rel="stylesheet" href="[^"]*sepia\.css"', page.text) is not None


_ALL = (
    maps, outlines, referrer, charts, search, search_setup, markdown, links, pretty_json, copyable, spreadsheet,
    atom, ics, graphql, members, tokens, masked, keep_out, sitemap, hashed_urls, gzip, gallery,
)  # fmt: skip
PROBES: Mapping[str, Callable[[Site], bool]] = {probe.__name__: probe for probe in _ALL}
