"""Feature cardinalities: analyses and counts against all trees of instances of the model as written."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from itertools import product
from operator import ge, gt, ne

import pytest
from hypothesis import given, settings
from sarto.errors import SartoError
from sarto.model.expression import Value
from sarto.model.feature_model import FeatureModel
from sarto.model.instance_wishes import with_instances
from sarto.model.instances import MOST_FEATURES, expanded
from sarto.model.selection import Selection, Wish
from sarto.model.toml_line import read_line
from sarto.solve.analysis import analyse, core_and_dead
from sarto.solve.conflict import Conflict
from sarto.solve.counting import count
from sarto.solve.resolution import resolve

from ..instance_trees import Inside, all_trees, models, present


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


SPEED = (
    '[features.port]\ninstances = { min = 1, max = 2 }\nmandatory = ["speed"]\nattributes = { price = 3 }\n'
    '[features.speed]\ntype = "integer"\nminimum = 1\nmaximum = 3\n'
    '[features.slot]\ninstances = { min = 1, max = 2 }\nmandatory = ["width"]\n'
    '[features.width]\ntype = "integer"\nminimum = 1\nmaximum = 3\n[[constraints]]\nrule = "'
)


def is_possible(model: FeatureModel, wishes: Mapping[str, Value]) -> bool:
    selection = Selection(line="", customer="", wishes={name: Wish(name, value) for name, value in wishes.items()})
    model = expanded(model)
    try:
        resolve(model, with_instances(selection, model))
    except Conflict:
        return False
    return True


def can_have(model: FeatureModel, numbers: dict[str, int], **values: tuple[int, ...]) -> bool:
    """Whether there can be so many instances, with these values in one after the other."""
    wishes: dict[str, Value] = {name: number or False for name, number in numbers.items()}
    for name, found in values.items():
        wishes |= {f"{name}#{number}": value for number, value in enumerate(found, 1)}
    return is_possible(model, wishes)


RANKS: dict[str, Callable[[int, int], bool]] = {
    "speed > width": gt,
    "speed >= width": ge,
    "speed != width": ne,
    "speed + width == 4": lambda one, other: one + other == 4,
}


@pytest.mark.parametrize("rule", RANKS)
def test_values_of_different_instances_are_compared_each_with_each(rule: str) -> None:
    model = line('mandatory = ["port", "extra"]\noptional = ["slot"]', f'{SPEED}{rule}"')
    values = [found for number in (1, 2) for found in product(range(1, 4), repeat=number)]
    for speeds, widths in product(values, [(), *values]):
        fits = all(RANKS[rule](speed, width) for speed, width in product(speeds, widths))
        assert can_have(model, {"port": len(speeds), "slot": len(widths)}, speed=speeds, width=widths) is fits


def test_values_of_different_instances_are_compared_inside_one_and_the_same_outer_instance() -> None:
    rest = (
        '[features.room]\ninstances = { min = 2, max = 2 }\nmandatory = ["door", "window"]\n'
        '[features.door]\ntype = "integer"\nminimum = 1\nmaximum = 2\ninstances = { min = 1, max = 2 }\n'
        '[features.window]\ntype = "integer"\nminimum = 1\nmaximum = 2\ninstances = { min = 1, max = 2 }\n'
        '[[constraints]]\nrule = "door <= window"'
    )
    model = line('mandatory = ["room"]', rest)
    two = list(product((1, 2), repeat=2))
    for first, second, third in product(two, two, two):
        fits = max(first) <= min(second) and max(third) <= 1
        values = dict(zip(("1.1", "1.2", "2.1", "2.2"), (*first, *third), strict=True))
        wishes = {f"door#{number}": value for number, value in values.items()}
        wishes |= {"window#1.1": second[0], "window#1.2": second[1], "window#2.1": 1}
        assert is_possible(model, wishes) is fits


def test_a_constraint_in_too_many_combinations_of_instances_is_an_error_with_its_place() -> None:
    rest = SPEED.replace("max = 2", "max = 101") + 'speed > width"'
    with pytest.raises(SartoError) as caught:
        analyse(line('mandatory = ["port", "slot"]', rest))
    assert str(caught.value) == (
        "features.toml: constraints[0].rule: it is demanded in more than 10000 combinations of instances\n"
        "  hint: lower the upper bounds of the feature cardinalities"
    )


@pytest.mark.parametrize("under", ["port", "fast"])
def test_an_average_is_over_all_instances(under: str) -> None:
    rest = (
        '[features.port]\ninstances = { min = 1, max = 3 }\noptional = ["fast"]\nattributes = { price = 1 }\n'
        "[features.fast]\ninstances = { min = 1, max = 2 }\nattributes = { price = 4 }\n"
        f'[[constraints]]\nrule = "avg(price, {under}) > 2 & box"'
    )
    ports = [fasts for number in (1, 2, 3) for fasts in product((0, 1, 2), repeat=number)]
    fitting = 0
    for fasts in ports:
        own = len(fasts) if under == "port" else 0
        number = sum(fasts) + own
        fitting += number > 0 and (4 * sum(fasts) + own) / number > 2
    assert count(line('mandatory = ["port"]', rest)) == fitting


def test_a_constraint_with_a_value_holds_in_each_instance_also_where_it_names_something_outside() -> None:
    model = line('optional = ["port", "slot", "extra"]', f'{SPEED}speed > 3 & extra"')
    assert analyse(model).dead == ("port", "speed")
    model = line('optional = ["port", "slot", "extra"]', f'{SPEED}speed > 2 & extra"')
    assert count(model) == 3 * (1 + 1) + 3 * 2, "no port with or without extra, and one port or two with it"


@pytest.mark.parametrize(
    ("rule", "number"),
    [
        ("port.price > 2", 2 * 2),  # it is there, so it has its price, once, with or without extra
        ("port.price + port.price < 4", 2),
        ("port.price == 0 | extra", 1 + 1 + 2),
        ("extra => port.kind == 'usb'", 1 + 2 * 2),
        ("extra => port.kind != 'usb'", 1 + 1 + 2),
        ("port.kind == '' | extra", 1 + 1 + 2),
    ],
)
def test_an_attribute_is_the_same_in_every_instance_and_counts_once_where_any_is_there(rule: str, number: int) -> None:
    rest = (
        "[features.port]\ninstances = { min = 1, max = 2 }\nattributes = { price = 3, kind = 'usb' }\n"
        f'[[constraints]]\nrule = "{rule}"'
    )
    assert count(line('optional = ["port", "extra"]', rest)) == number


def test_inside_an_instance_a_value_is_its_own() -> None:
    rest = (
        '[features.port]\ninstances = { min = 1, max = 2 }\nmandatory = ["speed"]\noptional = ["fan"]\n'
        '[features.speed]\ntype = "integer"\nminimum = 1\nmaximum = 3\n[[constraints]]\nrule = "speed < 4 => fan"'
    )
    model = line('mandatory = ["port"]', rest)
    assert count(model) == 2
    assert analyse(model).false_optional == ("fan",)


def test_what_has_no_number_is_not_counted() -> None:
    rest = "[features.port]\ninstances = { min = 1 }"
    with pytest.raises(SartoError) as caught:
        count(line('mandatory = ["port"]', rest))
    assert str(caught.value) == (
        "features.toml: features.port: feature 'port' may have any number of instances, so not all cases can be "
        "looked at\n  hint: give its cardinality an upper bound"
    )


def test_averages_over_any_number_of_instances_are_an_error_also_in_analyses() -> None:
    rest = (
        '[features.port]\ninstances = { min = 1 }\noptional = ["fast"]\n[features.fast]\nattributes = { price = 5 }\n'
    )
    assert analyse(line('mandatory = ["port"]', rest)).core == ("box", "port")
    sums = f'{rest}[[constraints]]\nrule = "sum(price) >= 20"'
    assert analyse(line('mandatory = ["port"]', sums)).core == ("box", "fast", "port")
    with pytest.raises(SartoError, match="'port' may have any number of instances"):
        analyse(line('mandatory = ["port"]', f'{rest}[[constraints]]\nrule = "avg(price) < 20"'))


def test_a_name_that_an_instance_needs_is_an_error() -> None:
    with pytest.raises(SartoError) as caught:
        analyse(line('mandatory = ["port", "port#2"]', PORT.format(1, 2)))
    assert "the name 'port#2' is that of an instance, too" in str(caught.value)


@pytest.mark.parametrize("most", [MOST_FEATURES, 10**9])
def test_too_many_instances_are_an_error_before_they_are_made(most: int) -> None:
    with pytest.raises(SartoError) as caught:
        analyse(line('mandatory = ["port"]', PORT.format(1, most)))
    assert f"the model has more than {MOST_FEATURES} features" in str(caught.value)


def test_a_default_inside_an_instance_counts_where_it_is_there_and_makes_no_more_instances() -> None:
    rest = PORT.format(1, 3) + "[features.fast]\ndefault = true\n"
    written_out = expanded(line('mandatory = ["port"]', rest))
    alone = Selection(line="", customer="")
    assert resolve(written_out, alone).selected == ("box", "port", "port#1", "fast#1", "fast")
    two = with_instances(replace(alone, wishes={"port": Wish("port", 2)}), written_out)
    assert set(resolve(written_out, two).selected) >= {"fast#1", "fast#2"}
    assert "port#3" not in resolve(written_out, two).selected


def test_what_is_preferred_is_added_up_over_the_instances() -> None:
    rest = PORT.format(1, 3) + "[features.fast]\nattributes = { speed = 5 }\n"
    written_out = expanded(line('mandatory = ["port"]', rest))
    most = Selection(line="", customer="", maximise=("speed",))
    assert set(resolve(written_out, most).selected) >= {"fast#1", "fast#2", "fast#3"}
