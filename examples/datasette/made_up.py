"""Makes customers up: what is known of each, and what they chose, so that the rules can be measured.

Run it as ``python made_up.py FOLDER [CUSTOMERS [SEED]]``. It writes ``facts.csv``, a row a customer, and a selection
for each in ``selections/``. Nobody in it is real, and the same seed makes the same people. They choose mostly, but not
always, as a customer with such facts would; the chances are written down below, and the line's rules know none of
them.
"""

from __future__ import annotations

import csv
import os.path
import sys
from pathlib import Path
from random import Random

LINE = Path(__file__).resolve().with_name("features.toml")
TRADES = ("library", "museum", "clinic", "council", "cafe", "newspaper", "club", "shop")
REGIONS = ("europe", "europe", "america", "oceania")
PLACES = ("Harbour", "North", "River", "Hill", "Old", "Lake", "Station", "Garden", "Bridge", "Market")

Facts = dict[str, str | int | bool]
Chosen = dict[str, bool | int]


def facts_of(drawn: Random) -> Facts:
    """What is known of one customer."""
    trade = TRADES[int(drawn.random() * len(TRADES))]
    people = {"clinic": 0.9, "club": 0.6, "council": 0.3}.get(trade, 0.05)
    events = {"club": 0.8, "museum": 0.7, "library": 0.6, "newspaper": 0.5}.get(trade, 0.15)
    return {
        "trade": trade,
        "region": REGIONS[int(drawn.random() * len(REGIONS))],
        "visitors_per_day": int(10 ** (1 + 3.2 * drawn.random())),
        "has_places": drawn.random() < 0.5,
        "publishes_events": drawn.random() < events,
        "personal_data": drawn.random() < people,
        "memory_mb": 64 if drawn.random() < 0.15 else 2048,
    }


def chosen_by(facts: Facts, drawn: Random) -> Chosen:
    """What that customer chose: mostly what fits the facts, and always something that can be had."""
    chosen: Chosen = {}

    def chance(share: float) -> bool:
        return drawn.random() < share

    if facts["memory_mb"] == 64 and chance(0.85):
        chosen["small_machine"] = True
    if facts["personal_data"] and chance(0.9):
        chosen["members"] = True
        if chance(0.75):
            chosen |= {"masked": True, "downloads": False}
    if facts["region"] == "europe" and chance(0.8):
        chosen |= {"maps": False, "outlines": False, "referrer": False}
    elif facts["has_places"] and chance(0.7):
        chosen["maps"] = True
    if facts["publishes_events"] and chance(0.65):
        chosen["ics"] = True
        if "members" in chosen:
            chosen["tokens"] = True
    if facts["trade"] == "library" and chance(0.85):
        chosen["search"] = True
        if chance(0.6) and "small_machine" not in chosen:
            chosen["markdown"] = True
    if facts["trade"] == "newspaper" and chance(0.5) and "members" not in chosen:
        chosen["sitemap"] = True
    if int(facts["visitors_per_day"]) > 1000:
        if chance(0.8):
            chosen["gzip"] = True
        if chance(0.6):
            chosen["page_size"] = 25
    elif chance(0.1):
        chosen["page_size"] = 200
    if chance(0.15):
        chosen["charts"] = False
    return chosen


def customers(number: int, seed: int) -> dict[str, tuple[Facts, Chosen]]:
    """So many customers by their names."""
    drawn = Random(seed)
    found: dict[str, tuple[Facts, Chosen]] = {}
    for place in range(number):
        facts = facts_of(drawn)
        name = f"{PLACES[place % len(PLACES)]} {str(facts['trade']).capitalize()} {place + 1}"
        found[name] = facts, chosen_by(facts, drawn)
    return found


def write(folder: Path, number: int, seed: int) -> None:
    """Write the facts and the selections."""
    selections = folder / "selections"
    selections.mkdir(parents=True, exist_ok=True)
    line = Path(os.path.relpath(LINE, selections.resolve())).as_posix()
    made = customers(number, seed)
    with (folder / "facts.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["customer", *next(iter(made.values()))[0]])
        for name, (facts, _) in made.items():
            writer.writerow([name, *(as_text(value) for value in facts.values())])
    for name, (_, chosen) in made.items():
        wishes = "".join(f"{feature} = {as_text(value)}\n" for feature, value in chosen.items())
        head = f'# Made up by made_up.py.\nline = "{line}"\ncustomer = "{name}"\n\n[select]\n'
        file_name = name.lower().replace(" ", "-")
        (selections / f"{file_name}.toml").write_text(head + wishes, encoding="utf-8")


def as_text(value: str | int | bool) -> str:
    """A value as CSV and TOML have it."""
    return str(value).lower() if isinstance(value, bool) else str(value)


if __name__ == "__main__":
    folder, *rest = sys.argv[1:]
    write(Path(folder), *map(int, [*rest, *["240", "2026"][len(rest) :]]))
