"""What a line may say of its looks, what a brand may fill in, and what is said of what does not fit."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sarto.errors import SartoError
from sarto.model.brand_check import missing_texts
from sarto.model.cosmetics import text_in
from sarto.model.selection import Selection
from sarto.model.toml_line import read_line
from sarto.model.toml_selection import check_selection, load_selection

from .reading import HEAD, faults_of_line, line

WITH_LANGUAGES = HEAD.replace('root = "shop"', 'root = "shop"\nlanguages = ["en", "it", "pt-BR"]') + "[features.shop]\n"
LINE = (
    WITH_LANGUAGES
    + """
[cosmetics]
title   = { shortest = 3, longest = 12, default = "Shop" }
footer  = { default = { en = "Open daily", it = "Aperto ogni giorno" } }
accent  = { type = "colour", default = "#0b7a75" }
ink     = { type = "colour", default = "#ffffff", contrast = { on = "accent" } }
link    = { type = "colour", contrast = [{ on = "#ffffff", ratio = 4.5 }, { on = "accent", ratio = 1 }] }
logo    = { type = "image" }
about   = { type = "template", default = "about.html" }
command = { type = "command", default = "shop" }
"""
)


def selection(text: str, **profiles: str) -> Selection:
    files = {f"{name}.toml": content for name, content in profiles.items()}
    files["acme.toml"] = f'line = "features.toml"\ncustomer = "Acme"\n{text}'
    return load_selection("acme.toml", files.__getitem__)


def said_of(text: str) -> list[str]:
    with pytest.raises(SartoError) as caught:
        check_selection(selection(text), read_line(LINE, "features.toml"))
    return [str(error).removeprefix("acme.toml: ") for error in caught.value.errors]


@pytest.mark.parametrize(
    ("cosmetics", "said"),
    [
        ("'a/b' = {}", "cosmetics.\"a/b\": 'a/b' cannot name a slot\n  hint: use letters, digits, '-' and '_'"),
        ("name = { default = { en = 'Shop' } }",
         "cosmetics.name.default: a product has one name in every language\n  hint: write one text"),
        ("ink = { type = 'colour', default = { en = '#ffffff' } }",
         "cosmetics.ink.default: a colour is the same in every language\n  hint: write one text"),
        ("footer = { default = { en = 'Hi', fr = 'Salut' } }",
         "cosmetics.footer.default.fr: the line has no texts in 'fr'\n  hint: the line's languages are en, it, pt-BR"),
        ("footer = { default = {} }",
         "cosmetics.footer.default: there is no text in any language\n  hint: write one as in { en = \"text\" }"),
        ("ink = { type = 'colour', contrast = { on = 'papr' } }\npaper = { type = 'colour' }",
         "cosmetics.ink.contrast[0].on: there is no colour 'papr'\n  hint: did you mean 'paper'?"),
        ("ink = { type = 'colour', contrast = { on = 'ink' } }",
         "cosmetics.ink.contrast[0].on: 'ink' is this slot itself\n"
         "  hint: name another one, or a colour such as #ffffff"),
        ("ink = { type = 'colour', contrast = { on = '#fff' } }",
         "cosmetics.ink.contrast[0].on: '#fff' is not a colour\n  hint: write it as \"#1e90ff\""),
        ("ink = { type = 'colour', contrast = { on = '#ffffff', ratio = 22 } }",
         "cosmetics.ink.contrast[0].ratio: a contrast is from 1 to 21, not 22"),
        ("logo = { type = 'image', kinds = ['gif'] }",
         "cosmetics.logo.kinds[0]: 'gif' is no kind of image\n  hint: one of svg, png, jpeg, webp"),
        ("logo = { type = 'image', sizes = [16] }",
         "cosmetics.logo.sizes: an image has no 'sizes'\n  hint: it is for slots of the type icon"),
        ("logo = { type = 'image', largest_kb = 0 }",
         "cosmetics.logo.largest_kb: a file of a brand has at most from 1 to 16384 KB, not 0"),
        ("icon = { type = 'icon', sizes = [16, 1000] }",
         "cosmetics.icon.sizes[1]: 1000 is not a size\n  hint: a number of pixels from 1 to 512"),
        ("page = { type = 'template' }",
         "cosmetics.page: 'default' is missing\n"
         "  hint: add the template, a file of the line: default = \"templates/welcome.html\""),
        ("run = { type = 'command', default = 'Acme Data' }",
         "cosmetics.run.default: 'Acme Data' cannot name a command\n"
         "  hint: use at most 60 of a to z, 0 to 9, '-' and '_', as in \"acme-data\""),
        ("run = { type = 'command', default = 'con' }",
         "cosmetics.run.default: 'con' is a device on Windows\n  hint: write \"con-app\""),
        ("run = { type = 'command' }\ngo = { type = 'command' }",
         "cosmetics.go: 'run' gives the name of the command already\n  hint: keep one of the two"),
        ("title = { longest = 2000 }",
         "cosmetics.title.longest: a text has at most from 1 to 1000 characters, not 2000"),
        ("title = { shortest = 9, longest = 8 }",
         "cosmetics.title.shortest: no text has at least 9 and at most 8 characters"),
        ("ink = { type = 'colour', default = '#999999', contrast = { on = '#ffffff' } }",
         "cosmetics.ink.default: 'ink' (#999999) on #ffffff has a contrast of 2.84:1, and at least 4.5:1 is needed\n"
         "  hint: the nearest shade of 'ink' that would do is #767676"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_slot_is_said_with_its_place(cosmetics: str, said: str) -> None:
    with pytest.raises(SartoError) as caught:
        read_line(f"{WITH_LANGUAGES}\n[cosmetics]\n{cosmetics}\n", "features.toml")
    assert [str(error).removeprefix("features.toml: ") for error in caught.value.errors] == [said]


def test_a_language_is_a_tag() -> None:
    text = '[features.shop]\n[cosmetics]\nfooter = { default = { en = "Hi" } }\n'
    assert faults_of_line(text) == [
        "cosmetics.footer.default.en: the line has no texts in 'en'\n  hint: the line names no languages"
    ]
    with pytest.raises(SartoError) as caught:
        read_line(
            HEAD.replace('root = "shop"', 'root = "shop"\nlanguages = ["en", "Italian"]') + "[features.shop]\n", "x"
        )
    assert str(caught.value) == (
        'x: line.languages[1]: \'Italian\' is not a language\n  hint: write it as "en", "pt-BR" or "zh-Hant"'
    )


@pytest.mark.parametrize(
    ("brand", "said"),
    [
        ("title = 'A title that is too long'",
         "brand.title: the slot 'title' takes at most 12 characters, and these are 24\n  hint: shorten it"),
        ("title = 'ab'", "brand.title: the slot 'title' takes at least 3 characters, and these are 2"),
        ("title = { en = 'Shop', it = 'Un negozio molto grande' }",
         "brand.title.it: the slot 'title' takes at most 12 characters, and these are 23\n  hint: shorten it"),
        ("footer = { en = 'Hi', pt = 'Oi' }",
         "brand.footer.pt: the line has no texts in 'pt'\n  hint: the line's languages are en, it, pt-BR"),
        ("name = { en = 'Shop' }", "brand.name: a product has one name in every language\n  hint: write one text"),
        ("name = \"abc\\u202Efdp\"",
         "brand.name: the slot 'name' takes no characters that turn the direction of what follows them\n"
         "  hint: leave them out: letters bring their own direction"),
        ("about = 'mine.html'",
         "brand.about: 'about' is made from a template of the line\n  hint: fill the slots that it names"),
        ("command = '../x'",
         "brand.command: '../x' cannot name a command\n"
         "  hint: use at most 60 of a to z, 0 to 9, '-' and '_', as in \"acme-data\""),
        ("ink = '#333333'",
         "brand.ink: 'ink' (#333333) on 'accent' (#0b7a75) has a contrast of 2.43:1, and at least 4.5:1 is needed\n"
         "  hint: the nearest shade of 'ink' that would do is #efefef"),
        ("accent = '#f2c14e'",
         "brand.accent: 'ink' (#ffffff) on 'accent' (#f2c14e) has a contrast of 1.67:1, and at least 4.5:1 is needed\n"
         "  hint: the nearest shade of 'accent' that would do is #8f722e"),
        ("link = '#808080'",
         "brand.link: 'link' (#808080) on #ffffff has a contrast of 3.94:1, and at least 4.5:1 is needed\n"
         "  hint: the nearest shade of 'link' that would do is #767676"),
    ],
)  # fmt: skip
def test_what_does_not_fit_a_slot_is_said_with_its_place_and_the_way_out(brand: str, said: str) -> None:
    assert said_of(f"[brand]\n{brand}\n") == [said]


def test_all_faults_of_a_brand_come_together() -> None:
    text = "[brand]\ntitel = 'x'\ntitle = 'ab'\naccent = 'red'\nfooter = { fr = 'Salut' }\n"
    assert [each.partition(": ")[0] for each in said_of(text)] == [
        "brand.titel", "brand.title", "brand.accent", "brand.footer.fr",
    ]  # fmt: skip


def test_what_is_empty_fills_a_slot_with_nothing_and_needs_no_contrast() -> None:
    check_selection(selection("[brand]\naccent = ''\nink = '#333333'\n"), read_line(LINE, "features.toml"))


def test_texts_by_language_count_as_a_whole_and_profiles_that_differ_are_both_named() -> None:
    house = '[brand.footer]\nen = "House"\n'
    kept = selection('extends = ["house.toml"]\n[brand.footer]\nit = "Casa"\n', house=house)
    assert kept.brand == {"footer": {"it": "Casa"}}
    with pytest.raises(SartoError) as caught:
        selection('extends = ["house.toml", "home.toml"]\n', house=house, home='[brand]\nfooter = "Home"\n')
    assert str(caught.value) == (
        "acme.toml: extends: two profiles disagree on 'footer': 'House' in 'en' in house.toml: brand.footer and "
        "'Home' in home.toml: brand.footer\n  hint: decide 'footer' in acme.toml, or take one of the profiles out"
    )


def test_texts_that_are_missing_are_listed_with_what_is_shown_instead() -> None:
    shop = read_line(LINE, "features.toml")
    assert [(each.sentence, str(each.where)) for each in missing_texts(shop)] == [
        ("'footer' has no text in 'pt-BR', and shows the one in 'en'", "features.toml: cosmetics.footer.default")
    ]
    wished = selection("[brand.title]\nit = 'Negozio'\n[brand.footer]\nen = 'Hi'\nit = 'Ciao'\npt-BR = 'Oi'\n")
    assert [(each.sentence, str(each.where)) for each in missing_texts(shop, wished)] == [
        ("'title' has no text in 'en', and shows the one in 'it'", "acme.toml: brand.title"),
        ("'title' has no text in 'pt-BR', and shows the one in 'it'", "acme.toml: brand.title"),
    ]


def test_a_single_text_is_that_of_every_language_so_that_none_is_missing() -> None:
    assert list(missing_texts(read_line(LINE, "features.toml"), selection("[brand]\nfooter = 'Acme'\n"))) == []


TAGS = ["en", "it", "it-CH", "zh", "zh-Hant", "zh-Hant-TW", "tr"]


@given(
    st.dictionaries(st.sampled_from(TAGS), st.text(max_size=3), min_size=1),
    st.sampled_from(TAGS),
    st.permutations(TAGS),
)
def test_a_text_falls_back_from_region_to_script_to_language_to_the_lines_order(
    texts: dict[str, str], wanted: str, order: list[str]
) -> None:
    parts = wanted.split("-")
    shorter = ["-".join(parts[:length]) for length in range(len(parts), 0, -1)]
    expected = next(texts[each] for each in [*shorter, *order] if each in texts)
    assert text_in(texts, wanted, order) == expected
    assert text_in("the same", wanted, order) == "the same"


def test_a_line_without_cosmetics_still_has_a_name() -> None:
    check_selection(selection("[brand]\nname = 'Acme'\n"), line("[features.shop]\n"))
