"""End users switch open features inside the vendor's envelope, and never into an invalid product."""

from __future__ import annotations

import errno
import json
import os
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from sarto_runtime.errors import ProductError
from sarto_runtime.switches import write_switches

from .real_builds import Sketch, ask, feature, greetings, make_build, make_plugin, start, surroundings

BECAUSE = "graphql => tokens: A GraphQL endpoint without tokens would publish private tables."
ONE_THEME = "Only one of dark and light can be chosen."


def user_feature(value: bool | int, **said: str) -> dict[str, Any]:
    return feature(value, stage="user", binding="start", cause="default", reason="The vendor's default.", **said)


def make_open_build(tmp_path: Path, name: str = "acme", **changes: Any) -> Path:
    """Five open features with two rules; one that the customer decided, one that is not licensed."""
    names = ("maps", "graphql", "tokens", "dark", "light")
    sketch = Sketch(
        features={
            "core": feature(cause="consequence", stage="vendor", reason="The root is in every product."),
            "maps": user_feature(True, summary="Tables draw themselves as maps"),
            "graphql": user_feature(False),
            "tokens": user_feature(False),
            "dark": user_feature(True),
            "light": user_feature(False),
            "export": feature(False, reason="Left out by Acme GmbH."),
            "page_size": feature(50),
        },
        parts=[make_plugin(tmp_path / "wheels", f"host-{each}", each) for each in names],
        order=names,
        open=names,
        residual=[(["!graphql", "tokens"], BECAUSE), (["!dark", "!light"], ONE_THEME)],
    )
    for key, value in changes.items():
        setattr(sketch, key, value)
    return make_build(tmp_path / name, sketch)


def switches(tmp_path: Path) -> Path:
    return tmp_path / "state" / "sarto" / "greeter" / "acme" / "switches.json"


def test_a_feature_that_is_switched_off_is_gone_at_the_next_start(tmp_path: Path) -> None:
    launcher = make_open_build(tmp_path)
    assert greetings(launcher) == ["host-maps", "host-dark"]
    done = start(launcher, "@disable", "maps")
    assert (done.returncode, done.stdout, done.stderr) == (0, "maps: off from the next start\n", "")
    assert greetings(launcher) == ["host-dark"]
    assert start(launcher, "@enable", "maps").stdout == "maps: on from the next start\n"
    assert greetings(launcher) == ["host-maps", "host-dark"]


def test_a_switch_to_where_a_feature_stands_already_is_said(tmp_path: Path) -> None:
    done = start(make_open_build(tmp_path), "@enable", "maps")
    assert (done.returncode, done.stdout) == (0, "maps: on already\n")


def test_a_switch_that_breaks_a_rule_is_refused_with_the_sentence_and_the_way_out(tmp_path: Path) -> None:
    launcher = make_open_build(tmp_path)
    done = start(launcher, "@enable", "graphql")
    way_out = shlex.join([sys.executable, str(launcher), "@enable", "graphql", "tokens"])
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == f"acme.py: 'graphql' on would break this product's rules:\n  {BECAUSE}\n  hint: {way_out}\n"
    assert not switches(tmp_path).exists()


@pytest.mark.skipif(sys.platform == "win32", reason="the words are quoted for a POSIX shell")
def test_the_way_out_works_as_it_is_printed(tmp_path: Path) -> None:
    launcher = make_open_build(tmp_path)
    done = start(launcher, "@enable", "graphql", "light")
    way_out = done.stderr.rpartition("hint: ")[2]
    assert (
        way_out
        == shlex.join([sys.executable, str(launcher), *["@enable", "graphql", "light", "tokens", "@disable", "dark"]])
        + "\n"
    )
    subprocess.run(way_out, shell=True, check=True, env=surroundings(launcher), capture_output=True)
    assert greetings(launcher) == ["host-maps", "host-graphql", "host-tokens", "host-light"]


def test_several_features_are_switched_together_or_not_at_all(tmp_path: Path) -> None:
    launcher = make_open_build(tmp_path)
    assert start(launcher, "@disable", "maps", "@enable", "light").returncode == 1
    assert greetings(launcher) == ["host-maps", "host-dark"]
    done = start(launcher, "@disable", "maps", "dark", "@enable", "light")
    assert (
        done.stdout == "maps: off from the next start\ndark: off from the next start\nlight: on from the next start\n"
    )
    assert greetings(launcher) == ["host-light"]


def test_where_nothing_helps_no_way_out_is_proposed(tmp_path: Path) -> None:
    launcher = make_open_build(tmp_path, residual=[(["!graphql", "#1"], BECAUSE), (["!#1"], "")])
    done = start(launcher, "@enable", "graphql")
    assert done.stderr == f"acme.py: 'graphql' on would break this product's rules:\n  {BECAUSE}\n"


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["@enable", "export"], "'export' is not licensed in this build: Left out by Acme GmbH."),
        (["@disable", "export"], "'export' is off and was decided by the customer: Left out by Acme GmbH."),
        (["@disable", "core"], "'core' is on and was decided by the vendor: The root is in every product."),
        (["@disable", "page_size"], "'page_size' is on and was decided by the customer: Selected by Acme."),
        (["@enable", "grapql"], "there is no feature 'grapql'; did you mean 'graphql'?"),
        (["@enable", "zzz"], "there is no feature 'zzz'"),
    ],
)  # fmt: skip
def test_what_lies_outside_the_envelope_is_refused_with_its_reason(
    tmp_path: Path, words: list[str], sentence: str
) -> None:
    done = start(make_open_build(tmp_path), *words)
    assert (done.returncode, done.stdout, done.stderr) == (1, "", f"acme.py: {sentence}\n")


def test_a_users_feature_that_the_rules_have_settled_is_refused_as_such(tmp_path: Path) -> None:
    forced = feature(stage="user", reason="It is needed by 'maps'.")
    done = start(make_open_build(tmp_path, features={"tiles": forced}, open=[], residual=[]), "@disable", "tiles")
    assert done.stderr == "acme.py: 'tiles' is on and cannot be switched: It is needed by 'maps'.\n"


def test_every_feature_outside_the_envelope_is_named_at_once(tmp_path: Path) -> None:
    done = start(make_open_build(tmp_path), "@enable", "export", "nothing", "maps")
    assert done.returncode == 1
    assert "'export' is not licensed" in done.stderr
    assert "there is no feature 'nothing'" in done.stderr


def test_a_feature_cannot_be_switched_both_ways(tmp_path: Path) -> None:
    done = start(make_open_build(tmp_path), "@enable", "maps", "@disable", "maps")
    assert (done.returncode, done.stderr) == (2, "acme.py: 'maps' can be switched on or off, not both\n")


def test_switches_survive_an_upgrade_of_the_build(tmp_path: Path) -> None:
    start(make_open_build(tmp_path, "version1/acme"), "@disable", "maps", environment=state(tmp_path))
    upgraded = make_open_build(tmp_path, "version2/acme")
    assert greetings(upgraded, environment=state(tmp_path)) == ["host-dark"]


def state(tmp_path: Path) -> dict[str, str]:
    return {"SARTO_STATE": str(tmp_path / "state")}


def test_a_switch_of_a_feature_that_is_no_longer_open_is_kept_but_has_no_effect(tmp_path: Path) -> None:
    launcher = make_open_build(tmp_path)
    start(launcher, "@disable", "maps")
    upgraded = make_open_build(tmp_path, "upgraded/acme", open=["graphql", "tokens", "dark", "light"])
    assert greetings(upgraded, environment=state(tmp_path)) == ["host-maps", "host-dark"]
    done = start(upgraded, "@features", environment=state(tmp_path))
    assert done.stdout.endswith("Ignored: you switched 'maps' off, but it is not open in this build.\n")
    start(upgraded, "@enable", "tokens", environment=state(tmp_path))
    assert json.loads(switches(tmp_path).read_text())["switches"] == {"maps": False, "tokens": True}
    assert greetings(launcher) == ["host-tokens", "host-dark"]


def test_switches_that_no_longer_go_together_are_passed_over_as_few_as_can_be(tmp_path: Path) -> None:
    launcher = make_open_build(tmp_path)
    start(launcher, "@enable", "tokens", "graphql", "@disable", "maps")
    rules = [(["!graphql", "maps"], "graphql needs maps"), (["!tokens", "maps"], "tokens needs maps")]
    upgraded = make_open_build(tmp_path, "upgraded/acme", residual=rules)
    done = start(upgraded, environment=state(tmp_path))
    assert json.loads(done.stdout)["greetings"] == ["host-maps", "host-graphql", "host-tokens", "host-dark"]
    assert done.stderr == (
        "acme: your switch of 'maps' no longer goes with the others and is passed over: "
        "graphql needs maps; tokens needs maps\n"
    )
    report = start(upgraded, "@features", environment=state(tmp_path))
    assert "Ignored: you switched 'maps' off, but it does not go with your other switches.\n" in report.stdout
    assert greetings(launcher) == ["host-graphql", "host-tokens", "host-dark"]


def test_a_new_decision_settles_what_was_passed_over(tmp_path: Path) -> None:
    launcher = make_open_build(tmp_path)
    start(launcher, "@enable", "tokens", "graphql", "@disable", "maps")
    rules = [(["!graphql", "maps"], "graphql needs maps"), (["!tokens", "maps"], "tokens needs maps")]
    upgraded = make_open_build(tmp_path, "upgraded/acme", residual=rules)
    start(upgraded, "@disable", "tokens", environment=state(tmp_path))
    assert greetings(upgraded, environment=state(tmp_path)) == ["host-maps", "host-graphql", "host-dark"]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("{", "Expecting property name enclosed in double quotes: line 1 column 2 (char 1)"),
        ("[]", "it is not a table"),
        ('{"format": 2, "switches": {}}', "it has format 2, and this product knows format 1"),
        ('{"format": 1, "switches": {"maps": "off"}}', "its 'switches' are not all true or false"),
        ('{"format": 1}', "its 'switches' are not all true or false"),
    ],
)
def test_switches_that_cannot_be_read_are_put_aside_with_one_warning(tmp_path: Path, text: str, problem: str) -> None:
    launcher = make_open_build(tmp_path)
    switches(tmp_path).parent.mkdir(parents=True)
    switches(tmp_path).write_text(text)
    done = start(launcher)
    bad = switches(tmp_path).with_name("switches.json.bad")
    assert json.loads(done.stdout)["greetings"] == ["host-maps", "host-dark"]
    assert done.stderr == (
        f"acme: your switches cannot be read ({problem}), so the build's own choices hold; the file is kept as {bad}\n"
    )
    assert bad.read_text() == text
    assert greetings(launcher) == ["host-maps", "host-dark"]


def test_an_earlier_file_that_was_put_aside_is_not_lost(tmp_path: Path) -> None:
    launcher = make_open_build(tmp_path)
    switches(tmp_path).parent.mkdir(parents=True)
    for text in ("first", "second", "third"):
        switches(tmp_path).write_text(text)
        start(launcher)
    kept = sorted(switches(tmp_path).parent.iterdir())
    assert [(file.name, file.read_text()) for file in kept] == [
        ("switches.json.bad", "first"), ("switches.json.bad2", "second"), ("switches.json.bad3", "third"),
    ]  # fmt: skip


def test_a_switch_that_cannot_be_stored_is_said_in_one_sentence(tmp_path: Path) -> None:
    launcher = make_open_build(tmp_path)
    (tmp_path / "state").write_text("a file where the folder should be")
    done = start(launcher, "@disable", "maps")
    assert done.returncode == 1
    assert (
        done.stderr.splitlines()[-1]
        == f"acme.py: your switches cannot be written: Not a directory: {switches(tmp_path).with_name('history.jsonl')}"
    )


def test_the_switches_file_is_whole_at_every_moment(tmp_path: Path) -> None:
    launcher = make_open_build(tmp_path)
    start(launcher, "@disable", "maps")
    assert switches(tmp_path).read_text() == '{\n  "format": 1,\n  "switches": {\n    "maps": false\n  }\n}\n'
    names = sorted(file.name for file in switches(tmp_path).parent.iterdir())
    assert names == ["history.jsonl", "switches.json", "switches.json.lock"]


def test_what_a_killed_or_refused_switch_leaves_half_written_goes_with_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(old: str, new: str) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), new)

    file = tmp_path / "switches.json"
    write_switches(str(file), {"maps": True})
    (tmp_path / "switches.json.new").write_text("{")
    write_switches(str(file), {"maps": False})
    assert [*tmp_path.iterdir()] == [file]
    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(ProductError, match="your switches cannot be written: No space left on device"):
        write_switches(str(file), {"maps": True})
    assert [*tmp_path.iterdir()] == [file]
    assert '"maps": false' in file.read_text()


def test_a_typed_feature_that_is_open_keeps_its_value_while_it_is_on(tmp_path: Path) -> None:
    typed = {"retries": user_feature(0), "limit": user_feature(5)}
    launcher = make_open_build(tmp_path, features=typed, open=["retries", "limit"], residual=[])
    values = "__import__('sarto_runtime').product().features"
    assert ask(launcher, values) == {"retries": 0, "limit": 5}
    start(launcher, "@disable", "limit")
    assert ask(launcher, values) == {"retries": 0, "limit": False}
    start(launcher, "@enable", "limit", "@disable", "retries")
    assert ask(launcher, values) == {"retries": False, "limit": 5}


def test_a_switched_feature_takes_its_setting_with_it(tmp_path: Path) -> None:
    launcher = make_open_build(
        tmp_path,
        settings={"maps": {"name": "draw", "value": True}, "tokens": {"name": "issue", "value": False}},
        route={"environment": "HOST_{NAME}"},
    )
    given = "[__import__('os').environ['HOST_DRAW'], __import__('os').environ['HOST_ISSUE']]"
    assert ask(launcher, given) == ["true", "false"]
    start(launcher, "@enable", "tokens", "@disable", "maps")
    assert ask(launcher, given) == ["false", "true"]


def test_a_feature_that_follows_an_open_one_comes_and_goes_with_it(tmp_path: Path) -> None:
    launcher = make_open_build(
        tmp_path,
        open=("maps", "graphql", "tokens", "light"),
        residual=[
            (["!light", "dark"], "dark is in wherever light is on"),
            (["light", "!dark"], "dark is part of light"),
        ],
        features={
            "core": feature(cause="consequence", stage="vendor", reason="The root is in every product."),
            **{name: user_feature(False) for name in ("maps", "graphql", "tokens", "light", "dark")},
        },
    )
    assert greetings(launcher) == []
    assert start(launcher, "@enable", "light").returncode == 0
    assert sorted(greetings(launcher)) == ["host-dark", "host-light"]
    row = next(line for line in start(launcher, "@features").stdout.splitlines() if line.startswith("dark"))
    assert row.endswith("no                it goes with features that you switched; the build starts with it off")
    done = start(launcher, "@disable", "dark")
    bonds = "dark is in wherever light is on; dark is part of light"
    assert (done.returncode, done.stderr) == (1, f"acme.py: 'dark' is on together with other features: {bonds}\n")
    assert start(launcher, "@disable", "light").returncode == 0
    assert greetings(launcher) == []
