"""Each desk's build answers as the desk asked, and llm's own lists name what Sarto says."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from ...asking import Product
from .conftest import CUSTOMERS

pytestmark = pytest.mark.network

PLUGINS = {
    "echo": "llm-echo", "markov": "llm-markov", "claude": "llm-anthropic", "gemini": "llm-gemini",
    "ollama": "llm-ollama", "fabric": "llm-templates-fabric", "hacker_news": "llm-hacker-news",
    "web_pages": "llm-fragments-reader", "repositories": "llm-fragments-github", "packages": "llm-fragments-pypi",
    "arithmetic": "llm-tools-simpleeval", "database": "llm-tools-sqlite", "javascript": "llm-tools-quickjs",
    "jq": "llm-jq", "python": "llm-python",
}  # fmt: skip
"""The features of the selections that bring a plugin, and what llm calls it."""


def listed(product: Product) -> set[str]:
    """The plugins in llm's own words; it keeps no order."""
    return {plugin["name"] for plugin in json.loads(product.said("plugins"))}


def tools(product: Product) -> set[str]:
    found: dict[str, Any] = json.loads(product.said("tools", "--json"))
    return {each["name"] for kind in ("tools", "toolboxes") for each in found[kind]}


@pytest.fixture
def own_log(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """The database in which llm writes its log."""
    monkeypatch.setenv("LLM_USER_PATH", str(tmp_path))
    return tmp_path / "logs.db"


@pytest.mark.parametrize("customer", CUSTOMERS)
def test_llm_names_exactly_the_plugins_that_were_planned(products: Mapping[str, Product], customer: str) -> None:
    product = products[customer]
    assert listed(product) == {PLUGINS[name] for name in product.planned()}


@pytest.mark.parametrize(
    ("customer", "there", "absent"),
    [
        ("trainer", ["Echo: echo"], ["Markov: ", "anthropic/", "gemini"]),
        ("newsroom", ["anthropic/claude", "gemini/gemini"], ["Echo: ", "Markov: "]),
        ("analyst", ["Markov: markov"], ["Echo: ", "anthropic/", "gemini"]),
    ],
)
def test_llm_knows_the_models_that_the_desk_has_chosen(
    products: Mapping[str, Product], customer: str, there: list[str], absent: list[str]
) -> None:
    models = products[customer].said("models")
    assert [name for name in there if name not in models] == []
    assert [name for name in absent if name in models] == []


def test_the_desks_model_answers_where_none_is_named_and_is_logged(
    products: Mapping[str, Product], own_log: Path
) -> None:
    assert json.loads(products["trainer"].said("Good morning"))["prompt"] == "Good morning"
    assert set(products["analyst"].said("tick tock").split()) <= {"tick", "tock"}
    assert own_log.read_bytes().startswith(b"SQLite format 3")
    logged = json.loads(products["trainer"].said("logs", "--json", "-n", "0"))
    assert [(each["model"], each["prompt"]) for each in logged] == [("echo", "Good morning"), ("markov", "tick tock")]


def test_what_the_command_line_says_comes_last(products: Mapping[str, Product]) -> None:
    done = products["trainer"].ask("-m", "markov", "tick tock")
    assert (done.returncode, "Unknown model: markov" in done.stderr) == (1, True)


def test_a_model_can_use_the_tools_that_the_desk_has(products: Mapping[str, Product]) -> None:
    assert tools(products["trainer"]) == {"llm_time", "llm_version", "simple_eval"}
    assert {"simple_eval", "SQLite", "QuickJS"} <= tools(products["analyst"])
    assert tools(products["newsroom"]) == {"llm_time", "llm_version"}
    call = {"tool_calls": [{"name": "simple_eval", "arguments": {"expression": "6 * 7"}}], "prompt": "how many?"}
    assert "42" in products["trainer"].said("-T", "simple_eval", json.dumps(call))


def test_prompts_are_taken_from_templates_and_fragments(
    products: Mapping[str, Product], own_log: Path, tmp_path: Path
) -> None:
    trainer = products["trainer"]
    trainer.said("Translate: $input", "--save", "translate")
    assert json.loads(trainer.said("-t", "translate", "Hund"))["prompt"] == "Translate: Hund"
    (tmp_path / "notes.txt").write_text("Seen from afar")
    assert "Seen from afar" in trainer.said("-f", str(tmp_path / "notes.txt"), "Sum up")
    assert "hn:" in products["newsroom"].said("fragments", "loaders")
    assert "fabric:" in products["newsroom"].said("templates", "loaders")
    assert "pypi:" in products["analyst"].said("fragments", "loaders")


def test_a_plugins_command_runs_in_the_product(products: Mapping[str, Product]) -> None:
    assert products["trainer"].said("python", "-c", "print(6 * 7)") == "42\n"
    assert products["newsroom"].ask("python", "-c", "print(6 * 7)").returncode == 2


@pytest.mark.usefixtures("own_switches")
def test_a_feature_that_is_switched_off_leaves_llms_lists(products: Mapping[str, Product]) -> None:
    trainer = products["trainer"]
    before = listed(trainer)
    refused = trainer.ask("@disable", "arithmetic")
    assert (refused.returncode, "'tools' has at least one of" in refused.stderr) == (1, True)
    trainer.said("@disable", "arithmetic", "@enable", "database", "markov")
    assert listed(trainer) == before - {"llm-tools-simpleeval"} | {"llm-tools-sqlite", "llm-markov"}
    assert tools(trainer) == {"llm_time", "llm_version", "SQLite"}


@pytest.mark.usefixtures("own_switches")
def test_what_a_desk_has_not_chosen_cannot_be_switched_on(products: Mapping[str, Product]) -> None:
    refused = products["newsroom"].ask("@enable", "arithmetic")
    assert (refused.returncode, "'arithmetic' is not licensed in this build" in refused.stderr) == (1, True)


@pytest.mark.parametrize("customer", CUSTOMERS)
def test_every_build_verifies(products: Mapping[str, Product], customer: str) -> None:
    products[customer].said("@verify")
