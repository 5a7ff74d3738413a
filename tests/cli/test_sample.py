"""``sarto sample``: as people read it, as programs do, and as a folder of selections."""

from __future__ import annotations

import json
import signal
import time
from pathlib import Path

import pytest

from .conftest import SHOP, Sarto, start, write

SMALL = """
[line]
name = "shop"
version = "1"
root = "shop"
[core]
parts = ["shop"]
command = "shop"
[features.shop]
optional = ["a"]
mandatory = ["size"]
[features.a]
alternative = ["b", "c"]
[features.size]
type = "integer"
minimum = 1
maximum = 9
default = 5
[[constraints]]
rule = "c => size < 2"
"""
CONFIGURATIONS = ["shop, size = 5", "shop, a, c, size = 1", "shop, a, b, size = 5"]
TANGLED = SHOP + '[[constraints]]\nrule = "(search | coins) & (reviews => full | coins)"\n'


@pytest.fixture
def small(shop: Path) -> Path:
    write(shop, features=SMALL)
    return shop


def rows(text: str) -> list[str]:
    return [line.partition("  ")[2] for line in text.splitlines()[:-1]]


def test_without_more_a_sample_is_pairwise_and_certified(sarto: Sarto, small: Path) -> None:
    result = sarto("sample", "features.toml")

    assert (result.exit_code, result.stderr) == (0, "")
    assert len(rows(result.stdout)) == 3
    assert result.stdout.splitlines()[-1] == (
        "features.toml: 3 configurations, which cover all 22 possible pairs (certified)"
    )


def test_one_wise_is_smaller(sarto: Sarto, shop: Path) -> None:
    last = sarto("sample", "features.toml", "-t", "1").stdout.splitlines()[-1]

    assert last == "features.toml: 3 configurations, which cover all 19 possible feature states (certified)"


def test_all_configurations_come_in_the_order_of_the_tree(sarto: Sarto, small: Path) -> None:
    result = sarto("sample", "features.toml", "--all")

    assert result.exit_code == 0
    assert [sorted(row.split(", ")) for row in rows(result.stdout)] == [sorted(c.split(", ")) for c in CONFIGURATIONS]
    assert result.stdout.splitlines()[-1] == "features.toml: 3 configurations"


def test_a_limit_says_that_there_are_more(sarto: Sarto, small: Path) -> None:
    assert sarto("sample", "features.toml", "--all", "--limit", "2").stdout.endswith("the first 2 configurations\n")
    assert sarto("sample", "features.toml", "--all", "--limit", "3").stdout.endswith(": 3 configurations\n")


def test_as_json_all_configurations_are_one_in_each_line(sarto: Sarto, small: Path) -> None:
    lines = sarto("sample", "features.toml", "--all", "--json").stdout.splitlines()

    assert [json.loads(line) for line in lines] == [
        {"shop": True, "a": False, "b": False, "c": False, "size": 5},
        {"shop": True, "a": True, "b": False, "c": True, "size": 1},
        {"shop": True, "a": True, "b": True, "c": False, "size": 5},
    ]


def test_as_json_a_covering_sample_has_its_certificate(sarto: Sarto, small: Path) -> None:
    data = json.loads(sarto("sample", "features.toml", "-t", "2", "--json").stdout)

    configurations = data.pop("configurations")
    assert data == {"t": 2, "features": 5, "covered": 22, "possible": 22, "impossible": 18, "complete": True}
    assert len(configurations) == 3


def test_a_sample_that_ran_out_of_time_says_its_share_and_fails(sarto: Sarto, small: Path) -> None:
    result = sarto("sample", "features.toml", "--seconds", "0")

    assert result.exit_code == 1
    assert result.stdout.splitlines()[-1].endswith("1 configuration, which covers 10 of 22 possible pairs (45.45%)")
    assert "error: the sample is incomplete after 0 s: 12 possible pairs are not covered, for example" in result.stderr
    assert "hint: --seconds gives it more time" in result.stderr


def test_a_sample_agrees_with_a_selection(sarto: Sarto, small: Path) -> None:
    write(small, acme='line = "features.toml"\ncustomer = "Acme"\n[select]\na = true\nsize = 1\n')

    result = sarto("sample", "features.toml", "--selection", "acme.toml")

    assert sorted(sorted(row.split(", ")) for row in rows(result.stdout)) == [
        ["a", "b", "shop", "size = 1"], ["a", "c", "shop", "size = 1"],
    ]  # fmt: skip


def test_an_unknown_feature_of_the_selection_is_an_error(sarto: Sarto, small: Path) -> None:
    write(small, acme='line = "features.toml"\ncustomer = "Acme"\n[select]\nsizes = 3\n')

    result = sarto("sample", "features.toml", "--selection", "acme.toml")

    assert result.exit_code == 1
    assert result.stderr == (
        "error: unknown feature 'sizes'\n  --> acme.toml: select.sizes\n  hint: did you mean 'size'?\n"
    )


def test_a_folder_of_selections_resolves_to_the_same_configurations(sarto: Sarto, small: Path) -> None:
    result = sarto("sample", "features.toml", "--all", "-o", "out/samples")

    assert result.stdout == "features.toml: 3 configurations, in out/samples\n"
    files = sorted((small / "out" / "samples").iterdir())
    assert [file.name for file in files] == ["0001.toml", "0002.toml", "0003.toml"]
    found = [json.loads(sarto("resolve", file, "--json").stdout)["configuration"] for file in files]
    assert found == [
        json.loads(line) for line in sarto("sample", "features.toml", "--all", "--json").stdout.splitlines()
    ]


def test_a_folder_with_something_in_it_is_left_alone(sarto: Sarto, small: Path) -> None:
    (small / "samples").mkdir()
    (small / "samples" / "0001.toml").write_text("mine")

    result = sarto("sample", "features.toml", "-o", "samples")

    assert result.exit_code == 1
    assert result.stderr == (
        "error: there is something in this folder already\n  --> samples\n  hint: name a new or an empty one\n"
    )
    assert [file.read_text() for file in (small / "samples").iterdir()] == ["mine"]


def test_a_file_is_no_folder(sarto: Sarto, small: Path) -> None:
    result = sarto("sample", "features.toml", "-o", "acme.toml")

    assert result.stderr == "error: this is no folder, but one is to be filled\n  --> acme.toml\n"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["-t", "2", "--all"], "-t and --all do not go together"),
        (["--uniform", "3", "--all"], "--uniform and --all do not go together"),
        (["--limit", "3"], "--limit needs --all"),
        (["--all", "--abstract"], "--abstract is for covering (-t)"),
    ],
)
def test_what_does_not_go_together_is_a_mistake_of_usage(
    sarto: Sarto, small: Path, arguments: list[str], message: str
) -> None:
    result = sarto("sample", "features.toml", *arguments)

    assert result.exit_code == 2
    assert message in result.stderr


@pytest.mark.parametrize("arguments", [[], ["--uniform", "2"], ["--all"], ["--all", "--json"], ["-o", "samples"]])
def test_a_void_model_has_no_sample(sarto: Sarto, shop: Path, arguments: list[str]) -> None:
    write(shop, features=SHOP + '[[constraints]]\nrule = "!shop"\n')

    result = sarto("sample", "features.toml", *arguments)

    assert result.exit_code == 1
    assert result.stderr == (
        "error: the model is void: it has no configuration\n"
        "  --> features.toml\n"
        "  hint: sarto analyse MODEL --explain says why\n"
    )


@pytest.mark.parametrize("arguments", [[], ["--uniform", "2"], ["--all"]])
def test_where_a_selection_is_impossible_the_model_is_not_called_void(
    sarto: Sarto, shop: Path, arguments: list[str]
) -> None:
    result = sarto("sample", "features.toml", "--selection", "impossible.toml", *arguments)

    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == (
        "error: no configuration agrees with this selection\n"
        "  --> impossible.toml\n"
        "  hint: sarto explain SELECTION says why, for a selection of a line\n"
    )


@pytest.mark.parametrize("seconds", ["-1", "nan"])
@pytest.mark.parametrize("command", ["sample", "analyse"])
def test_what_is_no_time_is_a_mistake_of_usage(sarto: Sarto, small: Path, command: str, seconds: str) -> None:
    result = sarto(command, "features.toml", "--seconds", seconds)

    assert (result.exit_code, result.stdout) == (2, "")
    assert f"Invalid value for '--seconds': {float(seconds)} is not in the range x>=0." in result.stderr


def test_drawn_configurations_are_the_same_for_the_same_seed(sarto: Sarto, shop: Path) -> None:
    first, again, other = (
        sarto("sample", "features.toml", "--uniform", "20", "--seed", seed).stdout for seed in ("1", "1", "2")
    )

    assert first == again != other
    assert len(rows(first)) == 20


def test_what_is_too_hard_to_draw_uniformly_is_unknown(sarto: Sarto, shop: Path) -> None:
    write(shop, features=TANGLED)

    result = sarto("sample", "features.toml", "--uniform", "5", "--seconds", "0")

    assert result.exit_code == 1
    assert result.stderr.startswith("error: unknown: too hard to draw uniformly in 0 s\n")


def test_a_stream_of_very_many_can_be_interrupted(shop: Path) -> None:
    names = ", ".join(f'"f{index}"' for index in range(60))
    write(shop, features=f'[line]\nroot = "shop"\n[features.shop]\noptional = [{names}]\n')
    process = start("sample", "features.toml", "--all", "--json")
    assert process.stdout is not None
    assert process.stderr is not None
    assert json.loads(process.stdout.readline())["shop"] is True
    time.sleep(0.2)
    process.send_signal(signal.SIGINT)
    process.stdout.close()

    assert process.wait(20) in (130, 141)
    assert "Traceback" not in process.stderr.read()
    process.stderr.close()
