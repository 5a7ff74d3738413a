"""A switch of a real build is felt wherever its code runs: in other processes, reloaded modules and tasks."""

from __future__ import annotations

import json
import multiprocessing
from pathlib import Path

import pytest

from .real_builds import PartOf, Sketch, feature, make_build, make_wheel, start
from .test_live import moving

POINTS = """
'''
>>> greet("doctest")
'hello doctest'
'''
from sarto_runtime import variation_point

@variation_point
def greet(name):
    return f"hello {name}"

@variation_point
async def later(name):
    return f"later {name}"
"""
CORE = """
import asyncio, doctest, importlib, json, multiprocessing, sys
import talk_points
from talk_points import greet
from sarto_runtime import load_plugins, product

def child(queue, is_fresh):
    load_plugins()
    if is_fresh: product().refresh()
    queue.put(greet("child"))

def ask(method, is_fresh=False):
    context = multiprocessing.get_context(method)
    queue = context.Queue()
    process = context.Process(target=child, args=(queue, is_fresh))
    process.start()
    try: return queue.get(timeout=60)
    finally: process.join()

def main():
    load_plugins()
    exec(sys.argv[1], globals())

def say(*values):
    print(*map(json.dumps, values), flush=True)
"""
LOUD = """
from sarto_runtime import after
@after("greet")
def loud(result, name): return result.upper()
@after("later")
def loud_later(result, name): return result.upper()
"""


@pytest.fixture(scope="module")
def launcher(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("build")
    scripts = "[console_scripts]\ntalk = talk:main\n"
    files = {"talk.py": CORE, "talk_points.py": POINTS}
    parts = [
        PartOf(make_wheel(folder / "wheels", "talk", files, entry_points=scripts)),
        PartOf(make_wheel(folder / "wheels", "talk-loud", {"talk_loud.py": LOUD}), ["loud"]),
    ]
    sketch = Sketch(
        features={"core": feature(), "loud": moving(False)},
        parts=parts,
        order=["loud"],
        open=["loud"],
        plugins=[("loud", "talk_loud", "loud", "talk-loud")],
        object="talk:main",
    )
    return make_build(folder / "acme", sketch)


def said(launcher: Path, program: str) -> list[object]:
    done = start(launcher, f"product().switch({{'loud': False}})\n{program}")
    assert (done.returncode, done.stderr) == (0, "")
    return [json.loads(line) for line in done.stdout.splitlines()]


@pytest.mark.parametrize(
    "method", [name for name in ("spawn", "fork") if name in multiprocessing.get_all_start_methods()]
)
def test_a_process_that_the_product_starts_is_as_the_product_is_then(launcher: Path, method: str) -> None:
    program = f"say(ask('{method}'))\nproduct().switch({{'loud': True}})\nsay(ask('{method}'))"
    assert said(launcher, program) == ["hello child", "HELLO CHILD"]


@pytest.mark.skipif("forkserver" not in multiprocessing.get_all_start_methods(), reason="there is no fork server here")
def test_a_process_of_a_fork_server_is_as_the_product_was_when_that_started_and_can_catch_up(launcher: Path) -> None:
    program = "say(ask('forkserver'))\nproduct().switch({'loud': True})\n"
    program += "say(ask('forkserver'))\nsay(ask('forkserver', is_fresh=True))"
    assert said(launcher, program) == ["hello child", "hello child", "HELLO CHILD"]


def test_reloaded_modules_doctests_and_tasks_feel_it(launcher: Path) -> None:
    program = """
before = greet
product().switch({"loud": True})
importlib.reload(talk_points)
say(before("a")); say(talk_points.greet("b"))
product().switch({"loud": False})
say(before("a")); say(talk_points.greet("b"))
say(doctest.testmod(talk_points).failed)

async def twice():
    one = await talk_points.later("x")
    await asyncio.to_thread(product().switch, {"loud": True})
    return [one, await talk_points.later("x")]

say(asyncio.run(twice()))
"""
    assert said(launcher, program) == ["HELLO A", "HELLO B", "hello a", "hello b", 0, ["later x", "LATER X"]]
