"""A line whose features may be there several times, from the selection to the product that runs."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from ..derive.making import greeter_projects, pluggy_wheel
from ..drat import check
from .conftest import Sarto, write

LINE = """
[line]
name = "greeter"
version = "1"
root = "greeter"

[core]
parts = ["greeter>=1"]
command = "greeter"
group = "greeter"
sources = ["projects", "wheelhouse"]

[core.settings]
environment = "GREETER_{NAME}"

[targets]
python = "host"
platforms = "host"

[features.greeter]
mandatory = ["guest"]
optional = ["loud"]

[features.guest]
instances = { min = 1, max = 3 }
mandatory = ["called"]
optional = ["maps", "polite"]

[features.called]
type = "string"
default = "world"
setting = "called"

[features.loud]
parts = ["greeter-loud"]

[features.maps]
summary = "Greets with a map"
parts = ["greeter-maps>=1"]
stage = "user"
binding = "start"
setting = "map"

[features.polite]
parts = ["greeter-polite"]

[[constraints]]
rule = "polite => maps"
because = "Who is polite shows the way."
"""

PARTY = """
line = "features.toml"
customer = "Party"

[select]
loud = true

[[select.guest]]
called = "Ada"

[[select.guest]]

[open]
features = ["maps#1", "maps#2"]
"""


CONFIGURATION = """\
greeter         yes        'greeter' is the root: every product has it
  guest         yes        'greeter' always has it (features.toml: features.greeter.mandatory)
    guest#1     yes        'guest' always has it (features.toml: features.guest)
      called#1  Ada        'called#1' is set to 'Ada' (party.toml: select.guest[0].called)
      maps#1    open (no)  nothing asks for it
      polite#1  no         nothing asks for it
    guest#2     yes        'guest' is wanted 2 times, so 'guest#2' is selected (party.toml: select.guest)
      called#2  world      'guest#2' always has it (features.toml: features.guest.mandatory)
      maps#2    open (no)  nothing asks for it
      polite#2  no         nothing asks for it
    guest#3     no         'guest' is wanted 2 times, so 'guest#3' is deselected (party.toml: select.guest)
  loud          yes        'loud' is selected (party.toml: select.loud)

Party: 7 of 12 features, 2 left open
"""

WHY = """\
maps is in: 'maps' is there where 'maps#1', 'maps#2' or 'maps#3' is, and only there (LINE/features.toml: \
features.maps) — 'maps#1' is selected
  maps#1 is in: the constraint polite => maps in 'guest#1' (LINE/features.toml: constraints[0].rule): Who is \
polite shows the way — 'guest#1' and 'polite#1' are selected
    guest#1 is in: 'guest' always has it (LINE/features.toml: features.guest)
      guest is in: 'greeter' always has it (LINE/features.toml: features.greeter.mandatory)
        greeter is in: 'greeter' is the root: every product has it
    polite#1 is in: 'polite#1' is selected (HERE/own.toml: select."polite#1")
"""

CONFLICT = """\
HERE/own.toml: the selection is impossible, because these cannot all hold:
  - 'guest' is wanted 2 times, so 'guest#3' is deselected (HERE/own.toml: select.guest)
  - 'polite#3' is selected (HERE/own.toml: select."polite#3")
  - 'polite#3' is part of 'guest#3'
to mend it, do one of these:
  1. take back select.guest = 2 (HERE/own.toml)
  2. take back select."polite#3" = true (HERE/own.toml)
the tree alone forbids it, whatever the constraints are
"""

FAULTS = """\
error: unknown feature 'loud#1'
  --> wrong.toml: select.loud[0]
  hint: 'loud' is not below a feature with several instances
error: unknown feature 'polite#5'
  --> wrong.toml: select."polite#5"
  hint: did you mean 'polite#3'?
error: unknown feature 'guest#9'
  --> wrong.toml: select."guest#9"
  hint: 'guest' can have no more instances than 'guest#3'
error: 'guest' can have 1 to 3 instances, not 7
  --> wrong.toml: select.guest
  hint: write a number from 1 to 3, true or false
error: 'loud' is there once at most, so it takes no list
  --> wrong.toml: select.loud
  hint: write true or false
error: 'called' is there in each instance of another feature, so this does not say in which
  --> wrong.toml: select.called
  hint: name the instance, as in "called#1" = …, or give a list with a table for each
error: 6 problems
"""

CHOSEN = """\
# Chosen from greeter 1, question by question.
line = "LINE"
customer = "C"

[select]
"called#1" = "Ada"
"maps#1" = false
"guest#2" = true
"called#2" = "Bob"
"maps#2" = true
"polite#2" = false
"guest#3" = false
"""

MIGRATED = """\
HERE/own.toml → greeter 1
  kept     "guest#2" = true
  dropped  "guest#3" = true
             - the line has no 'guest#3' any more
  dropped  "polite#3" = true
             - the line has no 'polite#3' any more

the configuration:
  maps      yes → no      'maps' is there where 'maps#1' or 'maps#2' is, and only there (HERE/features.toml: \
features.maps) — 'maps#1' and 'maps#2' are left out
  polite    yes → no      'polite' is there where 'polite#1' or 'polite#2' is, and only there \
(HERE/features.toml: features.polite) — 'polite#1' and 'polite#2' are left out
  guest#3   yes → gone    the line has it no longer
  called#3  world → gone  the line has it no longer
  maps#3    yes → gone    the line has it no longer
  polite#3  yes → gone    the line has it no longer

3 decisions: 1 kept, 2 dropped; -o FILE writes the new selection
"""

DIFFERENCE = """\
LINE/features.toml → HERE/features.toml: a specialisation: some products are gone, and there are no new ones
  gone: 'guest#3' is selected, which HERE/features.toml rules out:
    - 'guest' has 2 instances at most

features
  changed  guest: instances 1 to 3 → 1 to 2
"""

SAMPLE = """\
0001  greeter, guest, guest#1, guest#2, guest#3, loud, called#1 = "world", maps#1, polite#1, called#2 = \
"world", maps#2, polite#2, called#3 = "world", maps#3, polite#3
0002  greeter, guest, guest#1, called#1 = "world"
features.toml: 2 configurations, which cover all 31 possible feature states (certified)
"""


@pytest.fixture(scope="module")
def projects(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("instances")
    greeter_projects(folder / "projects")
    pluggy_wheel(folder / "wheelhouse")
    write(folder, features=LINE, party=PARTY)
    return folder


@pytest.fixture(autouse=True)
def line(projects: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(projects)
    monkeypatch.setenv("UV_OFFLINE", "1")
    return projects


@pytest.fixture
def party(sarto: Sarto, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The launcher of the party's build."""
    monkeypatch.setenv("SARTO_STATE", str(tmp_path / "state"))
    result = sarto("build", "party.toml", "-o", tmp_path)
    assert (result.exit_code, result.stderr) == (0, "")
    return tmp_path / "party" / "party.py"


def run(launcher: Path, *words: str) -> list[str]:
    done = subprocess.run([sys.executable, launcher, *words], capture_output=True, text=True, check=False)
    return (done.stdout + done.stderr).splitlines()


def test_each_instance_is_switched_by_itself_and_the_part_is_there_with_the_first_of_them(party: Path) -> None:
    assert run(party) == ["hello !"]
    assert run(party, "@enable", "maps#2") == ["maps#2: on from the next start"]
    assert run(party) == ["hello ! world"]
    assert run(party, "@explain", "maps")[:2] == [
        "maps: Greets with a map",
        "  It is on: it goes with features that you switched; the build starts with it off",
    ]
    assert run(party, "@enable", "maps#1") == ["maps#1: on from the next start"]
    assert run(party, "@disable", "maps#2") == ["maps#2: off from the next start"]
    assert run(party) == ["hello ! world"]
    assert run(party, "@disable", "maps#1") == ["maps#1: off from the next start"]
    assert run(party) == ["hello !"]
    assert run(party, "@enable", "maps#3") == [
        "party.py: 'maps#3' is not licensed in this build: it is part of 'guest#3', which is left out"
    ]


def test_people_are_shown_the_instances_and_programs_also_the_plain_names(party: Path, sarto: Sarto) -> None:
    told = [row.split()[0] for row in run(party, "@features")[1:]]
    assert told == [
        "greeter", "guest", "guest#1", "called#1", "maps#1", "polite#1", "guest#2", "called#2", "maps#2", "polite#2",
        "guest#3", "loud",
    ]  # fmt: skip
    known = json.loads("\n".join(run(party, "@features", "--json")))
    assert {entry["feature"] for entry in known["features"]} - {*told} == set(known["unlisted"])
    assert {"maps", "called", "maps#3"} <= set(known["unlisted"])
    resolved = json.loads(sarto("resolve", "party.toml", "--json").stdout)
    assert set(resolved["configuration"]) == {*told, "called", "maps", "polite"} == set(resolved["reasons"])


def test_each_instance_that_is_there_gives_its_settings_under_numbered_names(party: Path) -> None:
    manifest = json.loads((party.parent / "build.json").read_text())
    assert manifest["settings"] == {
        "called#1": {"name": "called_1", "value": "Ada"},
        "maps#1": {"name": "map_1", "value": False},
        "called#2": {"name": "called_2", "value": "world"},
        "maps#2": {"name": "map_2", "value": False},
        "maps": {"name": "map", "value": False},
    }
    assert [part["name"] for part in manifest["parts"]] == [
        "greeter", "greeter-geo", "greeter-loud", "greeter-maps", "pluggy", "sarto-runtime",
    ]  # fmt: skip


def test_a_configuration_lists_the_instances_that_are_there(sarto: Sarto) -> None:
    assert sarto("resolve", "party.toml").stdout == CONFIGURATION


def test_json_has_what_is_in_the_instances_that_are_there(sarto: Sarto) -> None:
    found = json.loads(sarto("resolve", "party.toml", "--json").stdout)
    assert {name: value for name, value in found["configuration"].items() if name.startswith("called")} == {
        "called": True, "called#1": "Ada", "called#2": "world",
    }  # fmt: skip
    assert (found["open"], found["follows"]) == (["maps#1", "maps#2"], ["maps"])


def test_why_any_instance_is_there_is_explained_step_by_step(sarto: Sarto, tmp_path: Path, line: Path) -> None:
    write(tmp_path, own=f'line = "{line}"\ncustomer = "B"\n[select]\n"polite#1" = true\n')
    assert (
        sarto("explain", tmp_path / "own.toml", "maps").stdout.replace(str(line), "LINE").replace(str(tmp_path), "HERE")
        == WHY
    )


def test_what_cannot_be_is_mended_by_the_number_as_it_was_written(sarto: Sarto, tmp_path: Path, line: Path) -> None:
    write(tmp_path, own=f'line = "{line}"\ncustomer = "B"\n[select]\nguest = 2\n"polite#3" = true\n')
    result = sarto("explain", tmp_path / "own.toml", "--vendor").stdout
    assert result.replace(str(line), "LINE").replace(str(tmp_path), "HERE") == CONFLICT


WRONG = """
line = "features.toml"
customer = "Wrong"
[select]
guest = 7
loud = [true]
called = "Ada"
"polite#5" = true
"guest#9" = true
"""


def test_wishes_about_instances_that_do_not_fit_are_reported_together(sarto: Sarto, line: Path) -> None:
    write(line, wrong=WRONG)
    assert sarto("resolve", "wrong.toml").stderr == FAULTS


def test_choosing_asks_for_one_instance_after_the_other(sarto: Sarto, tmp_path: Path) -> None:
    answers = "\n".join(["Ada", "n", "y", "Bob", "y", "n", "n", "w"])
    result = sarto("choose", ".", "-o", tmp_path / "chosen.toml", "--customer", "C", input=answers)
    asked = [line for line in result.stdout.splitlines() if "? " in line]
    assert asked == [
        "called#1? Ada", "maps#1? n", "guest#2? y", "called#2? Bob", "maps#2? y", "polite#2? n", "guest#3? n",
        "loud? w",
    ]  # fmt: skip
    assert "out: polite#1" in result.stdout
    assert re.sub("(?m)^line = .*", 'line = "LINE"', (tmp_path / "chosen.toml").read_text()) == CHOSEN


def test_a_number_is_carried_over_to_a_line_with_fewer_instances(sarto: Sarto, tmp_path: Path, line: Path) -> None:
    (tmp_path / "features.toml").write_text(LINE.replace("max = 3", "max = 2"))
    write(tmp_path, own=f'line = "{line}"\ncustomer = "B"\n[select]\nguest = 3\n"polite#3" = true\n')
    assert sarto("migrate", tmp_path / "own.toml", "--to", tmp_path).stdout.replace(str(tmp_path), "HERE") == MIGRATED
    result = sarto("diff", line / "features.toml", tmp_path / "features.toml").stdout
    assert result.replace(str(tmp_path), "HERE").replace(str(line), "LINE") == DIFFERENCE


def test_the_line_is_sound_and_its_sample_is_of_instances(sarto: Sarto) -> None:
    assert sarto("check", "--no-parts").stdout == "greeter 1: 6 features, 1 constraint; 0 errors, 0 warnings\n"
    assert sarto("sample", "features.toml", "-t", "1").stdout == SAMPLE


RULES = """
[[rules]]
when = "friends > 1"
select = { guest = 3 }
because = "Friends come along."
"""


def test_a_rule_about_a_customer_selects_a_number(sarto: Sarto, tmp_path: Path) -> None:
    (tmp_path / "features.toml").write_text(LINE + RULES)
    (tmp_path / "facts.toml").write_text("friends = 2")
    result = sarto("tailor", tmp_path / "facts.toml", "--line", tmp_path, "-o", tmp_path / "made.toml")
    assert result.exit_code == 0, result.output
    assert "guest = 3\n" in (tmp_path / "made.toml").read_text()
    (tmp_path / "features.toml").write_text(LINE + RULES.replace("guest = 3", "guest = 4"))
    refused = sarto("check", tmp_path, "--no-parts").stderr
    assert refused.replace(str(tmp_path), "HERE").splitlines() == [
        "error: 'guest' can have 1 to 3 instances, not 4",
        "  --> HERE/features.toml: rules[0].select.guest",
        "  hint: write one of these numbers, true or false",
    ]


def test_what_is_said_of_a_line_with_instances_is_proved(sarto: Sarto, tmp_path: Path, line: Path) -> None:
    text = LINE + '[[constraints]]\nrule = "polite => maps | loud"\n[[constraints]]\nrule = "!polite"\n'
    (tmp_path / "features.toml").write_text(text)
    assert sarto("check", tmp_path, "--no-parts", "--proof", tmp_path / "proofs").exit_code == 1
    folder = tmp_path / "proofs"
    proved = [each for each in json.loads((folder / "claims.json").read_text())["claims"] if "proof" in each]
    assert {"dead.cnf", "redundant-0.cnf", "redundant-1.cnf"} <= {each["cnf"] for each in proved}
    for each in proved:
        check((folder / each["cnf"]).read_text(), (folder / each["proof"]).read_text())
