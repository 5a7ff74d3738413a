"""The tidy tree: nothing overlaps, nothing is wasted, equal things look equal."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st
from sarto_diagram.layout import tidy

Tree = tuple[list[list[int]], list[int], list[int]]


@st.composite
def trees(draw: st.DrawFn) -> Tree:
    """Children in preorder numbers, and the room before and after each node's centre."""
    parents = [draw(st.integers(0, number)) for number in range(draw(st.integers(0, 40)))]
    children: list[list[int]] = [[] for _ in range(len(parents) + 1)]
    for number, parent in enumerate(parents, start=1):
        children[parent].append(number)
    room = st.lists(st.integers(1, 30), min_size=len(children), max_size=len(children))
    return _in_preorder(children), draw(room), draw(room)


def _in_preorder(children: list[list[int]]) -> list[list[int]]:
    order: list[int] = []
    work = [0]
    while work:
        order.append(work.pop())
        work.extend(reversed(children[order[-1]]))
    place = {node: number for number, node in enumerate(order)}
    return [[place[child] for child in children[node]] for node in order]


def levels(children: list[list[int]]) -> Iterator[list[int]]:
    level = [0]
    while level:
        yield level
        level = [child for node in level for child in children[node]]


@given(trees())
def test_nodes_of_a_level_keep_their_order_and_their_room(tree: Tree) -> None:
    children, before, after = tree
    centres = tidy(children, before, after)
    for level in levels(children):
        for one, next_ in pairwise(level):
            assert centres[one] + after[one] <= centres[next_] - before[next_]


@given(trees())
def test_parents_stand_in_the_middle_of_their_children(tree: Tree) -> None:
    children, before, after = tree
    centres = tidy(children, before, after)
    for node, below in enumerate(children):
        if below:
            assert centres[node] == (centres[below[0]] + centres[below[-1]]) // 2


@given(trees())
def test_the_picture_begins_at_zero(tree: Tree) -> None:
    children, before, after = tree
    centres = tidy(children, before, after)
    assert min(centre - room for centre, room in zip(centres, before, strict=True)) == 0


@given(trees(), st.data())
def test_a_subtree_looks_the_same_wherever_it_stands(tree: Tree, data: st.DataObject) -> None:
    children, before, after = tree
    start = data.draw(st.integers(0, len(children) - 1))
    inside = [start]
    for node in inside:
        inside.extend(children[node])
    inside.sort()
    place = {node: number for number, node in enumerate(inside)}
    alone = tidy(
        [[place[child] for child in children[node]] for node in inside],
        [before[node] for node in inside],
        [after[node] for node in inside],
    )
    whole = tidy(children, before, after)
    assert [whole[node] - whole[start] for node in inside] == [centre - alone[0] for centre in alone]


@given(trees())
def test_no_two_neighbouring_subtrees_could_be_closer(tree: Tree) -> None:
    children, before, after = tree
    centres = tidy(children, before, after)
    for below in children:
        if len(below) == 2:
            assert min(_gaps(children, before, after, centres, *below)) == 0


def _gaps(
    children: list[list[int]], before: list[int], after: list[int], centres: list[int], one: int, other: int
) -> Iterator[int]:
    """The room left between two subtrees on each level that both have."""
    upper, lower = [one], [other]
    while upper and lower:
        yield min(centres[node] - before[node] for node in lower) - max(centres[node] + after[node] for node in upper)
        upper, lower = ([child for node in level for child in children[node]] for level in (upper, lower))


def test_small_subtrees_between_large_ones_stand_halfway() -> None:
    children = [[1, 5, 6], [2, 3, 4], [], [], [], [], [7, 8, 9], [], [], []]
    assert tidy(children, [5] * 10, [5] * 10) == [30, 15, 5, 15, 25, 30, 45, 35, 45, 55]


def test_one_node_needs_only_its_own_room() -> None:
    assert tidy([[]], [7], [3]) == [7]


def test_a_chain_of_any_length_is_laid_out_without_recursion() -> None:
    depth = 20_000
    chain = [[node + 1] for node in range(depth)] + [[]]
    assert set(tidy(chain, [1] * len(chain), [1] * len(chain))) == {1}


def test_the_work_on_a_long_comb_grows_with_its_nodes_only() -> None:
    """Each joint has a leaf beside the rest of the comb; were outlines copied, this would take minutes."""
    joints = 20_000
    comb: list[list[int]] = [[] for _ in range(2 * joints + 1)]
    for n in range(joints):
        comb[2 * n] = [2 * n + 1, 2 * n + 2]
    centres = tidy(comb, [1] * len(comb), [1] * len(comb))
    assert centres[1::2] == sorted(centres[1::2])
