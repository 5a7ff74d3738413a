"""A line as one HTML file: it configures by itself, and answers as the server does."""

from __future__ import annotations

import json
from pathlib import Path
from random import Random
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page
from sarto.hooks import PluginManager
from sarto.line import ProductLine
from sarto_web.line import OfferedLine
from sarto_web.pages.inside import line_inside

from .conftest import Serve
from .lines import ATELIER, KITCHEN, write_line
from .seeing import enter

ROUNDS = 1
STEPS = 14
VALUES: dict[str, list[Any]] = {"monogram": ["ÄÖ", ""], "counter": [0.6, 0.7, 0.75, 0.8, 0.95, 1, 1.25]}

BOTH = """async ([model, room, csrf, steps, canOptimise]) => {
  const { LocalEngine } = await import("/static/scripts/local.js");
  const { RemoteEngine } = await import("/static/scripts/remote.js");
  const here = new LocalEngine(model);
  const there = new RemoteEngine({ room, csrf });
  const told = [];
  let version = (await there.room()).version;
  const attempt = async (engine, [kind, feature, value], at) => {
    try {
      if (kind === "decide") return await engine.decide(feature, value, at);
      if (kind === "complete") return await engine.complete(feature, at, value);
      return await (kind === "takeBack" ? engine.takeBack(feature, at) : engine[kind](at));
    } catch (error) {
      if (error.status === undefined) throw error;
      return { refused: error.status };
    }
  };
  const shown = ({ decisions, remaining, ...all }) => {
    for (const key of ["approved", "what", "by", "created", "links", "people", "me", "id", "order"]) delete all[key];
    return { ...all, count: remaining?.count, decisions: decisions?.map(({ feature, value }) => [feature, value]) };
  };
  const look = async (engine, [, , , typed, feature, value]) => {
    const { minimum, maximum } = await engine.range(typed);
    return { minimum, maximum, preview: await engine.preview(feature, value) };
  };
  const ahead = async (engine, at) => {
    const cheapest = canOptimise ? await attempt(engine, ["complete", "cheapest", true], at) : {};
    const { refused, free, is_best, note, price } = cheapest;
    const amounts = price?.lines.filter(({ kind }) => kind === "feature").map(({ amount }) => Number(amount));
    const single = amounts?.reduce((sum, amount) => sum + amount, 0);
    const { can_undo, can_redo, ...recommended } = shown(await attempt(engine, ["complete", "recommended", true], at));
    return { ...recommended, cheapest: { refused, free, is_best, note, single: single?.toFixed(2) } };
  };
  let chosen = null;
  for (const step of steps) {
    const answers = [await attempt(here, step), await attempt(there, step, version)];
    version = answers[1].version ?? version;
    const looks = [await look(here, step), await look(there, step)];
    const looksAhead = [await ahead(here, version), await ahead(there, version)];
    told.push({ step, answers: answers.map(shown), looks, ahead: looksAhead });
    if (told.length === steps.length / 2) chosen = await here.selection();
  }
  const compared = [await here.compare("", chosen), await there.compare("", chosen)];
  const ended = [];
  for (const engine of [here, there]) {
    ended.push(shown(await attempt(engine, ["complete", "recommended", false], version)));
  }
  return { told, compared, ended, rooms: [shown(await here.room()), shown(await there.room())] };
}"""


def offered(text: str, folder: Path) -> OfferedLine:
    return OfferedLine(ProductLine.open(write_line(folder, text)))


def differences(here: dict[str, Any], there: dict[str, Any]) -> dict[str, Any]:
    """Where two answers differ; what one of the two has not counted is not compared."""
    keys = [*dict.fromkeys([*here, *there])]
    if None in (here.get("count"), there.get("count")):
        keys = [key for key in keys if key != "count"]
    return {key: (here.get(key), there.get(key)) for key in keys if here.get(key) != there.get(key)}


def steps(line: OfferedLine, random: Random) -> list[list[Any]]:
    """Decisions, and some that are taken back, of which not all are possible."""
    model = line.model
    typed = [name for name, feature in model.features.items() if feature.type]
    found: list[list[Any]] = []
    for _ in range(STEPS):
        name = random.choice([*model.features])
        kind = random.choices(("decide", "takeBack", "undo", "redo"), (12, 2, 2, 1))[0]
        value: Any = random.random() < 0.6
        if name in typed and value:
            low, high = model.features[name].minimum, model.features[name].maximum
            value = random.choice(VALUES.get(name) or [*range(int(low or 0), int(high or 0) + 1)])
        looked = random.choice([name for name in model.features if name not in typed])
        found.append([kind, name, value, random.choice(typed), looked, random.random() < 0.5])
    return found


@pytest.mark.parametrize("text", [ATELIER, KITCHEN], ids=["atelier", "kitchen"])
def test_the_page_and_the_server_answer_alike(page: Page, serve: Serve, tmp_path: Path, text: str) -> None:
    line = offered(text, tmp_path)
    link = serve(write_line(tmp_path, text))
    address = enter(page, link)
    csrf = page.evaluate("JSON.parse(document.querySelector('#context').textContent).csrf")
    random = Random(7)
    model = json.loads(json.dumps(line_inside(line)))
    can_optimise = PluginManager.discover().solver() is not None
    for _ in range(ROUNDS):
        asked = steps(line, random)
        room = page.evaluate(
            """csrf => fetch("/api/rooms", {method: "POST", body: "{}",
            headers: {"Content-Type": "application/json", "X-CSRF-Token": csrf}}).then(found => found.json())""",
            csrf,
        )
        both = page.evaluate(BOTH, [model, room["id"], csrf, asked, can_optimise])
        for told in both["told"]:
            here, there = told["answers"]
            assert differences(here, there) == {}, (told["step"], there.get("decisions"))
            assert differences(*told["looks"]) == {}, (told["step"], there.get("decisions"))
            assert differences(*told["ahead"]) == {}, (told["step"], there.get("decisions"))
        assert differences(*both["compared"]) == {}
        assert differences(*both["ended"]) == {}
        assert differences(*both["rooms"]) == {}
    assert urlsplit(address).path.startswith("/rooms/")
