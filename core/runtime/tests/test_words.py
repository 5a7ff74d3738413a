"""What the page says is there in every language that it has, and a browser gets the one that it likes best."""

from __future__ import annotations

import re
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sarto_runtime.words import ENGLISH, LANGUAGES, Words, accepted, words_for


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_every_text_with_the_same_places(language: str) -> None:
    texts, english = LANGUAGES[language], LANGUAGES["en"]
    assert list(texts) == list(english)
    for key, text in texts.items():
        assert places(text) == places(english[key]), key
        assert language == "en" or text != english[key], f"{key} is not translated"


def places(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


@pytest.mark.parametrize(
    ("header", "language", "tag"),
    [
        ("", "en", "en"),
        ("it", "it", "it"),
        ("it-CH,it;q=0.9,en;q=0.8", "it", "it-CH"),
        ("TR-tr", "tr", "TR-tr"),
        ("en;q=0.2, tr;q=0.7, it;q=0.6", "tr", "tr"),
        ("de, fr;q=0.9, it;q=0.1", "it", "it"),
        ("de-DE", "en", "en"),
        ("it;q=0, tr;q=0.001", "tr", "tr"),
        ("*", "en", "en"),
        ("tr;q=rubbish, it;q=0.5", "it", "it"),
        ("az-Latn-TR, tr", "tr", "tr"),
        (" it ; q=0.5 ,\ttr ; Q=0.4", "it", "it"),
    ],
)
def test_a_browser_gets_the_language_that_it_likes_best(header: str, language: str, tag: str) -> None:
    assert words_for(accepted(header)) == Words(language, tag)


@given(st.text(alphabet=" ,;=q01.*-ITRenä\r\n\x00", max_size=60))
def test_whatever_a_browser_sends_leaves_a_language_and_a_tag_that_can_stand_in_a_header(header: str) -> None:
    words = words_for(accepted(header))
    assert words.language in LANGUAGES
    assert re.fullmatch("[A-Za-z0-9-]+", words.tag)


def test_of_a_header_without_end_the_first_hundred_languages_are_read() -> None:
    assert accepted(",".join(["de"] * 100 + ["it"])) == ("de",) * 100


def test_names_stay_names_in_every_text() -> None:
    assert ENGLISH.named({"{state}": True, "maps": False}) == "'{state}' on, 'maps' off"
    assert Words("it", "it").state(50) == "50"
