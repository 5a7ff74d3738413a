"""The picture as a whole: what is in it, where it stands, and that it is sound SVG."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sarto.model.feature import GroupKind
from sarto.model.feature_model import FeatureModel
from sarto_diagram.drawing import draw
from sarto_diagram.placing import LANE
from sarto_diagram.state import State

from .models import feature_models, flat, shop
from .seeing import Picture, Point, Seen

STATES = {
    "shop": State.CHOSEN, "payment": State.CHOSEN, "card": State.CHOSEN, "invoice": State.CONFLICTING,
    "page_size": State.CHOSEN, "search": State.OPEN, "fuzzy": State.EXCLUDED, "post": State.CONFLICTING,
}  # fmt: skip


def some_states(model: FeatureModel) -> st.SearchStrategy[Mapping[str, State] | None]:
    return st.none() | st.dictionaries(st.sampled_from(sorted(model.features)), st.sampled_from(State))


@settings(deadline=None)
@given(feature_models(), st.data())
def test_every_feature_is_drawn_once_and_no_two_boxes_overlap(model: FeatureModel, data: st.DataObject) -> None:
    boxes = Picture(draw(model, data.draw(some_states(model)))).in_order
    assert len(boxes) == len(model.features)
    assert [box.said for n, box in enumerate(boxes) for other in boxes[:n] if box.overlaps(other)] == []


@settings(deadline=None)
@given(feature_models(), st.data())
def test_every_child_is_joined_to_its_parent_by_lines_that_cross_no_box(
    model: FeatureModel, data: st.DataObject
) -> None:
    picture = Picture(draw(model, data.draw(some_states(model))))
    boxes = dict(zip(model.preorder(), picture.in_order, strict=True))
    joined = Joined(picture.edges)
    for name, box in boxes.items():
        if (parent := model.parent_of(name)) is not None:
            above = boxes[parent]
            assert joined.together((above.right, above.middle), (box.left, box.middle))
    for line in picture.edges:
        assert not any(crosses(one, other, box) for one, other in pairwise(line) for box in boxes.values())


class Joined:
    """Which corners hang together, by lines that meet."""

    def __init__(self, lines: list[list[Point]]) -> None:
        self.segments = [segment for line in lines for segment in pairwise(line)]
        self.points = {point for line in lines for point in line}
        self.near: dict[Point, set[Point]] = {point: set() for point in self.points}
        for one, other in self.segments:
            on_it = sorted(point for point in self.points if lies_on(point, one, other))
            for first, second in pairwise(on_it):
                self.near[first].add(second)
                self.near[second].add(first)

    def together(self, one: Point, other: Point) -> bool:
        reached, work = {one}, [one]
        while work:
            new = self.near.get(work.pop(), set()) - reached
            reached |= new
            work.extend(new)
        return other in reached


def lies_on(point: Point, one: Point, other: Point) -> bool:
    (x, y), (left, right), (top, bottom) = point, sorted((one[0], other[0])), sorted((one[1], other[1]))
    return left <= x <= right and top <= y <= bottom


def crosses(one: Point, other: Point, box: Seen) -> bool:
    left, right = sorted((one[0], other[0]))
    top, bottom = sorted((one[1], other[1]))
    return left < box.right and right > box.left and top < box.bottom and bottom > box.top


@settings(deadline=None)
@given(feature_models())
def test_the_members_of_a_group_stand_together_one_below_the_other(model: FeatureModel) -> None:
    boxes = dict(zip(model.preorder(), Picture(draw(model)).in_order, strict=True))
    for group in model.groups:
        members = [boxes[name] for name in group.members]
        others = [box for name, box in boxes.items() if name not in group.members]
        assert [box.top for box in members] == sorted(box.top for box in members)
        assert len({box.left for box in members}) == 1
        span = members[0].top, members[-1].bottom
        between = [b for b in others if b.left == members[0].left and span[0] < b.middle < span[1]]
        assert between == []


@settings(deadline=None)
@given(feature_models())
def test_marks_say_what_a_group_takes(model: FeatureModel) -> None:
    picture = Picture(draw(model))
    members = {kind: sum(len(g.members) for g in model.groups if g.kind is kind) for kind in GroupKind}
    groups = {kind: sum(g.kind is kind for g in model.groups) for kind in GroupKind}
    assert len(picture.marks("circle", "filled")) == members[GroupKind.MANDATORY]
    assert len(picture.marks("circle", "empty")) == members[GroupKind.OPTIONAL]
    assert len(picture.marks("path", "filled")) == groups[GroupKind.OR]
    assert len(picture.marks("path", "empty")) == groups[GroupKind.ALTERNATIVE] + groups[GroupKind.CARDINALITY]
    cardinalities = [f"<{g.minimum}..{g.maximum}>" for g in model.groups if g.kind is GroupKind.CARDINALITY]
    assert sorted("".join(t.itertext()) for t in picture.tree.iter() if t.tag.endswith("text")) == sorted(cardinalities)


@settings(deadline=None)
@given(feature_models(), st.data())
def test_everything_is_inside_the_picture(model: FeatureModel, data: st.DataObject) -> None:
    picture = Picture(draw(model, data.draw(some_states(model)), depth=data.draw(st.integers(0, 3))))
    _, _, wide, high = map(int, picture.root.get("viewBox", "").split())
    assert (picture.root.get("width"), picture.root.get("height")) == (str(wide), str(high))
    for box in picture.in_order:
        assert 0 <= box.left < box.right < wide - 24
        assert 0 <= box.top < box.bottom < high


def test_circles_touch_the_box_they_belong_to() -> None:
    picture = Picture(draw(shop()))
    places = {(box.left - 5, box.middle): name for name, box in picture.boxes.items()}
    assert [places[mark] for mark in picture.marks("circle", "filled")] == ["payment", "page_size"]
    assert [places[mark] for mark in picture.marks("circle", "empty")] == ["search"]


def test_the_half_disc_of_the_only_group_stands_at_its_parents_box() -> None:
    picture = Picture(draw(shop()))
    payment, search = picture.boxes["payment"], picture.boxes["search"]
    assert picture.marks("path", "filled") == [(payment.right, payment.middle)]
    assert (search.right, search.middle) in picture.marks("path", "empty")


def test_one_of_several_groups_has_its_half_disc_on_the_trunk() -> None:
    picture = Picture(draw(shop()))
    mail, pickup = picture.boxes["mail"], picture.boxes["pickup"]
    [disc] = [mark for mark in picture.marks("path", "empty") if mark[1] == (mail.middle + pickup.middle) // 2]
    assert picture.boxes["shop"].right < disc[0] < mail.left - LANE


def test_typed_features_show_type_bounds_and_value_or_default() -> None:
    assert Picture(draw(shop())).boxes["page_size"].texts == ("page_size", "integer 10..100 (default 20)")
    drawn = Picture(draw(shop(), STATES, values={"page_size": 50}))
    assert drawn.boxes["page_size"].texts == ("page_size", "integer 10..100 = 50")


def test_feature_cardinalities_are_shown() -> None:
    boxes = Picture(draw(shop("[features.mail]\ninstances = { min = 1, max = 3 }"))).boxes
    assert boxes["mail"].texts == ("mail", "[1..3]")


def test_a_configuration_is_told_by_signs_and_in_words() -> None:
    picture = Picture(draw(shop(), STATES))
    assert {name: box.classes for name, box in picture.boxes.items() if box.classes} == {
        name: (str(state),) for name, state in STATES.items()
    }
    assert picture.boxes["search"].said == "search: optional, open. Finds <everything>"
    assert picture.boxes["shop"].said == "shop: root, chosen"
    assert picture.boxes["plain"].said == "plain: alternative"
    assert "11 features, 2 constraints: 4 chosen, 1 excluded, 1 open, 2 conflicting, 3 undecided" in picture.texts


def test_a_model_alone_has_no_states() -> None:
    picture = Picture(draw(shop()))
    assert all(box.classes == () for box in picture.boxes.values())
    assert "11 features, 2 constraints" in picture.texts


def test_the_legend_explains_the_marks_that_are_there_and_no_others() -> None:
    words = {"mandatory", "optional", "at least one of", "exactly one of", "<n..m> of", "no parts of its own"}
    words |= {*map(str, State), "undecided"}
    assert words & set(Picture(draw(shop())).texts) == {
        "mandatory", "optional", "at least one of", "exactly one of", "<n..m> of",
    }  # fmt: skip
    assert words & set(Picture(draw(flat("a", "b"), {"a": State.OPEN, "b": State.OPEN})).texts) == {"optional", "open"}


def test_abstract_features_are_marked() -> None:
    picture = Picture(draw(shop("[features.post]\nabstract = true")))
    assert {name: box.classes for name, box in picture.boxes.items() if box.classes} == {"post": ("abstract",)}
    assert "no parts of its own" in picture.texts


def test_constraints_are_listed_with_their_reasons() -> None:
    texts = Picture(draw(shop())).texts
    assert texts[texts.index("Constraints") :] == [
        "Constraints", "fuzzy => page_size <= 50", "Fuzzy search is slow.", "invoice => post",
    ]  # fmt: skip


def test_a_broken_constraint_carries_the_sign_of_a_conflict() -> None:
    model = shop()
    signs = [
        [group.get("class") for group in Picture(draw(model, STATES, broken=broken)).root.findall("*[@class]")]
        for broken in ((), model.constraints[1:])
    ]
    assert [one.count("conflicting") for one in signs] == [1, 2]


def test_a_part_lists_the_constraints_about_it_and_counts_the_others() -> None:
    texts = Picture(draw(shop(), root="payment")).texts
    assert texts[texts.index("Constraints") :] == [
        "Constraints", "invoice => post", "and 1 about features that are not shown",
    ]  # fmt: skip


def test_a_cut_subtree_says_how_much_of_it_is_hidden() -> None:
    boxes = Picture(draw(shop(), STATES, depth=1)).boxes
    assert boxes["search"].texts == ("search", "+2")
    assert boxes["payment"].texts == ("payment", "+2, 1 conflicting")
    assert boxes["payment"].said == "payment: mandatory, chosen, +2, 1 conflicting below it not shown"


@pytest.mark.parametrize("name", ["<&>\"'", "]]>", "-->", "a\nb\x00", "&amp;", "\u202ex", "\ud800"])
def test_names_stand_in_the_picture_as_they_are_or_with_a_visible_sign(name: str) -> None:
    picture = Picture(draw(flat("root", name), title=name))
    visible = {"a\nb\x00": "a␊b␀", "\u202ex": "�x", "\ud800": "�"}.get(name, name)
    assert picture.boxes[visible].texts == (visible,)
    assert picture.texts[0] == visible
    assert [element.text for element in picture.root if element.tag.endswith("title")] == [visible]


def test_long_names_break_into_lines_and_are_cut_only_after_three() -> None:
    name = "_".join(["CONFIGURATION"] * 20)
    [box] = [box for box in Picture(draw(flat("root", name))).boxes.values() if box.feature != "root"]
    assert box.texts == ("CONFIGURATION_", "CONFIGURATION_", "CONFIGURATION_…")
    assert box.said == f"{name}: optional"


def test_the_same_arguments_give_the_same_text() -> None:
    assert draw(shop(), STATES) == draw(shop(), dict(reversed(STATES.items())))


def test_the_document_can_be_read_aloud() -> None:
    root = Picture(draw(shop(), STATES, title="Shop 1.0")).root
    named = {element.get("id"): element.text for element in root if element.get("id")}
    assert root.get("role") == "graphics-document document"
    assert named[root.get("aria-labelledby")] == "Shop 1.0"
    assert named[root.get("aria-describedby")] == (
        "11 features, 2 constraints: 4 chosen, 1 excluded, 1 open, 2 conflicting, 3 undecided"
    )
    levels = [box.level for box in Picture(draw(shop())).boxes.values()]
    assert levels == [1, 2, 3, 3, 2, 2, 3, 3, 2, 2, 2]


def test_a_group_of_hundreds_stays_one_legible_column() -> None:
    names = [f"driver_{number}" for number in range(500)]
    boxes = Picture(draw(flat("kernel", *names))).boxes
    tops = [boxes[name].top for name in names]
    assert {lower - upper for upper, lower in pairwise(tops)} == {34}


def test_a_model_of_twenty_thousand_features_is_drawn() -> None:
    names = ["root", *(f"feature_{number}" for number in range(20_000))]
    assert len(Picture(draw(flat(*names))).boxes) == 20_001
