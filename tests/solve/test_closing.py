"""Free groups: the fewest features of every kind of group and nesting, held against trying everything out."""

from __future__ import annotations

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from sarto.model.expression import Expression, FeatureReference, Implies, Not, Or
from sarto.model.feature import Constraint, Feature, Group, GroupKind
from sarto.model.feature_model import FeatureModel
from sarto.model.selection import Selection
from sarto.solve.closing import spoken_of
from sarto.solve.reasons import Cause
from sarto.solve.resolution import resolve
from sarto.solve.words import sentence

from ..strategies import configurations, models


def bare(model: FeatureModel) -> FeatureModel:
    """The same tree, with nothing said of any feature."""
    features = {name: type(feature)(name=name) for name, feature in model.features.items()}
    return FeatureModel(root=model.root, features=features, groups=model.groups)


@st.composite
def constrained(draw: st.DrawFn) -> FeatureModel:
    """A tree with constraints between some of its features, and nothing else said of any."""
    model = bare(draw(models(most=8)))
    one = st.sampled_from(sorted(model.features)).map(FeatureReference)
    rules: st.SearchStrategy[Expression] = st.one_of(
        st.builds(Implies, one, one), st.builds(Implies, one, one.map(Not)), st.tuples(one, one).map(Or)
    )
    constraints = tuple(map(Constraint, draw(st.lists(rules, min_size=1, max_size=2))))
    return FeatureModel(root=model.root, features=model.features, groups=model.groups, constraints=constraints)


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(constrained())
def test_groups_partly_in_constraints_take_the_fewest_features_and_of_as_many_the_earlier_ones(
    model: FeatureModel,
) -> None:
    order = list(model.preorder())
    found = [[value is not False for value in map(c.__getitem__, order)] for c in configurations(model)]
    assume(found)
    decisions = resolve(model, Selection(line="", customer="")).decisions
    fewest = min(map(sum, found))
    assert [d.is_selected for d in decisions.values()] == max(c for c in found if sum(c) == fewest)
    for decision in decisions.values():
        assert all(decisions[fact.feature].is_selected is fact.value for fact in decision.reason.premises)


def test_a_free_member_is_in_because_all_others_of_its_group_are_out() -> None:
    names = ("r", "x", "a", "b", "b1", "c")
    model = FeatureModel(
        root="r",
        features={name: Feature(name=name) for name in names},
        groups=(
            Group(parent="r", kind=GroupKind.ALTERNATIVE, members=("x", "b", "a", "c"), minimum=1, maximum=1),
            Group(parent="b", kind=GroupKind.MANDATORY, members=("b1",), minimum=1, maximum=1),
        ),
        constraints=(Constraint(Not(FeatureReference("x"))),),
    )
    selection = Selection(line="", customer="")
    assert spoken_of(model, selection) == ["r", "x"]
    decisions = resolve(model, selection).decisions
    assert {name: (decision.value, sentence(decision)) for name, decision in decisions.items()} == {
        "r": (True, "'r' is the root: every product has it"),
        "x": (False, "the constraint !x"),
        "b": (False, "nothing asks for it"),
        "b1": (False, "it is part of 'b', which is left out"),
        "a": (True, "'r' has exactly one of 'x', 'b', 'a' and 'c' — 'x', 'b' and 'c' are left out"),
        "c": (False, "nothing asks for it"),
    }


@settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.builds(bare, models(most=9)))
def test_a_tree_of_which_nothing_is_said_takes_the_fewest_features_and_of_as_many_the_earlier_ones(
    model: FeatureModel,
) -> None:
    selection = Selection(line="", customer="")
    assert spoken_of(model, selection) == [model.root]
    resolution = resolve(model, selection)
    found = [[value is not False for value in map(c.__getitem__, model.preorder())] for c in configurations(model)]
    fewest = min(map(sum, found))
    assert [d.is_selected for d in resolution.decisions.values()] == max(c for c in found if sum(c) == fewest)
    for index, decision in enumerate(resolution.decisions.values()):
        if len({c[index] for c in found}) == 1:
            assert decision.reason.cause is Cause.CONSEQUENCE
