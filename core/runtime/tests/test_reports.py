"""A product says of itself what is in it, why, and whether it is whole."""

from __future__ import annotations

import json
import platform
import subprocess
import sys
from pathlib import Path

import pytest

from .real_builds import Sketch, feature, make_build, make_plugin, start, surroundings
from .test_switching import BECAUSE, make_open_build

HELP = """\
{launcher} also answers:
  @features [--json|--web [--no-browser]]  every feature: state, who decides it, why; or a page to switch them
  @explain FEATURE|HOOK [--json]           why a feature is as it is; who changes a hook
  @enable FEATURE… [@disable FEATURE…]     switch on, all or none
  @disable FEATURE… [@enable FEATURE…]     switch off, all or none
  @licence [FILE] [--json]                 what is licensed until when; FILE is kept
  @history [--json]                        who switched what when
  @usage [--forget|--export FILE]          what is recorded of its use; delete it, hand it out
  @about [--json]                          what this product is and where it keeps its files
  @verify [--json]                         check every file against what was handed out
  @upgrade FILE                            go on to the build that a delta leads to
  @rollback                                go back to the build before
  @help                                    this list
Everything else goes to the product itself.
"""


def said(launcher: Path, *words: str) -> str:
    done = start(launcher, *words)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


def test_help_lists_what_the_runtime_answers(tmp_path: Path) -> None:
    launcher = make_build(tmp_path / "acme")
    assert said(launcher, "@help") == HELP.format(launcher=launcher)


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["@fetures"], "there is no @fetures; did you mean '@features'?"),
        (["@"], "there is no @; @help lists what there is"),
        (["@features", "maps"], "usage: {launcher} @features [--json|--web [--no-browser]]"),
        (["@features", "--jsn"], "usage: {launcher} @features [--json|--web [--no-browser]]"),
        (["@explain"], "usage: {launcher} @explain FEATURE|HOOK [--json]"),
        (["@enable"], "usage: {launcher} @enable FEATURE… [@disable FEATURE…]"),
        (["@disable", "maps", "--json"], "usage: {launcher} @disable FEATURE… [@enable FEATURE…]"),
        (["@help", "--json"], "usage: {launcher} @help"),
    ],
)
def test_wrong_usage_is_exit_code_two(tmp_path: Path, words: list[str], sentence: str) -> None:
    launcher = make_build(tmp_path / "acme")
    done = start(launcher, *words)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == f"acme.py: {sentence.format(launcher=launcher)}\n"


def test_features_is_a_table_of_states_and_reasons(tmp_path: Path) -> None:
    launcher = make_open_build(tmp_path)
    start(launcher, "@disable", "maps")
    assert said(launcher, "@features") == (
        "FEATURE    STATE  DECIDED BY  OPEN  CHANGES     REASON\n"
        "core       on     vendor      no                The root is in every product.\n"
        "maps       off    user        yes   next start  you switched it off; the build starts with it on\n"
        "graphql    off    user        yes   next start  The vendor's default.\n"
        "tokens     off    user        yes   next start  The vendor's default.\n"
        "dark       on     user        yes   next start  The vendor's default.\n"
        "light      off    user        yes   next start  The vendor's default.\n"
        "export     off    customer    no                Left out by Acme GmbH.\n"
        "page_size  50     customer    no                Selected by Acme.\n"
    )


def test_features_as_json_has_the_values_themselves(tmp_path: Path) -> None:
    report = json.loads(said(make_open_build(tmp_path), "@features", "--json"))
    assert report["name"] == "acme"
    assert report["ignored"] == {}
    assert {entry["feature"]: entry["value"] for entry in report["features"]} == {
        "core": True, "maps": True, "graphql": False, "tokens": False, "dark": True, "light": False, "export": False,
        "page_size": 50,
    }  # fmt: skip
    assert report["features"][1] == {
        "feature": "maps",
        "value": True,
        "stage": "user",
        "open": True,
        "binding": "start",
        "group": "yours",
        "reason": "The vendor's default.",
        "summary": "Tables draw themselves as maps",
    }


def test_explain_says_what_a_feature_is_and_that_it_may_be_switched(tmp_path: Path) -> None:
    assert said(make_open_build(tmp_path), "@explain", "maps") == (
        "maps: Tables draw themselves as maps\n"
        "  It is on: The vendor's default.\n"
        "  Decided by: the user; binding: start; open: yes\n"
        "  Parts: host-maps\n"
        "  You may switch it off.\n"
    )


def test_explain_says_what_else_a_switch_would_take(tmp_path: Path) -> None:
    launcher = make_open_build(tmp_path)
    assert said(launcher, "@explain", "graphql").splitlines()[-2:] == [
        "  You may switch it on together with 'tokens' on:",
        f"    {BECAUSE}",
    ]
    assert json.loads(said(launcher, "@explain", "graphql", "--json"))["switch"] == {
        "to": True,
        "allowed": False,
        "because": [BECAUSE],
        "with": {"tokens": True},
    }


def test_explain_says_where_nothing_helps(tmp_path: Path) -> None:
    launcher = make_open_build(tmp_path, residual=[(["!graphql", "#1"], BECAUSE), (["!#1"], "")])
    assert said(launcher, "@explain", "graphql").splitlines()[-2:] == [
        "  It cannot be switched on as things stand:",
        f"    {BECAUSE}",
    ]


def test_explain_of_a_feature_that_is_not_open_ends_with_its_reason(tmp_path: Path) -> None:
    assert said(make_open_build(tmp_path), "@explain", "export") == (
        "export\n  It is off: Left out by Acme GmbH.\n  Decided by: the customer; binding: build; open: no\n"
    )


def test_explain_of_an_unknown_feature_proposes_the_nearest(tmp_path: Path) -> None:
    done = start(make_open_build(tmp_path), "@explain", "map")
    assert (done.returncode, done.stderr) == (
        1,
        "acme.py: there is no feature and no hook 'map'\n  hint: did you mean 'maps'?\n",
    )


def test_about_says_what_the_product_is_and_where_its_files_are(tmp_path: Path) -> None:
    maps = make_plugin(tmp_path / "wheels", "host-maps", "maps")
    sketch = Sketch(features={"maps": feature()}, parts=[maps], order=["maps"])
    launcher = make_build(tmp_path / "acme", sketch)
    report = json.loads(said(launcher, "@about", "--json"))
    pluggy = report["parts"][1]["version"]
    assert said(launcher, "@about") == (
        "product    Acme Greetings\n"
        "line       greeter 2026.11.0 (Greets)\n"
        "customer   Acme GmbH\n"
        "made with  Sarto 0.1.0 for Python 3.11 on any\n"
        f"runs on    Python {platform.python_version()}\n"
        f"parts      host 1.0, pluggy {pluggy}, sarto-runtime 0.1.0, host-maps 1.0\n"
        f"build      {launcher.parent}\n"
        f"switches   {tmp_path / 'state' / 'sarto' / 'greeter' / 'acme' / 'switches.json'}\n"
        f"cache      {tmp_path / 'cache'}\n"
    )
    assert report["line"] == {"name": "greeter", "version": "2026.11.0", "summary": "Greets"}
    assert report["target"] == {"python": "3.11", "platform": "any"}


def test_a_terminal_that_lacks_a_letter_gets_another(tmp_path: Path) -> None:
    sketch = Sketch(features={"maps": feature(reason="→ selected by Šárka")})
    ascii_only = {"PYTHONUTF8": "0", "PYTHONIOENCODING": "ascii"}
    done = start(make_build(tmp_path / "acme", sketch), "@features", environment=ascii_only)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.endswith("? selected by ??rka\n")


@pytest.mark.skipif(sys.platform == "win32", reason="uses a POSIX pipe")
def test_a_reader_that_leaves_early_causes_no_traceback(tmp_path: Path) -> None:
    features = {f"feature{number}": feature() for number in range(5000)}
    launcher = make_build(tmp_path / "acme", Sketch(features=features))
    reading = subprocess.Popen(
        [sys.executable, str(launcher), "@features"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=surroundings(launcher),
    )
    assert reading.stdout is not None
    assert reading.stdout.readline().startswith(b"FEATURE")
    reading.stdout.close()
    assert reading.stderr is not None
    assert reading.stderr.read() == b""
    reading.stderr.close()
    reading.wait()


def test_verify_finds_a_whole_build_whole(tmp_path: Path) -> None:
    launcher = make_build(tmp_path / "acme", Sketch(brand_files={"brand/logo.svg": b"<svg/>"}))
    assert said(launcher, "@verify") == "every file is as it was handed out\n"
    assert json.loads(said(launcher, "@verify", "--json")) == {"ok": True, "faults": []}


def test_verify_names_every_file_that_was_changed_added_or_taken_away(tmp_path: Path) -> None:
    launcher = make_build(tmp_path / "acme", Sketch(brand_files={"brand/logo.svg": b"<svg/>", "brand/a b.txt": b""}))
    folder = launcher.parent
    folder.joinpath("brand", "logo.svg").write_bytes(b"<svg onload='evil()'/>")
    folder.joinpath("brand", "a b.txt").unlink()
    folder.joinpath("parts", "extra-1.0-py3-none-any.whl").write_bytes(b"")
    done = start(launcher, "@verify")
    assert done.returncode == 1
    assert done.stdout == (
        "brand/a b.txt: is missing\nbrand/logo.svg: was changed\nparts/extra-1.0-py3-none-any.whl: was added\n"
    )


def test_verify_finds_a_part_that_was_exchanged_together_with_its_sum(tmp_path: Path) -> None:
    launcher = make_build(tmp_path / "acme")
    (pluggy,) = launcher.parent.glob("parts/pluggy-*")
    sums = launcher.parent / "SHA256SUMS"
    line = next(line for line in sums.read_text().splitlines() if "pluggy" in line)
    pluggy.write_bytes(b"")
    empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    sums.write_text(sums.read_text().replace(line, f"{empty}  parts/{pluggy.name}"))
    done = start(launcher, "@verify", "--json")
    assert done.returncode == 1
    problem = "is not the part 'pluggy' that build.json names"
    assert json.loads(done.stdout)["faults"] == [{"file": f"parts/{pluggy.name}", "problem": problem}]


def test_verify_without_its_sums_says_that_nothing_can_be_checked(tmp_path: Path) -> None:
    launcher = make_build(tmp_path / "acme")
    launcher.parent.joinpath("SHA256SUMS").unlink()
    done = start(launcher, "@verify")
    reason = "cannot be read, so no file can be checked (No such file or directory)"
    assert (done.returncode, done.stdout) == (1, f"SHA256SUMS: {reason}\n")


def test_verify_works_where_build_json_was_damaged(tmp_path: Path) -> None:
    launcher = make_build(tmp_path / "acme")
    launcher.parent.joinpath("build.json").write_text("{")
    done = start(launcher, "@verify")
    assert (done.returncode, done.stdout) == (1, "build.json: was changed\n")
