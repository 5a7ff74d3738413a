"""What can become false where features go off, held against trying everything out."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sarto.errors import Place
from sarto.model.evaluation import holds
from sarto.model.expression import Value
from sarto.model.feature import Feature, Group, GroupKind
from sarto.model.feature_model import FeatureModel
from sarto.model.grammar import parse
from sarto.solve.falling import may_become_false

from ..strategies import models


def falls(model: FeatureModel, number: int, domains: dict[str, tuple[Value, ...]]) -> bool:
    """Whether some state with features on makes the constraint true and one with fewer of them makes it false."""
    on = [name for name, values in domains.items() if values]
    states = [dict(zip(on, row, strict=True)) for row in product((False, True), repeat=len(on))]
    truths = [
        holds(model, {n: is_on and domains[n][0] for n, is_on in state.items()}, model.constraints[number].expression)
        for state in states
    ]
    return any(
        truths[one] and not truths[other]
        for one in range(len(states))
        for other in range(len(states))
        if all(states[one][name] >= states[other][name] for name in on)
    )


@settings(max_examples=80, deadline=None)
@given(st.data())
def test_what_is_said_to_stay_true_does(data: st.DataObject) -> None:
    model = data.draw(models(5, arithmetic=True, typed=True))
    domains: dict[str, tuple[Value, ...]] = {
        name: data.draw(st.sampled_from([(), (True,) if feature.type is None else (2,)]))
        for name, feature in model.features.items()
    }
    for number, constraint in enumerate(model.constraints):
        if not may_become_false(model, domains, constraint.expression):
            assert not falls(model, number, domains)


@pytest.mark.parametrize(
    ("rule", "may_fall"),
    [
        ("a | b", True),
        ("!a | !b", False),
        ("a => b", True),
        ("b => !a", False),
        ("off => a", True),
        ("a <=> b", True),
        ("sum(price) <= 10", False),
        ("a => sum(price) < 10", False),
        ("sum(price) >= 3", True),
        ("!(sum(price) >= 3)", False),
        ("10 > sum(price)", False),
        ("sum(price) == 3", True),
        ("off.price <= 3", False),
        ("a.price * b.price <= 3", True),
    ],
)
def test_a_sum_that_only_shrinks_stays_below_its_bound(rule: str, may_fall: bool) -> None:
    features = {name: Feature(name=name, attributes={"price": 1}) for name in ("a", "b", "off")}
    model = FeatureModel(root="a", features=features, groups=(Group("a", GroupKind.OPTIONAL, ("b", "off"), 0, 2),))
    domains: dict[str, tuple[Value, ...]] = {"a": (True,), "b": (True,), "off": ()}
    assert may_become_false(model, domains, parse(rule, Place(), features)) is may_fall
