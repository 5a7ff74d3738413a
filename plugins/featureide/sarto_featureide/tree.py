"""The ``struct`` of a FeatureIDE model: features, their attributes and their groups."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from itertools import groupby
from typing import Any

from sarto.hooks import Gathered
from sarto.model.feature import Feature, Group, GroupKind
from sarto.model.notation import shortened

from .attributes import ABOUT, Attributes, read_attribute, read_truth, type_of
from .descriptions import read_description
from .elements import Element
from .own_words import PREFIX, REST, read_rest, read_words

__all__ = ["GROUPS", "Tree", "read_tree"]

GROUPS = {"and": None, "or": GroupKind.OR, "alt": GroupKind.ALTERNATIVE, "feature": None}
_KEYS = ("name", "mandatory", "abstract", "hidden", "coordinates")
_SILENT = ("graphics",)


@dataclass(slots=True)
class Tree:
    """The features and groups, as they are read."""

    root: str = ""
    features: dict[str, Feature] = field(default_factory=dict)
    groups: list[Group] = field(default_factory=list)


def read_tree(roots: Iterable[Element], faults: Gathered) -> Tree:
    """The tree below the one element that is the root; what does not fit goes into ``faults``."""
    return _TreeReader(faults).read(list(roots))


class _TreeReader:
    """The tree, and what was said of features in Sarto's own words, which can name features further down."""

    def __init__(self, faults: Gathered) -> None:
        self.faults = faults
        self.tree = Tree()
        self.words: dict[str, Mapping[str, Any]] = {}

    def read(self, roots: list[Element]) -> Tree:
        if not roots:
            return self.tree
        for other in roots[1:]:
            self.faults.error("a model has one root feature, and this is another", other.where)
        self.tree.root = _name(roots[0])
        work: list[tuple[Element, Mapping[str, str]]] = [(roots[0], {})]
        while work:
            element, inherited = work.pop()
            attributes = Attributes(inherited)
            children = self._feature(element, attributes)
            recursive = {
                name: _type(name, attributes) for name, about in attributes.about.items() if "recursive" in about
            }
            below = {**inherited, **recursive} if recursive else inherited
            work += ((child, below) for child in reversed(children))
        for name, words in self.words.items():
            self.tree.features[name] = read_words(self.tree.features[name], words, self.tree.features, self.faults)
        return self.tree

    def _feature(self, element: Element, attributes: Attributes) -> list[Element]:
        """Add the feature of an element; gives the elements of its children."""
        name, children, summary = _name(element), [], ""
        for child in element.children:
            if child.tag in GROUPS:
                children.append(child)
            elif child.tag == "attribute":
                read_attribute(child, attributes, self.faults)
            elif child.tag == "description":
                summary = read_description(child)
            elif child.tag not in _SILENT:
                what = f"<{shortened(child.tag)}> is nothing that a feature has"
                self.faults.oddity(f"in feature {child.tag}", what, child.where)
        self._check(element, name)
        is_abstract = read_truth(element, "abstract", self.faults)
        if read_truth(element, "hidden", self.faults) and attributes.values.setdefault("hidden", True) is not True:
            self.faults.error("the attribute 'hidden' says something else than hidden=\"true\"", element.where)
        found = Feature(name=name, summary=summary, abstract=is_abstract, where=element.where)
        self.tree.features.setdefault(name, self._with_attributes(found, attributes))
        self._group(element, name, children)
        return children

    def _check(self, element: Element, name: str) -> None:
        for key in element.attributes:
            if key not in _KEYS:
                what = f"a feature has no '{shortened(key)}'"
                self.faults.oddity(f"feature {key}", what, element.where, hint=f"it has {', '.join(_KEYS[:-1])}")
        if not name:
            self.faults.error("this feature has no name", element.where)
        elif name in self.tree.features:
            first = self.tree.features[name].where
            what = f"the feature '{shortened(name)}' is there twice"
            self.faults.error(what, element.where, hint=f"give one of the two another name; the first is {first}")
        if name != element.attributes.get("name", ""):
            what = f"spaces around the name of '{shortened(name)}' are left out"
            self.faults.warning("spaces", what, element.where)

    def _with_attributes(self, feature: Feature, attributes: Attributes) -> Feature:
        values: dict[str, Any] = dict(attributes.values)
        rest = values.pop(REST, None)
        words = {key: values.pop(key) for key in list(values) if key.startswith(PREFIX)}
        if words:
            self.words.setdefault(feature.name, words)
        if attributes.about:
            values[ABOUT] = attributes.about
        if rest is not None:
            values |= read_rest(rest, feature.where, self.faults)
        return replace(feature, attributes=values) if values else feature

    def _group(self, element: Element, name: str, children: list[Element]) -> None:
        kind = GROUPS[element.tag]
        if not children:
            if kind is not None or element.tag == "and":
                what = f"<{element.tag}> '{shortened(name)}' has no features in it"
                self.faults.oddity(f"empty {element.tag}", what, element.where, hint="a leaf is a <feature>")
            return
        if element.tag == "feature":
            what = f"<feature> '{shortened(name)}' has features in it"
            self.faults.oddity("full feature", what, element.where, hint="it is read as <and>")
        if kind is GroupKind.OR and len(children) == 1:
            what = f"<or> '{shortened(name)}' has one feature in it"
            self.faults.oddity("single or", what, element.where, hint="it is read as <and>, as FeatureIDE does")
            kind = None
        if kind is not None:
            self._add_group(element, name, kind, children)
            return
        for is_mandatory, run in groupby(children, key=lambda child: read_truth(child, "mandatory", self.faults)):
            self._add_group(element, name, GroupKind.MANDATORY if is_mandatory else GroupKind.OPTIONAL, run)

    def _add_group(self, element: Element, name: str, kind: GroupKind, members: Iterable[Element]) -> None:
        self.tree.groups.append(Group(name, kind, tuple(map(_name, members)), where=element.where))


def _name(element: Element) -> str:
    return element.attributes.get("name", "").strip()


def _type(name: str, attributes: Attributes) -> str:
    found = attributes.about[name].get("type")
    return found if isinstance(found, str) else type_of(attributes.values[name]) or ""
