"""Models of a size and shape that no person draws, but a generator does: answered, or refused with a place."""

from __future__ import annotations

from itertools import pairwise

import pytest
from sarto.errors import Place, SartoError
from sarto.model.expression import (
    And,
    Arithmetic,
    Compare,
    Expression,
    FeatureReference,
    Iff,
    Implies,
    Not,
    Number,
    Or,
)
from sarto.model.feature import Constraint, Feature, Group, GroupKind
from sarto.model.feature_model import FeatureModel
from sarto.model.selection import Selection, Wish
from sarto.solve.analysis import analyse
from sarto.solve.atomic_sets import atomic_sets
from sarto.solve.conflict import Conflict
from sarto.solve.resolution import resolve


def features(*names: str) -> dict[str, Feature]:
    return {name: Feature(name=name) for name in names}


def test_what_never_leaves_its_parent_alone_is_found_in_a_deep_chain() -> None:
    names = [f"c{number}" for number in range(1501)]
    groups = tuple(
        Group(parent=upper, kind=GroupKind.OPTIONAL, members=(lower,), minimum=0, maximum=1)
        for upper, lower in pairwise(names)
    )
    rules = [Implies(FeatureReference(names[i]), FeatureReference(names[i + 1])) for i in range(10, 1500, 10)]
    rules.append(Implies(FeatureReference("c1500"), FeatureReference("c3")))
    constraints = tuple(map(Constraint, rules))
    analysis = analyse(FeatureModel(root="c0", features=features(*names), groups=groups, constraints=constraints))
    assert set(analysis.false_optional) == {f"c{i + 1}" for i in range(10, 1500, 10)}
    assert (analysis.core, analysis.dead) == (("c0",), ())


@pytest.mark.parametrize("is_denied", [False, True])
def test_a_choice_among_thousands_of_pairs_is_decided(is_denied: bool) -> None:
    names = [f"f{number}" for number in range(10_000)]
    pairs = [
        And((FeatureReference(left), FeatureReference(right)))
        for left, right in zip(names[::2], names[1::2], strict=True)
    ]
    rule = Not(And(tuple(map(Not, pairs)))) if is_denied else Or(tuple(pairs))
    group = Group(parent="R", kind=GroupKind.OPTIONAL, members=tuple(names), minimum=0, maximum=len(names))
    model = FeatureModel(root="R", features=features("R", *names), groups=(group,), constraints=(Constraint(rule),))
    found = resolve(model, Selection(line="", customer="", wishes={"f7": Wish("f7", True, Place())}))
    configuration = found.configuration
    selected = [number for number, name in enumerate(names) if configuration[name]]
    assert len(selected) in (2, 3)
    assert any(number % 2 == 0 and number + 1 in selected for number in selected)


def test_equivalences_in_a_row_do_not_double_the_work_one_by_one() -> None:
    names = [f"f{number}" for number in range(3_000)]
    one = list(map(FeatureReference, names))
    row: Expression = one[0]
    for each in one[1:]:
        row = Iff(row, each)
    group = Group(parent="R", kind=GroupKind.OPTIONAL, members=tuple(names), minimum=0, maximum=len(names))
    all_but_two = [Constraint(each) for each in one[2:]]
    rules = (Constraint(row), *all_but_two, Constraint(Not(one[1])))
    analysis = analyse(FeatureModel(root="R", features=features("R", *names), groups=(group,), constraints=rules))
    assert (set(analysis.core), analysis.dead) == ({"R", *names[2:]}, ("f0", "f1"))  # an even number is out


def test_those_that_go_together_are_told_from_those_of_which_one_draws_the_other() -> None:
    names = [f"f{number:04}" for number in range(3_000)]
    one = list(map(FeatureReference, names))
    drawn: list[Expression] = [Implies(one[i], Or((one[i + 1], one[(i + 7) % 2_900]))) for i in range(2_900)]
    same: list[Expression] = [Iff(one[i], one[i + 1]) for i in range(2_901, 2_999, 2)]
    group = Group(parent="R", kind=GroupKind.OPTIONAL, members=tuple(names), minimum=0, maximum=len(names))
    constraints = tuple(map(Constraint, drawn + same))
    model = FeatureModel(root="R", features=features("R", *names), groups=(group,), constraints=constraints)
    assert atomic_sets(model) == tuple((names[i], names[i + 1]) for i in range(2_901, 2_999, 2))


def test_of_very_many_conflicts_the_first_are_told_with_one_repair_of_all() -> None:
    names = [f"f{number}" for number in range(60)]
    group = Group(parent="R", kind=GroupKind.ALTERNATIVE, members=tuple(names), minimum=1, maximum=1)
    model = FeatureModel(root="R", features=features("R", *names), groups=(group,))
    wishes = {name: Wish(name, True, Place("s.toml", f"select.{name}")) for name in names}
    with pytest.raises(Conflict) as caught:
        resolve(model, Selection(line="", customer="", wishes=wishes))
    assert (len(caught.value.conflicts), caught.value.is_complete) == (20, False)
    (repair,) = caught.value.repairs
    assert len(repair.changes) == 59
    lines = str(caught.value).splitlines()
    assert lines[-3:-1] == ["and there are more conflicts than these 20", "to mend it, do one of these:"]


def counted(size: int, minimum: int, maximum: int) -> FeatureModel:
    names = [f"f{number}" for number in range(size)]
    where = Place("features.toml", "features.R.groups[0]")
    group = Group(
        parent="R", kind=GroupKind.CARDINALITY, members=tuple(names), minimum=minimum, maximum=maximum, where=where
    )
    rule = Implies(FeatureReference("f0"), Not(FeatureReference("f1")))
    return FeatureModel(root="R", features=features("R", *names), groups=(group,), constraints=(Constraint(rule),))


def test_a_group_with_more_to_count_than_can_be_is_refused_with_its_place() -> None:
    with pytest.raises(SartoError) as caught:
        resolve(counted(10_000, 2, 5_000), Selection(line="", customer=""))
    assert str(caught.value) == (
        "features.toml: features.R.groups[0]: a group of 10,000 features, of which 2 to 5,000 can be selected, "
        "is beyond what Sarto counts"
        "\n  hint: part it into groups of fewer features, or bring its bounds nearer to none or all of them"
    )


@pytest.mark.parametrize("maximum", [3, 1997, 2000])
def test_a_large_group_with_little_to_count_is_decided(maximum: int) -> None:
    wish = Wish("f0", True, Place())
    resolution = resolve(counted(2000, 2, maximum), Selection(line="", customer="", wishes={"f0": wish}))
    assert sum(resolution.configuration[f"f{number}"] is True for number in range(2000)) == 2
    assert resolution.configuration["f1"] is False


@pytest.mark.parametrize("is_right_nested", [False, True])
def test_a_sum_of_many_terms_is_decided(is_right_nested: bool) -> None:
    names = [f"f{number}" for number in range(3000)]
    group = Group(parent="R", kind=GroupKind.OPTIONAL, members=tuple(names), minimum=0, maximum=3000)
    total: Expression = FeatureReference(names[0])
    for name in names[1:]:
        term = FeatureReference(name)
        total = Arithmetic("+", term, total) if is_right_nested else Arithmetic("+", total, term)
    bound = Constraint(Compare(">=", total, Number(2)))
    model = FeatureModel(root="R", features=features("R", *names), groups=(group,), constraints=(bound,))
    assert resolve(model, Selection(line="", customer="")).selected == ("R", "f0", "f1")


def test_a_large_group_of_which_nearly_all_must_be_selected_is_decided() -> None:
    resolution = resolve(counted(400, 396, 400), Selection(line="", customer=""))
    assert [name for name, value in resolution.configuration.items() if value is False] == [
        "f1",
        "f397",
        "f398",
        "f399",
    ]


def alternative(size: int) -> FeatureModel:
    """B stands alone with the last member of an alternative; the last but one is dead, and C goes with the first."""
    names = [f"f{number}" for number in range(size)]
    groups = (
        Group(parent="R", kind=GroupKind.OPTIONAL, members=("A", "B", "C"), minimum=0, maximum=3),
        Group(parent="A", kind=GroupKind.ALTERNATIVE, members=tuple(names), minimum=1, maximum=1),
    )
    of = FeatureReference
    rules: list[Expression] = [
        Implies(of("B"), Or(tuple(map(of, names)))),
        Implies(of("B"), of(names[-1])),
        Implies(of(names[-2]), Not(of("A"))),
        Iff(of("C"), of(names[0])),
    ]
    every = features("R", "A", "B", "C", *names)
    return FeatureModel(root="R", features=every, groups=groups, constraints=tuple(map(Constraint, rules)))


def test_the_members_of_a_large_alternative_are_told_apart() -> None:
    model = alternative(1000)
    analysis = analyse(model)
    assert (analysis.core, analysis.dead, analysis.false_optional) == (("R",), ("f998",), ())
    assert atomic_sets(model) == (("C", "f0"),)
