"""Of a real build whose every plugin misbehaves in its own way each is named in a sentence, and the product runs."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from .real_builds import PartOf, Sketch, feature, make_build, make_wheel, start, surroundings
from .test_live import CORE, moving

BAD = {
    "ends": ("import sys; sys.exit(3)", "ends the program while it is imported: SystemExit: 3"),
    "leaves": ("import os; os._exit(0)", "ends the program while it is imported: EndOfProcess: os._exit(0)"),
    "patches": (
        "import pluggy; pluggy.PluginManager.register = None",
        "changes pluggy itself while it is imported (PluginManager.register); that was undone",
    ),
    "twin": ("import sys; sys.modules[__name__] = sys.modules['talk_good']", "registers twice"),
    "starts": ("def start(): raise RuntimeError('no')", "fails to start: RuntimeError: no"),
}
GOOD = (
    "from sarto_runtime import after\n@after('greet')\ndef good(result, name): return result + '!'\n"
    "def stop(): raise RuntimeError('teardown')\n"
)


HURRIED = "import sarto_runtime.importing\nsarto_runtime.importing.PATIENCE = 3.0\n"
LOOPS = ("while True: pass", "does not come to the end of its import in 3 s")


def bad_build(folder: Path, bad: Mapping[str, tuple[str, str]] = BAD, begin: str = "") -> Path:
    texts = {"good": GOOD} | {name: text for name, (text, _) in bad.items()}
    wheels = {name: make_wheel(folder, f"talk-{name}", {f"talk_{name}.py": text}) for name, text in texts.items()}
    core = make_wheel(folder, "talk", {"talk.py": begin + CORE}, entry_points="[console_scripts]\ntalk = talk:main\n")
    sketch = Sketch(
        features={"core": feature(), **{name: moving(True) for name in texts}},
        parts=[PartOf(core), *(PartOf(wheel, [name]) for name, wheel in wheels.items())],
        order=[*texts],
        open=[*texts],
        plugins=[(name, f"talk_{name}", name, f"talk-{name}") for name in texts],
        policies={name: {"on_failure": "disable", "failures": 1} for name in texts},
        object="talk:main",
    )
    return make_build(folder / "acme", sketch)


def test_each_is_named_and_the_rest_runs(tmp_path: Path) -> None:
    program = "say(greet('Ada'))\nproduct().switch({'good': False})\nsay(greet('Ada'))"
    done = start(bad_build(tmp_path), program)
    assert (done.returncode, done.stdout) == (0, '"hello Ada!"\n"hello Ada"\n'), done.stderr
    said = done.stderr.splitlines()
    for (name, (_, words)), sentence in zip(BAD.items(), said, strict=False):
        assert sentence.startswith(f"feature '{name}' (part talk-{name} 1.0) {words}"), sentence
        assert sentence.endswith("; it is left out")
    assert said[len(BAD)].startswith("feature 'good' (part talk-good 1.0) fails to stop: RuntimeError: teardown")
    assert len(said) == len(BAD) + 1


def test_one_that_never_comes_back_from_its_import_is_named_after_its_time_and_left_out(tmp_path: Path) -> None:
    program = "say(greet('Ada'))\nsay([(each.name, each.state) for each in product().plugins()])"
    done = start(bad_build(tmp_path, {"loops": LOOPS}, HURRIED), program)
    assert (done.returncode, done.stdout) == (0, '"hello Ada!"\n[["good", "on"], ["loops", "failed"]]\n'), done.stderr
    assert done.stderr == f"feature 'loops' (part talk-loops 1.0) {LOOPS[1]}; it is left out\n"


def test_damaged_files_of_the_users_leave_the_product_running(tmp_path: Path) -> None:
    launcher = bad_build(tmp_path)
    folder = Path(surroundings(launcher)["SARTO_STATE"], "sarto", "greeter", "acme")
    folder.mkdir(parents=True, exist_ok=True)
    for text, problem in (
        ("{", "your switches cannot be read"),
        (json.dumps({"format": 99, "switches": {"good": False}}), "your switches cannot be read"),
    ):
        (folder / "switches.json").write_text(text)
        done = start(launcher, "say(greet('Ada'))")
        assert (done.returncode, done.stdout) == (0, '"hello Ada!"\n')
        assert sum(problem in line for line in done.stderr.splitlines()) == 1


def test_rules_that_were_edited_leave_it_running_and_nothing_can_be_switched(tmp_path: Path) -> None:
    launcher = bad_build(tmp_path)
    build = launcher.parent / "build.json"
    build.write_text(build.read_text().replace('"residual": []', '"residual": [ ]'))
    program = "try: product().switch({'good': False})\nexcept ProductError as error: say(str(error))\nsay(greet('Ada'))"
    done = start(launcher, program)
    refusal, greeting = done.stdout.splitlines()
    assert "this product's rules were changed after it was built, so nothing can be switched" in refusal
    assert greeting == '"hello Ada!"'
