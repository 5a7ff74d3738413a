"""The features of a Kconfig file: menus and choices are abstract, symbols stand below the menu that they are in."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from sarto.model.expression import Value
from sarto.model.feature import NOWHERE, Feature, Group, GroupKind, ValueType

from .amounts import extent_of
from .choices import is_loose
from .language import k
from .meaning import Meaning, is_logical
from .values import place_of, said_in

__all__ = ["Tree", "build_tree"]

_TYPES = {k.INT: ValueType.INTEGER, k.HEX: ValueType.INTEGER, k.STRING: ValueType.STRING}


@dataclass(slots=True)
class Tree:
    """The features, and below each the members of its groups by kind."""

    root: str = ""
    features: dict[str, Feature] = field(default_factory=dict)
    members: dict[tuple[str, GroupKind], list[str]] = field(default_factory=dict)

    def groups(self) -> Iterator[Group]:
        """The groups; of the symbols in a choice there is at most one."""
        for (parent, kind), names in self.members.items():
            yield Group(parent, kind, tuple(names), 0, 1, self.features[parent].where)


def build_tree(meaning: Meaning) -> Tree:
    """The features of all menus, choices and symbols that are defined; their names go into ``meaning``."""
    return _TreeBuilder(meaning).build()


class _TreeBuilder:
    def __init__(self, meaning: Meaning) -> None:
        self.meaning = meaning
        self.kconfig = meaning.kconfig
        self.tree = Tree()
        self.above: dict[str, str] = {}
        """What each choice stands below."""
        self.taken = {symbol.name for symbol in self.kconfig.unique_defined_syms}

    def build(self) -> Tree:
        top = self.kconfig.top_node
        self.tree.root = self._add(Feature(name=self._free(_title(top) or "Kconfig"), abstract=True, where=NOWHERE))
        work: list[tuple[Any, str]] = [(top.list, self.tree.root)]
        while work:
            node, parent = work.pop()
            if node is None:
                continue
            work.append((node.next, parent))
            work.append((node.list, self._node(node, parent)))
        return self.tree

    def _node(self, node: Any, parent: str) -> str:
        """Add what a node of the menus stands for; gives the feature below which its own nodes go."""
        item = node.item
        if item == k.MENU:
            name = self._add(Feature(name=self._free(_title(node) or "menu"), abstract=True, where=place_of(node)))
            self._put(parent, GroupKind.MANDATORY, name)
            return name
        if not isinstance(item, k.Symbol | k.Choice):
            return parent
        is_member = isinstance(item, k.Symbol) and item.choice and item.choice is node.parent.item
        if not is_member:
            parent = self.above.get(parent, parent)
        if item not in self.meaning.names and (is_member or isinstance(item, k.Choice) or not item.choice):
            self._item(item, node, parent)
        return self.meaning.names[item] if isinstance(item, k.Choice) else parent

    def _item(self, item: Any, node: Any, parent: str) -> None:
        if isinstance(item, k.Choice):
            name = self._free(item.name or _title(node) or "choice")
            feature = Feature(name=name, abstract=True, summary=_summary(item), where=place_of(item))
        elif is_logical(item):
            feature = Feature(
                name=item.name, summary=_summary(item), abstract=not _has_prompt(item), default=self._default(item),
                where=place_of(item),
            )  # fmt: skip
        elif _has_prompt(item) and item.orig_type in _TYPES:
            feature = self._typed(item)
        else:
            return
        self.meaning.names[item] = self._add(feature)
        self._hang(item, parent)
        if item.orig_type == k.TRISTATE and self.kconfig.modules.nodes:
            module = self._add(Feature(name=self._free(f"{feature.name}_MODULE"), abstract=True, where=feature.where))
            self.meaning.modules[item] = module
            self._put(feature.name, GroupKind.OPTIONAL, module)

    def _hang(self, item: Any, parent: str) -> None:
        """Put a feature where it belongs; only a symbol that nothing but its choice shows is sure to be below it."""
        name = self.meaning.names[item]
        if isinstance(item, k.Choice):
            self.above[name] = parent
            self._put(parent, GroupKind.OPTIONAL, name)
        elif item.choice and not is_loose(item.choice):
            self._put(parent, GroupKind.CARDINALITY, name)
        else:
            is_shown_elsewhere = item.choice and any(node.parent.item is not item.choice for node in item.nodes)
            self._put(self.above[parent] if is_shown_elsewhere else parent, GroupKind.OPTIONAL, name)

    def _typed(self, symbol: Any) -> Feature:
        low, high = extent_of(symbol)
        return Feature(
            name=symbol.name, summary=_summary(symbol), type=_TYPES[symbol.orig_type], default=self._default(symbol),
            minimum=low, maximum=high, where=place_of(symbol),
        )  # fmt: skip

    def _default(self, symbol: Any) -> Value | None:
        """The first default where it is a constant and always holds: what is preferred where there is a choice."""
        if symbol.choice:
            first = symbol.choice.orig_defaults[:1]
            return True if first == [(symbol, self.kconfig.y)] else None
        if not symbol.orig_defaults or not _has_prompt(symbol):
            return None
        value, condition = symbol.orig_defaults[0]
        if condition is not self.kconfig.y or value.__class__ is tuple or value.nodes:
            return None
        if is_logical(symbol):
            return {"n": False, "y": True}.get(value.name)
        return value.name if symbol.orig_type == k.STRING else _number_between(value.name, symbol)

    def _add(self, feature: Feature) -> str:
        self.tree.features[feature.name] = feature
        return feature.name

    def _put(self, parent: str, kind: GroupKind, name: str) -> None:
        self.tree.members.setdefault((parent, kind), []).append(name)

    def _free(self, name: str) -> str:
        while name in self.taken:
            name += "_"
        self.taken.add(name)
        return name


def _number_between(text: str, symbol: Any) -> int | None:
    """The number that is the default of a symbol, moved between the bounds that it always has."""
    number, (low, high) = said_in(text, symbol.orig_type), extent_of(symbol)
    if number is None or low is None or high is None:
        return number
    return max(low, min(number, high))


def _title(node: Any) -> str:
    """The prompt of a menu, of those characters that every format can have in a name."""
    return " ".join(re.sub(r"[^\w-]", " ", node.prompt[0]).split()) if node.prompt else ""


def _summary(item: Any) -> str:
    prompts = [node.prompt[0] for node in item.nodes if node.prompt]
    return prompts[0] if prompts else ""


def _has_prompt(symbol: Any) -> bool:
    return any(node.prompt for node in symbol.nodes)
