"""A feature that has failed is off, and with it goes what cannot be without it, in real builds."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from .real_builds import PartOf, Sketch, feature, make_build, make_wheel, start
from .test_live import CORE, moving

GOOD = "from sarto_runtime import after\n@after('greet')\ndef {name}(result, name): return f'{{result}} {name}'\n{more}"
STOPPING = "def stop(): print('stopped', __name__)\n"
BAD = "raise RuntimeError('no map server')\n"
FRAGILE = (
    "from sarto_runtime import after\n@after('greet')\ndef fragile(result, name):\n"
    "  if name == 'bad': raise ValueError('no')\n  return result + ' maps'\n"
)
NEEDS = "'routes' needs 'maps': a route is drawn on a map."
CLOSED = "'printing' needs 'maps': what is printed is a map."


def make_product(folder: Path, maps: str, *, is_open: bool = True, **more: Any) -> Path:
    names = ["maps", "routes", "printing", "search"]
    texts = {name: GOOD.format(name=name, more=STOPPING if name == "routes" else "") for name in names} | {"maps": maps}
    parts = [
        PartOf(make_wheel(folder / "wheels", f"talk-{name}", {f"talk_{name}.py": text}), [name])
        for name, text in texts.items()
    ]
    scripts = "[console_scripts]\ntalk = talk:main\n"
    core = make_wheel(folder / "wheels", "talk", {"talk.py": CORE}, entry_points=scripts)
    opened = [*(["maps", "routes"] if is_open else []), "search"]
    sketch = Sketch(
        features={"core": feature()} | {name: moving(True) if name in opened else feature() for name in names},
        parts=[PartOf(core), *parts],
        order=names,
        open=opened,
        residual=[(["!routes", "maps"], NEEDS)] if is_open else [],
        needs=[(["!printing", "maps"], CLOSED), (["!routes", "maps"], NEEDS)],
        plugins=[(name, f"talk_{name}", name, f"talk-{name}") for name in names],
        policies={"maps": {"on_failure": "disable", "failures": 1}},
        object="talk:main",
    )
    for key, value in more.items():
        setattr(sketch, key, value)
    return make_build(folder / "acme", sketch)


ASK = """
say(greet("Ada"), [name for name in ("maps", "routes", "printing", "search") if product().is_enabled(name)])
for each in product().plugins(): say(each.name, each.state, each.problem)
"""


@pytest.mark.parametrize("is_open", [True, False], ids=["open", "decided"])
def test_what_needs_a_feature_that_cannot_be_imported_is_off_too_and_named(tmp_path: Path, is_open: bool) -> None:
    done = start(make_product(tmp_path, BAD, is_open=is_open), ASK)
    assert done.returncode == 0
    assert done.stderr.splitlines() == [
        "feature 'maps' (part talk-maps 1.0) cannot be imported: RuntimeError: no map server (…/talk_maps.py:1);"
        " it is left out".replace("…/", done.stderr.partition("server (")[2].partition("talk_maps")[0]),
        f"feature 'routes' is off, too: {NEEDS}",
        f"feature 'printing' is off, too: {CLOSED}",
    ]
    first, *plugins = done.stdout.splitlines()[1:] if done.stdout.startswith("stopped") else done.stdout.splitlines()
    assert first == '"hello Ada search" ["search"]'
    assert plugins[1:] == [f'"routes" "off" "{NEEDS}"', f'"printing" "off" "{CLOSED}"', '"search" "on" ""']
    assert plugins[0].startswith('"maps" "failed" "cannot be imported')


def test_in_quarantine_a_running_feature_takes_with_it_what_needs_it(tmp_path: Path) -> None:
    program = """
say(greet("Ada"), product().is_enabled("routes"))
product().listen(lambda now: print("heard", sorted(now)) if "maps" in now else None)
say(greet("bad"))
say(greet("Ada"), product().is_enabled("routes"), product().is_enabled("maps"))
change = product().switch({"search": False})
say(greet("Ada"), dict(change.now), dict(change.later), product().is_enabled("maps"))
try: product().switch({"maps": True})
except ProductError as error: say(str(error))
try: product().switch({"routes": True})
except ProductError as error: say(str(error))
"""
    launcher = make_product(tmp_path, FRAGILE)
    done = start(launcher, program)
    assert (done.returncode, done.stdout.splitlines()) == (
        0,
        [
            '"hello Ada search printing routes maps" true',
            "heard ['maps', 'printing', 'routes']",
            "stopped talk_routes",
            '"hello bad search printing routes"',
            '"hello Ada search" false false',
            '"hello Ada" {"search": false} {} false',
            "\"'maps' is off until the next start: feature 'maps' (part talk-maps 1.0) fails in a call: "
            f'ValueError: no ({done.stdout.rpartition("ValueError: no (")[2].partition(")")[0]})"',
            f"\"'routes' is off until the next start: {NEEDS}\"",
        ],
    )
    assert f"feature 'routes' is off, too: {NEEDS}" in done.stderr.splitlines()
    again = start(launcher, 'say(greet("Ada"), product().is_enabled("routes"))')
    assert again.stdout == '"hello Ada printing routes maps" true\n', "the next start tries it again"


def test_where_the_rules_leave_no_product_without_it_all_stays_as_it_is_and_that_is_said(tmp_path: Path) -> None:
    launcher = make_product(tmp_path, BAD, needs=[(["!core", "maps"], "'core' always has 'maps'")])
    done = start(launcher, ASK)
    assert done.returncode == 0
    assert done.stderr.splitlines()[1:] == [
        "this product cannot be without 'maps', and goes on as it is: 'core' always has 'maps'"
    ]
    assert done.stdout.splitlines()[0] == '"hello Ada search printing routes" ["maps", "routes", "printing", "search"]'


def test_a_process_that_the_product_starts_is_without_it_from_the_beginning(tmp_path: Path) -> None:
    program = """
import subprocess
print(json.loads(__import__("os").environ["SARTO_PRODUCT"])["switches"])
"""
    done = start(make_product(tmp_path, BAD), program)
    assert done.stdout.splitlines()[-1] == "{'maps': False, 'routes': False}"
