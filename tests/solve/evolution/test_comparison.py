"""What an edit is, and what differs: by situation, word for word."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sarto.errors import SartoError
from sarto.model.feature import GroupKind
from sarto.model.feature_model import FeatureModel
from sarto.model.grammar import write
from sarto.solve.evolution.comparison import Comparison, Edit, compare
from sarto.solve.evolution.moves import Moved, Spot
from sarto.solve.evolution.words import decisions_in_words, spot_in_words, why_lacking

from ...strategies import models
from ..lines import SHOP, model

patient = settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))


def edit(*replacements: tuple[str, str], more: str = "") -> Comparison:
    """The shop after some of its text is replaced and more is added at the end."""
    text = SHOP
    for old, new in replacements:
        assert old in text
        text = text.replace(old, new)
    return compare(model(SHOP), model(text + more))


def gone(comparison: Comparison) -> list[str]:
    assert comparison.lost is not None
    return [decisions_in_words(comparison.lost.telling), *why_lacking(comparison.lost, comparison.new)]


def new(comparison: Comparison) -> list[str]:
    assert comparison.gained is not None
    return [decisions_in_words(comparison.gained.telling), *why_lacking(comparison.gained, comparison.old)]


@patient
@given(models(most=7, arithmetic=True, typed=True))
def test_a_model_is_no_edit_of_itself(same: FeatureModel) -> None:
    found = compare(same, same)
    assert found.edit is Edit.REFACTORING
    assert not found.differences.moved
    assert not found.differences.changed


@patient
@given(models(most=5), models(most=5), st.data())
def test_an_edit_undone_is_the_opposite_edit(one: FeatureModel, other: FeatureModel, data: st.DataObject) -> None:
    opposite = {Edit.GENERALISATION: Edit.SPECIALISATION, Edit.SPECIALISATION: Edit.GENERALISATION}
    there, back = compare(one, other).edit, compare(other, one).edit
    assert back is opposite.get(there, there)


def test_an_optional_feature_more_is_a_generalisation() -> None:
    found = edit(('"audit"]', '"audit", "tour"]'))
    assert found.edit is Edit.GENERALISATION
    assert new(found) == ["'tour' is selected", "there is no feature 'tour'"]
    assert found.differences.added == ("tour",)


def test_a_mandatory_feature_more_changes_every_product() -> None:
    found = edit(('mandatory = ["payment"', 'mandatory = ["tax", "payment"'))
    assert found.edit is Edit.ARBITRARY
    assert gone(found) == [
        "'tax' is left out",
        "'shop' always has 'tax', 'payment' and 'page_size' (features.toml: features.shop.mandatory)",
    ]


def test_an_abstract_feature_more_is_a_refactoring() -> None:
    found = edit(('optional = ["search", "reviews", ', 'optional = ["content", '), more=ABSTRACT)
    assert found.edit is Edit.REFACTORING
    assert found.differences.moved == (
        Moved(("search", "reviews"), Spot("shop", GroupKind.OPTIONAL), Spot("content", GroupKind.OR)),
    )


ABSTRACT = '\n[features.content]\nabstract = true\nor = ["search", "reviews"]\n'


def test_an_abstract_feature_that_binds_concrete_ones_is_not_overlooked() -> None:
    found = edit(
        ('optional = ["search", "reviews", ', 'optional = ["content", '), more=ABSTRACT.replace("or", "alternative")
    )
    assert found.edit is Edit.SPECIALISATION
    assert gone(found) == [
        "'search' and 'reviews' are selected",
        "'content' has exactly one of 'search' and 'reviews' (features.toml: features.content.alternative)",
    ]


def test_an_abstract_feature_that_may_be_chosen_either_way_rules_nothing_out() -> None:
    hidden = "[features.h]\nabstract = true\n[features.i]\nabstract = true\n"
    free = '[features.shop]\noptional = ["a", "b", "h", "i"]\n' + hidden
    bound = free + _rules("a => h & !i", "b => i & !h", "!a & !b => (h <=> i)")
    always = free.replace('optional = ["a", "b", "h", "i"]', 'mandatory = ["h", "i"]') + 'optional = ["a", "b"]\n'
    assert compare(model(free), model(always)).edit is Edit.REFACTORING
    found = compare(model(free), model(bound))
    assert found.edit is Edit.SPECIALISATION
    assert gone(found) == [
        "'a' and 'b' are selected",
        "the constraint a => h & !i (features.toml: constraints[0].rule)",
        "the constraint b => i & !h (features.toml: constraints[1].rule)",
    ]


def test_a_stricter_constraint_is_a_specialisation_with_the_rule_that_makes_it_one() -> None:
    found = edit(("page_size <= 200", "page_size <= 150"))
    assert found.edit is Edit.SPECIALISATION
    assert gone(found)[1:] == [
        "the constraint full => page_size <= 150 (features.toml: constraints[2].rule): "
        "The index answers at most 200 rows at once"
    ]
    [pair] = found.differences.constraints.reworded
    assert (write(pair.before.expression), write(pair.after.expression)) == (
        "full => page_size <= 200",
        "full => page_size <= 150",
    )


def test_a_wider_range_is_a_generalisation_and_the_value_says_it() -> None:
    found = edit(("maximum = 500", "maximum = 600"))
    assert found.edit is Edit.GENERALISATION
    assert found.gained is not None
    value = found.gained.telling["page_size"]
    assert new(found) == [f"'page_size' is {value}", f"{value} is above the maximum of 'page_size', 500"]
    [change] = found.differences.changed
    assert (change.feature, change.key, change.before, change.after) == ("page_size", "maximum", 500, 600)


def test_a_value_that_only_goes_with_other_decisions_is_told_with_them_and_the_rule() -> None:
    assert gone(edit(more=_rules("audit => page_size < 500"))) == [
        "'audit' is selected, 'page_size' is 500",
        "the constraint audit => page_size < 500 (features.toml: constraints[3].rule)",
    ]


def test_another_group_is_said_once_for_all_of_its_features() -> None:
    found = edit(
        ('or = ["card", "invoice", "coins"]', 'groups = [{ min = 1, max = 2, of = ["card", "invoice", "coins"] }]')
    )
    assert found.edit is Edit.SPECIALISATION
    [move] = found.differences.moved
    assert move.features == ("card", "invoice", "coins")
    assert (spot_in_words(move.before), spot_in_words(move.after)) == (
        "in an or group of 'payment'",
        "one of 1 to 2 in 'payment'",
    )


def test_a_group_that_falls_apart_moves_those_that_leave_it() -> None:
    found = edit(
        (
            'or = ["card", "invoice", "coins"]',
            'groups = [{ kind = "or", of = ["card", "invoice"] }, { kind = "or", of = ["coins"] }]',
        )
    )
    spot = Spot("payment", GroupKind.OR)
    assert found.differences.moved == (Moved(("coins",), spot, spot),)
    assert found.edit is Edit.SPECIALISATION


def test_a_renamed_feature_is_the_same_one() -> None:
    found = edit(("reviews", "opinions"), more='\n[features.opinions]\nwas = ["comments", "reviews"]\n')
    assert found.edit is Edit.REFACTORING
    assert found.differences.renamed == {"reviews": "opinions"}
    assert (found.differences.added, found.differences.removed) == ((), ())
    assert found.differences.constraints.added == ()


def test_a_feature_that_only_looks_renamed_is_another_one() -> None:
    found = edit(('"reviews", "audit"', '"review", "audit"'), ("reviews =>", "review =>"))
    assert found.edit is Edit.ARBITRARY
    assert found.differences.perhaps == {"reviews": "review"}
    assert (found.differences.added, found.differences.removed) == (("review",), ("reviews",))


def test_of_several_candidates_for_a_rename_the_most_similar_is_named() -> None:
    found = edit(
        ('"reviews", "audit"', '"review", "audits", "reviewers"'),
        ("reviews =>", "review =>"),
        ('audit"\nbec', 'audits"\nbec'),
    )
    assert found.differences.perhaps == {"reviews": "review", "audit": "audits"}


def test_a_feature_elsewhere_or_with_other_attributes_is_no_candidate_for_a_rename() -> None:
    found = edit(
        ('or = ["card", "invoice", "coins"]', 'or = ["invoice", "coins"]\noptional = ["cards"]'),
        ("[features.card]", "[features.cards]"),
    )
    assert found.differences.perhaps == {}


def test_a_feature_that_became_part_of_another_is_removed_and_the_other_named() -> None:
    found = edit(('"coins"]', "]"), ("coins =>", "invoice =>"), more='\n[features.invoice]\nwas = ["coins"]\n')
    assert found.differences.removed == ("coins",)
    assert found.differences.joined == {"coins": "invoice"}
    assert found.differences.renamed == {}


def test_the_order_of_operands_and_of_constraints_is_no_difference() -> None:
    one = '[features.shop]\noptional = ["a", "b", "c"]\n'
    first = one + _rules("a & b | c", "a + b == 1", "!(a <=> b) => c")
    second = one + _rules("!(b <=> a) => c", "c | b & a", "1 == b + a")
    found = compare(model(first), model(second)).differences.constraints
    assert (found.added, found.removed, found.reworded) == ((), (), ())


def test_a_constraint_counts_as_often_as_it_is_there_and_its_reason_belongs_to_it() -> None:
    one = '[features.shop]\noptional = ["a", "b", "c"]\n'
    found = compare(model(one + _rules("a => b", "a => b", "c")), model(one + _rules("a => b", "b => c"))).differences
    assert [write(each.expression) for each in found.constraints.removed] == ["a => b", "c"]
    assert [write(each.expression) for each in found.constraints.added] == ["b => c"]


def _rules(*rules: str) -> str:
    return "".join(f'[[constraints]]\nrule = "{rule}"\n' for rule in rules)


def test_what_is_said_of_a_feature_is_compared_key_by_key() -> None:
    found = edit(
        (
            "attributes = { price = 400 }",
            'attributes = { price = 450, size = { mb = 3 } }\nparts = ["full>=2"]\nstage = "user"',
        ),
    )
    assert [(c.key, c.before, c.after) for c in found.differences.changed] == [
        ("stage", "customer", "user"),
        ("attributes.price", 400, 450),
        ("parts", None, ["full>=2"]),
        ("attributes.size.mb", None, 3),
    ]
    assert found.edit is Edit.REFACTORING


def test_an_attribute_that_a_constraint_reads_changes_the_products() -> None:
    rule = _rules("sum(price) <= 430")
    found = compare(model(SHOP + rule), model(SHOP.replace("price = 30", "price = 40") + rule))
    assert found.edit is Edit.SPECIALISATION
    assert gone(found) == [
        "'card' and 'full' are selected",
        "the constraint sum(price) <= 430 (features.toml: constraints[3].rule)",
    ]


def test_of_a_model_that_became_void_every_product_is_gone() -> None:
    found = edit(more=_rules("!shop"))
    assert found.edit is Edit.SPECIALISATION
    assert gone(found) == ["every product", "the constraint !shop (features.toml: constraints[3].rule)"]


def test_arithmetic_that_no_formula_can_express_is_an_error_and_not_left_out() -> None:
    wide = '[features.shop]\nmandatory = ["a", "b"]\n' + "".join(
        f'[features.{name}]\ntype = "integer"\nminimum = 0\nmaximum = 100000\n' for name in "ab"
    )
    with pytest.raises(SartoError, match=r"'a \* b < 10' calculates with several values that are not decided yet"):
        compare(model(wide), model(wide + _rules("a * b < 10")))
