"""What is to be said of a line: a page of facts for each feature, in no form yet."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from ...errors import SartoError
from ...model.expression import And, Expression, FeatureReference, Implies, Value, features_in
from ...model.feature import Constraint, Feature, Generated, GroupKind
from ...model.feature_model import FeatureModel
from ...model.grammar import write
from ...model.line import LineDescription
from ...solve.commonality import Commonality, commonality
from ...solve.configurator import Configurator
from ...solve.conflict import Conflict
from ...solve.counting import ClauseCounter
from .hooks import HookUse, by_feature

__all__ = ["FeaturePage", "Handbook", "Rule", "handbook"]


@dataclass(frozen=True, slots=True)
class Rule:
    """A constraint in words: the expression, and why it is there."""

    text: str
    because: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FeaturePage:
    """All about one feature.

    ``parents`` lead from the root to it, ``place`` says how it stands below its parent. ``brings`` and ``bars`` are
    what follows from choosing it, beyond its parents and what is always so; ``needed_by`` demand it. ``share`` is its
    part of all products, and ``number`` in how many it is; both None where that was not found. ``hooks`` is None
    where plugins
    were not looked at.
    """

    feature: Feature
    parents: tuple[str, ...]
    place: str
    children: tuple[tuple[str, tuple[str, ...]], ...]
    brings: tuple[str, ...]
    bars: tuple[str, ...]
    needed_by: tuple[str, ...]
    rules: tuple[Rule, ...]
    share: Fraction | None
    number: int | None
    hooks: tuple[str, ...] | None

    @property
    def attributes(self) -> tuple[tuple[str, Any], ...]:
        """The attributes, nested ones by their dotted path."""
        return tuple(_flat(self.feature.written_attributes, ""))


@dataclass(frozen=True, slots=True)
class Handbook:
    """A line's documentation: its features in the order of the tree, its hooks by name, None where not looked at."""

    line: LineDescription
    count: int | None
    pages: Mapping[str, FeaturePage]
    hooks: tuple[HookUse, ...] | None


def handbook(
    line: LineDescription, hooks: tuple[HookUse, ...] | None, counter: ClauseCounter | None = None,
    seconds: float = 60, *, is_countable: bool = True,
) -> Handbook:  # fmt: skip
    """Everything that is to be said of the line; counting takes about so many seconds at most.

    A line is not ``is_countable`` where there may be any number of instances of a feature, of which it has some.

    Raises Conflict where the model is void.
    """
    model = line.model
    following = Configurator(model)
    always = frozenset(name for name in model.features if following.state(name) is True)
    demands = {name: _demanded(constraint) for name, constraint in _single_demands(model)}
    counted = _counted(model, counter, seconds) if is_countable else Commonality(None, {})
    used = None if hooks is None else by_feature(hooks)
    pages = {}
    for name in model.preorder():
        parents = tuple(reversed([*_parents(model, name)]))
        brings, bars = _consequences(following, name)
        share = counted.shares.get(name)
        pages[name] = FeaturePage(
            feature=model.features[name], parents=parents, place=_place(model, name), children=_children(model, name),
            brings=tuple(each for each in brings if each not in parents and each not in always), bars=bars,
            needed_by=tuple(each for each, needed in demands.items() if name in needed),
            rules=tuple(_rules(model, name)), share=share,
            number=None if share is None or counted.count is None else int(share * counted.count),
            hooks=None if used is None else used.get(name, ()),
        )  # fmt: skip
    return Handbook(line, counted.count, pages, hooks)


def _counted(model: FeatureModel, counter: ClauseCounter | None, seconds: float) -> Commonality:
    try:
        return commonality(model, counter, seconds)
    except SartoError:  # arithmetic that cannot be counted: unknown is an honest answer
        return Commonality(None, {})


def _consequences(following: Configurator, name: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    if following.state(name) is not None:
        return (), ()
    try:
        found = following.preview(name, True)
    except Conflict:
        return (), ()
    return ((), ()) if found is None else (found.selected, found.excluded)


def _parents(model: FeatureModel, name: str) -> Iterator[str]:
    parent = model.parent_of(name)
    while parent is not None:
        yield parent
        parent = model.parent_of(parent)


def _place(model: FeatureModel, name: str) -> str:
    group = model.group_of(name)
    if group is None:
        return "the root: every product has it"
    match group.kind:
        case GroupKind.MANDATORY:
            return f"always with {group.parent}"
        case GroupKind.OPTIONAL:
            return f"optional with {group.parent}"
        case GroupKind.OR:
            return f"one or more of {len(group.members)} with {group.parent}"
        case GroupKind.ALTERNATIVE:
            return f"exactly one of {len(group.members)} with {group.parent}"
        case GroupKind.CARDINALITY:
            return f"{group.minimum} to {group.maximum} of {len(group.members)} with {group.parent}"


def _children(model: FeatureModel, name: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
    words = {
        GroupKind.MANDATORY: "always with it", GroupKind.OPTIONAL: "optional", GroupKind.OR: "one or more of",
        GroupKind.ALTERNATIVE: "exactly one of",
    }  # fmt: skip
    return tuple(
        (words.get(group.kind, f"{group.minimum} to {group.maximum} of"), group.members)
        for group in model.groups_under(name)
    )


def _single_demands(model: FeatureModel) -> Iterator[tuple[str, Expression]]:
    for constraint in model.constraints:
        match constraint.expression:
            case Implies(FeatureReference(name), demanded):
                yield name, demanded


def _demanded(expression: Expression) -> frozenset[str]:
    """What an expression demands by itself: the features in its conjunction."""
    match expression:
        case FeatureReference(name):
            return frozenset([name])
        case And(operands):
            return frozenset(name for operand in operands for name in _demanded(operand))
    return frozenset()


def _rules(model: FeatureModel, name: str) -> Iterator[Rule]:
    for constraint in model.constraints:
        if not isinstance(constraint.origin, Generated) and name in features_in(constraint.expression):
            yield _rule(constraint)


def _rule(constraint: Constraint) -> Rule:
    return Rule(write(constraint.expression), constraint.because)


def _flat(attributes: Mapping[str, Any], prefix: str) -> Iterator[tuple[str, Value | str]]:
    for key, value in attributes.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{prefix}{key}.")
        else:
            yield f"{prefix}{key}", ", ".join(map(str, value)) if isinstance(value, list | tuple) else value
