"""The reasons that the line's constraints give are facts: a line without the constraints shows each of them."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from sarto.line import ProductLine

from .conftest import CUSTOMERS, EXAMPLE
from .plugins import OBJECTS, PLACES, TOKEN, graphql
from .serving import Site, serving

pytestmark = pytest.mark.network

CLINIC = CUSTOMERS["clinic"]
EVERYTHING = ("members", "tokens", "masked", "hashed_urls", "search_setup", "graphql", "atom", "maps", "downloads")
QUERY = f"/graphql?query={quote('{ places { totalCount } }')}"


@pytest.fixture(scope="module")
def reckless(built: Callable[[Path], Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A build of what should not go together, of a line that does not know it."""
    folder = tmp_path_factory.mktemp("reckless")
    text = (EXAMPLE / "features.toml").read_text()
    without = re.sub(r"\[\[constraints\]\]\nrule .*\nbecause .*\n", "", text)
    assert "[[constraints]]" not in without
    shutil.copytree(EXAMPLE / "templates", folder / "templates")
    (folder / "features.toml").write_text(without.replace('["plugins"]', f"['{EXAMPLE / 'plugins'}']"))
    wishes = "\n".join(f"{feature} = true" for feature in EVERYTHING)
    selection = folder / "reckless.toml"
    selection.write_text(f'line = "features.toml"\ncustomer = "Reckless"\n[select]\nreferrer = false\n{wishes}\n')
    line, read = ProductLine.for_selection(selection)
    return line.build(read, folder / "out").outputs["bundle"]


@pytest.fixture(scope="module")
def frozen(reckless: Path, database: Path) -> Iterator[Site]:
    """It serves a database that does not change, to members."""
    with serving(reckless, *CLINIC.words, "-i", str(database), reader=TOKEN) as site:
        yield site


@pytest.fixture(scope="module")
def living(reckless: Path, database: Path) -> Iterator[Site]:
    """It serves a database that may change, to members."""
    with serving(reckless, *CLINIC.words, str(database), reader=TOKEN) as site:
        yield site


def test_a_map_asks_openstreetmap_without_saying_who_asks(living: Site) -> None:
    page = living.get(PLACES)
    assert page.headers["referrer-policy"] == "no-referrer"
    assert "tile.openstreetmap.org" in page.text


def test_a_downloaded_file_has_the_masked_column(frozen: Site) -> None:
    assert all(row["email"] is None for row in frozen.get("/collection/members.json?_shape=array").json())
    assert b"member3@example.org" in frozen.get("/collection.db").body


def test_caches_may_keep_what_only_members_may_read(frozen: Site) -> None:
    assert Site(frozen.address).get(OBJECTS).status == 403
    assert frozen.get(OBJECTS).headers["cache-control"] == "max-age=31536000, public"


def test_a_search_index_cannot_be_set_up_where_nothing_changes(frozen: Site) -> None:
    assert "Database not found" in frozen.get("/-/configure-fts/collection").text


def test_graphql_fails_behind_hashed_addresses(reckless: Path, database: Path) -> None:
    with serving(reckless, "-i", str(database)) as site:
        assert site.get(QUERY).status == 500
    with serving(reckless, str(database)) as site:
        assert graphql(site)


def test_graphql_fails_where_everybody_has_to_sign_in(living: Site) -> None:
    assert living.get(PLACES).status == 200
    assert living.get(QUERY).status == 500


def test_a_feed_reader_gets_in_with_a_token_in_the_address(living: Site) -> None:
    stranger, token = Site(living.address), TOKEN["Authorization"].removeprefix("Bearer ")
    assert stranger.get("/collection/news.atom").status == 403
    assert stranger.get(f"/collection/news.atom?_token={token}").kind == "application/xml"


def test_a_page_longer_than_what_a_request_gets_has_no_next_page(reckless: Path, database: Path) -> None:
    settings = ["--setting", "default_page_size", "200", "--setting", "max_returned_rows", "100"]
    with serving(reckless, str(database), *settings) as site:
        page = site.get("/collection/objects.json").json()
    assert (len(page["rows"]), page["filtered_table_rows_count"], page.get("next")) == (100, 240, None)
