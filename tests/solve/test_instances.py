"""Feature cardinalities: analyses and counts against all trees of instances of the model as written."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import product

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from sarto.errors import SartoError
from sarto.model.evaluation import evaluate
from sarto.model.expression import (
    Aggregate,
    And,
    Compare,
    Expression,
    Number,
    features_in,
)
from sarto.model.feature import Constraint, Feature
from sarto.model.feature_model import FeatureModel
from sarto.model.instances import MOST_FEATURES, expanded
from sarto.model.toml_line import read_line
from sarto.solve.analysis import analyse, core_and_dead, redundant_constraints
from sarto.solve.counting import count

from ..strategies import logical, trees

MANY = 1500
"""Models with more trees than this before constraints are not tried out."""

Inside = tuple[tuple[str, tuple["Inside", ...]], ...]
"""What one instance has: each child that is there, with what each of its instances has."""


class TooManyError(Exception):
    """There are too many trees to try them all."""


def is_several(model: FeatureModel, name: str) -> bool:
    return model.features[name].instances not in (None, (0, 1), (1, 1))


def insides(model: FeatureModel, name: str) -> list[Inside]:
    """Everything that one instance of the feature can have below it, constraints left aside."""
    choices: list[list[Inside]] = []
    for group in model.groups_under(name):
        options: list[Inside] = []
        for states in product([False, True], repeat=len(group.members)):
            if group.minimum <= sum(states) <= group.maximum:
                taken = [member for member, is_on in zip(group.members, states, strict=True) if is_on]
                options += product(*([(member, each) for each in occurrences(model, member)] for member in taken))
        choices.append(options)
    found: list[Inside] = []
    for parts in product(*choices):
        found.append(tuple(pair for part in parts for pair in part))
        if len(found) > MANY:
            raise TooManyError
    return found


def occurrences(model: FeatureModel, name: str) -> list[tuple[Inside, ...]]:
    """All ways in which a feature that is there can be there: one instance or several, each configured."""
    below = insides(model, name)
    if not is_several(model, name):
        return [(each,) for each in below]
    low, high = model.features[name].instances or (1, 1)
    numbers = range(max(low, 1), (high or 0) + 1)
    if sum(len(below) ** n for n in numbers) > MANY:
        raise TooManyError
    return [each for n in numbers for each in product(below, repeat=n)]


def nodes(inside: Inside, only: str | None = None) -> int:
    """How many instances of features there are, all or ``only`` those at and below a feature."""
    total = 0
    for name, each in inside:
        for below in each:
            total += 1 + nodes(below) if only in (None, name) else nodes(below, only)
    return total


def present(inside: Inside) -> set[str]:
    return {name for name, _ in inside}.union(*(present(below) for _, each in inside for below in each))


def places(inside: Inside, path: tuple[str, ...]) -> Iterator[Inside]:
    """The instances of the last feature of the path, inside those of the ones before it."""
    if not path:
        yield inside
        return
    for name, each in inside:
        for below in each:
            if name == path[0]:
                yield from places(below, path[1:])
            elif name not in path:
                yield from places(below, path)


def path_to(model: FeatureModel, name: str) -> list[str]:
    found = []
    parent = model.parent_of(name)
    while parent is not None:
        if is_several(model, parent):
            found.append(parent)
        parent = model.parent_of(parent)
    return found[::-1]


def keeps(model: FeatureModel, tree: Inside, expression: Expression) -> bool:
    paths = [path_to(model, name) for name in features_in(expression)]
    shared: list[str] = []
    for step in zip(*paths, strict=False):
        if len(set(step)) > 1:
            break
        shared.append(step[0])
    return all(truth(model, tree, place, expression) for place in places(tree, tuple(shared)))


def truth(model: FeatureModel, tree: Inside, place: Inside, expression: Expression) -> bool:
    """In one place; where nothing is shared, the root is there, too. Every feature has the price 1."""
    there = present(place) | ({model.root} if place is tree else set())
    match expression:
        case And((logic, Compare(operator, Aggregate(under=under), Number(limit)))):
            whole = under in (None, model.root)
            total = 1 + nodes(tree) if whole else nodes(place, under)
            asked = Compare(operator, Number(total), Number(limit))
            return truth(model, tree, place, logic) and evaluate(asked, {})
        case _:
            return evaluate(expression, dict.fromkeys(there, True))


@st.composite
def models(draw: st.DrawFn) -> FeatureModel:
    names, groups = draw(trees(6))
    cardinalities = st.sampled_from([None, (0, 1), (1, 1), (0, 2), (1, 2), (2, 2), (2, 3), (0, 0), (1, 3)])
    features = {
        name: Feature(name=name, instances=draw(cardinalities) if name != "f0" else None, attributes={"price": 1})
        for name in names
    }
    constraints = draw(st.lists(logical(names), max_size=3))
    if draw(st.booleans()):
        under = draw(st.none() | st.sampled_from(names))
        number = Number(draw(st.integers(0, 8)))
        constraints.append(And((draw(logical(names)), Compare("<=", Aggregate("sum", "price", under), number))))
    return FeatureModel(
        root="f0", features=features, groups=tuple(groups),
        constraints=tuple(Constraint(expression) for expression in constraints),
    )  # fmt: skip


def all_trees(model: FeatureModel) -> list[Inside]:
    try:
        unbound = insides(model, model.root)
    except TooManyError:
        assume(False)
    return [tree for tree in unbound if all(keeps(model, tree, each.expression) for each in model.constraints)]


@settings(max_examples=80, deadline=None)
@given(models())
def test_every_number_and_verdict_is_that_of_the_trees_of_instances(model: FeatureModel) -> None:
    found = all_trees(model)
    assert count(model) == len(found)
    analysis = analyse(model)
    assert (analysis.features, analysis.constraints) == (len(model.features), len(model.constraints))
    assert analysis.void == (not found)
    if not found:
        assert core_and_dead(model) is None
        return
    there = [present(tree) | {model.root} for tree in found]
    core, dead = set.intersection(*there), set(model.features).difference(*there)
    assert (set(analysis.core), set(analysis.dead)) == (core, dead)
    assert core_and_dead(model) == (frozenset(core), frozenset(dead))
    assert set(analysis.false_optional) == false_optional(model, found, dead)


def false_optional(model: FeatureModel, found: list[Inside], dead: set[str]) -> set[str]:
    """Not mandatory by its group and not dead, yet every instance of its parent has it."""
    result = set()
    for group in model.groups:
        if group.kind.value == "mandatory":
            continue
        for name in group.members:
            parents = [below for tree in found for below in instances_of(model, tree, group.parent)]
            if name not in dead and all(any(child == name for child, _ in below) for below in parents):
                result.add(name)
    return result


def instances_of(model: FeatureModel, tree: Inside, wanted: str) -> Iterator[Inside]:
    if wanted == model.root:
        yield tree
        return
    for name, each in tree:
        for below in each:
            if name == wanted:
                yield below
            else:
                yield from instances_of(model, below, wanted)


def test_a_model_without_cardinalities_is_not_copied() -> None:
    model = line('mandatory = ["port"]')
    assert expanded(model) is model
    exactly_one = replace_instances(model, "port", (1, 1))
    assert expanded(exactly_one) is exactly_one


@pytest.mark.parametrize(("group", "number"), [("mandatory", 0), ("optional", 1)])
def test_what_has_no_instance_is_not_there(group: str, number: int) -> None:
    model = line(f'{group} = ["port"]', PORT.format(1, 2))
    assert count(replace_instances(model, "port", (0, 0))) == number


def line(features: str, rest: str = "") -> FeatureModel:
    head = '[line]\nname = "box"\nversion = "1"\nroot = "box"\n[core]\nparts = ["box"]\ncommand = "box"\n'
    text = f"{head}[features.box]\n{features}\n{rest}"
    return read_line(text, "features.toml").model


def replace_instances(model: FeatureModel, name: str, instances: tuple[int, int | None]) -> FeatureModel:
    features = {**model.features, name: replace(model.features[name], instances=instances)}
    return replace(model, features=features)


PORT = '[features.port]\ninstances = {{ min = {}, max = {} }}\noptional = ["fast"]\n'


@pytest.mark.parametrize(
    ("group", "low", "high", "number"),
    [
        ("mandatory", 2, 2, 4),  # two ports, each fast or not
        ("mandatory", 0, 2, 2 + 4),  # mandatory is at least one
        ("optional", 0, 2, 1 + 2 + 4),
        ("optional", 2, 3, 1 + 4 + 8),
        ("optional", 0, 1, 1 + 2),
        ("mandatory", 0, 1, 2),
    ],
)  # fmt: skip
def test_the_group_says_whether_and_the_cardinality_how_many(group: str, low: int, high: int, number: int) -> None:
    assert count(line(f'{group} = ["port"]', PORT.format(low, high))) == number


def test_a_constraint_below_one_feature_holds_in_each_of_its_instances() -> None:
    rest = '[features.port]\ninstances = { min = 1, max = 2 }\noptional = ["fast", "safe"]\n'
    assert count(line('optional = ["port"]', rest)) == 1 + 4 + 16
    assert count(line('optional = ["port"]', rest + '[[constraints]]\nrule = "fast => safe"')) == 1 + 3 + 9


def test_outside_a_name_means_that_some_instance_has_it() -> None:
    rest = PORT.format(1, 2) + '[[constraints]]\nrule = "switch <=> fast"'
    assert count(line('mandatory = ["port"]\noptional = ["switch"]', rest)) == 2 + 4


def test_a_sum_is_over_all_instances() -> None:
    rest = PORT.format(1, 3) + "[features.fast]\nattributes = { price = 5 }\n"
    rule = '[[constraints]]\nrule = "sum(price) <= 5"'
    assert count(line('mandatory = ["port"]', rest + rule)) == 2 + 3 + 4


@pytest.mark.parametrize(
    ("rule", "message"),
    [
        ("speed > 2 & extra", "'speed' may be there several times, so it has no one value here"),
        ("port.price > 2", "'port' may be there several times, so it has no one attribute 'price' here"),
    ],
)
def test_the_one_value_of_what_is_there_several_times_is_an_error_with_its_place(rule: str, message: str) -> None:
    rest = (
        '[features.port]\ninstances = { min = 1, max = 2 }\nmandatory = ["speed"]\nattributes = { price = 3 }\n'
        f'[features.speed]\ntype = "integer"\nminimum = 1\nmaximum = 3\n[[constraints]]\nrule = "{rule}"'
    )
    with pytest.raises(SartoError) as caught:
        analyse(line('mandatory = ["port"]\noptional = ["extra"]', rest))
    assert str(caught.value) == (
        f"features.toml: constraints[0].rule: {message}\n"
        "  hint: use sum(…) over all instances, or name only features below the same instance"
    )


def test_inside_an_instance_a_value_is_its_own() -> None:
    rest = (
        '[features.port]\ninstances = { min = 1, max = 2 }\nmandatory = ["speed"]\noptional = ["fan"]\n'
        '[features.speed]\ntype = "integer"\nminimum = 1\nmaximum = 3\n[[constraints]]\nrule = "speed < 4 => fan"'
    )
    model = line('mandatory = ["port"]', rest)
    assert count(model) == 2
    assert analyse(model).false_optional == ("fan",)


def test_no_upper_bound_is_an_error_with_its_place() -> None:
    rest = "[features.port]\ninstances = { min = 1 }"
    with pytest.raises(SartoError) as caught:
        analyse(line('mandatory = ["port"]', rest))
    assert str(caught.value) == (
        "features.toml: features.port: feature 'port' may have any number of instances, so not all cases can be "
        "looked at\n  hint: give its cardinality an upper bound"
    )


def test_a_name_that_an_instance_needs_is_an_error() -> None:
    with pytest.raises(SartoError) as caught:
        analyse(line('mandatory = ["port", "port#2"]', PORT.format(1, 2)))
    assert "the name 'port#2' is that of an instance, too" in str(caught.value)


@pytest.mark.parametrize("most", [MOST_FEATURES, 10**9])
def test_too_many_instances_are_an_error_before_they_are_made(most: int) -> None:
    with pytest.raises(SartoError) as caught:
        analyse(line('mandatory = ["port"]', PORT.format(1, most)))
    assert f"the model has more than {MOST_FEATURES} features" in str(caught.value)


def test_redundant_constraints_are_refused_rather_than_guessed() -> None:
    with pytest.raises(SartoError, match="several instances"):
        redundant_constraints(line('mandatory = ["port"]', PORT.format(1, 2)))
