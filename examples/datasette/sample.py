"""Writes the small SQLite database that the example's products serve: ``python sample.py collection.db``.

It is invented, the same in every run, and has something for each plugin: places with coordinates and outlines,
Markdown, JSON, dates, a full-text index, more rows than fit on a page, and a column that not everybody should read.
"""

from __future__ import annotations

import datetime
import json
import sqlite3
import sys
from contextlib import closing
from pathlib import Path

OBJECTS = 240
FIRST_DAY = datetime.datetime(2026, 1, 5, 10, 0)
PLACES = (("Harbour", 53.54, 9.99), ("Market", 52.37, 4.90), ("Old Mill", 48.21, 16.37), ("Station", 41.39, 2.17))
KINDS = ("map", "letter", "photograph", "poster", "record")

SCHEMA = """
create table places (
    id integer primary key, name text, latitude real, longitude real, outline text, page text, opening text
);
create table objects (
    id integer primary key, title text, kind text, note_markdown text, place_id integer references places(id)
);
create table members (id integer primary key, name text, email text);
create table happenings (id integer primary key, name text, starts text, ends text);
create view events as
    select name as event_name, starts as event_dtstart, ends as event_dtend, id as event_uid from happenings;
create view news as
    select 'object-' || id as atom_id, title as atom_title, note_markdown as atom_content,
           '2026-01-05T10:00:00Z' as atom_updated from objects where id <= 20;
create virtual table objects_fts using fts5(title, note_markdown, content="objects", content_rowid="id");
"""


def write(path: Path) -> None:
    """Write the database to ``path``. Raises FileExistsError where there is a file already."""
    if path.exists():
        raise FileExistsError(path)
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.executescript(SCHEMA)
        connection.executemany("insert into places values (?, ?, ?, ?, ?, ?, ?)", _places())
        connection.executemany("insert into objects values (?, ?, ?, ?, ?)", _objects())
        connection.executemany("insert into members values (?, ?, ?)", _members())
        connection.executemany("insert into happenings values (?, ?, ?, ?)", _happenings())
        connection.execute("insert into objects_fts(objects_fts) values ('rebuild')")


def _places() -> list[tuple[object, ...]]:
    return [
        (number, name, latitude, longitude, _outline(latitude, longitude), _page(name), json.dumps({"monday": "10-18"}))
        for number, (name, latitude, longitude) in enumerate(PLACES, start=1)
    ]


def _outline(latitude: float, longitude: float) -> str:
    west, south, east, north = longitude - 0.1, latitude - 0.1, longitude + 0.1, latitude + 0.1
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return json.dumps({"type": "Polygon", "coordinates": [[[round(x, 2), round(y, 2)] for x, y in ring]]})


def _page(name: str) -> str:
    return json.dumps({"href": f"https://example.org/{name.lower().replace(' ', '-')}", "label": f"About {name}"})


def _objects() -> list[tuple[object, ...]]:
    return [
        (
            number,
            f"{KINDS[number % len(KINDS)].title()} number {number}",
            KINDS[number % len(KINDS)],
            f"Found in box *{number % 17}*, **{'rare' if number % 29 == 0 else 'common'}**",
            number % len(PLACES) + 1,
        )
        for number in range(1, OBJECTS + 1)
    ]


def _members() -> list[tuple[object, ...]]:
    return [(number, f"Member {number}", f"member{number}@example.org") for number in range(1, 13)]


def _happenings() -> list[tuple[object, ...]]:
    days = [FIRST_DAY + datetime.timedelta(weeks=week) for week in range(12)]
    return [
        (number, f"Open day {number}", day.isoformat(), (day + datetime.timedelta(hours=2)).isoformat())
        for number, day in enumerate(days, start=1)
    ]


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: python sample.py NEW_FILE.db")
    try:
        write(Path(sys.argv[1]))
    except FileExistsError as error:
        sys.exit(f"{error} is there already: name a new file, or remove it first")
