"""Random feature models and selections, small enough to be tried out in full."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

from hypothesis import strategies as st
from sarto.model.evaluation import is_valid
from sarto.model.expression import (
    Aggregate,
    And,
    Arithmetic,
    AttributeReference,
    Compare,
    Expression,
    FeatureReference,
    Function,
    Iff,
    Implies,
    Not,
    Number,
    Or,
    Value,
)
from sarto.model.feature import Constraint, Feature, Group, GroupKind, ValueType
from sarto.model.feature_model import FeatureModel
from sarto.model.selection import Selection, Wish

OPERATORS = ["==", "!=", "<", ">", "<=", ">="]


@st.composite
def trees(draw: st.DrawFn, most: int) -> tuple[list[str], list[Group]]:
    """Feature names, the root first, and groups of every kind over them."""
    names = [f"f{number}" for number in range(draw(st.integers(1, most)))]
    groups: list[Group] = []
    placed = 1
    while placed < len(names):
        size = draw(st.integers(1, len(names) - placed))
        members = tuple(names[placed : placed + size])
        parent = draw(st.sampled_from(names[:placed]))
        kind = draw(st.sampled_from(list(GroupKind)))
        low = draw(st.integers(0, size))
        groups.append(Group(parent, kind, members, low, draw(st.integers(low, size))))
        placed += size
    return names, groups


def logical(
    names: list[str], comparisons: st.SearchStrategy[Expression] | None = None, *, leaves: int = 5
) -> st.SearchStrategy[Expression]:
    """Logical expressions over the names."""
    found: st.SearchStrategy[Expression] = st.sampled_from(names).map(FeatureReference)
    if comparisons is not None:
        found = found | comparisons
    return st.recursive(
        found,
        lambda inner: st.one_of(
            inner.map(Not),
            st.lists(inner, min_size=2, max_size=3).map(lambda parts: And(tuple(parts))),
            st.lists(inner, min_size=2, max_size=3).map(lambda parts: Or(tuple(parts))),
            st.tuples(inner, inner).map(lambda pair: Implies(*pair)),
            st.tuples(inner, inner).map(lambda pair: Iff(*pair)),
        ),
        max_leaves=leaves,
    )


def comparisons(names: list[str], typed: list[str]) -> st.SearchStrategy[Expression]:
    """Comparisons of arithmetic over attributes (every feature has ``price``), presence and typed features."""
    leaves: st.SearchStrategy[Expression] = st.one_of(
        st.integers(-3, 12).map(Number),
        st.sampled_from([0.5, 2.25]).map(Number),
        st.sampled_from(names).map(lambda name: AttributeReference(name, "price")),
        st.sampled_from(["sum", "avg"]).map(lambda function: Aggregate(function, "price")),
        st.sampled_from(names).map(lambda name: Aggregate("sum", "price", name)),
        st.sampled_from(typed or names).map(FeatureReference),
    )
    values = st.recursive(
        leaves,
        lambda inner: st.one_of(
            st.tuples(st.sampled_from("+-*/"), inner, inner).map(lambda parts: Arithmetic(*parts)),
            st.tuples(st.sampled_from(["floor", "ceil"]), inner).map(lambda parts: Function(*parts)),
        ),
        max_leaves=3,
    )
    return st.tuples(st.sampled_from(OPERATORS), values, values).map(lambda parts: Compare(*parts))


@st.composite
def models(draw: st.DrawFn, most: int = 9, arithmetic: bool = False, typed: bool = False) -> FeatureModel:
    """Models of at most ``most`` features with up to four constraints."""
    names, groups = draw(trees(most))
    typed_names = draw(st.lists(st.sampled_from(names), max_size=2, unique=True)) if typed else []
    features = {}
    for name in names:
        price = draw(st.sampled_from([0, 1, 2, 3, 5, 0.5]))
        default = draw(st.sampled_from([None, None, True, False]))
        if name in typed_names:
            features[name] = Feature(
                name=name, type=ValueType.INTEGER, minimum=0, maximum=3, default=draw(st.integers(0, 3)),
                attributes={"price": price},
            )  # fmt: skip
        else:
            features[name] = Feature(name=name, default=default, attributes={"price": price})
    inside = comparisons(names, typed_names) if arithmetic else None
    expressions = draw(st.lists(logical(names, inside), max_size=4))
    return FeatureModel(
        root=names[0],
        features=features,
        groups=tuple(groups),
        constraints=tuple(Constraint(expression, f"reason {n}") for n, expression in enumerate(expressions)),
    )


@st.composite
def selections(draw: st.DrawFn, model: FeatureModel, *, is_open: bool = False) -> Selection:
    """Wishes over some of the model's features, possibly impossible ones."""
    names = list(model.features)
    wishes: dict[str, Wish] = {}
    for name in draw(st.lists(st.sampled_from(names), max_size=4, unique=True)):
        feature = model.features[name]
        choices: list[Value] = [True, False] if feature.type is None else [0, 1, 2, 3, False]
        wishes[name] = Wish(name, draw(st.sampled_from(choices)))
    left_open = draw(st.lists(st.sampled_from(names), max_size=3, unique=True)) if is_open else []
    place = model.features[names[0]].where
    prefer = draw(st.sampled_from([(), ("price",)]))
    return Selection(line="", customer="x", wishes=wishes, open=dict.fromkeys(left_open, place), minimise=prefer)


def configurations(model: FeatureModel, values: dict[str, list[Value]] | None = None) -> Iterator[dict[str, Value]]:
    """Every valid configuration by trying all; typed features take ``values`` (0 to 3 where there are none)."""
    given = values or {}
    choices: list[list[Value]] = [
        [False, True] if feature.type is None else [False, *given.get(name, [0, 1, 2, 3])]
        for name, feature in model.features.items()
    ]
    for states in product(*choices):
        configuration = dict(zip(model.features, states, strict=True))
        if is_valid(model, configuration):
            yield configuration
