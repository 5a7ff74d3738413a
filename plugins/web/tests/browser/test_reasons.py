"""The page says reasons as core does, in English; and in the other languages whatever there is to say."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any, get_args

import pytest
from playwright.sync_api import Page
from sarto.line import ProductLine
from sarto.model.feature import GroupKind
from sarto.solve.reasons import (
    AmountRule,
    Cause,
    GroupRule,
    Origin,
    WishRule,
)
from sarto.solve.words import rule_sentence, sentence
from sarto_web import pages
from sarto_web.line import OfferedLine
from sarto_web.pages.inside import line_inside
from sarto_web.reasons import key_of, reason_data, rule_data

from ..house import EVERYTHING, decisions, rules
from .lines import ATELIER, KITCHEN, write_line

SAID = """async ([language, messages, asked]) => {
  const { Texts } = await import("/scripts/texts.js");
  const { sentencesOf } = await import("/scripts/reasons.js");
  const texts = new Texts(language, messages);
  return asked.map(each => sentencesOf(each, texts).map(text => text.replace(/[\\u2068\\u2069]/g, "")));
}"""


@pytest.fixture(scope="module")
def line(tmp_path_factory: pytest.TempPathFactory) -> ProductLine:
    return ProductLine.open(write_line(tmp_path_factory.mktemp("house"), EVERYTHING))


def say(page: Page, language: str, asked: list[dict[str, Any]]) -> list[list[str]]:
    told: list[list[str]] = page.evaluate(SAID, [language, dict(pages.texts(language)), asked])
    return told


def test_every_kind_of_rule_is_said_in_english_as_core_says_it(scripts: Page, line: ProductLine) -> None:
    every = rules(line)
    assert {type(rule) for rule in every} == set(get_args(Origin))
    assert {rule.group.kind for rule in every if isinstance(rule, GroupRule)} == set(GroupKind)
    assert {each.get("form") for each in map(rule_data, every)} == {None, "written", "order", "presence"}
    assert any(isinstance(rule, WishRule) and rule.wish.said for rule in every)

    told = say(scripts, "en", [{"rules": [rule_data(rule)]} for rule in every])

    assert told == [[rule_sentence(rule, key_of)] for rule in every]
    for part in (" once, so ", " 3 times, so ", " in 'room#2'", "no instance", "another of them", "3 more", "runs off"):
        assert any(part in text for (text,) in told), part


def test_every_cause_is_said_in_english_as_core_says_it(scripts: Page, line: ProductLine) -> None:
    every = decisions(line)
    assert {each.reason.cause for each in every} == set(Cause)

    told = say(scripts, "en", [{"feature": each.feature, "reasons": [reason_data(each)]} for each in every])

    assert told == [[sentence(each, key_of)] for each in every]


@pytest.mark.parametrize("language", [language for language in pages.LANGUAGES if language != "en"])
def test_other_languages_say_all_of_it_with_every_name_and_without_an_english_word(
    scripts: Page, line: ProductLine, language: str
) -> None:
    every = [rule for rule in rules(line) if not isinstance(rule, AmountRule)]
    told = say(scripts, language, [{"rules": [rule_data(rule)]} for rule in every])
    told += say(scripts, language, [{"feature": "", "reasons": [reason_data(each)]} for each in decisions(line)])

    for (text,) in told:
        assert not {"the", "is", "has", "and", "selected"} & set(text.replace("'", " ").split()), text
        assert not re.search("[{}]|undefined|null", text), text


def test_what_is_of_no_known_kind_is_said_in_the_words_that_come_with_it(scripts: Page) -> None:
    known = {"kind": "root", "feature": "a"}
    reason = {"feature": "a", "state": "in", "cause": "consequence", "detail": "", "by": "", "premises": []}
    asked: list[dict[str, Any]] = [
        {"rules": [known, {"kind": "dream"}], "sentences": ["one", "two"]},
        {"feature": "a", "reasons": [{**reason, "rules": [known, {"kind": "dream"}]}], "sentences": ["three"]},
        {"feature": "a", "reasons": [{**reason, "rules": [], "cause": "fate"}], "sentences": ["four"]},
        {"sentences": ["five"]},
    ]
    assert say(scripts, "en", asked) == [
        ["'a' is the root: every product has it", "two"],
        ["three"],
        ["four"],
        ["five"],
    ]


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "'a' is part of 'b'; 'c' is the root: every product has it — 'b' is selected, 'd' is set to 0.5"),
        (
            "it",
            "«a» fa parte di «b»; «c» è la radice: ogni prodotto ce l'ha — «b» è presente, «d» è stata impostata a 0,5",
        ),
        (
            "tr",
            "“a”, “b” özelliğinin parçası; “c” kök özellik: her üründe var — “b” seçili, “d” için 0,5 değeri verildi",
        ),
    ],
)
def test_a_value_that_was_decided_is_told_among_the_premises(scripts: Page, language: str, said: str) -> None:
    rules = [{"kind": "parent", "feature": "a", "parent": "b"}, {"kind": "root", "feature": "c"}]
    premises = [{"feature": "d", "value": 0.5}, {"feature": "b", "value": True}]
    reason = {"feature": "a", "state": "in", "cause": "consequence", "detail": "", "by": ""}
    asked = [{"feature": "a", "reasons": [{**reason, "rules": rules, "premises": premises}]}]
    assert say(scripts, language, asked) == [[said]]


LOCAL = """async ([model, language, messages, steps, feature]) => {
  const { LocalEngine } = await import("/scripts/local.js");
  const { Texts } = await import("/scripts/texts.js");
  const { sentencesOf } = await import("/scripts/reasons.js");
  const engine = new LocalEngine(model);
  const plain = texts => texts.map(text => text.replace(/[\\u2068\\u2069]/g, ""));
  const texts = new Texts(language, messages);
  for (const [name, value] of steps) await engine.decide(name, value);
  const found = await engine.why(feature);
  const conflict = await engine.decide(feature, true).catch(error => error.answer.conflict);
  const [said, impossible] = [found, conflict].map(each => plain(sentencesOf(each, texts)));
  return { state: found.state, because: found.because_of, said, conflict: impossible };
}"""


def local(page: Page, line: ProductLine, language: str, steps: list[tuple[str, object]], feature: str) -> Any:
    model = json.loads(json.dumps(line_inside(OfferedLine(line))))
    return page.evaluate(LOCAL, [model, language, dict(pages.texts(language)), steps, feature])


def test_a_page_by_itself_says_its_reasons_and_names_values_to_take_back(scripts: Page, tmp_path: Path) -> None:
    kitchen = ProductLine.open(write_line(tmp_path, KITCHEN))

    english = local(scripts, kitchen, "en", [("counter", 0.7)], "hob")
    assert (english["state"], english["because"]) == ("out", ["counter"])
    assert english["said"] == ["'counter' is set to 0.7", "the constraint counter < 0.75 => !hob"]
    assert english["conflict"] == [
        "'counter' is set to 0.7", "'hob' is selected", "the constraint counter < 0.75 => !hob",
    ]  # fmt: skip
    italian = local(scripts, kitchen, "it", [("counter", 0.7)], "hob")
    assert italian["said"] == ["«counter» è stata impostata a 0,7", "il vincolo counter < 0.75 => !hob"]


def test_a_page_by_itself_says_a_default_that_stands_behind_a_reason(scripts: Page, tmp_path: Path) -> None:
    atelier = ProductLine.open(write_line(tmp_path, ATELIER.replace("default = 105", "default = 130")))

    found = local(scripts, atelier, "en", [("length", 125)], "linen")

    assert found["because"] == []
    assert found["said"][:2] == [
        "'length' has its default, 130",
        "the constraint length > 120 => !linen: So long a coat of linen does not hang",
    ]
