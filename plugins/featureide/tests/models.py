"""Random feature models, and every configuration of a small one."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product
from typing import Any

from hypothesis import strategies as st
from sarto.model.evaluation import is_valid
from sarto.model.expression import And, Expression, FeatureReference, Iff, Implies, Not, Or
from sarto.model.feature import Binding, Constraint, Delivery, Feature, Group, GroupKind, Stage, ValueType
from sarto.model.feature_model import FeatureModel

TEXTS = st.text(
    st.one_of(st.sampled_from("\t\n\r \"'<>&]"), st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"])),
    max_size=8,
).filter(lambda text: not set(text) & {"\ufffe", "\uffff"})  # fmt: skip
NAMES = TEXTS.map(str.strip).filter(bool)
NUMBERS = st.one_of(st.integers(-(2**70), 2**70), st.floats(allow_nan=False))
VALUES = st.recursive(
    st.one_of(st.booleans(), NUMBERS, st.text(max_size=5)),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=3), inner, max_size=2),
    max_leaves=4,
)
ABOUT = st.fixed_dictionaries(
    {}, optional={"unit": st.sampled_from(["", "kg", "\n"]), "recursive": st.booleans(), "type": st.just("long")}
)
Configurations = set[frozenset[str]]


@st.composite
def features(draw: st.DrawFn, name: str, others: Sequence[str]) -> Feature:
    """A feature with all that can be said of one, but for instances."""
    kind = draw(st.none() | st.sampled_from(list(ValueType)))
    defaults: dict[Any, st.SearchStrategy[Any]] = {
        None: st.booleans(), ValueType.STRING: TEXTS, ValueType.INTEGER: st.integers(0, 9),
        ValueType.REAL: st.floats(-9, 9),
    }  # fmt: skip
    some = st.lists(st.sampled_from(others), max_size=2, unique=True).map(tuple) if others else st.just(())
    keys = st.sampled_from(["price", "hidden", "featureide", "sarto.stage", "", "\0"]) | NAMES
    about = draw(st.none() | st.dictionaries(st.sampled_from(["price", "hidden", "weight"]), ABOUT, max_size=2))
    attributes = draw(st.dictionaries(keys, VALUES, max_size=3))
    is_number = kind in (ValueType.INTEGER, ValueType.REAL)
    return Feature(
        name=name,
        summary=draw(TEXTS),
        type=kind,
        minimum=draw(st.none() | st.integers(-5, 0)) if is_number else None,
        default=draw(st.none() | defaults[kind]) if not is_number else None,
        attributes=attributes if about is None else {**attributes, "featureide": about},
        abstract=draw(st.booleans()),
        stage=draw(st.sampled_from(list(Stage))),
        delivery=Delivery(
            parts=draw(st.sampled_from([(), ("uv>=1", "x; python_version < '3.12'")])),
            binding=draw(st.sampled_from(list(Binding))),
            setting=draw(TEXTS),
            before=draw(some),
            was=draw(st.sampled_from([(), ("old",)])),
        ),
    )


def logical(names: Sequence[str]) -> st.SearchStrategy[Expression]:
    """Logic over the names."""
    leaves: st.SearchStrategy[Expression] = st.sampled_from(names).map(FeatureReference)
    return st.recursive(
        leaves,
        lambda inner: st.one_of(
            inner.map(Not),
            st.lists(inner, min_size=2, max_size=3).map(tuple).map(And),
            st.lists(inner, min_size=2, max_size=3).map(tuple).map(Or),
            st.builds(Implies, inner, inner),
            st.builds(Iff, inner, inner),
        ),
        max_leaves=6,
    )


@st.composite
def any_groups(draw: st.DrawFn, parent: str, members: list[str]) -> list[Group]:
    """Groups of every kind that FeatureIDE has or that a rule can say."""
    groups: list[Group] = []
    while members:
        size = draw(st.integers(1, len(members)))
        kind = draw(st.sampled_from(list(GroupKind)))
        low, high = draw(st.sampled_from([(0, 1), (1, 1), (0, size), (1, size), (size, size)]))
        groups.append(Group(parent, kind, tuple(members[:size]), low, high))
        members = members[size:]
    return groups


@st.composite
def fitting_groups(draw: st.DrawFn, parent: str, members: list[str]) -> list[Group]:
    """Groups just as FeatureIDE has them."""
    kinds = [GroupKind.OR, GroupKind.ALTERNATIVE] if len(members) > 1 else []
    kind = draw(st.sampled_from([None, *kinds]))
    if kind is not None or not members:
        return [Group(parent, kind, tuple(members))] if kind is not None else []
    first = draw(st.booleans())
    groups: list[Group] = []
    while members:
        size = draw(st.integers(1, len(members)))
        is_mandatory = first is (len(groups) % 2 == 0)
        groups.append(Group(parent, GroupKind.MANDATORY if is_mandatory else GroupKind.OPTIONAL, tuple(members[:size])))
        members = members[size:]
    return groups


@st.composite
def models(draw: st.DrawFn, is_fitting: bool = False, is_plain: bool = False) -> FeatureModel:
    """Models of up to six features; ``is_plain`` ones are of names and rules alone."""
    names = draw(st.lists(NAMES, min_size=1, max_size=6, unique=True))
    groups: list[Group] = []
    rest, parents = names[1:], [names[0]]
    while rest:
        size = draw(st.integers(1, len(rest)))
        parent = draw(st.sampled_from(parents))
        parents.remove(parent)
        groups += draw((fitting_groups if is_fitting else any_groups)(parent, rest[:size]))
        parents += rest[:size]
        rest = rest[size:]
    others = {name: [other for other in names if other != name] for name in names}
    found = {
        name: Feature(name=name) if is_plain else draw(features(name, others[name]))
        for name in draw(st.permutations(names))
    }
    rules = draw(st.lists(logical(names), max_size=3))
    constraints = tuple(Constraint(rule, "" if is_plain else draw(TEXTS)) for rule in rules)
    return FeatureModel(root=names[0], features=found, groups=tuple(groups), constraints=constraints)


def configurations(model: FeatureModel) -> Configurations:
    """The features of every valid configuration, by trying all."""
    names = list(model.features)
    every = (dict(zip(names, states, strict=True)) for states in product([False, True], repeat=len(names)))
    return {frozenset(name for name in state if state[name]) for state in every if is_valid(model, state)}
