"""Every kind of home has a list, a price and a plan, and every constraint a reason."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from itertools import combinations
from random import Random
from xml.etree import ElementTree

import pytest
from homestead import Home, layout_of
from homestead.bill import sheet
from homestead.bill import things as things_in
from homestead.home import home_of
from homestead.layout import CORRIDOR, DEPTH, MODULE
from homestead.plan import plan_of
from hypothesis import given
from hypothesis import strategies as st
from sarto.line import ProductLine
from sarto.model.expression import Value
from sarto.model.prices import quote_of
from sarto.solve.conflict import Conflict
from sarto.solve.sampling.covering import covering_sample

from ...rehearsing import rehearsed, resized, wanting
from . import reckoning

SVG = "{http://www.w3.org/2000/svg}"
OUTSIDE = {"terrace": "terrace", "heat_pump": "heat pump", "carport": "carport"}


@pytest.fixture(scope="module")
def homes(line: ProductLine) -> list[dict[str, Value]]:
    """Whatever two features of the home or of half its rooms can be together, in the line's own sizes and in others."""
    covered = [name for name in line.model.features if name.startswith("room") or name[-2:] not in ("#4", "#5", "#6")]
    sample = covering_sample(line.model, 2, covered)
    assert sample.is_complete
    sizes = [name for name in line.model.features if name.startswith(("modules#", "windows#", "plot", "terrace"))]
    random = Random(7)
    as_they_are = [dict(each) for each in sample.configurations]
    return as_they_are + [resized(line, each, sizes, random) for each in as_they_are]


def tried(line: ProductLine, homes: list[dict[str, Value]]) -> Iterator[tuple[dict[str, Value], Home]]:
    for chosen in homes:
        with rehearsed(line, chosen):
            yield chosen, home_of("A Customer", {name: chosen.get(name, False) for name in line.model.features})


def test_every_constraint_says_why(line: ProductLine) -> None:
    assert [str(each.where) for each in line.written.model.constraints if not each.because] == []


def test_the_kinds_of_homes_differ(homes: list[dict[str, Value]]) -> None:
    assert {len(reckoning.ordered(chosen)) for chosen in homes} == {2, 3, 4, 5, 6}
    assert len({room for chosen in homes for room in reckoning.ordered(chosen)}) > 40


def test_the_list_of_every_kind_of_home_adds_up(line: ProductLine, homes: list[dict[str, Value]]) -> None:
    for chosen, home in tried(line, homes):
        rooms = reckoning.ordered(chosen)
        expected = Counter(thing for room in rooms for thing in reckoning.things(room))
        expected.update(name for feature, name in OUTSIDE.items() if reckoning.has(chosen, feature))
        assert things_in(home) == expected, chosen
        lines = [*sheet(home)]
        assert lines[0] == f"A Customer: {len(rooms)} rooms, {6 * sum(room.modules for room in rooms)} m2"
        assert f"{sum(room.windows for room in rooms):4} pcs window" in lines
        heated = 42 * sum(room.modules for room in rooms if room.is_heated)
        assert (f"{heated:4} m heating pipe" in lines) is (heated > 0)


def test_the_plan_of_every_kind_of_home_has_each_room_and_thing(
    line: ProductLine, homes: list[dict[str, Value]]
) -> None:
    for chosen, home in tried(line, homes):
        root = ElementTree.fromstring(plan_of(home))
        rooms = [group for group in root if "data-room" in group.attrib]
        for group, room in zip(rooms, reckoning.ordered(chosen), strict=True):
            (floor,) = (shape for shape in group if "data-floor" in shape.attrib)
            assert floor.attrib["data-floor"] == room.kind
            assert int(floor.attrib["width"]) * int(floor.attrib["height"]) == 6_000_000 * room.modules
            assert {each.attrib["data-thing"] for each in group if "data-thing" in each.attrib} == reckoning.things(
                room
            )
            assert len([each for each in group if "data-window" in each.attrib]) == room.windows
            assert len([each for each in group if "data-door" in each.attrib]) == 1
        around = {shape.attrib["data-thing"] for shape in root if "data-thing" in shape.attrib}
        assert around == {name for feature, name in OUTSIDE.items() if reckoning.has(chosen, feature)}


def test_what_is_in_a_room_is_within_its_walls(line: ProductLine, homes: list[dict[str, Value]]) -> None:
    for _, home in tried(line, homes):
        for group in ElementTree.fromstring(plan_of(home)).findall(f"{SVG}g"):
            floor, *inside = (box(shape) for shape in group if {"data-floor", "data-thing"} & shape.attrib.keys())
            assert [each for each in inside if not is_within(each, floor)] == []


def test_the_price_of_every_kind_of_home_is_what_a_pencil_comes_to_and_within_the_budget(
    line: ProductLine, homes: list[dict[str, Value]]
) -> None:
    for chosen in homes:
        quote = quote_of(line.description, chosen)
        assert (quote.net, quote.total) == (reckoning.net(chosen), reckoning.net(chosen) * Decimal("1.1")), chosen
        assert quote.net <= 10_000 * int(chosen.get("budget", 0) or 100), chosen


@given(st.lists(st.integers(1, 5), min_size=1, max_size=6))
def test_rooms_lie_along_the_corridor_side_by_side_in_the_shortest_house(widths: list[int]) -> None:
    layout = layout_of(dict(enumerate(widths, 1)))
    boxes = [(place.x, place.y, place.width, DEPTH) for place in layout.places.values()]
    assert [place.width for place in layout.places.values()] == [MODULE * width for width in widths]
    assert not any(overlap(one, other) for one, other in combinations(boxes, 2))
    assert all(is_within(each, (0, 0, layout.width, layout.depth)) for each in boxes)
    assert {place.y + (DEPTH if place.is_upper else -CORRIDOR) for place in layout.places.values()} == {DEPTH}
    assert layout.width == MODULE * reckoning.shortest(widths)


Box = tuple[float, float, float, float]


def box(shape: ElementTree.Element) -> Box:
    x, y, width, height = (float(shape.attrib[name]) for name in ("x", "y", "width", "height"))
    return x, y, width, height


def overlap(one: Box, other: Box) -> bool:
    return all(one[axis] < other[axis] + other[axis + 2] and other[axis] < one[axis] + one[axis + 2] for axis in (0, 1))


def is_within(one: Box, other: Box) -> bool:
    return all(
        other[axis] <= one[axis] and one[axis] + one[axis + 2] <= other[axis] + other[axis + 2] for axis in (0, 1)
    )


@pytest.mark.parametrize(
    ("wishes", "reason"),
    [
        ({"kitchen#1": True, "kitchen#2": True}, "one home and not two"),
        ({"bath": False}, "there is no bath"),
        ({f"bedroom#{number}": True for number in (1, 2, 3, 4)}, "a queue in the morning"),
        ({"plot": 1, "modules#1": 5}, "Four tenths of a plot"),
        ({"budget": 8}, "has no more than that"),
        ({"modules#1": 1, "windows#1": 2}, "room for one window"),
        ({"bedroom#1": True, "windows#1": 0}, "daylight"),
        ({"study#1": True, "modules#1": 1}, "beside a door in 1.5 m"),
        ({"living#1": True, "modules#1": 2}, "take 4.5 m"),
        ({"floor_heating#1": True, "heat_pump": False}, "35 degrees"),
    ],
)
def test_what_cannot_be_built_is_refused_with_the_reason(
    line: ProductLine, wishes: dict[str, Value], reason: str
) -> None:
    with pytest.raises(Conflict) as refused:
        line.resolve(wanting(wishes))
    assert reason in str(refused.value)


def test_hostile_names_stay_text(line: ProductLine) -> None:
    name = "</text></svg><script>alert(\"1\")</script> & 'x' \x07"
    found = line.resolve(wanting({})).configuration
    with rehearsed(line, found):
        root = ElementTree.fromstring(plan_of(home_of(name, found)))
    assert {each.tag.removeprefix(SVG) for each in root.iter()} == {"svg", "title", "rect", "text", "g", "path"}
    heading = root.find(f"{SVG}text")
    assert heading is not None
    assert heading.text == name.replace("\x07", "\ufffd")
