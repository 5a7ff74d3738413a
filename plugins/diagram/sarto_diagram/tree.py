"""The part of a feature model that a diagram shows, as a numbered tree."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from sarto.errors import SartoError, did_you_mean
from sarto.model.feature import Group, GroupKind
from sarto.model.feature_model import FeatureModel

__all__ = ["Bunch", "Node", "Tree", "shown_tree"]


@dataclass(frozen=True, slots=True)
class Node:
    """A feature that is shown. ``group`` is the one it stands in, ``hidden`` names what is cut away below it."""

    name: str
    depth: int
    group: Group | None = None
    hidden: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Bunch:
    """Neighbouring children that share their edges: one or, alternative or cardinality group, or
    (``group`` None) a run of mandatory and optional features."""

    group: Group | None
    members: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Tree:
    """Nodes numbered in preorder, and the numbers of each node's children in the order of the groups."""

    nodes: tuple[Node, ...]
    children: tuple[tuple[int, ...], ...]

    def bunches(self, number: int) -> tuple[Bunch, ...]:
        """The children of a node as its edges gather them."""
        runs = groupby(self.children[number], lambda child: _gathering(self.nodes[child]))
        return tuple(Bunch(group, tuple(members)) for group, members in runs)


def _gathering(node: Node) -> Group | None:
    is_single = node.group is None or node.group.kind in (GroupKind.MANDATORY, GroupKind.OPTIONAL)
    return None if is_single else node.group


def shown_tree(model: FeatureModel, root: str | None = None, depth: int | None = None) -> Tree:
    """The feature ``root`` (None: the model's) with what is up to ``depth`` levels below it (None: all).

    Raises :class:`SartoError` for an unknown feature or a negative depth.
    """
    start = model.root if root is None else root
    if start not in model.features:
        raise SartoError(f"unknown feature '{start}'", hint=did_you_mean(start, model.features))
    if depth is not None and depth < 0:
        hint = "use 0 for the root alone, 1 for its children"
        raise SartoError(f"a diagram cannot be {depth} levels deep", hint=hint)
    nodes: list[Node] = []
    children: list[list[int]] = []
    work: list[tuple[str, int, int]] = [(start, 0, -1)]
    while work:
        name, level, parent = work.pop()
        if parent >= 0:
            children[parent].append(len(nodes))
        is_cut = level == depth
        hidden = tuple(model.preorder(name))[1:] if is_cut else ()
        group = model.group_of(name) if parent >= 0 else None
        below = () if is_cut else tuple(_members(model, name))
        work.extend((child, level + 1, len(nodes)) for child in reversed(below))
        nodes.append(Node(name, level, group, hidden))
        children.append([])
    return Tree(tuple(nodes), tuple(map(tuple, children)))


def _members(model: FeatureModel, name: str) -> Iterator[str]:
    for group in model.groups_under(name):
        yield from group.members
