"""What is recorded of a product's use: numbers and nothing else, exact in threads and processes, never in the way."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pluggy import PluginManager

from sarto_runtime import Plugin, Points, Policy, add, after, around, before, replace, variation_point
from sarto_runtime.build import Build, Usage, read_build
from sarto_runtime.counting import Recorder, Tally
from sarto_runtime.usage import add_usage, read_usage, today, usage_file

from . import real_builds
from .real_builds import PartOf, Sketch, feature, make_build, make_wheel, surroundings

CORE = """
import json, sys
import sarto_runtime
from sarto_runtime import product, variation_point

@variation_point
def greet(name):
    return f"hello {name}"

@variation_point
def draw(what):
    return what

def main():
    sarto_runtime.load_plugins()
    exec(sys.argv[-1], globals() | {"ProductError": sarto_runtime.ProductError})
"""
PLUGINS = {
    "polite": "from sarto_runtime import after\n@after('greet')\ndef polite(result, name): return result + '!'\n",
    "quiet": "from sarto_runtime import after\n@after('draw')\ndef quiet(result, what): return result.lower()\n",
    "maps": "from sarto_runtime import replace\n@replace('draw')\ndef on_a_map(what): return f'map of {what}'\n",
}
USAGE = {"record": ["calls", "reached"], "days": 30, "commands": {"atlas": "maps"}, "points": {"draw": "maps"}}


def make_product(tmp_path: Path, usage: dict[str, Any] | None = None, licence: dict[str, Any] | None = None) -> Path:
    wheels = tmp_path / "wheels"
    parts = [
        PartOf(make_wheel(wheels, f"talk-{name}", {f"talk_{name}.py": text}), [name]) for name, text in PLUGINS.items()
    ]
    core = make_wheel(wheels, "talk", {"talk.py": CORE}, entry_points="[console_scripts]\ntalk = talk:main\n")

    def moving(value: bool) -> dict[str, Any]:
        return feature(value, stage="user", binding="run", cause="default", reason="The vendor's default.")

    sketch = Sketch(
        features={
            "polite": moving(True), "quiet": moving(True), "maps": moving(False),
            "graphql": feature(False, reason="Nothing asks for it."),
        },
        parts=[PartOf(core), *parts],
        order=[*PLUGINS],
        open=[*PLUGINS],
        plugins=[(name, f"talk_{name}", name, f"talk-{name}") for name in PLUGINS],
        object="talk:main",
        usage=USAGE if usage is None else usage,
        licence=licence or {},
    )  # fmt: skip
    return make_build(tmp_path / "acme", sketch)


def start(launcher: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Start it with a cache that all of these tests share."""
    return real_builds.start(launcher, *words, environment={"SARTO_CACHE": str(launcher.parents[2] / "usage-cache")})


def run(launcher: Path, *words: str) -> str:
    done = start(launcher, *words)
    assert (done.returncode, done.stderr) == (0, ""), done.stderr
    return done.stdout


def recorded(launcher: Path) -> dict[str, dict[str, int]]:
    state = Path(surroundings(launcher)["SARTO_STATE"]) / "sarto" / "greeter" / "acme" / "usage.json"
    days = json.loads(state.read_text())["days"]
    assert len(days) == 1, days
    found: dict[str, dict[str, int]] = next(iter(days.values()))
    return found


def test_calls_are_counted_by_feature_and_what_is_never_called_is_known_too(tmp_path: Path) -> None:
    launcher = make_product(tmp_path)
    run(launcher, "for n in range(5): greet('Ada Lovelace')")
    assert recorded(launcher) == {"polite": {"calls": 5}, "quiet": {"calls": 0}}
    run(launcher, "greet('x'); draw('y'); product().switch({'polite': False}); greet('z')")
    assert recorded(launcher) == {"polite": {"calls": 6}, "quiet": {"calls": 1}, "maps": {"reached": 1}}


def test_nothing_but_numbers_is_kept(tmp_path: Path) -> None:
    launcher = make_product(tmp_path)
    run(launcher, "atlas", "greet('Ada Lovelace'); draw('Secret Harbour')")
    folder = Path(surroundings(launcher)["SARTO_STATE"]) / "sarto" / "greeter" / "acme"
    text = (folder / "usage.json").read_text()
    assert json.loads(text) == {
        "format": 1,
        "days": {
            today(): {"maps": {"reached": 2}, "polite": {"calls": 1}, "quiet": {"calls": 1}},
        },
    }
    assert not list(folder.glob("usage.json.[0-9]*"))


@pytest.mark.parametrize(
    ("words", "reaches"),
    [
        (["@enable", "graphql"], {"graphql": 1}),
        (["@enable", "maps"], {}),
        (["atlas", "pass"], {"maps": 1}),
        (["draw('a'); draw('b')"], {"maps": 2}),
        (["product().reach('maps'), product().reach('graphql'), product().reach('polite')"], {"maps": 1, "graphql": 1}),
        (["product().switch({'maps': True}); draw('a'); product().reach('maps')"], {}),
        (["try: product().switch({'graphql': True})\nexcept ProductError: pass"], {"graphql": 1}),
        (["product().switch({'maps': True}); draw('a'); product().switch({'maps': False}); draw('a')"], {"maps": 1}),
        (["product().preview({'maps': True}); product().is_enabled('maps')"], {}),
    ],
)
def test_reaching_for_what_is_off_is_counted(tmp_path: Path, words: list[str], reaches: dict[str, int]) -> None:
    launcher = make_product(tmp_path)
    start(launcher, *words)
    report = json.loads(run(launcher, "@usage", "--json"))["features"]
    assert {name: found["reached"] for name, found in report.items() if found["reached"]} == reaches


def test_what_a_licence_no_longer_covers_is_reached_for(tmp_path: Path) -> None:
    licence = {"key": "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "features": ["maps"]}
    launcher = make_product(tmp_path, licence=licence)
    assert start(launcher, "@enable", "maps").returncode == 1
    assert recorded(launcher) == {"maps": {"reached": 1}}


def test_without_consent_nothing_is_counted_and_nothing_for_it_imported(tmp_path: Path) -> None:
    launcher = make_product(tmp_path, usage={})
    program = "greet('x'); draw('y'); product().reach('maps'); import threading; print(threading.active_count())"
    done = run(launcher, program + "; print('sarto_runtime.counting' in sys.modules)")
    assert done.split() == ["1", "False"]
    assert start(launcher, "@enable", "graphql").returncode == 1
    assert not list((tmp_path / "state").rglob("usage*"))
    assert run(launcher, "@usage") == "nothing is recorded in this product\n"


def test_only_what_the_line_says_is_counted(tmp_path: Path) -> None:
    launcher = make_product(tmp_path, usage={**USAGE, "record": ["reached"]})
    run(launcher, "greet('x'); draw('y')")
    assert recorded(launcher) == {"maps": {"reached": 1}}


def test_processes_at_the_same_time_lose_nothing_of_each_other(tmp_path: Path) -> None:
    launcher = make_product(tmp_path)
    run(launcher, "pass")
    program = "for n in range(250): greet('x')"
    command = [sys.executable, str(launcher), program]
    shared = {**surroundings(launcher), "SARTO_CACHE": str(launcher.parents[2] / "usage-cache")}
    started = [subprocess.Popen(command, env=shared, stderr=subprocess.PIPE) for _ in range(6)]
    assert [process.communicate()[1] for process in started] == [b""] * 6
    assert recorded(launcher)["polite"] == {"calls": 1500}


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork")
def test_what_is_forked_counts_its_own_calls_once(tmp_path: Path) -> None:
    launcher = make_product(tmp_path)
    program = """
import multiprocessing, warnings
warnings.simplefilter("ignore")
def work(number):
    for n in range(10): greet('x')
greet('x')
context = multiprocessing.get_context("fork")
started = [context.Process(target=work, args=(n,)) for n in range(3)]
for each in started: each.start()
for each in started: each.join()
greet('x')
"""
    run(launcher, program)
    assert recorded(launcher)["polite"] == {"calls": 32}


def test_a_damaged_file_is_put_aside_and_another_begun(tmp_path: Path) -> None:
    launcher = make_product(tmp_path)
    run(launcher, "greet('x')")
    (file,) = (tmp_path / "state").rglob("usage.json")
    file.write_text('{"format": 1, "days": [')
    said = start(launcher, "@usage")
    assert (said.returncode, "what is recorded cannot be read" in said.stderr) == (1, True)
    run(launcher, "greet('x')")
    assert recorded(launcher)["polite"] == {"calls": 1}
    assert file.with_name("usage.json.bad").read_text() == '{"format": 1, "days": ['


def test_a_product_whose_state_cannot_be_written_runs_as_always(tmp_path: Path) -> None:
    launcher = make_product(tmp_path)
    (tmp_path / "state").write_text("no folder")
    done = start(launcher, "print(greet('x'))")
    assert (done.returncode, done.stdout, "usage" in done.stderr) == (0, "hello x!\n", False)


def test_people_see_delete_and_hand_out_what_is_recorded(tmp_path: Path) -> None:
    launcher = make_product(tmp_path)
    assert run(launcher, "@usage").splitlines()[1] == "nothing yet"
    run(launcher, "greet('x'); product().reach('graphql')")
    (file,) = (tmp_path / "state").rglob("usage.json")
    assert run(launcher, "@usage") == (
        "recorded on this machine: how often each feature was called and how often each was reached for while off, "
        "by day, kept for 30 days\n"
        f"since {today()}:\n"
        "  feature  calls  on days  reached\n"
        "  graphql                        1  off\n"
        "  polite       1        1        0\n"
        "  quiet        0        0        0  never used\n"
        f"file: {file}; @usage --forget deletes it, @usage --export FILE hands it out\n"
    )
    out = tmp_path / "usage-of-acme.json"
    assert run(launcher, "@usage", "--export", str(out)) == f"wrote {out}\n"
    assert json.loads(out.read_text()) == {
        "format": 1,
        "line": "greeter",
        "version": "2026.11.0",
        "name": "acme",
        "days": {today(): {"graphql": {"reached": 1}, "polite": {"calls": 1}, "quiet": {"calls": 0}}},
    }
    assert run(launcher, "@usage", "--forget") == "forgotten\n"
    assert not list((tmp_path / "state").rglob("usage*"))
    assert run(launcher, "@usage", "--forget") == "forgotten\n"


@pytest.mark.parametrize("words", [["--export"], ["file"], ["--forget", "--export", "x"], ["--other"]])
def test_other_words_are_wrong_usage(tmp_path: Path, words: list[str]) -> None:
    assert start(make_product(tmp_path), "@usage", *words).returncode == 2


def build_of(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, **usage: Any) -> Build:
    launcher = make_product(tmp_path, usage={**USAGE, **usage})
    monkeypatch.setenv("SARTO_STATE", str(tmp_path / "state"))
    return read_build(str(launcher.parent))


def day(before: int) -> str:
    return time.strftime("%Y-%m-%d", time.gmtime(time.time() - before * 86400))


def test_what_is_too_old_or_no_feature_goes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    build = build_of(tmp_path, monkeypatch, days=3)
    add_usage(build, {day(n): {"polite": {"calls": n + 1}, "gone": {"calls": 1}} for n in (0, 2, 3, 9, -4)})
    assert read_usage(usage_file(build)) == {day(2): {"polite": {"calls": 3}}, day(0): {"polite": {"calls": 1}}}


def test_the_file_never_grows_beyond_its_bound(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    build = build_of(tmp_path, monkeypatch, days=3000)
    names = [f"feature-{number}" for number in range(2000)]
    build = build._replace(features=dict.fromkeys(names, build.features["polite"]))
    assert add_usage(build, {day(n): {name: {"calls": 10**6} for name in names} for n in range(30)})
    path = Path(usage_file(build))
    assert path.stat().st_size <= 1 << 20
    assert max(read_usage(str(path))) == day(0)


def test_ticks_of_many_threads_are_all_counted() -> None:
    tally = Tally()

    def work() -> None:
        for _ in range(20_000):
            tally.tick()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for each in threads:
        each.start()
    taken = tally.take()
    for each in threads:
        each.join()
    assert taken + tally.take() == 80_000
    assert tally.take() == 0


@variation_point(project="usage_tests")
def bake(weight: int) -> int:
    return weight


@variation_point(project="usage_tests", collect=True)
def toppings() -> list[str]:
    return ["salt"]


@variation_point(project="usage_tests")
async def deliver(to: str) -> str:
    return to


def wrap(proceed: Callable[[int], int], weight: int) -> int:
    return proceed(weight) + 1


def veto(proceed: Callable[[int], int], weight: int) -> int:
    return -1 if weight < 0 else proceed(weight)


class Variants:
    """One object with the variants that it is given."""

    def __init__(self, **variants: Any) -> None:
        self.__dict__.update(variants)


CASES: dict[str, tuple[list[Variants], dict[str, int]]] = {
    "each that a call comes to": (
        [
            Variants(one=around("bake")(lambda proceed, weight: proceed(weight))),
            Variants(one=before("bake")(lambda weight: {"weight": weight})),
            Variants(one=after("bake")(lambda result, weight: result + 0 * weight)),
        ],
        {"f0": 3, "f1": 3, "f2": 3},
    ),
    "none behind one that does not proceed": (
        [
            Variants(one=around("bake")(veto)),
            Variants(one=replace("bake")(lambda weight: weight * 2)),
        ],
        {"f0": 3, "f1": 2},
    ),
    "several of one kind": (
        [Variants(one=after("bake")(lambda result, weight: result + 0 * weight)) for _ in range(3)],
        {"f0": 3, "f1": 3, "f2": 3},
    ),
}


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("policy", ["fail", "disable"])
def test_counted_is(case: str, policy: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    variants, counts = CASES[case]
    build = build_of(tmp_path, monkeypatch)
    names = [f"f{number}" for number in range(len(variants))]
    build = build._replace(features=dict.fromkeys(names, build.features["polite"]), usage=Usage(("calls",), 9, {}, {}))
    recorder = Recorder(build)
    policies = {name: Policy(policy, 1) for name in names}
    points = Points(PluginManager("usage_tests"), order=names, policies=policies, recorder=recorder)
    plain = [bake(weight) for weight in (1, 2)]
    for name, variant in zip(names, variants, strict=True):
        points.register(variant, name, feature=name)
    assert len([bake(weight) for weight in (1, 2, -3)]) == 3
    points.close()
    recorder.close()
    assert [bake(weight) for weight in (1, 2)] == plain
    assert {name: found["calls"] for name, found in read_usage(usage_file(build))[today()].items()} == counts


def test_points_that_collect_or_are_waited_for_are_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    build = build_of(tmp_path, monkeypatch)
    build = build._replace(features=dict.fromkeys(["f0", "f1"], build.features["polite"]))
    recorder = Recorder(build)
    points = Points(PluginManager("usage_tests"), recorder=recorder)

    async def hurry(result: str, to: str) -> str:
        return f"{result}!"

    points.register(Variants(one=add("toppings")(lambda: "herbs")), "a", feature="f0")
    points.register(Variants(one=after("deliver")(hurry)), "b", feature="f1")
    assert toppings() == ["salt", "herbs"]
    assert [asyncio.run(deliver("x")) for _ in range(2)] == ["x!", "x!"]
    points.close()
    recorder.close()
    counts = read_usage(usage_file(build))[today()]
    assert {name: found["calls"] for name, found in counts.items()} == {"f0": 1, "f1": 2}


def test_a_plugin_of_no_feature_is_not_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    recorder = Recorder(build_of(tmp_path, monkeypatch))
    points = Points(PluginManager("usage_tests"), recorder=recorder)
    points.register(Variants(one=around("bake")(wrap)), "core")
    assert bake(1) == 2
    assert points.variants("bake")[0].tick is None
    assert points.plugin("core") == Plugin("core", "", "", "")
    points.close()
    recorder.close()
