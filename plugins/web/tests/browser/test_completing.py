"""The page completes by itself: as resolution does, and the cheapest way, each held against an oracle."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from random import Random
from typing import Any

import pytest
from playwright.sync_api import Page
from sarto.errors import SartoError
from sarto.line import ProductLine
from sarto.model.evaluation import is_valid
from sarto.model.expression import Value, exact
from sarto.model.feature_model import FeatureModel
from sarto.model.price_rules import price_of
from sarto.model.selection import Selection, Wish
from sarto_web.completing import completion
from sarto_web.line import OfferedLine
from sarto_web.pages.inside import line_inside

from ..lines import fitting
from .random_lines import random_line, random_wishes

COMPLETED = """async ([models, to]) => {
  const { LocalEngine } = await import("/scripts/local.js");
  const told = [];
  for (const [model, questions] of models) {
    for (const said of questions) {
      const engine = new LocalEngine(model);
      engine.begin(said);
      const { configuration, isBest } = await engine.finishing.configuration(engine.said, to);
      const ahead = await engine.complete(to, 1, true).catch((error) => ({ refused: error.data.names }));
      const change = await engine.complete(to, 1).catch((error) => ({ refused: error.data.names }));
      told.push({ configuration: Object.fromEntries(configuration), isBest, ahead, change, version: engine.version });
    }
  }
  return told;
}"""

NEEDS_A_VALUE = " is selected but has no value, and the line gives it no default"


@dataclass(frozen=True, slots=True)
class Asked:
    """One question: a line, and what was decided on it."""

    text: str
    line: OfferedLine
    inside: Mapping[str, Any]
    wishes: Mapping[str, Value]


def questions(folder: Path, random: Random, lines: int, most: int, *, is_priced: bool = True) -> Iterator[Asked]:
    """So many random lines, each with three selections."""
    while lines:
        text = random_line(random, most, is_priced=is_priced)
        (folder / "features.toml").write_text(text, encoding="utf-8")
        try:
            line = OfferedLine(ProductLine.open(folder))
            inside = json.loads(json.dumps(line_inside(line)))
        except SartoError:  # a line without products, or more than a page works out
            continue
        lines -= 1
        for _ in range(3):
            yield Asked(text, line, inside, random_wishes(random, line.choices))


def told(page: Page, asked: list[Asked], to: str) -> list[dict[str, Any]]:
    said = [[{"feature": name, "value": value} for name, value in each.wishes.items()] for each in asked]
    answers = page.evaluate(COMPLETED, [[(each.inside, [one]) for each, one in zip(asked, said, strict=True)], to])
    assert isinstance(answers, list)
    return answers


def resolved(asked: Asked) -> Mapping[str, Value] | None:
    """What resolution says; None where a value is missing."""
    wishes = {name: Wish(name, value) for name, value in asked.wishes.items()}
    try:
        return asked.line.line.resolve(Selection(line="", customer="", wishes=wishes)).configuration
    except SartoError as error:
        if all(each.what.endswith(NEEDS_A_VALUE) for each in error.errors):
            return None
        raise


@pytest.mark.parametrize(
    ("lines", "most", "is_priced"),
    [(60, 12, True), (20, 40, True), (40, 9, False)],
    ids=["small", "large", "instances"],
)
def test_the_recommended_configuration_is_that_of_resolution(
    scripts: Page, tmp_path: Path, lines: int, most: int, is_priced: bool
) -> None:
    asked = [*questions(tmp_path, Random(most), lines, most, is_priced=is_priced)]
    is_refused = 0
    for each, answer in zip(asked, told(scripts, asked, "recommended"), strict=True):
        expected = resolved(each)
        if expected is None:
            missing = [name for name, value in answer["configuration"].items() if value is None]
            assert missing
            assert answer["ahead"] == answer["change"] == {"refused": missing}
            is_refused += 1
            continue
        assert answer["configuration"] == dict(expected), (each.text, each.wishes)
        change, model = answer["change"], each.line.model
        choice = each.line.choices.choice(each.wishes)
        added = completion(model, choice, expected, lambda _name: True)
        said = {decision["feature"]: decision["value"] for decision in change["decisions"]}
        assert said == {**each.wishes, **added}, (each.text, each.wishes)
        assert (change["free"], change["is_best"], answer["ahead"]["free"]) == (0, True, 0)
        assert answer["version"] == (2 if added else 1)
    assert 0 < is_refused < len(asked)


def test_the_cheapest_configuration_is_the_least_of_all_that_there_are(scripts: Page, tmp_path: Path) -> None:
    asked = [each for each in questions(tmp_path, Random(5), 60, 9) if each.inside["prices"] and not _open(each)]
    assert len(asked) > 60
    for each, answer in zip(asked, told(scripts, asked, "cheapest"), strict=True):
        model = each.line.model
        found = answer["configuration"]
        assert is_valid(model, found), (each.text, each.wishes)
        assert all(found[name] == value or (value is True and found[name]) for name, value in each.wishes.items())
        assert _cost(model, found) == min(_cost(model, other) for other in fitting(model, each.wishes))
        assert (answer["isBest"], answer["change"]["free"]) == (True, 0)


def _open(asked: Asked) -> bool:
    """Whether somebody would have to find a value."""
    return any(feature.type and feature.default is None for feature in asked.line.model.features.values())


def _cost(model: FeatureModel, configuration: Mapping[str, Value]) -> Fraction:
    prices = (price_of(model.features[name], "price") for name, value in configuration.items() if value is not False)
    return sum((Fraction(exact(price)) for price in prices if price is not None), Fraction())


SEARCHED = """async ([model, milliseconds]) => {
  const { LocalEngine } = await import("/scripts/local.js");
  const engine = new LocalEngine(model);
  const now = performance.now.bind(performance);
  let left = milliseconds;
  if (left !== null) performance.now = () => now() + (left-- > 0 ? 0 : 1e9);
  try {
    const { isBest, configuration } = await engine.finishing.configuration([], "cheapest");
    return { isBest, configuration: Object.fromEntries(configuration) };
  } finally {
    performance.now = now;
  }
}"""


def covering(random: Random, features: int, rules: int) -> str:
    """Features of which each rule wants one of four: what is cheapest needs search."""
    names = [f"f{number}" for number in range(1, features + 1)]
    text = '[line]\nname = "cover"\nversion = "1"\nroot = "f0"\n[core]\nparts = ["cover"]\ncommand = "cover"\n'
    text += f"[features.f0]\noptional = {names!r}\n"
    text += "".join(f"[features.{name}]\nattributes = {{ price = {random.randint(1, 40)} }}\n" for name in names)
    rule = (" | ".join(random.sample(names, 4)) for _ in range(rules))
    return text + "".join(f'[[constraints]]\nrule = "{each}"\n' for each in rule)


def test_what_needs_search_is_proved_or_told_as_the_best_that_was_found(scripts: Page, tmp_path: Path) -> None:
    (tmp_path / "features.toml").write_text(covering(Random(1), 14, 14), encoding="utf-8")
    line = OfferedLine(ProductLine.open(tmp_path))
    inside, model = json.loads(json.dumps(line_inside(line))), line.model
    least = min(_cost(model, each) for each in fitting(model, {}))

    proved = scripts.evaluate(SEARCHED, [inside, None])
    cut_short = scripts.evaluate(SEARCHED, [inside, 12])

    assert (proved["isBest"], _cost(model, proved["configuration"])) == (True, least)
    assert cut_short["isBest"] is False
    assert is_valid(model, cut_short["configuration"])
    assert _cost(model, cut_short["configuration"]) >= least
