"""What becomes of a selection in another version of its line: by situation, word for word."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sarto.model.line import LineDescription
from sarto.model.toml_line import read_line
from sarto.model.toml_selection import load_selection
from sarto.solve.conflict import Conflict
from sarto.solve.evolution.migration import Migration, migrate
from sarto.solve.evolution.outcome import shifts
from sarto.solve.evolution.renaming import renames
from sarto.solve.evolution.words import against_in_words
from sarto.solve.resolution import resolve

from ..lines import HEAD, SHOP, model, selection

CORE = '[core]\nparts = ["shop"]\ncommand = "shop"\n'


def line(*replacements: tuple[str, str], more: str = "") -> LineDescription:
    """The shop's line after some of its text is replaced and more is added at the end."""
    text = SHOP
    for old, new in replacements:
        assert old in text
        text = text.replace(old, new)
    return read_line(HEAD + CORE + text + more, "features.toml")


def carried(wished: str, new: LineDescription) -> dict[str, list[str]]:
    """What became of each decision of acme.toml: its fate and what it is now, then the sentences behind it."""
    return report(migrate(selection(wished), new))


def report(migration: Migration) -> dict[str, list[str]]:
    return {
        each.key: [f"{each.fate}: {each.now} = {each.after}" if each.now else each.fate, *against_in_words(each)]
        for each in migration.decisions
    }


def test_a_renamed_feature_is_selected_by_its_new_name() -> None:
    new = line(("reviews", "opinions"), more='[features.opinions]\nwas = ["comments", "reviews"]\n')
    migration = migrate(selection("[select]\nreviews = true\ncard = false\n"), new)
    assert report(migration) == {
        "select.reviews": ["renamed: select.opinions = True"],
        "select.card": ["kept: select.card = False"],
    }
    assert {name: wish.value for name, wish in migration.selection.wishes.items()} == {"opinions": True, "card": False}


def test_a_feature_that_is_gone_is_dropped_and_one_that_was_deselected_is_out_anyway() -> None:
    new = line(('"reviews", "audit"]', '"reviews"]'), ("=> !audit", "=> !reviews"))
    assert carried("[select]\naudit = true\n", new) == {"select.audit": ["dropped", "the line has no 'audit' any more"]}
    assert carried("[select]\naudit = false\n", new) == {
        "select.audit": ["dropped", "the line has no 'audit' any more, so no product has it"]
    }


def test_a_value_out_of_range_gives_way_to_the_nearest() -> None:
    new = line(("maximum = 500", "maximum = 300"))
    assert carried("[select]\npage_size = 450\n", new) == {
        "select.page_size": ["changed: select.page_size = 300", "450 is above the maximum of 'page_size', 300"]
    }


def test_a_value_that_other_wishes_rule_out_gives_way_to_the_nearest_that_they_do_not() -> None:
    assert carried("[select]\npage_size = 450\nreviews = true\n", line()) == {
        "select.page_size": [
            "changed: select.page_size = 200",
            "'reviews' is selected (acme.toml: select.reviews)",
            "the constraint reviews => full (features.toml: constraints[0].rule): "
            "Reviews are found through the full-text index",
            "the constraint full => page_size <= 200 (features.toml: constraints[2].rule): "
            "The index answers at most 200 rows at once",
        ],
        "select.reviews": ["kept: select.reviews = True"],
    }


def test_a_value_of_another_type_leaves_the_feature_with_its_default_or_none() -> None:
    text = ('type = "integer"\nminimum = 10\nmaximum = 500\ndefault = 100', 'type = "string"\ndefault = "many"')
    new = line(text, ("page_size <= 200", "page_size == 'few'"))
    assert carried("[select]\npage_size = 50\n", new) == {
        "select.page_size": ["changed: select.page_size = True", "50 is not a text, as 'page_size' needs"]
    }
    assert carried("[select]\npage_size = 50\n", line((text[0], 'type = "string"'), ("page_size <= 200", "audit"))) == {
        "select.page_size": ["dropped", "50 is not a text, as 'page_size' needs"]
    }


def test_a_feature_without_a_type_any_more_is_selected() -> None:
    new = line(('type = "integer"\nminimum = 10\nmaximum = 500\ndefault = 100', ""), ("page_size <= 200", "audit"))
    assert carried("[select]\npage_size = 50\n", new) == {
        "select.page_size": [
            "changed: select.page_size = True",
            "50 is not true or false, and 'page_size' has no type",
        ]
    }


def test_as_few_as_possible_of_the_wishes_in_conflict_are_dropped() -> None:
    new = line(more='[[constraints]]\nrule = "card => !audit & !search & !invoice"\nbecause = "New."\n')
    assert carried("[select]\ncard = true\naudit = true\nsearch = true\ninvoice = true\n", new) == {
        "select.card": [
            "dropped",
            "'audit' is selected (acme.toml: select.audit)",
            "the constraint card => !audit & !search & !invoice (features.toml: constraints[3].rule): New",
        ],
        "select.audit": ["kept: select.audit = True"],
        "select.search": ["kept: select.search = True"],
        "select.invoice": ["kept: select.invoice = True"],
    }


def test_of_two_wishes_that_cannot_both_be_the_earlier_is_kept() -> None:
    new = line(more='[[constraints]]\nrule = "!(card & audit)"\n')
    assert [fate for fate, *_ in carried("[select]\naudit = true\ncard = true\n", new).values()] == [
        "kept: select.audit = True",
        "dropped",
    ]


def test_a_default_gives_way_to_a_wish_and_the_value_is_added() -> None:
    migration = migrate(selection("[select]\nfull = true\n"), line(("page_size <= 200", "page_size <= 60")))
    assert report(migration) == {"select.full": ["kept: select.full = True"]}
    [added] = migration.added
    assert (added.feature, added.value) == ("page_size", 60)
    assert against_in_words(added) == (
        "'full' is selected (acme.toml: select.full)",
        "'shop' always has 'payment' and 'page_size' (features.toml: features.shop.mandatory)",
        "the constraint full => page_size <= 60 (features.toml: constraints[2].rule): "
        "The index answers at most 200 rows at once",
    )
    assert resolve(line(("page_size <= 200", "page_size <= 60")).model, migration.selection).selected


def test_features_that_became_one_are_decided_once() -> None:
    new = line(('"coins"]', "]"), ("coins =>", "invoice =>"), more='[features.invoice]\nwas = ["coins"]\n')
    assert carried("[select]\ncoins = true\ninvoice = true\n", new) == {
        "select.coins": ["renamed: select.invoice = True"],
        "select.invoice": ["kept: select.invoice = True"],
    }
    assert carried("[select]\ncoins = true\ninvoice = false\n", new) == {
        "select.coins": ["dropped", "'coins' is 'invoice' now, of which 'invoice' has decided already"],
        "select.invoice": ["kept: select.invoice = False"],
    }


def test_what_is_left_open_stays_open_where_the_line_allows_that() -> None:
    start = 'stage = "user"\nbinding = "start"\n'
    new = line(
        ("reviews", "opinions"),
        more=f'[features.opinions]\nwas = ["reviews"]\n{start}[features.audit]\nstage = "vendor"\nbinding = "start"\n',
    )
    migration = migrate(selection('[open]\nfeatures = ["reviews", "audit", "search", "fax"]\n'), new)
    assert report(migration) == {
        "open.reviews": ["renamed: open.opinions = True"],
        "open.audit": ["dropped", "'audit' is the vendor's to decide and cannot be left open"],
        "open.search": ["dropped", "'search' is bound in the build and cannot be left open"],
        "open.fax": ["dropped", "the line has no 'fax' any more"],
    }
    assert list(migration.selection.open) == ["opinions"]


def test_an_open_feature_that_became_part_of_a_decided_one_is_dropped() -> None:
    new = line(('"coins"]', "]"), ("coins =>", "invoice =>"), more='[features.invoice]\nwas = ["coins"]\n')
    assert carried('[select]\ninvoice = true\n[open]\nfeatures = ["coins"]\n', new)["open.coins"] == [
        "dropped",
        "'coins' is 'invoice' now, which is decided already",
    ]


def test_preferences_and_brand_are_kept_as_far_as_the_line_has_a_place_for_them() -> None:
    new = line(more='[cosmetics.colour]\ntype = "colour"\n[cosmetics.motto]\n')
    brand = '[brand]\nname = "Acme"\ncolour = "red"\nmotto = "Fast"\nlogo = "logo.svg"\n'
    migration = migrate(selection(f'[prefer]\nminimise = ["price", "weight"]\nmaximise = ["joy"]\n{brand}'), new)
    assert report(migration) == {
        "prefer.minimise.price": ["kept: prefer.minimise.price = True"],
        "prefer.minimise.weight": ["dropped", "no feature has a number as attribute 'weight'"],
        "prefer.maximise.joy": ["dropped", "no feature has a number as attribute 'joy'"],
        "brand.name": ["kept: brand.name = Acme"],
        "brand.colour": ["dropped", "'red' is not a colour"],
        "brand.motto": ["kept: brand.motto = Fast"],
        "brand.logo": ["dropped", "the line 'shop' has no cosmetic 'logo'"],
    }
    assert (migration.selection.minimise, migration.selection.maximise) == (("price",), ())
    assert migration.selection.brand == {"name": "Acme", "motto": "Fast"}


def test_texts_by_language_are_kept_or_dropped_as_a_whole() -> None:
    new = replace(line(more="[cosmetics.motto]\n[cosmetics.footer]\n"), languages=("en", "it"))
    brand = '[brand.motto]\nen = "Fast"\nit = "Svelto"\n[brand.footer]\nen = "Hi"\nfr = "Salut"\n'
    migration = migrate(selection(brand), new)
    assert report(migration) == {
        "brand.motto": ["kept: brand.motto = en: Fast; it: Svelto"],
        "brand.footer": ["dropped", "the line has no texts in 'fr'"],
    }
    assert migration.selection.brand == {"motto": {"en": "Fast", "it": "Svelto"}}


def test_the_target_stays() -> None:
    wished = selection('[target]\npython = "3.12"\nplatform = "win_amd64"\n')
    assert migrate(wished, line()).selection.target == wished.target


FILES = {
    "acme.toml": 'line = "features.toml"\ncustomer = "Acme"\nextends = ["europe.toml"]\n[select]\ncard = true\n',
    "europe.toml": "[select]\naudit = true\n",
}


def test_profiles_are_still_extended_where_all_that_they_say_is_kept() -> None:
    wished = load_selection("acme.toml", FILES.__getitem__)
    assert migrate(wished, line(('"card", ', ""), ("[features.card]", "[features.coins]"))).selection.extends == (
        "europe.toml",
    )
    renamed = line(("audit", "check"), more='[features.check]\nwas = ["audit"]\n')
    migration = migrate(wished, renamed)
    assert migration.selection.extends == ()
    assert list(migration.selection.wishes) == ["check", "card"]


def test_a_line_without_any_configuration_is_a_conflict() -> None:
    with pytest.raises(Conflict, match="no selection is possible: the feature model contradicts itself"):
        migrate(selection("[select]\ncard = true\n"), line(more='[[constraints]]\nrule = "!shop"\n'))


def test_what_changes_in_the_configuration_is_told_with_the_reason() -> None:
    new = line(
        ("reviews", "opinions"),
        ('"audit"]', '"audit", "tour"]'),
        ('"simple", "full"', '"full"'),
        ("[features.simple]\nattributes = { price = 90.5 }\n", ""),
        more='[features.opinions]\nwas = ["reviews"]\n[[constraints]]\nrule = "opinions => tour"\n',
    )
    wished = selection("[select]\nreviews = true\ninvoice = true\naudit = false\n")
    old = model(SHOP)
    before, after = resolve(old, wished), resolve(new.model, migrate(wished, new).selection)
    assert [(s.feature, s.before, s.after, s.reason) for s in shifts(before, after, renames(old, new.model))] == [
        (
            "tour", None, True,
            "the constraint opinions => tour (features.toml: constraints[3].rule) — 'opinions' is selected",
        )
    ]  # fmt: skip
    unwished = selection("[select]\nsimple = true\n")
    before, after = resolve(old, unwished), resolve(new.model, migrate(unwished, new).selection)
    assert [(s.feature, s.before, s.after, s.reason) for s in shifts(before, after, renames(old, new.model))] == [
        ("search", True, False, "nothing asks for it"),
        ("simple", True, None, "the line has it no longer"),
    ]


def test_what_the_end_user_decides_no_more_is_told_even_where_it_starts_as_it_was() -> None:
    open_audit = '[features.audit]\nstage = "user"\nbinding = "start"\n'
    wished = selection('[select]\ninvoice = true\n[open]\nfeatures = ["audit"]\n')
    old, new = line(more=open_audit), line()
    before, after = resolve(old.model, wished), resolve(new.model, migrate(wished, new).selection)
    [shift] = shifts(before, after, {})
    assert (shift.feature, shift.before, shift.after, shift.was_open, shift.is_open) == (
        "audit",
        False,
        False,
        True,
        False,
    )
