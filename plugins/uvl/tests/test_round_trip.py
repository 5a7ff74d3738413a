"""Whatever a model says, what is written reads back equal; and what is read can be written."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
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
    Text,
)
from sarto.model.feature import Binding, Constraint, Delivery, Feature, Group, GroupKind, Stage, ValueType
from sarto.model.feature_model import FeatureModel
from sarto_uvl.reading import read_text
from sarto_uvl.writing import write

ANY = st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"], exclude_characters="\"'.")
IDS = st.text(ANY, min_size=1, max_size=6).filter(str.strip)
NAMES = st.one_of(
    st.sampled_from(["A", "B", "or", "Type", "constraints", "cardinality", "sum", "x y", "_x", "3D", "é", "#", "//"]),
    IDS,
    st.lists(IDS, min_size=2, max_size=3).map(".".join),
)  # fmt: skip
NUMBERS = st.one_of(st.integers(-(2**63), 2**63 - 1), st.floats(allow_nan=False, allow_infinity=False))
UVL_TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=["Cc"], exclude_characters="'"), min_size=1)
OWN_TEXTS = st.text(st.characters(codec="utf-8"), max_size=8)
KEYS = IDS.filter(lambda key: key not in ("abstract", "sarto"))
VALUES = st.recursive(
    st.one_of(st.booleans(), NUMBERS, UVL_TEXTS),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(IDS, inner, max_size=3),
    max_leaves=6,
)


@st.composite
def features(draw: st.DrawFn, name: str, others: Sequence[str]) -> Feature:
    kind = draw(st.none() | st.sampled_from(list(ValueType)))
    defaults: dict[Any, st.SearchStrategy[Any]] = {
        None: st.booleans(), ValueType.STRING: OWN_TEXTS, ValueType.INTEGER: st.integers(0, 9), ValueType.REAL: NUMBERS,
    }  # fmt: skip
    is_number = kind in (ValueType.INTEGER, ValueType.REAL)
    default = draw(st.none() | defaults[kind])
    bound = default if is_number and draw(st.booleans()) else None
    some = st.lists(st.sampled_from(others), max_size=2, unique=True).map(tuple) if others else st.just(())
    return Feature(
        name=name,
        summary=draw(OWN_TEXTS),
        type=kind,
        minimum=bound,
        maximum=bound,
        default=default,
        attributes={"price": draw(NUMBERS), **draw(st.dictionaries(KEYS, VALUES, max_size=3))},
        abstract=draw(st.booleans()),
        instances=draw(st.none() | st.tuples(st.integers(0, 2), st.none() | st.integers(2, 3))),
        stage=draw(st.sampled_from(list(Stage))),
        delivery=Delivery(
            parts=draw(st.sampled_from([(), ("uv>=1", "x; python_version < '3.12'")])),
            binding=draw(st.sampled_from(list(Binding))),
            setting=draw(OWN_TEXTS),
            before=draw(some),
            after=draw(some),
        ),
    )


def expressions(names: Sequence[str]) -> st.SearchStrategy[Expression]:
    feature = st.sampled_from(names)
    references = st.one_of(feature.map(FeatureReference), feature.map(lambda name: AttributeReference(name, "price")))
    leaves = st.one_of(
        references,
        NUMBERS.map(Number),
        UVL_TEXTS.map(Text),
        st.builds(Function, st.sampled_from(["len", "floor", "ceil"]), references),
        st.builds(Aggregate, st.sampled_from(["sum", "avg"]), st.just("price"), st.none() | feature),
    )
    values = st.recursive(
        leaves, lambda inner: st.builds(Arithmetic, st.sampled_from("+-*/"), inner, inner), max_leaves=3
    )
    comparisons = st.builds(Compare, st.sampled_from(["==", "!=", "<", ">", "<=", ">="]), values, values)
    return st.recursive(
        st.one_of(feature.map(FeatureReference), comparisons),
        lambda inner: st.one_of(
            inner.map(Not),
            st.lists(inner, min_size=2, max_size=3).map(tuple).map(And),
            st.lists(inner, min_size=2, max_size=3).map(tuple).map(Or),
            st.builds(Implies, inner, inner),
            st.builds(Iff, inner, inner),
        ),
        max_leaves=6,
    )


def _is_clear(names: Sequence[str]) -> bool:
    """Whether no name could be an attribute of another feature."""
    return not any(other.startswith(f"{name}.") for name in names for other in names)


@st.composite
def models(draw: st.DrawFn) -> FeatureModel:
    names = draw(st.lists(NAMES, min_size=1, max_size=6, unique=True).filter(_is_clear))
    groups: list[Group] = []
    rest = names[1:]
    while rest:
        size = draw(st.integers(1, len(rest)))
        low = draw(st.integers(0, size))
        parent = draw(st.sampled_from(names[: len(names) - len(rest)]))
        kind = draw(st.sampled_from(list(GroupKind)))
        groups.append(Group(parent, kind, tuple(rest[:size]), low, draw(st.integers(low, size))))
        rest = rest[size:]
    found = {name: draw(features(name, [other for other in names if other != name])) for name in names}
    rules = draw(st.lists(expressions(names), max_size=4))
    constraints = tuple(Constraint(rule, draw(OWN_TEXTS)) for rule in rules + rules[:1])
    return FeatureModel(root=names[0], features=found, groups=tuple(groups), constraints=constraints)


@settings(deadline=None)
@given(models())
def test_what_is_written_reads_back_equal_and_keeps_to_the_grammar(model: FeatureModel) -> None:
    text = write(model)
    assert read_text(text, strict=True).model == model
    assert write(read_text(text).model) == text


@settings(deadline=None)
@given(models(), st.sampled_from(["\r\n", "\r", " \n", "\n\n", " // x\n", " /* 'x' */\n", "\n/* x\n y */\n"]))
def test_what_is_written_can_be_laid_out_anew(model: FeatureModel, end: str) -> None:
    assert read_text(write(model).replace("\n", end), strict=True).model == model
