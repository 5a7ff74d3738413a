"""``sarto test`` on real products: planted faults are found and named exactly, and nothing else is."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from sarto.cli import program
from sarto.cli.application import Application
from sarto.hooks import PluginManager
from sarto.line import ProductLine

from .conftest import LINE, MakeLine

PLANTED = """
    import greeter

    def test_single():
        assert "maps" not in greeter.features(), "maps are wrong"

    def test_pair():
        assert not {"export", "dark"} <= greeter.features()

    def test_absence():
        assert "export" in greeter.features() or "search" not in greeter.features()

    def test_fine():
        assert greeter.features() <= {"maps", "export", "search", "dark"}
"""


def sarto(*words: str | Path) -> Result:
    return CliRunner().invoke(
        program, [str(word) for word in words], obj=Application(path=[]), prog_name="sarto", catch_exceptions=False
    )


def found(result: Result) -> dict[str, list[dict[str, bool]]]:
    """The decisions behind each failing test."""
    data: dict[str, Any] = json.loads(result.stdout)
    return {
        test: [each["decisions"] for each in failure["interactions"]]
        for failure in data["failures"]
        for test in failure["tests"]
    }


def test_planted_faults_are_named_exactly(make_line: MakeLine, tmp_path: Path) -> None:
    folder = make_line(PLANTED)

    result = sarto("test", folder, "-o", tmp_path / "failing", "--jobs", "2", "--json")

    assert result.exit_code == 1
    assert found(result) == {
        "tests/test_greeter.py::test_single": [{"maps": True}],
        "tests/test_greeter.py::test_pair": [{"export": True, "dark": True}],
        "tests/test_greeter.py::test_absence": [{"export": False, "search": True}],
    }
    assert all(each["minimal"] for f in json.loads(result.stdout)["failures"] for each in f["interactions"])


GO_ON = ("--", "--continue-on-collection-errors")
SMALL = LINE.replace('"export", "search", "tokens", "theme"]', '"dark"]').partition("[features.theme]")[0] + (
    '[features.maps]\nparts = ["greeter-maps"]\n[features.dark]\nparts = ["greeter-dark"]\n'
)


def test_a_triple_is_found_where_triples_are_covered(make_line: MakeLine, tmp_path: Path) -> None:
    folder = make_line(
        """
        import greeter

        def test_triple():
            assert not {"export", "maps"} <= greeter.features() or "search" in greeter.features()
        """,
        LINE.replace('"search", "tokens", "theme"]', '"search"]').partition("[features.theme]")[0]
        + "".join(f'[features.{name}]\nparts = ["greeter-{name}"]\n' for name in ("maps", "export", "search")),
    )

    result = sarto("test", folder, "-t", "3", "-o", tmp_path / "failing", "--jobs", "2", "--json")

    assert found(result) == {"tests/test_greeter.py::test_triple": [{"maps": True, "export": True, "search": False}]}


def test_what_is_written_fails_when_it_is_built(make_line: MakeLine, tmp_path: Path) -> None:
    folder = make_line(PLANTED, SMALL)

    result = sarto("test", folder, "-o", tmp_path / "failing")

    assert result.exit_code == 1
    assert "  whenever: maps\n" in result.stdout
    line, selection = ProductLine.for_selection(tmp_path / "failing" / "maps.toml", plugins=PluginManager())
    assert selection.wishes.keys() == {"maps"}
    assert line.resolve(selection).configuration["maps"] is True


def test_two_faults_of_one_test_are_told_apart(make_line: MakeLine, tmp_path: Path) -> None:
    folder = make_line(
        """
        import greeter

        def test_both():
            assert not {"maps", "dark"} & greeter.features()
        """,
        SMALL,
    )

    decisions = found(sarto("test", folder, "-o", tmp_path / "failing", "--json"))

    assert sorted(map(list, decisions["tests/test_greeter.py::test_both"])) == [["dark"], ["maps"]]


def test_where_all_pass_nothing_is_said_or_written(make_line: MakeLine, tmp_path: Path) -> None:
    folder = make_line("def test_fine():\n    pass\n", SMALL)

    result = sarto("test", folder, "-o", tmp_path / "failing")

    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout == "greeter: 1 test in 4 products, which cover all pairs: all pass\n"
    assert not (tmp_path / "failing").exists()


def test_a_fault_of_every_product_rests_on_no_decision(make_line: MakeLine, tmp_path: Path) -> None:
    folder = make_line("def test_wrong():\n    assert False, 'always'\n", SMALL)

    result = sarto("test", folder, "-o", tmp_path / "failing")

    assert result.exit_code == 1
    assert "  always\n" in result.stdout.replace("AssertionError: ", "")
    assert "  in 4 of 4 products\n  in every product, whatever is chosen\n" in result.stdout


def test_a_suite_that_hangs_a_crash_and_a_file_that_cannot_be_read_are_failures(
    make_line: MakeLine, tmp_path: Path
) -> None:
    folder = make_line(
        """
        import greeter, os, time

        def test_hanging():
            if {"maps", "dark"} <= greeter.features():
                time.sleep(600)

        def test_ending():
            if "maps" not in greeter.features() and "dark" in greeter.features():
                os._exit(7)
        """,
        SMALL,
    )
    (folder / "tests" / "test_reading.py").write_text(
        "import greeter\nif 'dark' in greeter.features():\n    raise ValueError('not in the dark')\n", encoding="utf-8"
    )

    result = sarto("test", folder, "-o", tmp_path / "failing", "--limit", "10", "--json", *GO_ON)

    assert found(result) == {
        "tests/test_greeter.py::test_hanging": [{"maps": True, "dark": True}],
        "tests/test_greeter.py::test_ending": [{"maps": False, "dark": True}],
        "tests/test_reading.py": [{"dark": True}],
    }
    messages = {failure["tests"][0]: failure["message"] for failure in json.loads(result.stdout)["failures"]}
    assert messages["tests/test_greeter.py::test_hanging"] == "not ended within 10 s"
    assert messages["tests/test_greeter.py::test_ending"] == "pytest ended with 7"
    assert "ValueError: not in the dark" in messages["tests/test_reading.py"]


def test_a_product_that_cannot_be_built_is_a_failure_of_its_own(make_line: MakeLine, tmp_path: Path) -> None:
    quarrel = '[features.maps]\nparts = ["greeter-maps"]\nsetting = "x"\n[features.dark]\nparts = ["greeter-dark"]\n'
    line = SMALL.partition("[features.maps]")[0] + quarrel + 'setting = "x"\n'
    folder = make_line("def test_fine():\n    pass\n", line)

    result = sarto("test", folder, "-o", tmp_path / "failing")

    assert result.exit_code == 1
    assert "failed: (the product can be built)\n" in result.stdout
    assert "features 'maps' and 'dark' both give the setting 'x' in one build" in result.stdout


def test_a_marker_decides_inside_the_product_and_nothing_else_can_be_imported(
    make_line: MakeLine, tmp_path: Path
) -> None:
    folder = make_line(
        """
        import importlib.util
        import greeter, pytest, sarto_runtime

        @pytest.mark.features("maps & !dark")
        def test_marked(sarto_product, sarto_configuration):
            assert greeter.features() == {"maps"} and sarto_configuration["maps"]
            assert sarto_product.is_enabled("maps") and not sarto_product.is_enabled("dark")
            done = sarto_product.run("hello")
            assert (done.stdout, done.stderr, done.returncode) == ("maps hello\\n", "", 0)

        def test_closed():
            assert sarto_runtime.product().line == "greeter"
            assert [importlib.util.find_spec(name) for name in ("sarto", "click", "hypothesis")] == [None] * 3
        """,
        SMALL,
    )

    result = sarto("test", folder, "-o", tmp_path / "failing", "--json", "--", "--strict-markers")

    data = json.loads(result.stdout)
    assert (result.exit_code, data["failures"]) == (0, [])
    verdicts = [product["verdicts"]["tests/test_greeter.py::test_marked"] for product in data["products"]]
    assert sorted(verdicts) == ["passed", "skipped", "skipped", "skipped"]


def test_a_bad_marker_is_said_with_its_place(make_line: MakeLine, tmp_path: Path) -> None:
    folder = make_line(
        """
        import pytest

        @pytest.mark.features("mapz & !dark")
        def test_marked():
            pass
        """,
        SMALL,
    )

    result = sarto("test", folder, "-o", tmp_path / "failing", "--no-shrink")

    assert result.exit_code == 1
    assert "failed: (the suite comes to its end)" in result.stdout
    assert "unknown feature 'mapz'" in result.stdout
    assert "did you mean 'maps'?" in result.stdout


def test_words_behind_the_dashes_are_for_pytest(make_line: MakeLine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(make_line(PLANTED, SMALL))

    assert (
        sarto("test", "--", "-k", "fine").stdout == "greeter: 1 test in 4 products, which cover all pairs: all pass\n"
    )
    nothing = sarto("test", "-t", "1", "--", "-k", "nothing")
    assert (nothing.exit_code, nothing.stdout) == (1, "")
    assert nothing.stderr.startswith("error: no test was run in any product\n  --> features.toml\n")


def test_a_line_without_tests_or_with_a_wrong_path_is_refused(make_line: MakeLine) -> None:
    folder = make_line("", SMALL.replace('paths = ["tests"]', ""))

    result = sarto("test", folder)

    assert result.exit_code == 1
    assert result.stderr == (
        f"error: the line says nothing of its tests\n  --> {folder}/features.toml\n"
        '  hint: add [tests] with paths = ["tests"]\n'
    )
    (folder / "features.toml").write_text(SMALL.replace('["tests"]', '["tests", "more"]'), encoding="utf-8")
    assert f"error: there is no 'more'\n  --> {folder}/features.toml: tests.paths[1]\n" in sarto("test", folder).stderr


@pytest.mark.parametrize(
    ("said", "what"),
    [
        ("seconds = 0", "0 s leave no time for a test"),
        ("paths = []", "the suite names no tests"),
        ('requirements = ["=="]', "'==' is not a requirement"),
        ("speed = 3", "unknown key 'speed'"),
    ],
)
def test_bad_tables_are_refused_with_their_place(make_line: MakeLine, said: str, what: str) -> None:
    folder = make_line("", SMALL.replace('paths = ["tests"]', said))

    stderr = sarto("test", folder).stderr

    assert f"error: {what}" in stderr
    assert f"features.toml: tests.{said.partition(' ')[0]}" in stderr


def test_a_requirement_that_brings_a_features_part_is_refused(make_line: MakeLine) -> None:
    folder = make_line("", SMALL.replace('paths = ["tests"]', 'paths = ["tests"]\nrequirements = ["greeter-maps"]'))

    result = sarto("test", folder)

    assert result.exit_code == 1
    assert "what the tests need brings 'greeter-maps', a part of feature 'maps': every product would" in result.stderr


def test_what_the_tests_need_and_nobody_has_is_said(make_line: MakeLine) -> None:
    folder = make_line("", SMALL.replace('paths = ["tests"]', 'paths = ["tests"]\nrequirements = ["no-such-need"]'))

    result = sarto("test", folder)

    assert result.exit_code == 1
    assert "the package index cannot be reached" in result.stderr


def test_a_strangers_file_is_not_overwritten_and_that_of_an_earlier_run_is(make_line: MakeLine, tmp_path: Path) -> None:
    folder = make_line("import greeter\n\ndef test_maps():\n    assert 'maps' not in greeter.features()\n", SMALL)
    failing = tmp_path / "failing"
    failing.mkdir()
    (failing / "maps.toml").write_text("mine", encoding="utf-8")

    for _ in range(2):
        result = sarto("test", folder, "-o", failing)
        assert f"  build it: sarto build {failing / 'maps-2.toml'}\n" in result.stdout

    assert (failing / "maps.toml").read_text(encoding="utf-8") == "mine"
    assert sorted(path.name for path in failing.iterdir()) == ["maps-2.toml", "maps.toml"]


def test_without_shrinking_the_candidates_are_named(make_line: MakeLine, tmp_path: Path) -> None:
    result = sarto("test", make_line(PLANTED, SMALL), "--no-shrink", "-o", tmp_path / "failing")

    assert "  each of these would explain it:\n    maps\n" in result.stdout
    assert not (tmp_path / "failing").exists()


def test_an_interruption_ends_what_runs(make_line: MakeLine, tmp_path: Path) -> None:
    folder = make_line(
        f"""
        import os, pathlib, time

        def test_hanging():
            file = pathlib.Path({str(tmp_path / "pid")!r})
            file.with_suffix(".new").write_text(str(os.getpid()))
            file.with_suffix(".new").rename(file)
            time.sleep(600)
        """,
        SMALL,
    )
    command = [sys.executable, "-m", "sarto.cli", "test", str(folder), "--jobs", "1"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=tmp_path) as process:
        end = time.monotonic() + 60
        while not (tmp_path / "pid").exists() and process.poll() is None and time.monotonic() < end:
            time.sleep(0.05)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=60)

    assert (process.returncode, out, err) == (130, b"", b"")
    with pytest.raises(ProcessLookupError):
        os.kill(int((tmp_path / "pid").read_text(encoding="utf-8")), 0)
    assert not (tmp_path / "failing").exists()


def test_where_the_value_of_a_feature_decides_no_smaller_set_is_claimed(make_line: MakeLine, tmp_path: Path) -> None:
    sized = (
        '"dark", "size"]\n[features.size]\ntype = "integer"\nminimum = 1\nmaximum = 2\ndefault = 1\nsetting = "size"\n'
    )
    line = SMALL.replace('"dark"]', sized).replace(
        'group = "greeter"', 'group = "greeter"\nsettings = { environment = "{NAME}" }'
    )
    line += '[[constraints]]\nrule = "maps & dark => size == 2"\n'
    folder = make_line("import os\n\ndef test_size():\n    assert os.environ.get('SIZE') != '2'\n", line)

    result = sarto("test", folder, "-o", tmp_path / "failing", "--json")

    assert found(result) == {"tests/test_greeter.py::test_size": [{"maps": True, "dark": True}]}
