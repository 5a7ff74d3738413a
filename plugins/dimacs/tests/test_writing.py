"""What is written has the model's configurations, each once, and is read back with the same."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pysat.formula import CNF
from pysat.solvers import Solver
from sarto.errors import Place, SartoError
from sarto.model.evaluation import is_valid
from sarto.model.expression import (
    Aggregate,
    And,
    Compare,
    Expression,
    FeatureReference,
    Iff,
    Implies,
    Not,
    Number,
    Or,
)
from sarto.model.feature import Constraint, Feature, Group, GroupKind, ValueType
from sarto.model.feature_model import FeatureModel
from sarto_dimacs.reading import read_text
from sarto_dimacs.writing import write

NAMES = ["shop", "a", "b c", "ü", "auxiliary_8", "root", "variable_7"]


def expressions(names: list[str]) -> st.SearchStrategy[Expression]:
    prices: st.SearchStrategy[Expression] = st.builds(
        Compare, st.sampled_from(["<", ">=", "=="]), st.just(Aggregate("sum", "price")), st.integers(0, 9).map(Number)
    )
    return st.recursive(
        st.sampled_from(names).map(FeatureReference) | prices,
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
def models(draw: st.DrawFn) -> FeatureModel:
    names = NAMES[: draw(st.integers(1, len(NAMES)))]
    groups: list[Group] = []
    placed = 1
    while placed < len(names):
        size = draw(st.integers(1, len(names) - placed))
        low = draw(st.integers(0, size))
        kind = draw(st.sampled_from(list(GroupKind)))
        members = tuple(names[placed : placed + size])
        parent = draw(st.sampled_from(names[:placed]))
        groups.append(Group(parent, kind, members, low, draw(st.integers(low, size))))
        placed += size
    return FeatureModel(
        root=names[0],
        features={name: Feature(name=name, attributes={"price": draw(st.integers(0, 4))}) for name in names},
        groups=tuple(groups),
        constraints=tuple(map(Constraint, draw(st.lists(expressions(names), max_size=3)))),
    )


def states(names: list[str]) -> Iterator[dict[str, bool]]:
    for values in product([False, True], repeat=len(names)):
        yield dict(zip(names, values, strict=True))


def numbers(text: str) -> dict[str, int]:
    """The variables of the names, read in another way than the plugin's."""
    lines = [line.split(" ", 2) for line in text.splitlines() if line.startswith("c ")]
    return {words[2]: int(words[1]) for words in lines if words[1].isdigit()}


@settings(deadline=None)
@given(models())
def test_each_configuration_is_one_solution_for_another_reader_of_the_format(model: FeatureModel) -> None:
    text = write(model)
    variables = numbers(text)
    assert variables.keys() == model.features.keys()
    with Solver("m22", bootstrap_with=CNF(from_string=text)) as solver:
        for state in states(list(model.features)):
            given = [variables[name] if value else -variables[name] for name, value in state.items()]
            assert sum(1 for _ in solver.enum_models(assumptions=given)) == is_valid(model, state)


@settings(deadline=None)
@given(models())
def test_what_is_written_reads_back_with_the_same_configurations(model: FeatureModel) -> None:
    found = read_text(write(model), strict=True).model
    added = [name for name in found.features if name not in model.features]
    assert all(found.features[name].abstract for name in added)
    once_more = write(found)
    variables = numbers(once_more)
    with Solver("m22", bootstrap_with=CNF(from_string=once_more)) as solver:
        for state in states(list(model.features)):
            given = [variables[name] if value else -variables[name] for name, value in state.items()]
            assert solver.solve(given) == is_valid(model, state)


def test_the_text_has_the_names_and_marks_what_is_auxiliary() -> None:
    names = [f"f{number}" for number in range(6)]
    model = FeatureModel(
        root="r",
        features={name: Feature(name=name) for name in ("r", *names)},
        groups=(Group("r", GroupKind.ALTERNATIVE, tuple(names)),),
    )
    first, *lines = write(model).splitlines()
    assert first == "c The formula of a feature model: its tree, attributes, defaults, parts and reasons are not in it."
    assert lines[:7] == ["c 1 r", *(f"c {number + 2} {name}" for number, name in enumerate(names))]
    assert lines[7] == "c 8$ auxiliary_8"
    assert "1 0" in lines


def test_everything_that_has_no_place_in_a_formula_is_told_at_once() -> None:
    def feature(name: str, line: int, kind: ValueType | None = None) -> Feature:
        return Feature(name=name, type=kind, where=Place("m", line=line))

    features = [
        feature("r", 1), feature("size", 2, ValueType.INTEGER), feature("two\nlines", 3), feature(" x", 4),
        feature("title", 5, ValueType.STRING),
    ]  # fmt: skip
    names = tuple(feature.name for feature in features[1:])
    model = FeatureModel(
        root="r",
        features={feature.name: feature for feature in features},
        groups=(Group("r", GroupKind.OPTIONAL, names),),
    )
    with pytest.raises(SartoError) as caught:
        write(model)
    hint = "\n  hint: names are of one line, and have no spaces around them"
    assert [str(error) for error in caught.value.errors] == [
        "m:2: DIMACS has no values, and 'size' has the type integer",
        f"m:3: 'two\nlines' cannot name a feature in DIMACS{hint}",
        f"m:4: ' x' cannot name a feature in DIMACS{hint}",
        "m:5: DIMACS has no values, and 'title' has the type string",
    ]


def test_each_instance_is_a_feature_of_its_own() -> None:
    features = {"r": Feature(name="r"), "port": Feature(name="port", instances=(1, 2))}
    text = write(FeatureModel(root="r", features=features, groups=(Group("r", GroupKind.OPTIONAL, ("port",)),)))
    assert text.splitlines()[1:] == [
        "c 1 r", "c 2 port", "c 3 port#1", "c 4 port#2", "p cnf 4 5",
        "1 0", "-2 1 0", "-3 2 0", "-2 3 0", "-4 2 0",
    ]  # fmt: skip


def test_what_has_no_formula_is_refused_as_everywhere() -> None:
    model = FeatureModel(root="r", features={"r": Feature(name="r", instances=(0, None))})
    with pytest.raises(SartoError, match="feature 'r' may have any number of instances"):
        write(model)
