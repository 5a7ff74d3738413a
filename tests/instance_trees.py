"""Random small models with feature cardinalities, and all trees of instances that each allows: an oracle by itself."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

from hypothesis import assume
from hypothesis import strategies as st
from sarto.model.evaluation import evaluate
from sarto.model.expression import Aggregate, And, Compare, Expression, Number, features_in
from sarto.model.feature import Constraint, Feature
from sarto.model.feature_model import FeatureModel

from .strategies import logical, trees

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


def configurations(model: FeatureModel) -> list[frozenset[str]]:
    """The features of each configuration, by the names of the instances where these are written out."""
    return [frozenset(_with_prefixes({model.root, *_named(model, tree, "")})) for tree in all_trees(model)]


def _named(model: FeatureModel, inside: Inside, suffix: str) -> Iterator[str]:
    for name, each in inside:
        for number, below in enumerate(each, 1):
            own = suffix
            if is_several(model, name):
                own = f"{suffix}.{number}" if suffix else f"#{number}"
            yield name + own
            yield from _named(model, below, own)


def _with_prefixes(names: set[str]) -> Iterator[str]:
    """Where ``pin#1.2`` is there, there is a ``pin#1`` and a ``pin``."""
    for name in names:
        head, _, number = name.partition("#")
        numbers = number.split(".") if number else []
        yield head
        yield from (f"{head}#{'.'.join(numbers[:length])}" for length in range(1, len(numbers) + 1))
