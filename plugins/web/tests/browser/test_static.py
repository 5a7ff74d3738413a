"""A line as one HTML file: it configures by itself, and answers as the server does."""

from __future__ import annotations

import json
from pathlib import Path
from random import Random
from typing import Any
from urllib.parse import urlsplit

import pytest
from click.testing import CliRunner
from playwright.sync_api import BrowserContext, Page, expect
from sarto.errors import SartoError
from sarto.line import ProductLine
from sarto_web.line import OfferedLine
from sarto_web.pages.inside import line_inside
from sarto_web.pages.standalone import standalone

from .conftest import Serve
from .lines import ATELIER, KITCHEN, write_line
from .seeing import enter, expect_accessible, row, settle, standing_of, toggle

ROUNDS = 2
STEPS = 10

BOTH = """async ([model, room, csrf, steps]) => {
  const { LocalEngine } = await import("/static/scripts/local.js");
  const { RemoteEngine } = await import("/static/scripts/remote.js");
  const here = new LocalEngine(model);
  const there = new RemoteEngine({ room, csrf });
  const told = [];
  let version = (await there.room()).version;
  const attempt = async (engine, [kind, feature, value], at) => {
    try {
      return kind === "decide" ? await engine.decide(feature, value, at) : await engine[kind](...(kind === "takeBack" ? [feature, at] : [at]));
    } catch (error) {
      if (error.status === undefined) throw error;
      return { refused: error.status };
    }
  };
  const shown = ({ decisions, selected, excluded, freed, free, price, without_value, can_undo, can_redo, refused }) =>
    ({ decisions: decisions?.map(({ feature, value }) => [feature, value]), selected, excluded, freed, free, price, without_value, can_undo, can_redo, refused });
  for (const step of steps) {
    const answers = [await attempt(here, step), await attempt(there, step, version)];
    version = answers[1].version ?? version;
    const more = [];
    for (const engine of [here, there]) {
      const room = await engine.room();
      more.push({ ...shown(room), range: step[3] ? await engine.range(step[3]).then(({ minimum, maximum }) => ({ minimum, maximum })) : null, preview: await engine.preview(step[4], step[5]) });
    }
    told.push({ step, answers: answers.map(shown), rooms: more });
  }
  return told;
}"""


def offered(text: str, folder: Path) -> OfferedLine:
    return OfferedLine(ProductLine.open(write_line(folder, text)))


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
            value = random.randint(int(low), int(high)) if low is not None and high is not None else "ÄÖ"
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
    for _ in range(ROUNDS):
        asked = steps(line, random)
        room = page.evaluate("""csrf => fetch("/api/rooms", {method: "POST", body: "{}",
            headers: {"Content-Type": "application/json", "X-CSRF-Token": csrf}}).then(found => found.json())""", csrf)
        for told in page.evaluate(BOTH, [model, room["id"], csrf, asked]):
            here, there = told["answers"]
            assert here == there, told["step"]
            assert told["rooms"][0] == told["rooms"][1], told["step"]
    assert urlsplit(address).path.startswith("/rooms/")
