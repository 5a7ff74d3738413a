"""The exact words of reasons, conflicts and repairs, by situation."""

from __future__ import annotations

import pytest
from sarto.errors import SartoError
from sarto.solve.conflict import Conflict
from sarto.solve.reasons import Fact
from sarto.solve.resolution import resolve
from sarto.solve.soundness import model_findings
from sarto.solve.words import rule_sentence, sentence

from .lines import SHOP, model, selection


def reasons(lines: str, chosen: str) -> dict[str, str]:
    resolution = resolve(model(lines), selection(chosen))
    return {name: sentence(decision) for name, decision in resolution.decisions.items()}


def conflict(lines: str, chosen: str) -> Conflict:
    with pytest.raises(Conflict) as caught:
        resolve(model(lines), selection(chosen))
    return caught.value


def test_every_kind_of_reason_has_its_sentence() -> None:
    said = reasons(SHOP, "[select]\nreviews = true\ninvoice = true\nsimple = false")
    assert said == {
        "shop": "'shop' is the root: every product has it",
        "payment": "'shop' always has it (features.toml: features.shop.mandatory)",
        "card": "nothing asks for it",
        "invoice": "'invoice' is selected (acme.toml: select.invoice)",
        "coins": "nothing asks for it",
        "page_size": "'shop' always has it (features.toml: features.shop.mandatory)",
        "search": "'full', which is selected, is part of it",
        "simple": "'simple' is deselected (acme.toml: select.simple)",
        "full": "the constraint reviews => full (features.toml: constraints[0].rule): "
        "Reviews are found through the full-text index — 'reviews' is selected",
        "reviews": "'reviews' is selected (acme.toml: select.reviews)",
        "audit": "nothing asks for it",
    }


def test_what_the_closure_selects_says_which_rule_it_fulfils() -> None:
    said = reasons(SHOP, "")
    assert said["card"] == (
        "'payment' has at least one of 'card', 'invoice' and 'coins' (features.toml: features.payment.or) — "
        "'invoice' and 'coins' are left out"
    )


def test_a_preference_names_its_attribute() -> None:
    said = reasons(SHOP, '[select]\nsearch = true\n\n[prefer]\nminimise = ["price"]')
    assert said["simple"] == "the selection's preference over 'price'"
    assert said["card"] == "the selection's preference over 'price'"


def test_defaults_and_a_wish_for_a_value() -> None:
    lines = SHOP + "\n[features.audit]\ndefault = true\n[features.coins]\ndefault = true\n"
    said = reasons(lines, "[select]\npage_size = 50")
    assert said["coins"] == "the line's default"
    assert said["audit"] == (
        "the constraint coins => !audit (features.toml: constraints[1].rule): "
        "Coins leave no trail — 'coins' is selected"
    )
    assert said["page_size"] == "'page_size' is set to 50 (acme.toml: select.page_size)"


def test_an_impossible_selection_names_every_place_and_the_ways_back() -> None:
    found = conflict(SHOP, "[select]\nreviews = true\nsimple = true")
    assert str(found) == (
        "acme.toml: the selection is impossible, because these cannot all hold:\n"
        "  - 'reviews' is selected (acme.toml: select.reviews)\n"
        "  - 'simple' is selected (acme.toml: select.simple)\n"
        "  - 'search' has exactly one of 'simple' and 'full' (features.toml: features.search.alternative)\n"
        "  - the constraint reviews => full (features.toml: constraints[0].rule): "
        "Reviews are found through the full-text index\n"
        "to mend it, do one of these:\n"
        "  1. take back select.reviews = true (acme.toml)\n"
        "  2. take back select.simple = true (acme.toml)"
    )


def test_a_repair_proposes_another_value_for_a_typed_feature() -> None:
    found = conflict(SHOP, "[select]\nfull = true\npage_size = 300")
    assert [repair.sentence for repair in found.repairs] == [
        "change select.page_size from 300 to 200 (acme.toml)",
        "take back select.full = true (acme.toml)",
    ]


def test_a_default_takes_part_in_a_conflict() -> None:
    lines = SHOP.replace("default = 100", "default = 300")
    found = conflict(lines, "[select]\nfull = true")
    assert found.reasons[:2] == (
        "'full' is selected (acme.toml: select.full)",
        "'page_size' has its default, 300",
    )
    assert [repair.sentence for repair in found.repairs] == [
        "add select.page_size = 200 (the default is 300)",
        "take back select.full = true (acme.toml)",
    ]


def test_a_model_that_contradicts_itself_blames_no_wish() -> None:
    lines = '[features.shop]\nmandatory = ["a", "b"]\n[[constraints]]\nrule = "a => !b"\n'
    found = conflict(lines, "[select]\na = true")
    assert str(found) == (
        "acme.toml: no selection is possible: the feature model contradicts itself:\n"
        "  - 'shop' always has 'a' and 'b' (features.toml: features.shop.mandatory)\n"
        "  - the constraint a => !b (features.toml: constraints[0].rule)\n"
        "  - 'shop' is the root: every product has it"
    )


def test_findings_explain_dead_and_false_optional_features_and_redundant_constraints() -> None:
    lines = """
[features.shop]
mandatory = ["a"]
optional = ["b", "c"]
[[constraints]]
rule = "a => b"
[[constraints]]
rule = "c => !a"
[[constraints]]
rule = "c => b"
"""
    found = [(finding.severity.value, finding.what, finding.because) for finding in model_findings(model(lines))]
    always = "'shop' always has 'a' (features.toml: features.shop.mandatory)"
    assert [(severity, what) for severity, what, _ in found] == [
        ("error", "feature 'c' is dead: no configuration has it"),
        ("warning", "feature 'b' is false-optional: every configuration with 'shop' has it"),
        ("warning", "the constraint c => b is redundant: the rest of the model already implies it"),
    ]
    assert always in found[0][2]
    assert "the constraint c => !a (features.toml: constraints[1].rule)" in found[0][2]
    assert set(found[1][2]) == {always, "the constraint a => b (features.toml: constraints[0].rule)"}


def test_what_an_open_feature_needs_follows_it_and_is_no_choice_of_its_own() -> None:
    resolution = resolve(model(SHOP), selection('[open]\nfeatures = ["search"]'))
    assert resolution.open == ("search",)
    assert resolution.follows == ("simple",)
    assert resolution.configuration["search"] is False
    assert resolution.configuration["simple"] is False
    assert resolution.configuration["full"] is False
    assert "'simple' is in wherever 'search' is on" in [rule_sentence(rule.origin) for rule in resolution.residual]


def test_what_follows_an_open_feature_is_told_to_turn_with_it_where_the_rules_alone_would_need_a_search() -> None:
    lines = '[features.shop]\noptional = ["post", "mail"]\n[features.post]\nmandatory = ["stamps"]\n'
    lines += '[[constraints]]\nrule = "post | mail | stamps"\n'
    resolution = resolve(model(lines), selection('[open]\nfeatures = ["mail"]'))
    assert (resolution.open, resolution.follows) == (("mail",), ("post", "stamps"))
    turning = [rule for rule in resolution.residual if Fact("mail", True) in rule.any][1:]
    assert {rule.any[1] for rule in turning} == {Fact("post", True), Fact("stamps", True)}
    assert {rule_sentence(rule.origin) for rule in turning} == {
        "the constraint post | mail | stamps (features.toml: constraints[0].rule)"
    }


def test_conflicts_that_have_nothing_to_do_with_each_other_are_all_told() -> None:
    found = conflict(SHOP, "[select]\nreviews = true\nsimple = true\ncoins = true\naudit = true")
    assert len(found.conflicts) == 2
    assert str(found).count("these cannot all hold:") == 1
    assert "and neither can these:\n  - 'coins' is selected (acme.toml: select.coins)" in str(found)
    assert all(len(repair.changes) == 2 for repair in found.repairs)


def test_what_an_open_feature_would_need_is_there_for_its_sake() -> None:
    lines = '[features.shop]\noptional = ["invoice", "accounts"]\n[[constraints]]\nrule = "invoice => accounts"\n'
    resolution = resolve(model(lines), selection('[open]\nfeatures = ["invoice"]'))
    assert resolution.configuration == {"shop": True, "invoice": False, "accounts": True}
    assert sentence(resolution.decisions["accounts"]) == (
        "'invoice', which is left open, needs it: "
        "the constraint invoice => accounts (features.toml: constraints[0].rule)"
    )


def test_a_repair_writes_a_name_as_a_selection_has_to() -> None:
    lines = SHOP.replace("default = 100", "default = 300").replace(
        'rule = "full => page_size', "rule = 'full => page_size"
    )
    lines = lines.replace('<= 200"', "<= 200'").replace("[features.page_size]", '[features."page size"]')
    lines = lines.replace("'full => page_size", '\'full => "page size"').replace("page_size", "page size")
    found = conflict(lines, "[select]\nfull = true")
    assert found.repairs[0].sentence == 'add select."page size" = 200 (the default is 300)'


def test_a_name_that_needs_quotes_is_written_so_that_it_can_be_pasted_back() -> None:
    lines = """[features.shop]
optional = ["v1.2 # beta", "x.y"]
[[constraints]]
rule = '"v1.2 # beta" => x.y'
"""
    found = conflict(lines, '[select]\n"v1.2 # beta" = true\n"x.y" = false')
    assert 'the constraint "v1.2 # beta" => x.y (features.toml: constraints[0].rule)' in str(found)
    assert found.repairs[0].sentence == 'take back select."v1.2 # beta" = true (acme.toml)'
    typed = lines.replace("[[c", '[features."x.y"]\ntype = "integer"\n[[c')
    with pytest.raises(SartoError) as error:
        resolve(model(typed), selection('[select]\n"v1.2 # beta" = true'))
    assert error.value.hint == 'say which: "x.y" = … under [select]'
