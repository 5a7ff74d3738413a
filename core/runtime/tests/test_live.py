"""Features switch in the product that runs: at once, valid at every moment, stored, written down, all or nothing."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from itertools import product
from pathlib import Path
from random import Random
from typing import Any

from sarto_runtime.build import read_build
from sarto_runtime.state import state_of
from sarto_runtime.switching import judge

from .real_builds import PartOf, Sketch, feature, installed_wheel, make_build, make_wheel, start, surroundings

CORE = """
import json, sys
import sarto_runtime
from sarto_runtime import product, variation_point

@variation_point
def greet(name):
    return f"hello {name}"

@variation_point
def count(steps):
    for step in range(steps):
        yield step

def main():
    sarto_runtime.load_plugins()
    exec(sys.argv[1], globals() | {"ProductError": sarto_runtime.ProductError})

def say(*values):
    print(*map(json.dumps, values), flush=True)
"""
PLUGINS = {
    "loud": "from sarto_runtime import after\n@after('greet')\ndef loud(result, name): return result.upper()\n",
    "polite": "from sarto_runtime import after\n@after('greet')\ndef polite(result, name): return f'{result}, please'\n"
    "@after('count')\ndef slower(result, steps):\n    for each in result: yield each * 10\n",
    "broken": "def start(): raise RuntimeError('no licence server')\n",
    "nested": "import sarto_runtime\ndef start(): sarto_runtime.product().switch({'loud': True})\n",
    "theme": "from sarto_runtime import after\n@after('greet')\ndef theme(result, name): return f'<{result}>'\n",
}
NEEDS = "'loud' needs 'polite': shouting alone is rude."
THEMED = "'neon' needs 'theme'."


def moving(value: bool, binding: str = "run") -> dict[str, Any]:
    return feature(value, stage="user", binding=binding, cause="default", reason="The vendor's default.")


def make_product(tmp_path: Path, more: Sequence[PartOf] = (), licence: dict[str, Any] | None = None) -> Path:
    wheels = tmp_path / "wheels"
    names = [*PLUGINS]
    parts = [
        PartOf(make_wheel(wheels, f"talk-{name}", {f"talk_{name}.py": text}), [name]) for name, text in PLUGINS.items()
    ]
    core = make_wheel(wheels, "talk", {"talk.py": CORE}, entry_points="[console_scripts]\ntalk = talk:main\n")
    sketch = Sketch(
        features={
            "core": feature(cause="consequence", stage="vendor", reason="The root is in every product."),
            **{name: moving(False, "start" if name == "theme" else "run") for name in names},
            "neon": moving(False),
            "size": feature(50),
        },
        parts=[PartOf(core), *parts, *more],
        order=names,
        open=[*names, "neon"],
        residual=[(["!loud", "polite"], NEEDS), (["!neon", "theme"], THEMED)],
        plugins=[(name, f"talk_{name}", name, f"talk-{name}") for name in names],
        object="talk:main",
    )
    if licence:
        sketch.licence = licence
    return make_build(tmp_path / "acme", sketch)


def said(launcher: Path, program: str) -> list[Any]:
    done = start(launcher, program)
    assert (done.returncode, done.stderr) == (0, ""), done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def state_folder(launcher: Path) -> Path:
    return Path(surroundings(launcher)["SARTO_STATE"]) / "sarto" / "greeter" / "acme"


def test_new_calls_see_the_switch_and_the_next_start_too(tmp_path: Path) -> None:
    launcher = make_product(tmp_path)
    program = """
say(greet("Ada"))
change = product().switch({"polite": True})
say(dict(change.now), dict(change.later), greet("Ada"), product().is_enabled("polite"))
product().switch({"loud": True})
say(greet("Ada"))
product().switch({"loud": False, "polite": False})
say(greet("Ada"))
product().switch({"polite": True})
"""
    done = start(launcher, program)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines() == [
        '"hello Ada"',
        '{"polite": true} {} "hello Ada, please" true',
        '"HELLO ADA, PLEASE"',
        '"hello Ada"',
    ]
    assert said(launcher, 'say(greet("Ada"))') == ["hello Ada, please"]


def test_what_has_begun_ends_as_it_began(tmp_path: Path) -> None:
    program = """
product().switch({"polite": True})
begun = count(3)
first = next(begun)
product().switch({"polite": False})
say([first, *begun])
say(list(count(3)))
"""
    assert said(make_product(tmp_path), program) == [[0, 10, 20], [0, 1, 2]]


def test_the_consequences_are_shown_first_and_nothing_is_changed(tmp_path: Path) -> None:
    launcher = make_product(tmp_path)
    program = """
seen = product().preview({"loud": True})
say(list(seen.refusal.sentences), dict(seen.refusal.repair), dict(seen.now))
seen = product().preview({"loud": True, "polite": True, "theme": True})
say(seen.refusal, dict(seen.now), dict(seen.later), greet("Ada"))
"""
    done = start(launcher, program)
    assert done.stdout.splitlines() == [
        f'["{NEEDS}"] {{"polite": true}} {{}}',
        'null {"loud": true, "polite": true} {"theme": true} "hello Ada"',
    ]
    assert not state_folder(launcher).exists()


def test_what_breaks_a_rule_is_refused_and_the_product_runs_on(tmp_path: Path) -> None:
    launcher = make_product(tmp_path)
    program = """
try:
    product().switch({"loud": True})
except ProductError as error:
    say(str(error))
say(greet("Ada"))
"""
    assert said(launcher, program) == [
        f"'loud' on would break this product's rules:\n  {NEEDS}",
        "hello Ada",
    ]
    assert not state_folder(launcher).exists()


def test_what_needs_a_restart_waits_for_it_with_all_that_depends_on_it(tmp_path: Path) -> None:
    launcher = make_product(tmp_path)
    program = """
change = product().switch({"theme": True, "neon": True})
say([dict(change.now), dict(change.later)])
say(product().is_enabled("neon"))
say(greet("Ada"))
"""
    assert said(launcher, program) == [[{}, {"theme": True, "neon": True}], False, "hello Ada"]
    assert said(launcher, 'say(greet("Ada"), )') == ["<hello Ada>"]
    assert said(launcher, 'say(product().is_enabled("neon"))') == [True]


def test_a_feature_that_fails_to_start_is_named_and_all_is_as_it_was(tmp_path: Path) -> None:
    launcher = make_product(tmp_path)
    program = """
try:
    product().switch({"polite": True, "broken": True})
except ProductError as error:
    say(str(error))
say(greet("Ada"))
say([product().is_enabled("polite"), product().is_enabled("broken")])
"""
    problem = "feature 'broken' (part talk-broken 1.0) fails to start: RuntimeError: no licence server "
    problem += "(site-packages/talk_broken.py:1)"
    assert said(launcher, program) == [problem, "hello Ada", [False, False]]
    assert not (state_folder(launcher) / "switches.json").exists()
    (entry,) = json.loads(start(launcher, "@history", "--json").stdout)["entries"]
    assert (entry["features"], entry["outcome"]) == ({"polite": True, "broken": True}, problem)


def test_a_switch_during_a_switch_is_refused(tmp_path: Path) -> None:
    program = """
try:
    product().switch({"nested": True, "polite": True})
except ProductError as error:
    say(str(error))
say(greet("Ada"))
"""
    problem, greeting = said(make_product(tmp_path), program)
    assert problem.startswith(
        "feature 'nested' (part talk-nested 1.0) fails to start: ProductError: a feature cannot be switched while "
        "another one is being switched, by its own start ("
    )
    assert problem.endswith("/talk_nested.py:2)"), "the plugin's own line, not the one that refused"
    assert greeting == "hello Ada"


def test_a_folder_in_place_of_the_file_stops_the_switch_not_the_product(tmp_path: Path) -> None:
    launcher = make_product(tmp_path)
    (state_folder(launcher) / "history.jsonl").mkdir(parents=True)
    program = """
try:
    product().switch({"polite": True})
except ProductError as error:
    say(str(error).partition(":")[0])
say([greet("Ada"), product().is_enabled("polite")])
"""
    assert said(launcher, program) == ["your switches cannot be written", ["hello Ada", False]]
    assert not (state_folder(launcher) / "switches.json").exists()


def test_what_another_process_switches_is_taken_over_while_it_runs(tmp_path: Path) -> None:
    launcher = make_product(tmp_path)
    program = """
say(product().refresh(), greet("Ada"))
input()
say(product().refresh(), greet("Ada"))
say(product().refresh(), greet("Ada"))
input()
say(product().refresh(), greet("Ada"))
"""
    running = subprocess.Popen(
        [sys.executable, str(launcher), program],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=surroundings(launcher),
    )  # fmt: skip
    assert running.stdin
    assert running.stdout
    assert running.stdout.readline() == '{} "hello Ada"\n'
    done = start(launcher, "@enable", "polite", "theme")
    assert done.stdout == (
        "polite: on from the next start, sooner where it runs and follows\ntheme: on from the next start\n"
    )
    running.stdin.write("\n")
    running.stdin.flush()
    assert running.stdout.readline() == '{"polite": true} "hello Ada, please"\n'
    assert running.stdout.readline() == '{} "hello Ada, please"\n'
    (state_folder(launcher) / "switches.json").write_text("rubbish", encoding="utf-8")
    out, err = running.communicate("\n", timeout=60)
    assert out == '{} "hello Ada, please"\n'
    assert err.startswith("acme: your switches cannot be read (")
    assert err.endswith("what runs stays as it is\n")


def test_a_product_can_follow_the_switches_by_itself(tmp_path: Path) -> None:
    launcher = make_product(tmp_path)
    program = """
import time
end = product().follow(0.01)
say("ready")
until = time.monotonic() + 60
while greet("Ada") == "hello Ada" and time.monotonic() < until:
    time.sleep(0.01)
end()
say(greet("Ada"))
"""
    running = subprocess.Popen(
        [sys.executable, str(launcher), program], stdout=subprocess.PIPE, text=True, env=surroundings(launcher)
    )
    assert running.stdout
    assert running.stdout.readline() == '"ready"\n'
    start(launcher, "@enable", "polite")
    assert running.communicate(timeout=90)[0] == '"hello Ada, please"\n'


def test_calls_from_many_threads_see_one_state_or_the_other_never_a_mixture(tmp_path: Path) -> None:
    program = """
import threading
sys.setswitchinterval(0.0002)  # threads alternate more often, and nobody waits long for a turn
seen, errors, ended = set(), [], threading.Event()
def call():
    while not ended.is_set():
        seen.add(greet("Ada"))
def toggle(names):
    try:
        for number in range(30):
            product().switch(dict.fromkeys(names, number % 2 == 0))
    except BaseException as error:
        errors.append(repr(error))
callers = [threading.Thread(target=call) for _ in range(4)]
togglers = [threading.Thread(target=toggle, args=(["loud", "polite"],)) for _ in range(2)]
for each in [*callers, *togglers]: each.start()
for each in togglers: each.join()
ended.set()
for each in callers: each.join()
say(sorted(seen), errors)
"""
    done = start(make_product(tmp_path), program)
    assert (done.stdout, done.stderr) == ('["HELLO ADA, PLEASE", "hello Ada"] []\n', "")


def test_a_million_random_switches_reach_valid_states_only(tmp_path: Path) -> None:
    names = [f"f{number}" for number in range(5)]
    rules = [["!f2", "!f3"], ["f4", "f1"], ["!f0", "#1"], ["!#1", "f1"]]
    sketch = Sketch(
        features={name: moving(name == "f4") for name in names},
        order=names,
        open=names,
        residual=[(rule, "It is a rule.") for rule in rules],
    )
    build = read_build(str(make_build(tmp_path / "acme", sketch).parent))
    written = [rule for rule in rules if "#1" not in rule and "!#1" not in rule] + [["!f0", "f1"]]
    valid = {
        truth
        for truth in product((False, True), repeat=len(names))
        if all(
            any(truth[names.index(each.lstrip("!"))] is not each.startswith("!") for each in rule) for rule in written
        )
    }
    state, seen, chance = state_of(build, {}), set(), Random(20)
    for _ in range(1_000_000):
        name = chance.choice(names)
        truth = tuple(state.features[each] is not (each == name) for each in names)
        refusal = judge(build, state, {name: not state.features[name]})
        assert (refusal is None) == (truth in valid)
        if refusal is None:
            state = state._replace(features=dict(zip(names, truth, strict=True)))
            seen.add(truth)
    assert seen == valid, "and every valid state is reached"


def test_the_history_says_who_switched_what_when(tmp_path: Path) -> None:
    launcher = make_product(tmp_path)
    said(launcher, 'product().switch({"polite": True}, who="Ada")')
    start(launcher, "@disable", "polite")
    path = state_folder(launcher) / "history.jsonl"
    with path.open("a", encoding="utf-8") as file:
        file.write("rubbish\n")
    report = json.loads(start(launcher, "@history", "--json").stdout)
    first, second = report["entries"]
    assert (first["who"], first["features"], first["outcome"]) == ("Ada", {"polite": True}, "switched")
    assert (second["features"], second["outcome"]) == ({"polite": False}, "stored")
    assert (report["broken"], report["file"]) == (1, str(path))
    lines = start(launcher, "@history").stdout.splitlines()
    assert lines[0].endswith("polite on: at once")
    assert lines[1].endswith("polite off: from the next start")
    assert lines[2] == "1 line of the file cannot be read"


def test_code_that_asks_by_the_openfeature_standard_gets_features_values_and_news_of_switches(tmp_path: Path) -> None:
    launcher = make_product(
        tmp_path, more=[PartOf(installed_wheel(tmp_path / "wheels", "openfeature-sdk", "openfeature"))]
    )
    program = """
from openfeature import api
from openfeature.event import ProviderEvent
from sarto_runtime.openfeature import FeatureProvider
api.set_provider(FeatureProvider())
client = api.get_client()
news = []
client.add_handler(ProviderEvent.PROVIDER_CONFIGURATION_CHANGED, lambda details: news.append(details.flags_changed))
say(client.get_boolean_value("polite", True), client.get_boolean_value("no such", True))
product().switch({"polite": True})
say(client.get_boolean_value("polite", False), news)
say(client.get_integer_value("size", 3), client.get_string_value("size", "x"), client.get_integer_value("polite", 7))
say(client.get_integer_details("polite", 7).error_code, client.get_float_value("size", 0.5))
product().switch({"polite": False})
say(client.get_string_details("polite", "x").reason, client.get_object_value("size", {}))
api.shutdown()
"""
    done = start(launcher, program)
    assert (done.returncode, done.stderr) == (0, ""), done.stderr
    assert done.stdout.splitlines() == [
        "false true", 'true [["polite"]]', '50 "x" 7', '"TYPE_MISMATCH" 50.0', '"DISABLED" {}',
    ]  # fmt: skip


def test_no_switch_of_another_feature_brings_in_what_no_licence_covers(tmp_path: Path) -> None:
    launcher = make_product(tmp_path, licence={"key": "00" * 32, "features": ["loud"]})
    file = state_folder(launcher) / "switches.json"
    file.parent.mkdir(parents=True)
    switched = {"format": 1, "switches": {"loud": True, "polite": True}}
    file.write_text(json.dumps(switched), encoding="utf-8")
    program = f"""
import os
say(greet("Ada"))
say(dict(product().switch({{"polite": True}}).now))
say(greet("Ada"))
os.utime({str(file)!r}, (1, 1))
say(dict(product().refresh()))
say(greet("Ada"))
try:
    product().preview({{"loud": True}})
except ProductError as error:
    say(str(error))
"""
    done = start(launcher, program)
    assert done.stderr == "acme: no licence covers 'loud', so it is off\n"
    assert [json.loads(line) for line in done.stdout.splitlines()] == [
        "hello Ada, please",
        {}, "hello Ada, please",
        {}, "hello Ada, please",
        "no licence covers 'loud'",
    ]  # fmt: skip
    assert json.loads(file.read_text(encoding="utf-8"))["switches"]["loud"] is True, "a licence brings it back"
