"""Checking what a line delivers: which parts and plugins are tried, in which company, and what is said of them."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from .hall import HOOKS, LINE, PLUGIN, check, check_saying, hall, of_plugin, one_plugin, plugin, told
from .making import Index, make_wheel

TWO = """
optional = ["one", "two"]
[features.one]
parts = ["hall-one"]
[features.two]
parts = ["hall-two"]
"""


@pytest.fixture(autouse=True)
def nothing_was_tried(shared_cache: Path) -> None:
    """What another test has tried with the same parts would not be tried again in these."""
    shutil.rmtree(shared_cache / "tried", ignore_errors=True)


def tried(said: list[str]) -> list[str]:
    return [line.removeprefix("trying ") for line in said if line.startswith("trying ")]


def test_nothing_is_wrong_with_plugins_that_fit(tmp_path: Path) -> None:
    hall(tmp_path, TWO)
    plugin(tmp_path, "one")
    plugin(tmp_path, "two", "from hall_hooks import hookimpl\n@hookimpl\ndef song(): return 'la'\n")
    findings, said = check_saying(tmp_path)
    assert findings == ()
    assert tried(said) == ["the core", "feature 'one'", "feature 'two'"]


def test_what_went_well_is_not_tried_again(tmp_path: Path) -> None:
    hall(tmp_path, TWO)
    plugin(tmp_path, "one", PLUGIN + "'again'")
    plugin(tmp_path, "two", PLUGIN + "'again'")
    check(tmp_path)
    assert check_saying(tmp_path) == ((), [])
    plugin(tmp_path, "two", PLUGIN + "'anew'")
    findings, said = check_saying(tmp_path)
    assert (findings, tried(said)) == ((), ["feature 'two'"])


def test_what_failed_is_tried_again_for_what_was_wanting_may_be_there_now(tmp_path: Path) -> None:
    text = f"import pathlib\nassert pathlib.Path({str(tmp_path / 'there')!r}).exists(), 'a library is not installed'\n"
    assert of_plugin(text, tmp_path) == [
        "cannot be imported: AssertionError: a library is not installed (hall_solo.py:2)"
    ]
    (tmp_path / "there").touch()
    assert check(tmp_path) == ()


def test_all_that_is_wrong_is_said_together_in_the_order_of_the_tree(tmp_path: Path) -> None:
    hall(tmp_path, TWO)
    plugin(tmp_path, "one", "import gone")
    plugin(tmp_path, "two", "from hall_hooks import hookimpl\n@hookimpl\ndef song(loud): ...\n")
    assert told(check(tmp_path)) == [
        "error plugin features.toml: features.one.parts[0]: feature 'one': the entry point 'one = hall_one' of part "
        "'hall-one' 1.0 cannot be imported: ModuleNotFoundError: No module named 'gone' (hall_one.py:1)",
        "error plugin features.toml: features.two.parts[0]: feature 'two': the entry point 'two = hall_two' of part "
        "'hall-two' 1.0 takes 'loud' in the hook 'song', which gives no such argument (it gives none at all)",
    ]


def test_a_plugin_that_comes_with_a_part_is_tried_too(tmp_path: Path) -> None:
    hall(tmp_path, 'optional = ["choir"]\n[features.choir]\nparts = ["choir-books", "choir"]\n')
    make_wheel(tmp_path / "wheelhouse", "choir-books")
    make_wheel(tmp_path / "wheelhouse", "choir", requires=["hall-organ"])
    plugin(tmp_path, "organ", "1 / 0")
    assert told(check(tmp_path)) == [
        "error plugin features.toml: features.choir.parts: feature 'choir': the entry point 'organ = hall_organ' of "
        "part 'hall-organ' 1.0 cannot be imported: ZeroDivisionError: division by zero (hall_organ.py:1)"
    ]


def test_what_is_wrong_with_a_part_of_two_features_is_said_once(tmp_path: Path) -> None:
    hall(tmp_path, TWO.replace("hall-two", "hall-one"))
    plugin(tmp_path, "one", "1 / 0")
    (finding,) = check(tmp_path)
    assert finding.what.startswith("feature 'one': ")


def test_of_a_plugin_of_the_core_that_cannot_be_imported_only_that_is_said(tmp_path: Path) -> None:
    one_plugin(tmp_path, "import gone", head=LINE.replace('parts = ["hall"]', 'parts = ["hall", "hall-own"]'))
    plugin(tmp_path, "own", "import gone")
    assert told(check(tmp_path)) == [
        "error plugin features.toml: core.parts[1]: the core: the entry point 'own = hall_own' of part 'hall-own' 1.0 "
        "cannot be imported: ModuleNotFoundError: No module named 'gone' (hall_own.py:1)"
    ]


def test_a_plugin_of_the_core_has_to_fit_its_hooks_too(tmp_path: Path) -> None:
    head = LINE.replace('parts = ["hall"]', 'parts = ["hall", "hall-own"]')
    marked = "from hall_hooks import hookimpl\n@hookimpl\n"
    one_plugin(tmp_path, f"{marked}def song(low): ...\n", head=head)
    plugin(tmp_path, "own", f"{marked}def song(loud): ...\n")
    assert [finding.partition(" (")[0] for finding in told(check(tmp_path))] == [
        "error plugin features.toml: core.parts[1]: the core: the entry point 'own = hall_own' of part 'hall-own' 1.0 "
        "takes 'loud' in the hook 'song', which gives no such argument",
        "error plugin features.toml: features.solo.parts[0]: feature 'solo': the entry point 'solo = hall_solo' of "
        "part 'hall-solo' 1.0 takes 'low' in the hook 'song', which gives no such argument",
    ]


def test_a_part_that_is_no_plugin_has_nothing_to_fit(tmp_path: Path) -> None:
    hall(tmp_path, TWO)
    make_wheel(tmp_path / "wheelhouse", "hall-one", files={"hall_one.py": "1 / 0"})
    make_wheel(tmp_path / "wheelhouse", "hall-two", entry_points="[another]\ntwo = nowhere\n")
    assert check(tmp_path) == ()


def test_a_plugin_may_not_rely_on_a_feature_that_need_not_be_there(tmp_path: Path) -> None:
    hall(tmp_path, TWO)
    plugin(tmp_path, "one")
    plugin(tmp_path, "two", "import hall_one")
    (finding,) = check(tmp_path)
    assert told((finding,)) == [
        "error reliance features.toml: features.two.parts[0]: feature 'two': part 'hall-two' 1.0 imports 'hall_one' "
        "(hall_two.py:1), which only feature 'one' brings, and the feature model does not say that it is there "
        '(promise it: requires = ["one"] in features.two, or let the import fail: try … except ImportError)'
    ]
    assert finding.because == ("it is so with the selection { two = true, one = false }",)


@pytest.mark.parametrize(
    "features",
    [
        TWO + '[[constraints]]\nrule = "two => one"\n',
        TWO.replace('["one", "two"]', '["two"]\nmandatory = ["one"]'),
        TWO.replace('["one", "two"]', '["one"]').replace("[features.one]", '[features.one]\noptional = ["two"]'),
    ],
    ids=["by a constraint", "mandatory", "its parent"],
)
def test_a_plugin_may_rely_on_a_feature_that_is_there_whenever_its_own_is(tmp_path: Path, features: str) -> None:
    hall(tmp_path, features)
    plugin(tmp_path, "one")
    plugin(tmp_path, "two", "import hall_one")
    assert check(tmp_path) == ()


def test_features_that_exclude_each_other_are_tried_with_their_own_versions(tmp_path: Path) -> None:
    hall(tmp_path, TWO + '[[constraints]]\nrule = "one => !two"\n')
    for version, name in ("1", "one"), ("2", "two"):
        make_wheel(tmp_path / "wheelhouse", "organ", version)
        plugin(tmp_path, name, f"import organ\nassert organ.version == '{version}'\n", requires=[f"organ=={version}"])
    assert check(tmp_path) == ()


def test_a_dead_feature_s_plugin_is_in_no_build_and_not_tried(tmp_path: Path) -> None:
    hall(tmp_path, TWO + '[[constraints]]\nrule = "!two"\n')
    plugin(tmp_path, "one")
    plugin(tmp_path, "two", "1 / 0")
    assert check(tmp_path) == ()


def test_a_part_that_nobody_has_is_named_with_its_place(tmp_path: Path) -> None:
    hall(tmp_path, TWO)
    plugin(tmp_path, "one")
    assert told(check(tmp_path)) == [
        "error part features.toml: features.two.parts[0]: part 'hall-two' is neither on the package index nor in the "
        "line's sources (did you mean 'hall-one'?)"
    ]


def test_a_part_that_the_sources_lack_cannot_come_from_an_index_that_is_off(
    tmp_path: Path, cold_cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hall(tmp_path, TWO)
    plugin(tmp_path, "one")
    monkeypatch.setenv("UV_OFFLINE", "1")
    assert told(check(tmp_path)) == [
        "error part : the package index cannot be reached, and what this line needs is not in Sarto's cache yet: the "
        "network is switched off (UV_OFFLINE) (connect to the network once, or name an index that can be reached in "
        "UV_DEFAULT_INDEX)"
    ]


def test_every_part_that_a_target_has_no_wheel_of_is_named_and_nothing_is_stored_for_it(
    tmp_path: Path, index: Index, cold_cache: Path
) -> None:
    targets = '[targets]\npython = "3.12"\nplatforms = ["win_amd64", "macosx_11_0_arm64"]'
    hall(tmp_path, TWO, head=LINE.replace('[targets]\npython = "host"\nplatforms = "host"', targets))
    index.add(make_wheel(tmp_path / "elsewhere", "hall-one", tag="cp312-cp312-win_amd64"))
    index.add(make_wheel(tmp_path / "elsewhere", "hall-two"))
    assert told(check(tmp_path)) == [
        "error part features.toml: features.one.parts[0]: part 'hall-one' 1.0 has no wheel for Python 3.12 on "
        "macosx_11_0_arm64 (feature 'one' needs it); it has some for win_amd64 (build it yourself (pip wheel "
        "--no-deps -w wheels 'hall-one==1.0') and name that folder in [core] sources)"
    ]
    assert list((cold_cache / "parts").rglob("hall_one*.whl")) == []


def test_parts_that_get_in_each_others_way_on_another_system_are_told_with_it(tmp_path: Path) -> None:
    targets = '[targets]\npython = "3.12"\nplatforms = ["manylinux_2_28_x86_64", "win_amd64"]'
    head = LINE.replace('[targets]\npython = "host"\nplatforms = "host"', targets)
    text = 'optional = ["one", "two"]\n[features.one]\nparts = ["tune"]\n[features.two]\nparts = ["song"]\n'
    hall(tmp_path, text, head=head)
    make_wheel(tmp_path / "wheelhouse", "tune", requires=["registry; sys_platform == 'win32'"])
    make_wheel(tmp_path / "wheelhouse", "registry", files={"music.py": "1"})
    make_wheel(tmp_path / "wheelhouse", "song", files={"music.py": "2"})
    (finding,) = check(tmp_path)
    assert finding.what == (
        "features 'one' and 'two' are allowed together and cannot be built together: the parts 'registry' 1.0 and "
        "'song' 1.0 both write 'music.py', with different content (for Python 3.12 on win_amd64)"
    )
    assert finding.hint == 'let the feature model say so: [[constraints]] rule = "one => !two"'


def test_a_line_for_other_machines_is_locked_but_not_tried(tmp_path: Path) -> None:
    one_plugin(tmp_path, "1 / 0", head=LINE.replace('"host"', '"3.12"', 1).replace('"host"', '"win_amd64"'))
    findings, said = check_saying(tmp_path)
    assert findings == ()
    assert said[-1] == "not trying the plugins: the line is not for this machine"


def test_a_line_without_a_target_is_not_looked_at(tmp_path: Path) -> None:
    one_plugin(tmp_path, "1 / 0", head=LINE.replace('[targets]\npython = "host"\nplatforms = "host"', ""))
    assert check_saying(tmp_path) == ((), ["not looking at the parts: the line names no target"])


def test_a_target_that_is_none_is_an_error(tmp_path: Path) -> None:
    one_plugin(tmp_path, PLUGIN, head=LINE.replace('platforms = "host"', 'platforms = "beos_x86"'))
    assert told(check(tmp_path)) == [
        "error part features.toml: targets: 'beos_x86' is no platform that a build can be for (such as "
        '"manylinux_2_28_x86_64", "musllinux_1_2_aarch64", "macosx_11_0_arm64", "win_amd64" or "host")'
    ]


def test_a_core_without_its_command_is_an_error(tmp_path: Path) -> None:
    hall(tmp_path, "", head=LINE.replace('command = "hall"', 'command = "hal"'))
    assert told(check(tmp_path)) == [
        "error part features.toml: core.command: 'hall' 1.0 has no console script 'hal'; it has hall (did you mean "
        "'hall'?)"
    ]


def test_of_a_core_that_cannot_be_imported_only_that_is_said(tmp_path: Path) -> None:
    one_plugin(tmp_path, "1 / 0", command="import gone")
    assert told(check(tmp_path)) == [
        "error plugin features.toml: core.command: what the core's command runs, 'hall:main', cannot be imported: "
        "ModuleNotFoundError: No module named 'gone' (hall.py:1)"
    ]


def test_hook_specs_that_cannot_be_imported_are_an_error(tmp_path: Path) -> None:
    one_plugin(tmp_path, "1 / 0", head=LINE.replace("hall_hooks", "hall.hooks"))
    assert told(check(tmp_path)) == [
        "error plugin features.toml: core.hooks: the module of the core's hook specs, 'hall.hooks', cannot be "
        "imported: ModuleNotFoundError: No module named 'hall.hooks'; 'hall' is not a package"
    ]


def test_a_module_without_hook_specs_is_an_error_and_the_plugins_are_still_imported(tmp_path: Path) -> None:
    one_plugin(tmp_path, "1 / 0", hooks="hookspecs = 'elsewhere'")
    assert [finding.partition(" (")[0] for finding in told(check(tmp_path))] == [
        "error plugin features.toml: core.hooks: 'hall_hooks' has no hook specs",
        "error plugin features.toml: features.solo.parts[0]: feature 'solo': the entry point 'solo = hall_solo' of "
        "part 'hall-solo' 1.0 cannot be imported: ZeroDivisionError: division by zero",
    ]


def test_without_hook_specs_plugins_are_only_imported(tmp_path: Path) -> None:
    text = "from hall_hooks import hookimpl\n@hookimpl\ndef nonsense(of, any, kind): ...\n"
    head = LINE.replace('hooks = "hall_hooks"\n', "")
    assert check(one_plugin(tmp_path / "a", text, head=head)) == ()
    assert of_plugin("1 / 0", tmp_path / "b", head=head) == [
        "cannot be imported: ZeroDivisionError: division by zero (hall_solo.py:1)"
    ]


def test_without_a_group_there_are_no_plugins(tmp_path: Path) -> None:
    assert check(one_plugin(tmp_path, "1 / 0", head=LINE.replace('group = "hall"\n', ""))) == ()


def test_a_plugin_may_rely_on_what_the_core_s_command_imports_first(tmp_path: Path) -> None:
    command = "import sys\nsys.modules['hall_tune'] = sys\n"
    assert of_plugin("import hall_tune", tmp_path, command=command) == []
    assert check_saying(tmp_path) == ((), [])


def test_a_core_that_breaks_with_a_feature_is_said_of_the_feature(tmp_path: Path) -> None:
    command = """import importlib.util, sys
sys.modules["hall_tune"] = sys
assert not importlib.util.find_spec("hall_solo"), "no solos here"
"""
    one_plugin(tmp_path, "import hall_tune", command=command)
    assert told(check(tmp_path)) == [
        "error plugin features.toml: features.solo.parts: feature 'solo': what the core's command runs, 'hall:main', "
        "cannot be imported: AssertionError: no solos here (hall.py:3)"
    ]


def test_hooks_of_another_part_of_the_line_are_hooks(tmp_path: Path) -> None:
    hall(tmp_path, TWO + '[[constraints]]\nrule = "two => one"\n')
    specs = HOOKS.replace("def greeting(guest, day)", "def encore(times)").replace("def song()", "def bow(depth)")
    plugin(tmp_path, "one", specs)
    marked = "from hall_hooks import hookimpl\n"
    plugin(tmp_path, "two", f"{marked}@hookimpl\ndef encore(time): ...\n@hookimpl\ndef bow(depth): ...\n")
    assert told(check(tmp_path)) == [
        "error plugin features.toml: features.two.parts[0]: feature 'two': the entry point 'two = hall_two' of part "
        "'hall-two' 1.0 takes 'time' in the hook 'encore', which gives no such argument (did you mean 'times'?)"
    ]


def test_an_implementation_that_nothing_calls_is_only_a_warning_in_a_part_of_the_index(
    tmp_path: Path, index: Index
) -> None:
    one_plugin(tmp_path, "")
    own = plugin(tmp_path, "solo", "from hall_hooks import hookimpl\n@hookimpl\ndef zugabe(): ...\n")
    index.add(own)
    own.unlink()
    assert told(check(tmp_path)) == [
        "warning plugin features.toml: features.solo.parts[0]: feature 'solo': the entry point 'solo = hall_solo' of "
        "part 'hall-solo' 1.0 implements 'zugabe', which is no hook of the core or of another part (if that is meant, "
        "mark it with optionalhook=True)"
    ]
