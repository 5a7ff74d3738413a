"""A product that follows its switches while it runs is known by its page and in the terminal, and how far it came."""

from __future__ import annotations

import html
import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from sarto_runtime.build import read_build
from sarto_runtime.followers import Follower, followers, lags, noting
from sarto_runtime.state import state_of
from sarto_runtime.switches import sign_of

from .real_builds import start, surroundings
from .test_features_page import Browser, opened, words
from .test_licence import make_licensed_build
from .test_live import make_product, state_folder
from .test_switching import make_open_build

FOLLOWING = "end = product().follow({seconds})\nsay('ready')\ninput()\n"


@contextmanager
def running(launcher: Path, program: str = FOLLOWING, seconds: float = 0.01) -> Iterator[subprocess.Popen[str]]:
    """A product that follows, and has told so."""
    with subprocess.Popen(
        [sys.executable, str(launcher), program.format(seconds=seconds)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=surroundings(launcher),
    ) as process:  # fmt: skip
        assert process.stdout
        assert process.stdout.readline() == '"ready"\n'
        wait_for(lambda: len(notes(launcher)) > 0)
        yield process
        process.kill()


def wait_for(is_so: Any) -> None:
    until = time.monotonic() + 60
    while not is_so() and time.monotonic() < until:
        time.sleep(0.02)
    assert is_so()


def notes(launcher: Path) -> list[Path]:
    return sorted((state_folder(launcher) / "running").glob("*.json"))


def report(launcher: Path) -> Any:
    return json.loads(start(launcher, "@features", "--json").stdout)


def switch(browser: Browser, *names: str) -> str:
    """What the page says after these have been switched on."""
    done = browser.submit(browser.look("/switch?" + "&".join(f"on={name}" for name in names)))
    assert done.status == 303
    return words(browser.look(done.headers["Location"]))


def test_a_switch_on_the_page_is_taken_over_before_the_page_answers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    launcher = make_product(tmp_path)
    with running(launcher, seconds=0.5) as process, opened(launcher, monkeypatch) as browser:
        assert f"Process {process.pid}, version 2026.11.0, takes over what can change at once." in words(browser.look())
        said = switch(browser, "polite")
        assert f"polite: on now in process {process.pid}, and from the next start" in said
        assert [each["features"]["polite"] for each in report(launcher)["running"]] == [True]


def test_a_switch_in_another_terminal_says_what_came_of_it_too(tmp_path: Path) -> None:
    launcher = make_product(tmp_path)
    with running(launcher, seconds=0.5) as process:
        assert start(launcher, "@enable", "polite", "theme").stdout == (
            f"polite: on now in process {process.pid}, and from the next start\n"
            "theme: on from the next start\n"
            f"In process {process.pid} 'theme' is still off: it changes at the next start\n"
        )
        assert start(launcher, "@enable", "polite").stdout == "polite: on already\n"


def test_what_needs_a_start_says_so_for_each_process(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    launcher = make_product(tmp_path)
    with running(launcher) as process, opened(launcher, monkeypatch) as browser:
        said = switch(browser, "theme", "neon")
        number = process.pid
        assert "theme: on from the next start" in said
        reasons = [
            f"In process {number} 'theme' is still off: it changes at the next start",
            f"In process {number} 'neon' is still off: "
            "it waits for the next start, together with features that change only then",
        ]
        assert [each in said for each in reasons] == [True, True]
        (told,) = report(launcher)["running"]
        assert [each["reason"] for each in told["behind"]] == reasons
        assert "\n".join(reasons) in start(launcher, "@features").stdout


def test_a_feature_that_fails_there_is_off_with_the_reason(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    launcher = make_product(tmp_path)
    with running(launcher) as process, opened(launcher, monkeypatch) as browser:
        said = switch(browser, "broken")
        found = re.search(f"In process {process.pid} 'broken' is still off: (.*no licence server[^<]*)", said)
        assert found
        assert report(launcher)["running"][0]["behind"][0]["reason"] in said


def test_a_process_that_looks_seldom_is_not_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    launcher = make_product(tmp_path)
    with running(launcher, seconds=3600) as process, opened(launcher, monkeypatch) as browser:
        assert (
            f"In process {process.pid} 'polite' is still off: it looks every 3600 seconds, and has not looked yet"
        ) in switch(browser, "polite")


@pytest.mark.parametrize("how", ["killed", "ended"])
def test_a_process_that_is_gone_is_not_known_any_more(tmp_path: Path, how: str) -> None:
    launcher = make_product(tmp_path)
    with running(launcher) as process:
        if how == "killed":
            process.kill()
        else:
            process.communicate("\n", timeout=60)
        process.wait()
        assert report(launcher)["running"] == []
        assert os.listdir(state_folder(launcher) / "running") == []


def test_a_process_that_ends_following_is_not_known_any_more(tmp_path: Path) -> None:
    launcher = make_product(tmp_path)
    with running(launcher, f"{FOLLOWING}end()\nsay('ended')\ninput()\n") as process:
        assert process.stdin
        assert process.stdout
        process.stdin.write("\n")
        process.stdin.flush()
        assert process.stdout.readline() == '"ended"\n'
        wait_for(lambda: os.listdir(state_folder(launcher) / "running") == [])
        assert process.poll() is None


@pytest.mark.skipif(not hasattr(os, "fork"), reason="Windows has no fork")
def test_a_forked_process_that_lives_longer_does_not_stand_for_the_one_that_followed(tmp_path: Path) -> None:
    launcher = make_product(tmp_path)
    forking = (
        "\nimport os, time\nif os.fork() == 0:\n    os.close(1)\n    os.close(2)\n    time.sleep(5)\n    os._exit(0)\n"
    )
    with running(launcher, FOLLOWING + forking) as process:
        process.communicate("\n", timeout=60)
        assert report(launcher)["running"] == []


def test_where_nothing_can_be_written_it_follows_all_the_same(tmp_path: Path) -> None:
    switches = tmp_path / "switches.json"
    (tmp_path / "running").write_text("in the way", encoding="utf-8")
    with noting(str(switches)) as tell:
        tell(follower())
        assert followers(str(switches)) == ()


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"format": 2}', '{"format": 1, "process": 1}', "null"])
def test_a_note_that_cannot_be_read_is_passed_over(tmp_path: Path, text: str) -> None:
    switches = str(tmp_path / "switches.json")
    with noting(switches) as tell:
        tell(follower())
        assert followers(switches) == (follower(),)
        (note,) = (tmp_path / "running").glob("*.json")
        note.write_text(text, encoding="utf-8")
        assert followers(switches) == ()
        note.write_bytes(b"\xff")
        assert followers(switches) == ()


def test_the_sign_of_a_file_comes_back_as_it_was(tmp_path: Path) -> None:
    switches = tmp_path / "switches.json"
    switches.write_text("{}", encoding="utf-8")
    sign = sign_of(str(switches))
    with noting(str(switches)) as tell:
        tell(follower()._replace(sign=sign))
        assert [each.sign for each in followers(str(switches))] == [sign]


def test_what_nobody_is_shown_is_not_told_of_a_process_either(tmp_path: Path) -> None:
    build = read_build(str(make_open_build(tmp_path).parent))
    following = (follower()._replace(features={"maps": False, "tokens": True, "gone": True}),)
    told = lags(build._replace(unlisted=frozenset({"tokens"})), state_of(build, {}), following, None)
    assert [(each.feature, each.cause) for each in told] == [("maps", "lag_start")]


def follower() -> Follower:
    return Follower(os.getpid(), "1.0", 1.0, None, {"maps": True}, "", {})


def shown(page: str) -> list[tuple[str, str]]:
    """The features on a page with the lines beside each, in its order."""
    articles = re.findall(r"<article [^>]*><h3 [^>]*>(.*?)</h3>(.*?)</article>", page)
    return [(html.unescape(title), words(rest)) for title, rest in articles]


@pytest.mark.parametrize("make", [make_open_build, make_licensed_build, make_product])
@pytest.mark.parametrize("switched", [[], ["@enable", "tokens", "graphql"], ["@enable", "polite"]])
def test_the_page_and_the_terminal_say_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, make: Any, switched: Sequence[str]
) -> None:
    launcher = make(tmp_path)
    start(launcher, *switched)
    found = report(launcher)["features"]
    table = start(launcher, "@features").stdout.splitlines()[1:]
    with opened(launcher, monkeypatch) as browser:
        page = dict(shown(browser.look()))
    assert len(page) == len(found) == len(table) == len(read_build(str(launcher.parent)).features)
    for entry, row in zip(found, table, strict=True):
        state = {True: "on", False: "off"}.get(entry["value"], str(entry["value"]))
        assert row.split()[:2] == [entry["feature"], state]
        assert row.endswith(entry["reason"])
        assert entry["reason"] in page[f"{entry['feature']}: {state}"]


def test_what_is_off_for_want_of_a_licence_was_not_switched_by_the_user(tmp_path: Path) -> None:
    reasons = {each["feature"]: each["reason"] for each in report(make_licensed_build(tmp_path))["features"]}
    assert reasons == {
        "maps": "no licence covers 'maps'",
        "tables": "it goes with features that no licence covers; the build starts with it off",
        "export": "no licence covers 'export'",
    }
