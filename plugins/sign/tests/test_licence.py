"""A licence from the vendor's key to the customer's product, and everything that keeps one from being made."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sarto.cli import program
from sarto.testing import greeter_line, start

__all__ = ["greeter_line"]


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(program, [str(each) for each in arguments], prog_name="sarto")


@pytest.fixture
def licensed(greeter_line: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of a line whose feature ``maps`` is licensed, with the vendor's keys."""
    monkeypatch.chdir(greeter_line)
    run("key", "new", "vendor")
    shown = json.loads(run("key", "show", "vendor.pub", "--json").stdout)
    assert run("key", "show", "vendor.key").stdout.endswith(f'licence_key = "{shown["public"]}"\n')
    path = greeter_line / "features.toml"
    text = path.read_text(encoding="utf-8").replace("[features.maps]", "[features.maps]\nlicensed = true")
    path.write_text(text.replace('root = "greeter"', f'root = "greeter"\nlicence_key = "{shown["public"]}"'))
    return greeter_line


def test_a_feature_is_on_once_the_customer_keeps_the_licence(licensed: Path, tmp_path: Path) -> None:
    done = run("build", "acme.toml", "-o", "builds")
    assert done.exit_code == 0, done.stderr
    launcher = licensed / "builds" / "acme-gmbh" / "acme-gmbh.py"
    first = start(launcher, home=tmp_path)
    assert json.loads(first.stdout)["plugins"] == []
    assert first.stderr == "acme-gmbh: no licence covers 'maps', so it is off\n"
    done = run("licence", "acme.toml", "--sign", "vendor.key", "--until", "2999-12-31", "-o", "acme.licence")
    assert (done.exit_code, done.output) == (0, "")
    kept = start(launcher, "@licence", str(licensed / "acme.licence"), home=tmp_path)
    assert (kept.stdout, kept.stderr) == ("maps: licensed until 2999-12-31\n", "")
    second = start(launcher, home=tmp_path)
    assert (json.loads(second.stdout)["plugins"], second.stderr) == (["maps"], "")


def test_each_feature_has_its_own_last_day_or_that_of_all(licensed: Path) -> None:
    order = ("licence", "acme.toml", "--sign", "vendor.key", "--from", "2026-01-01")
    said = json.loads(run(*order, "--until", "2027-12-31").stdout)
    assert said["features"] == {"maps": {"begin": "2026-01-01", "end": "2027-12-31"}}
    assert (said["format"], said["line"], said["name"]) == (1, "greeter", "acme-gmbh")
    said = json.loads(run(*order, "--feature", "maps=2026-06-30").stdout)
    assert said["features"] == {"maps": {"begin": "2026-01-01", "end": "2026-06-30"}}


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--feature", "map"], "error: 'map' is no licensed feature\n  --> --feature\n  hint: did you mean 'maps'?\n"),
        (
            ["--feature", "export"],
            "error: 'export' is no licensed feature\n  --> --feature\n  hint: licensed are maps\n",
        ),
        (["--until", "31.12."], "error: '31.12.' is no day\n  --> --until\n  hint: write it as 2027-01-31\n"),
        (["--feature", "maps=x"], "error: 'x' is no day\n  --> --feature\n  hint: write it as 2027-01-31\n"),
    ],
)
def test_what_cannot_be_licensed_is_refused(licensed: Path, words: list[str], said: str) -> None:
    done = run("licence", "acme.toml", "--sign", "vendor.key", *words)
    assert (done.exit_code, done.stdout, done.stderr) == (1, "", said)


def test_another_key_than_the_lines_is_refused(licensed: Path) -> None:
    run("key", "new", "other")
    done = run("licence", "acme.toml", "--sign", "other.key")
    assert done.exit_code == 1
    assert done.stderr.startswith(
        "error: this key does not go with the line's licence_key: its builds would refuse the licence\n"
    )


def test_a_file_that_is_there_is_not_overwritten(licensed: Path) -> None:
    (licensed / "acme.licence").write_text("mine")
    order = ("licence", "acme.toml", "--sign", "vendor.key", "-o", "acme.licence")
    done = run(*order)
    assert (done.exit_code, done.stderr) == (
        1, "error: this file is there already\n  --> acme.licence\n  hint: --force replaces it\n",
    )  # fmt: skip
    assert (licensed / "acme.licence").read_text() == "mine"
    assert run(*order, "--force").exit_code == 0


def test_a_line_without_licensed_features_has_no_licences(greeter_line: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(greeter_line)
    run("key", "new", "vendor")
    done = run("licence", "acme.toml", "--sign", "vendor.key")
    assert (done.exit_code, done.stderr.splitlines()[0]) == (1, "error: the line has no licensed features")


def test_a_licensed_feature_needs_the_lines_key(greeter_line: Path) -> None:
    path = greeter_line / "features.toml"
    text = path.read_text(encoding="utf-8").replace("[features.maps]", "[features.maps]\nlicensed = true")
    path.write_text(text, encoding="utf-8")
    done = run("check", path, "--no-parts")
    assert done.exit_code == 1
    problem, place = done.stderr.splitlines()[:2]
    assert problem == "error: feature 'maps' is licensed, and no key says which licences are the vendor's"
    assert place.endswith(" line.licence_key")
    path.write_text(text.replace('root = "greeter"', 'root = "greeter"\nlicence_key = "xyz"'), encoding="utf-8")
    assert run("check", path, "--no-parts").stderr.startswith("error: this is no public key\n")
