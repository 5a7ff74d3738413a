"""Every kind of reasoning over feature cardinalities, against the trees of instances of the model as written."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from sarto.errors import SartoError
from sarto.model.expression import Expression
from sarto.model.feature import Constraint
from sarto.model.feature_model import FeatureModel
from sarto.model.instance_wishes import of_instances, with_instances
from sarto.model.instances import expanded
from sarto.model.selection import Selection, Wish
from sarto.solve.analysis import analyse
from sarto.solve.atomic_sets import atomic_sets
from sarto.solve.commonality import commonality
from sarto.solve.conditional import conditionally_dead
from sarto.solve.configurator import Configurator
from sarto.solve.conflict import Conflict, diagnose
from sarto.solve.evolution.comparison import Edit, compare
from sarto.solve.redundancy import redundant_constraints
from sarto.solve.relaxing import relaxations
from sarto.solve.resolution import resolve
from sarto.solve.sampling.covering import covering_sample
from sarto.solve.sampling.enumeration import all_configurations
from sarto.solve.sampling.uniform import uniform_sample
from sarto.solve.soundness import defects
from sarto.solve.tautologies import tautologies

from ..instance_trees import configurations, models
from ..strategies import logical

Found = Collection[frozenset[str]]


@st.composite
def wished(draw: st.DrawFn) -> tuple[FeatureModel, FeatureModel, Selection]:
    """A model, the same with instances written out, and a selection with decisions on instances and numbers of them."""
    model = draw(models())
    written_out = expanded(model)
    names = sorted(written_out.features)
    wishes = {}
    for name in draw(st.lists(st.sampled_from(names), max_size=3, unique=True)):
        bounds = of_instances(written_out, name)
        numbers = st.sampled_from([0, *range(bounds[0], bounds[1] + 1)]) if bounds and bounds[1] else st.booleans()
        wishes[name] = Wish(name, draw(st.booleans() | numbers))
    return model, written_out, Selection(line="", customer="", wishes=wishes)


def keeps(found: frozenset[str], written_out: FeatureModel, wish: Wish) -> bool:
    if isinstance(wish.value, bool):
        return (wish.feature in found) is wish.value
    return sum(copy in found for copy in written_out.features[wish.feature].copies) == wish.value


def selected(configuration: Mapping[str, object]) -> frozenset[str]:
    return frozenset(name for name, value in configuration.items() if value is not False)


def contradictory(selection: Selection, written_out: FeatureModel) -> bool:
    try:
        with_instances(selection, written_out)
    except SartoError as error:
        return "contradicts" in str(error)
    return False


@settings(max_examples=20, deadline=None)
@given(wished())
def test_a_selection_with_instances_is_resolved_where_a_tree_of_instances_keeps_it(
    drawn: tuple[FeatureModel, FeatureModel, Selection],
) -> None:
    model, written_out, selection = drawn
    found = configurations(model)
    assume(found and not contradictory(selection, written_out))
    keeping = [each for each in found if all(keeps(each, written_out, wish) for wish in selection.wishes.values())]
    unfolded = with_instances(selection, written_out)
    assert with_instances(unfolded, written_out) == unfolded
    if keeping:
        resolution = resolve(written_out, unfolded)
        assert frozenset(resolution.selected) in set(keeping)
        assert len(resolution.selected) == min(map(len, keeping)), "the fewest features that keep it"
        return
    with pytest.raises(Conflict) as caught:
        resolve(written_out, unfolded)
    for repair in caught.value.repairs:
        given_up = {change.of.wish.feature for change in repair.changes if hasattr(change.of, "wish")}
        kept = [wish for wish in unfolded.wishes.values() if wish.feature not in given_up]
        assert any(all(keeps(each, written_out, wish) for wish in kept) for each in found)
    for conflict in diagnose(written_out, unfolded).conflicts:
        blamed = [rule.wish for rule in conflict if hasattr(rule, "wish")]
        assert not any(all(keeps(each, written_out, wish) for wish in blamed) for each in found)
        for left_out in blamed:
            others = [wish for wish in blamed if wish is not left_out]
            assert any(all(keeps(each, written_out, wish) for wish in others) for each in found)


@settings(max_examples=15, deadline=None)
@given(models())
def test_samples_are_of_the_trees_of_instances(model: FeatureModel) -> None:
    found = set(configurations(model))
    assume(0 < len(found) < 300)
    written_out = expanded(model)
    assert {selected(each) for each in all_configurations(written_out)} == found
    assert {selected(each) for each in uniform_sample(written_out, 5, seed=1).configurations} <= found
    covering = covering_sample(written_out, 1, sorted(written_out.features))
    assert {selected(each) for each in covering.configurations} <= found


@settings(max_examples=15, deadline=None)
@given(models())
def test_commonality_and_atomic_sets_are_those_of_the_trees(model: FeatureModel) -> None:
    found = configurations(model)
    shares = commonality(model).shares
    assert not found or {name: shares[name] for name in model.features} == {
        name: Fraction(sum(name in each for each in found), len(found)) for name in model.features
    }
    sets = {name: tuple(name in each for each in found) for name in model.features}
    together = {frozenset(n for n in sets if sets[n] == key) for key in sets.values() if any(key)}
    names = model.features.keys()
    written = {frozenset(names & set(each)) for each in atomic_sets(expanded(model, is_cut_off=True))}
    assert {each for each in written if len(each) > 1} == {each for each in together if len(each) > 1}


@settings(max_examples=20, deadline=None)
@given(models())
def test_redundant_constraints_are_those_without_which_the_trees_are_the_same(model: FeatureModel) -> None:
    found = set(configurations(model))
    assume(found)
    expected = [
        constraint
        for index, constraint in enumerate(model.constraints)
        if set(configurations(without(model, index))) == found
    ]
    assert list(map(id, redundant_constraints(model))) == list(map(id, expected))
    assert set(map(id, tautologies(model))) <= set(map(id, expected))


def without(model: FeatureModel, index: int) -> FeatureModel:
    return replace(model, constraints=(*model.constraints[:index], *model.constraints[index + 1 :]))


@settings(max_examples=15, deadline=None)
@given(models())
def test_a_void_model_is_mended_by_doing_without_whole_constraints_as_they_are_written(model: FeatureModel) -> None:
    assume(not configurations(model))
    for left_out in list(relaxations(expanded(model), Selection(line="", customer="")))[:3]:
        kept = tuple(each for each in model.constraints if not any(each is other for other in left_out))
        assert len(kept) + len(left_out) == len(model.constraints)
        assert configurations(replace(model, constraints=kept))


@settings(max_examples=15, deadline=None)
@given(models())
def test_every_defect_is_explained(model: FeatureModel) -> None:
    for defect in defects(model):
        assert defect.because
        assert not any("#" in sentence and "<=>" in sentence for sentence in defect.because)


@settings(max_examples=15, deadline=None)
@given(models(), st.data())
def test_decisions_are_about_any_instance(model: FeatureModel, data: st.DataObject) -> None:
    found = configurations(model)
    name, value = data.draw(st.sampled_from(sorted(model.features))), data.draw(st.booleans())
    agreeing = [each for each in found if (name in each) is value]
    dead = {each for each in model.features if not any(each in one for one in found)}
    expected = {each for each in model.features if not any(each in one for one in agreeing)} - dead
    assert set(conditionally_dead(model, {name: value})) == expected


@settings(max_examples=15, deadline=None)
@given(models(), st.data())
def test_choosing_step_by_step_shows_what_the_trees_leave(model: FeatureModel, data: st.DataObject) -> None:
    found = configurations(model)
    assume(found)
    written_out = expanded(model)
    configurator = Configurator(written_out)
    for _ in range(3):
        for name in written_out.features:
            states = {name in each for each in found}
            assert configurator.state(name) is (states.pop() if len(states) == 1 else None)
        free = configurator.free
        if not free:
            return
        name, value = data.draw(st.sampled_from(free)), data.draw(st.booleans())
        configurator.decide(name, value)
        found = [each for each in found if (name in each) is value]


@settings(max_examples=15, deadline=None)
@given(models(), st.data())
def test_an_edit_of_constraints_and_numbers_is_what_it_does_to_the_trees(
    model: FeatureModel, data: st.DataObject
) -> None:
    names = sorted(model.features)
    rule: Expression = data.draw(logical(names))
    edited = replace(model, constraints=(*model.constraints[1:], Constraint(rule)))
    several = [name for name in names if model.features[name].instances not in (None, (0, 1), (1, 1))]
    if several:
        name = data.draw(st.sampled_from(several))
        bounds = data.draw(st.sampled_from([(1, 2), (2, 2), (2, 3)]))
        changed = replace(model.features[name], instances=bounds)
        edited = replace(edited, features={**model.features, name: changed})
    old, new = set(configurations(model)), set(configurations(edited))
    edits = {
        (True, True): Edit.REFACTORING, (True, False): Edit.GENERALISATION,
        (False, True): Edit.SPECIALISATION, (False, False): Edit.ARBITRARY,
    }  # fmt: skip
    assert compare(model, edited).edit is edits[old <= new, new <= old]


@settings(max_examples=15, deadline=None)
@given(models(), st.data())
def test_without_an_upper_bound_as_many_instances_are_looked_at_as_make_a_difference(
    model: FeatureModel, data: st.DataObject
) -> None:
    """The same model with so many instances, and with one more, has the same defects as the one without a bound."""
    several = [name for name in model.features if model.features[name].instances not in (None, (0, 1), (1, 1))]
    assume(several)
    name = data.draw(st.sampled_from(several))
    least = data.draw(st.sampled_from([0, 1, 2]))
    logic = tuple(each for each in model.constraints if "Aggregate" not in repr(each.expression))
    model = replace(model, constraints=logic)

    def with_most(most: int | None) -> FeatureModel:
        instances = (least, most)
        return replace(model, features={**model.features, name: replace(model.features[name], instances=instances)})

    unbounded = with_most(None)
    number = len(expanded(unbounded, is_cut_off=True).features[name].copies)
    found = analyse(unbounded)
    for most in (number, number + 1):
        bounded = with_most(most)
        trees = configurations(bounded)
        assert found == analyse(bounded)
        names = bounded.features.keys()
        core = set.intersection(*(names & set(each) for each in trees)) if trees else set()
        assert set(found.core) == core
        assert set(found.dead) == names - set().union(*trees)
        assert together(unbounded) == together(bounded)
        assert [each.what for each in defects(unbounded)] == [each.what for each in defects(bounded)]
        redundant = [[id(each) for each in redundant_constraints(which)] for which in (unbounded, bounded)]
        assert redundant[0] == redundant[1]


def together(model: FeatureModel) -> list[list[str]]:
    """The atomic sets, without the names of instances."""
    sets = atomic_sets(expanded(model, is_cut_off=True))
    kept = ([name for name in names if name in model.features] for names in sets)
    return [names for names in kept if len(names) > 1]
