"""Use is counted in hosts, too, that load their plugins by themselves, and nothing in them behaves otherwise for it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from . import real_builds
from .real_builds import PartOf, Sketch, feature, make_build, make_wheel, surroundings

HOST = """
import sys
import pluggy

spec = pluggy.HookspecMarker("host")

class Specs:
    @spec
    def greet(self, name, loud=False): ...
    @spec(firstresult=True)
    def draw(self, what): ...
    @spec(historic=True)
    def ready(self): ...

def load():
    manager = pluggy.PluginManager("host")
    manager.add_hookspecs(Specs)
    manager.hook.ready.call_historic()
    manager.load_setuptools_entrypoints("host")
    return manager

def main():
    exec(sys.argv[-1], globals() | {"manager": load()})
"""
PLUGINS = {
    "polite": """
import pluggy
impl = pluggy.HookimplMarker("host")
@impl
def greet(name, loud=False): return f"dear {name}"
@impl(specname="greet", wrapper=True)
def around(name):
    found = yield
    return [*found, "bye"]
@impl(specname="draw", hookwrapper=True)
def old():
    outcome = yield
    outcome.force_result(outcome.get_result() + "!")
""",
    "maps": """
import pluggy
impl = pluggy.HookimplMarker("host")
@impl
def draw(what):
    if what == "nothing": return None
    if what == "fault": raise ValueError(what)
    return f"map of {what}"
""",
    "plain": """
import pluggy
impl = pluggy.HookimplMarker("host")
@impl(trylast=True)
def draw(what): return what
@impl
def ready(): pass
""",
}
USAGE = {"record": ["calls", "reached"], "days": 30, "commands": {}, "points": {"greet": "graphql", "draw": "maps"}}


def make_host(tmp_path: Path, usage: dict[str, Any] | None = None, code: str = HOST) -> Path:
    wheels = tmp_path / "wheels"
    core = make_wheel(wheels, "talk", {"talk.py": code}, entry_points="[console_scripts]\ntalk = talk:main\n")
    made = {
        name: make_wheel(
            wheels, f"talk-{name}", {f"talk_{name}.py": text}, entry_points=f"[host]\n{name} = talk_{name}\n"
        )
        for name, text in PLUGINS.items()
    }
    parts = [PartOf(wheel, [name]) for name, wheel in made.items()]
    return make_build(
        tmp_path / "acme",
        Sketch(
            features={**{name: feature(True) for name in PLUGINS}, "graphql": feature(False)},
            parts=[PartOf(core), *parts],
            order=[*PLUGINS],
            plugins=[(name, f"talk_{name}", name, f"talk-{name}") for name in PLUGINS],
            object="talk:main",
            usage=USAGE if usage is None else usage,
        ),
    )


def run(launcher: Path, code: str) -> str:
    done = real_builds.start(launcher, code, environment={"SARTO_CACHE": str(launcher.parents[2] / "hosts-cache")})
    assert (done.returncode, done.stderr) == (0, ""), done.stderr
    return done.stdout


def recorded(launcher: Path) -> dict[str, dict[str, int]]:
    state = Path(surroundings(launcher)["SARTO_STATE"]) / "sarto" / "greeter" / "acme" / "usage.json"
    (found,) = json.loads(state.read_text())["days"].values()
    return dict(found)


def test_each_call_of_an_implementation_counts_for_its_feature(tmp_path: Path) -> None:
    launcher = make_host(tmp_path)
    said = run(launcher, "print(manager.hook.greet(name='Ada'), [manager.hook.draw(what=w) for w in ('x', 'nothing')])")

    assert said == "['dear Ada', 'bye'] ['map of x!', 'nothing!']\n"
    assert recorded(launcher) == {
        "graphql": {"reached": 1},
        "maps": {"calls": 2},
        "plain": {"calls": 1},  # the call of draw to which the maps had no answer
        "polite": {"calls": 4},
    }


def test_what_is_never_called_is_known_too_and_a_failure_is_the_same_failure(tmp_path: Path) -> None:
    launcher = make_host(tmp_path)
    code = "try: manager.hook.draw(what='fault')\nexcept ValueError as error: print(error)"
    assert run(launcher, f"import warnings; warnings.simplefilter('ignore')\n{code}") == "fault\n"

    assert recorded(launcher)["maps"] == {"calls": 1}
    run(make_host(tmp_path / "another"), "pass")
    assert recorded(tmp_path / "another" / "acme" / "acme.py")["maps"] == {"calls": 0}


def test_without_consent_the_host_is_left_alone(tmp_path: Path) -> None:
    where = "pluggy.PluginManager.load_setuptools_entrypoints.__code__.co_filename"
    said = run(make_host(tmp_path, usage={}), f"print({where}, 'sarto_runtime.hosts' in sys.modules)")
    assert said.endswith("_manager.py False\n")


def test_specs_that_come_later_find_the_wrappers_to_be_wrappers(tmp_path: Path) -> None:
    late = HOST.replace("    manager.add_hookspecs(Specs)\n    manager.hook.ready.call_historic()\n", "").replace(
        "    return manager", "    manager.add_hookspecs(Specs)\n    return manager"
    )
    launcher = make_host(tmp_path, code=late)

    assert run(launcher, "print(manager.hook.greet(name='Ada'))") == "['dear Ada', 'bye']\n"
    assert recorded(launcher)["polite"] == {"calls": 2}


def test_a_host_that_is_adopted_counts_each_call_once(tmp_path: Path) -> None:
    launcher = make_host(tmp_path)
    run(launcher, "import sarto_runtime; sarto_runtime.adopt(manager); manager.hook.greet(name='Ada')")

    assert recorded(launcher)["polite"] == {"calls": 2}


@pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
@pytest.mark.parametrize(
    ("number", "counted"), [(signal.SIGTERM, True), (signal.SIGINT, True), (signal.SIGKILL, False)]
)
def test_who_is_asked_to_end_writes_down_what_was_counted(
    tmp_path: Path, number: signal.Signals, counted: bool
) -> None:
    launcher = make_host(tmp_path)
    code = "import time; manager.hook.greet(name='Ada'); print('here', flush=True); time.sleep(60)"
    environment = {**surroundings(launcher), "SARTO_CACHE": str(tmp_path / "cache")}
    with subprocess.Popen(
        [sys.executable, str(launcher), code], env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"here\n"
        process.send_signal(number)
        assert process.wait(timeout=60) == -number
    state = Path(surroundings(launcher)["SARTO_STATE"]) / "sarto" / "greeter" / "acme" / "usage.json"
    assert state.exists() is counted
    assert not counted or recorded(launcher)["polite"] == {"calls": 2}


@pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
def test_a_product_that_minds_sigterm_itself_is_left_to_it(tmp_path: Path) -> None:
    launcher = make_host(tmp_path)
    run(
        launcher,
        "import os, signal; signal.signal(signal.SIGTERM, lambda *_: print('mine'))\n"
        "manager.hook.greet(name='Ada'); os.kill(os.getpid(), signal.SIGTERM)",
    )
    assert recorded(launcher)["polite"] == {"calls": 2}
