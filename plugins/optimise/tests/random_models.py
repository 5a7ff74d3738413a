"""Random models with arithmetic of every kind, small enough to try out in full, and their goals."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from itertools import product

from hypothesis import strategies as st
from sarto.errors import Place
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
    Implies,
    Not,
    Number,
    Or,
    Text,
    Value,
    exact,
    postorder,
)
from sarto.model.feature import Constraint, Feature, Group, GroupKind, ValueType
from sarto.model.feature_model import FeatureModel, attribute_value
from sarto.solve.goals import Goal, read_goal

__all__ = ["GOALS", "amount_of", "configurations", "goals", "models"]

PLACE = Place("a test")
GOALS = [
    "price",
    "weight",
    "2*price + weight",
    "price - 3*weight",
    "features",
    "price/2 + size",
    "0 - size",
    "sum(price, f1)",
]


@st.composite
def trees(draw: st.DrawFn, most: int) -> tuple[list[str], list[Group]]:
    names = [f"f{number}" for number in range(draw(st.integers(2, most)))]
    groups: list[Group] = []
    placed = 1
    while placed < len(names):
        count = draw(st.integers(1, len(names) - placed))
        members = tuple(names[placed : placed + count])
        parent = draw(st.sampled_from(names[:placed]))
        low = draw(st.integers(0, count))
        high = draw(st.integers(low, count))
        groups.append(Group(parent, draw(st.sampled_from(list(GroupKind))), members, low, high))
        placed += count
    return names, groups


def arithmetic(names: list[str], typed: list[str]) -> st.SearchStrategy[Expression]:
    leaves: st.SearchStrategy[Expression] = st.one_of(
        st.sampled_from([-2, 0, 1, 3, 7, 0.5, 2.25]).map(Number),
        st.sampled_from(names).map(lambda name: AttributeReference(name, "price")),
        st.sampled_from(["sum", "avg", "avg"]).map(lambda function: Aggregate(function, "price")),
        st.sampled_from(names).map(lambda name: Aggregate("avg", "weight", name)),
        st.sampled_from([*typed, *typed, *names]).map(FeatureReference),
    )
    return st.recursive(
        leaves,
        lambda inner: st.one_of(
            st.tuples(st.sampled_from("+-*/"), inner, inner).map(lambda parts: Arithmetic(*parts)),
            st.tuples(st.sampled_from(["floor", "ceil"]), inner).map(lambda parts: Function(*parts)),
        ),
        max_leaves=4,
    )


def expressions(names: list[str], typed: list[str]) -> st.SearchStrategy[Expression]:
    values = arithmetic(names, typed)
    operators = st.sampled_from(["==", "!=", "<", ">", "<=", ">="])
    compared = st.tuples(operators, values, values).map(lambda parts: Compare(*parts))
    texts = st.tuples(operators, st.sampled_from(["", "a", "b"]).map(Text)).map(
        lambda parts: Compare(parts[0], FeatureReference("label"), parts[1])
    )
    leaves: st.SearchStrategy[Expression] = compared | texts | st.sampled_from(names).map(FeatureReference)
    return st.recursive(
        leaves,
        lambda inner: st.one_of(
            inner.map(Not),
            st.tuples(inner, inner).map(And),
            st.tuples(inner, inner).map(Or),
            st.tuples(inner, inner).map(lambda pair: Implies(*pair)),
        ),
        max_leaves=3,
    )


@st.composite
def models(draw: st.DrawFn, most: int = 5) -> FeatureModel:
    """A tree with two attributes, two integer features, ``size`` and ``rank``, and a text, ``label``."""
    names, groups = draw(trees(most))
    typed = ["size", "rank"]
    groups.append(Group(draw(st.sampled_from(names)), draw(st.sampled_from(list(GroupKind)[:2])), (*typed, "label")))
    numbers = st.sampled_from([0, 1, 2, 3, 5, 0.5, -1])
    features = {name: Feature(name=name, attributes={"price": draw(numbers)}) for name in names}
    features = {
        name: replace(feature, attributes={**feature.attributes, "weight": draw(numbers)})
        for name, feature in features.items()
    }
    for name in typed:
        low = draw(st.integers(-2, 1))
        high = draw(st.integers(low, low + 2))
        features[name] = Feature(
            name=name, type=ValueType.INTEGER, minimum=low, maximum=high, attributes={"price": draw(numbers)}
        )
    features["label"] = Feature(name="label", type=ValueType.STRING)
    found = draw(st.lists(expressions(names, typed), max_size=3))
    constraints = tuple(Constraint(expression, where=PLACE) for expression in found)
    return FeatureModel(root=names[0], features=features, groups=tuple(groups), constraints=constraints)


def goals(model: FeatureModel) -> st.SearchStrategy[list[Goal]]:
    texts = st.lists(st.tuples(st.sampled_from(GOALS), st.booleans()), min_size=1, max_size=3, unique_by=lambda x: x[0])
    return texts.map(
        lambda chosen: [read_goal(model, text, PLACE, maximise=is_greatest) for text, is_greatest in chosen]
    )


def configurations(model: FeatureModel) -> Iterator[dict[str, Value]]:
    """Every valid configuration, over the whole range of every integer feature."""
    choices: list[list[Value]] = []
    is_read = any(FeatureReference("label") in postorder(c.expression) for c in model.constraints)
    texts = ["", "A", "a", "aa", "b", "c"] if is_read else [""]
    for feature in model.features.values():
        if feature.type is ValueType.INTEGER:
            choices.append([False, *range(int(feature.minimum or 0), int(feature.maximum or 0) + 1)])
        else:
            choices.append([False, *(texts if feature.type else [True])])
    for states in product(*choices):
        configuration = dict(zip(model.features, states, strict=True))
        if is_valid(model, configuration):
            yield configuration


def amount_of(model: FeatureModel, configuration: dict[str, Value], goal: Goal) -> Fraction:
    """The goal's amount in a configuration, calculated by hand for each of ``GOALS``."""
    on = [name for name, value in configuration.items() if value is not False]

    def total(attribute: str, names: list[str] = on) -> Fraction:
        values = [attribute_value(model.features[name], attribute) for name in names if name in on]
        return sum((Fraction(exact(value)) for value in values if value is not None), Fraction(0))

    price, weight, size = total("price"), total("weight"), Fraction(int(configuration["size"] or 0))
    if goal.words == "sum(price, f1)":
        return total("price", list(model.preorder("f1")))
    return {
        "price": price,
        "weight": weight,
        "2*price + weight": 2 * price + weight,
        "price - 3*weight": price - 3 * weight,
        "features": Fraction(len(on)),
        "price/2 + size": price / 2 + size,
        "0 - size": -size,
    }[goal.words]
