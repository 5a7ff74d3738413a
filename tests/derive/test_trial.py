"""Plugins that fail or do not fit, one situation after the other, and the process in which they are tried."""

from __future__ import annotations

import sys
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
from sarto.derive.bench import core_trial, feature_trials
from sarto.derive.plan import Part
from sarto.derive.prepare import prepare
from sarto.derive.store import PartStore
from sarto.derive.target import target_for
from sarto.derive.trees import library, unpack
from sarto.derive.trial import Kind, Outcome, Step, Trial
from sarto.errors import SartoError
from sarto.model.selection import Target

from .hall import HOOKS, check, of_plugin, one_plugin, plugin, told
from .making import line_of, make_wheel

MARKED = "from hall_hooks import hookimpl\n"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("import gone", "ModuleNotFoundError: No module named 'gone' (hall_solo.py:1)"),
        ("def f():\n  return {}['key']\nf()", "KeyError: 'key' (hall_solo.py:2)"),
        ("import json\njson.loads('[')", "JSONDecodeError: Expecting value: line 1 column 2 (char 1) (hall_solo.py:2)"),
        (
            "print 'hello'",
            "SyntaxError: Missing parentheses in call to 'print'. Did you mean print(...)? (hall_solo.py, line 1)",
        ),
        ("raise SystemExit(3)", "SystemExit: 3 (hall_solo.py:1)"),
        ("import sys\nsys.exit()", "SystemExit (hall_solo.py:2)"),
        ("raise KeyboardInterrupt", "KeyboardInterrupt (hall_solo.py:1)"),
        ("raise ValueError('\\n\\n  first\\nsecond')", "ValueError: first (hall_solo.py:1)"),
        ("raise ValueError('\\ud800')", "ValueError: \\ud800 (hall_solo.py:1)"),
        ("class E(Exception):\n  def __str__(self): 1 / 0\nraise E", "E (hall_solo.py:3)"),
        ("import os\nos._exit(3)", "it ends the process with exit code 3"),
        ("import os\nos._exit(0)", "it ends the process with exit code 0"),
        ("import os, signal\nos.kill(os.getpid(), signal.SIGKILL)", "it ends the process with SIGKILL"),
    ],
)
def test_a_plugin_that_cannot_be_imported_is_named_with_the_reason(tmp_path: Path, text: str, reason: str) -> None:
    assert of_plugin(text, tmp_path) == [f"cannot be imported: {reason}"]


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ("hall_solos", "ModuleNotFoundError: No module named 'hall_solos'"),
        ("hall_solo:y", "AttributeError: module 'hall_solo' has no attribute 'y'"),
        ("hall_solo:x.y", "AttributeError: 'int' object has no attribute 'y'"),
    ],
)
def test_an_entry_point_that_names_nothing_is_an_error(tmp_path: Path, value: str, reason: str) -> None:
    trial = _trials(one_plugin(tmp_path, "x = 1"))["solo"]
    steps = (*trial.steps[:-1], replace(trial.steps[-1], value=value))
    assert replace(trial, steps=steps).run().tried[-1].failure == reason


def test_an_entry_point_may_name_something_in_its_module(tmp_path: Path) -> None:
    trial = _trials(one_plugin(tmp_path, "class x:\n  y = 1"))["solo"]
    for value in ("hall_solo:x", "hall_solo:x.y", "hall_solo : x [extra]"):
        steps = (*trial.steps[:-1], replace(trial.steps[-1], value=value))
        assert replace(trial, steps=steps).run().tried[-1].failure == ""


def test_an_interruption_of_the_check_is_none_of_a_plugin(tmp_path: Path) -> None:
    trial = _trials(one_plugin(tmp_path, "import os, signal\nos.kill(os.getpid(), signal.SIGINT)"))["solo"]
    with pytest.raises(KeyboardInterrupt):
        trial.run()


def test_parts_that_end_every_process_are_an_error(tmp_path: Path) -> None:
    one_plugin(tmp_path, "")
    path_file = "import os, sys; print('bye', file=sys.stderr, flush=True); os._exit(2)"
    plugin(tmp_path, "solo", files={"solo.pth": path_file})
    assert told(check(tmp_path)) == [
        "error part : the parts cannot be tried: one of them ends the process with exit code 2 before the first "
        "import\n  bye"
    ]


def _trials(folder: Path) -> dict[str, Trial]:
    """The trials of a line, with all parts unpacked."""
    line = line_of((folder / "features.toml").read_text(encoding="utf-8"), folder)
    catalog = prepare(line, folder, target_for(Target("host", "host")))
    core = core_trial(line, catalog)
    trials = {"": core, **dict(feature_trials(line, catalog, core))}
    for trial in trials.values():
        for part in trial.parts:
            unpack(part)
    return trials


def test_arguments_that_a_hook_does_not_give_are_named_all_at_once(tmp_path: Path) -> None:
    text = MARKED + "@hookimpl\ndef greeting(gest, hour, day): ...\n@hookimpl\ndef song(loud): ...\n"
    assert of_plugin(text, tmp_path) == [
        "takes 'gest' in the hook 'greeting', which gives no such argument (did you mean 'guest'?)",
        "takes 'hour' in the hook 'greeting', which gives no such argument (it gives 'guest', 'day')",
        "takes 'loud' in the hook 'song', which gives no such argument (it gives none at all)",
    ]


def test_an_implementation_without_a_hook_is_named_with_the_nearest(tmp_path: Path) -> None:
    text = MARKED + "@hookimpl\ndef greting(guest): ...\n@hookimpl\ndef xyz(): ...\n"
    assert of_plugin(text, tmp_path) == [
        "implements 'greting', which is no hook of the core or of another part (did you mean 'greeting'?)",
        "implements 'xyz', which is no hook of the core or of another part (if that is meant, mark it with "
        "optionalhook=True)",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "@hookimpl(optionalhook=True)\ndef greting(guest): ...\n",
        "@hookimpl(specname='song')\ndef sing(): ...\n",
        "@hookimpl\ndef greeting(guest, loud=False): ...\n",
        "@hookimpl(wrapper=True)\ndef song():\n  return (yield)\n",
        "class Plugin:\n  @hookimpl\n  def greeting(self, day): ...\nimport sys\nsys.modules[__name__] = Plugin()\n",
        "words = ['no hook at all']\n",
    ],
)
def test_what_pluggy_takes_fits(tmp_path: Path, text: str) -> None:
    assert of_plugin(MARKED + text, tmp_path) == []


def test_what_else_pluggy_refuses_is_said_in_its_words(tmp_path: Path) -> None:
    text = MARKED + "@hookimpl(wrapper=True)\ndef song(): return 'la'\n"
    assert of_plugin(text, tmp_path) == [
        "is refused by pluggy: Declared as wrapper=True or hookwrapper=True but function is not a generator function"
    ]


def test_hook_specs_may_be_methods_of_a_class(tmp_path: Path) -> None:
    hooks = (
        "import pluggy\nhookspec = pluggy.HookspecMarker('concert')\nhookimpl = pluggy.HookimplMarker('concert')\n"
        "class Specs:\n  @hookspec\n  def song(self, loud): ...\n"
    )
    assert of_plugin(MARKED + "@hookimpl\ndef song(lout): ...\n", tmp_path, hooks=hooks) == [
        "takes 'lout' in the hook 'song', which gives no such argument (did you mean 'loud'?)"
    ]


def test_a_plugin_sees_the_parts_and_the_standard_library_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", str(Path(pytest.__file__).parents[1]))
    assert of_plugin("import json, pluggy, hall, sarto_runtime\nimport pytest\n", tmp_path) == [
        "cannot be imported: ModuleNotFoundError: No module named 'pytest' (hall_solo.py:2)"
    ]


def test_what_a_plugin_prints_reads_and_leaves_running_does_no_harm(tmp_path: Path) -> None:
    text = """
    import atexit, os, sys, threading, time
    print('{"step": 0, "failed": "by print"}', flush=True)
    os.write(1, b'{"step": 0, "failed": "by write"}\\n')
    os.system("echo '{}'")
    assert sys.stdin.read() == "" and sys.argv[1:] == []
    open("in the present folder", "w").close()
    threading.Thread(target=time.sleep, args=(100,)).start()
    atexit.register(time.sleep, 100)
    """
    assert of_plugin(text, tmp_path) == []
    assert sorted(path.name for path in tmp_path.iterdir()) == ["features.toml", "wheelhouse"]


def test_a_plugin_that_hangs_is_given_up_and_the_others_are_still_tried(tmp_path: Path) -> None:
    one_plugin(tmp_path, "import time\n\ndef wait():\n  time.sleep(100)\n\nwait()\n")
    (hooks, hanging) = _trials(tmp_path)["solo"].steps
    good = Step(Kind.PLUGIN, hooks.part, "hall", "good")
    outcome = Trial(_trials(tmp_path)["solo"].parts, (hooks, hanging, good), patience=0.5).run()
    assert [(tried.failure, tried.has_ended) for tried in outcome.tried] == [
        ("", False),
        ("it was not done after 0.5 seconds (hall_solo.py:4)", True),
        ("", False),
    ]
    assert sorted(outcome.tried[0].specs) == ["greeting", "song"]


def test_a_trial_says_what_it_has_found(tmp_path: Path) -> None:
    one_plugin(tmp_path, MARKED + "@hookimpl(optionalhook=True)\ndef greeting(day, guest, more=1): ...\n")
    outcome = _trials(tmp_path)["solo"].run()
    hooks, solo = outcome.tried
    assert hooks.specs == {"greeting": ("guest", "day"), "song": ()}
    assert [(each.hook, each.arguments, each.is_optional) for each in solo.implementations] == [
        ("greeting", ("day", "guest"), True)
    ]
    assert (solo.failure, solo.refusal, outcome.others) == ("", "", {})


def test_what_is_remembered_is_what_was_found(tmp_path: Path, cold_cache: Path) -> None:
    one_plugin(tmp_path, MARKED + HOOKS.replace('"hall"', '"other"'))
    trial = _trials(tmp_path)["solo"]
    assert trial.remembered() is None
    outcome = trial.run()
    assert trial.remembered() == outcome
    (record,) = (cold_cache / "tried").iterdir()
    for damage in ("", "{}", "[]", '{"steps": {"0": {}}, "others": {}}'):
        record.write_text(damage)
        assert trial.remembered() is None


def test_a_trial_of_other_parts_or_steps_is_another(tmp_path: Path, cold_cache: Path) -> None:
    trial = _trials(one_plugin(tmp_path, MARKED))["solo"]
    trial.run()
    others = (
        replace(trial, parts=trial.parts[:-1]),
        replace(trial, steps=trial.steps[:-1]),
        replace(trial, steps=(trial.steps[0], replace(trial.steps[1], name="other"))),
    )
    assert [other.remembered() for other in others] == [None, None, None]
    assert isinstance(replace(trial, patience=1).remembered(), Outcome)


def _stored(wheel: Path) -> Part:
    path, sha256 = PartStore.default().add_file(wheel)
    return Part(name="organ", version="1.0", filename=wheel.name, sha256=sha256, size=1, path=path)


def test_a_wheel_is_unpacked_as_an_installer_places_it(tmp_path: Path) -> None:
    placed = {
        "organ/__init__.py": "",
        "organ-1.0.data/purelib/organ/pure.py": "",
        "organ-1.0.data/platlib/organ/plat.py": "",
        "organ-1.0.data/data/share/tunes.txt": "",
        "organ-1.0.data/scripts/organ": "",
    }
    part = _stored(make_wheel(tmp_path, "organ", files=placed))
    folder = unpack(part)
    assert folder == library(part)
    assert {path.relative_to(folder).as_posix() for path in folder.rglob("*.py")} == {
        "organ.py", "organ/__init__.py", "organ/plat.py", "organ/pure.py",
    }  # fmt: skip
    assert (folder.parents[2] / "share" / "tunes.txt").is_file()
    assert (folder.parents[2] / "bin" / "organ").is_file()
    assert (folder / "organ-1.0.dist-info" / "METADATA").is_file()


def test_a_part_is_unpacked_once_and_as_a_whole(tmp_path: Path) -> None:
    part = _stored(make_wheel(tmp_path, "organ", files={"organ.py": "once = True"}))
    folder = unpack(part)
    (folder / "organ.py").write_text("seen = True")
    assert (unpack(part) / "organ.py").read_text() == "seen = True"
    damaged = replace(part, sha256="0" * 64, path=tmp_path / "damaged.whl")
    with zipfile.ZipFile(damaged.path, "w") as archive:
        archive.writestr("a.py", "a" * 100)
        archive.writestr("../b.py", "")
    with pytest.raises(SartoError, match=r"^the member '\.\./b\.py' climbs out of its folder$"):
        unpack(damaged)
    trees = library(damaged).parents[3]
    assert not (trees / damaged.sha256).exists()
    assert [path.name for path in trees.iterdir() if path.name.startswith(".")] == []


def test_bytes_that_are_no_wheel_are_said_of_their_part(tmp_path: Path) -> None:
    part = replace(_stored(make_wheel(tmp_path, "organ")), sha256="1" * 64, path=tmp_path / "bytes")
    part.path.write_bytes(b"no archive")
    with pytest.raises(SartoError, match=r"^part 'organ' 1\.0 cannot be unpacked: File is not a zip file$"):
        unpack(part)


def test_the_probe_runs_in_this_python(tmp_path: Path) -> None:
    text = f"import sys\nassert sys.version_info[:3] == {sys.version_info[:3]} and sys.flags.isolated\n"
    assert of_plugin(text, tmp_path) == []
