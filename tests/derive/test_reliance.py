"""What parts rely on: imports and hooks of other features, proved over all products, with a selection where not."""

from __future__ import annotations

from pathlib import Path

import pytest

from .hall import LINE, check, hall, plugin, told
from .making import make_wheel

TREE = 'optional = ["one", "two", "three"]\n'
PARTS = '[features.one]\nparts = ["hall-one"]\n[features.two]\nparts = ["hall-two"]\n'
RULE = '[[constraints]]\nrule = "{}"\n'
WHERE = "features.toml: features.two.parts[0]: feature 'two': part 'hall-two' 1.0"
NOT_SAID = "and the feature model does not say that it is there"
PROMISE = 'promise it: requires = ["one"] in features.two'


def checked(folder: Path, two: str, *, one: str = "", more: str = "") -> list[str]:
    hall(folder, TREE + PARTS + more)
    plugin(folder, "one", one)
    plugin(folder, "two", two)
    return told(check(folder))


def test_a_late_import_of_what_need_not_be_there_is_a_warning_with_its_line(tmp_path: Path) -> None:
    assert checked(tmp_path, "def late():\n    from hall_one import song\n") == [
        f"warning reliance {WHERE} imports 'hall_one' (hall_two.py:2), which only feature 'one' brings, {NOT_SAID} "
        f"({PROMISE}, or let the import fail: try … except ImportError)"
    ]


@pytest.mark.parametrize(
    "text",
    [
        "try:\n    import hall_one\nexcept ImportError:\n    hall_one = None\n",
        "try:\n    import hall_one\nexcept (KeyError, ModuleNotFoundError): pass\n",
        "import contextlib\nwith contextlib.suppress(ImportError):\n    import hall_one\n",
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import hall_one\n",
        "import typing\ndef late():\n    if typing.TYPE_CHECKING:\n        import hall_one\n",
        "from importlib.util import find_spec\nif find_spec('hall_one'):\n    import hall_one\n",
    ],
)
def test_an_import_that_is_guarded_relies_on_nothing(tmp_path: Path, text: str) -> None:
    assert checked(tmp_path, text) == []


@pytest.mark.parametrize("rule", ["two => one", "two => three", "!two"])
def test_a_feature_that_the_model_promises_can_be_relied_on(tmp_path: Path, rule: str) -> None:
    more = RULE.format(rule) + RULE.format("three => one")
    assert checked(tmp_path, "def late():\n    import hall_one\n", more=more) == []


def test_of_several_features_that_bring_it_one_is_enough(tmp_path: Path) -> None:
    more = '[features.three]\nparts = ["hall-one"]\n'
    late = "def late():\n    import hall_one\n"
    (said,) = checked(tmp_path, late, more=more)
    assert "which only the features 'one' and 'three' bring" in said
    assert 'promise it: [[constraints]] rule = "two => one | three"' in said
    assert checked(tmp_path, late, more=more + RULE.format("two => one | three")) == []


def test_what_the_part_itself_requires_is_there(tmp_path: Path) -> None:
    hall(tmp_path, TREE + PARTS)
    plugin(tmp_path, "one")
    plugin(tmp_path, "two", "import hall_one", requires=["hall-one"])
    assert check(tmp_path) == ()


def test_the_core_can_rely_on_no_feature_that_need_not_be_there(tmp_path: Path) -> None:
    hall(tmp_path, TREE + PARTS, command="def late():\n    import hall_one\n")
    plugin(tmp_path, "one")
    plugin(tmp_path, "two")
    (finding,) = check(tmp_path)
    assert told((finding,)) == [
        "warning reliance features.toml: core.parts[0]: the core: part 'hall' 1.0 imports 'hall_one' (hall.py:2), "
        f"which only feature 'one' brings, {NOT_SAID} (promise it: [[constraints]] rule = \"hall => one\", or let "
        "the import fail: try … except ImportError)"
    ]
    assert finding.because == ("it is so with the selection { one = false }",)


@pytest.mark.parametrize(("text", "count"), [("import hall_one", 1), ("def late():\n    import hall_one\n", 0)])
def test_of_a_library_only_what_its_import_needs_counts(tmp_path: Path, text: str, count: int) -> None:
    hall(tmp_path, TREE + PARTS.replace('["hall-two"]', '["hall-two", "shelf"]'))
    plugin(tmp_path, "one")
    plugin(tmp_path, "two")
    make_wheel(tmp_path / "wheelhouse", "shelf", files={"shelf.py": text})
    assert len([finding for finding in check(tmp_path) if finding.kind == "reliance"]) == count


HOOK = """
import pluggy
hookspec = pluggy.HookspecMarker("hall")
@hookspec
def encore(times): ...
"""
ENCORE = "from hall_hooks import hookimpl\n@hookimpl{}\ndef encore(times): ...\n"


def test_a_hook_that_another_feature_brings_is_never_called_without_it(tmp_path: Path) -> None:
    assert checked(tmp_path, ENCORE.format(""), one=HOOK) == [
        f"warning reliance {WHERE} implements 'encore' (hall_two.py:2), a hook that only feature 'one' brings, "
        f"{NOT_SAID} ({PROMISE}, or mark it with optionalhook=True)"
    ]


def test_a_hook_of_a_feature_that_is_never_there_with_it_cannot_be_promised(tmp_path: Path) -> None:
    (said,) = checked(tmp_path, ENCORE.format(""), one=HOOK, more=RULE.format("two => !one"))
    assert said.endswith(f"{NOT_SAID} (mark it with optionalhook=True)")


def test_a_hook_of_another_feature_that_is_promised_or_optional_fits(tmp_path: Path) -> None:
    assert checked(tmp_path, ENCORE.format("(optionalhook=True)"), one=HOOK) == []
    assert checked(tmp_path, ENCORE.format(""), one=HOOK, more=RULE.format("two => one")) == []


def test_a_hook_of_a_second_part_of_the_core_is_always_there(tmp_path: Path) -> None:
    head = LINE.replace('parts = ["hall"]', 'parts = ["hall", "hall-more"]')
    hall(tmp_path, 'optional = ["two"]\n[features.two]\nparts = ["hall-two"]\n', head=head)
    plugin(tmp_path, "more", HOOK)
    plugin(tmp_path, "two", ENCORE.format(""))
    assert check(tmp_path) == ()


@pytest.mark.parametrize(
    "content",
    [b"def broken(:\n", b"# \xff\xfe\n", b"\0", b"(" * 100_000, b"x = 1\n" * 800_000],
    ids=["a syntax error", "no UTF-8", "a null byte", "nested without end", "huge"],
)
def test_a_module_that_cannot_be_read_does_no_harm_where_nobody_imports_it(tmp_path: Path, content: bytes) -> None:
    hall(tmp_path, TREE + PARTS)
    plugin(tmp_path, "one")
    files = {"hall_two.py": "", "hall_two_more.py": content.decode("latin-1")}
    make_wheel(tmp_path / "wheelhouse", "hall-two", files=files, entry_points="[hall]\ntwo = hall_two\n")
    assert check(tmp_path) == ()


@pytest.mark.parametrize(
    "text",
    [
        "from hall_one import *",
        "from hall_one.more import x",
        "import hall_one.more as m",
        "class A:\n    import hall_one",
        "import sys, \\\n    hall_one",
    ],
)
def test_an_import_is_found_in_any_form(tmp_path: Path, text: str) -> None:
    (said,) = checked(tmp_path, text)
    assert said.startswith("error reliance")
    assert "which only feature 'one' brings" in said
