"""A build as a virtual environment: what starts in it, what an installer finds, and what it costs further customers."""

from __future__ import annotations

import csv
import importlib.metadata
import json
import os
import pickle
import py_compile
import shutil
import subprocess
import sys
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sarto.derive.bundle import bundle_files
from sarto.derive.cache import cache_folder
from sarto.derive.deliver import deliver
from sarto.derive.files import file_digest
from sarto.derive.plan import Plan
from sarto.derive.sums import SUMS, files_below, sums_text
from sarto.derive.verify import verify
from sarto.derive.vouching import Vouching
from sarto.errors import SartoError
from sarto.hooks.manager import PluginManager
from sarto.testing import make_bundle, make_plan, make_wheel, native_module, part_of

from sarto_venv.packing import pack
from sarto_venv.part_trees import part_tree

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="there are no environments on Windows yet")
HERE = f"{sys.version_info.major}.{sys.version_info.minor}"
LIBRARY = f"lib/python{HERE}/site-packages"


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SARTO_CACHE", str(tmp_path / "makers cache"))
    return tmp_path / "makers cache"


def plan_of(folder: Path, *more: Any) -> Plan:
    plan = make_plan(folder / "wheels", *more)
    return replace(plan, target=replace(plan.target, python=HERE))


def make(plan: Plan, folder: Path) -> Path:
    folder.mkdir()
    return pack(plan, make_bundle(plan, folder / "bundle"), folder).path


@pytest.fixture
def environment(tmp_path: Path) -> Path:
    return make(plan_of(tmp_path), tmp_path / "made")


def start(program: Path, *words: str, **variables: str) -> subprocess.CompletedProcess[str]:
    own = {"SARTO_CACHE": str(program.parent / "no cache"), "SARTO_STATE": f"{program.parent}-state"}
    return subprocess.run(
        [program, *words],
        capture_output=True,
        text=True,
        env={**os.environ, **own, **variables},
        timeout=60,
        check=False,
    )


def answer(program: Path, *words: str, **variables: str) -> Any:
    done = start(program, *words, **variables)
    assert (done.returncode, done.stderr) == (0, "")
    return json.loads(done.stdout)


def contents(folder: Path) -> dict[str, tuple[int, bytes]]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): (path.stat().st_mode, path.read_bytes()) for path in files}


def test_the_format_is_found_by_its_name() -> None:
    assert PluginManager.discover().build_format("venv").summary == "a ready virtual environment"


def test_it_starts_the_product_with_its_plugins_and_unpacks_nothing(environment: Path) -> None:
    expected = {"argv": ["acme-gmbh", "one", "two"], "plugins": ["maps"]}
    assert answer(environment / "bin/acme-gmbh", "one", "two") == expected
    assert not (environment / "bin/no cache").exists()


def test_any_python_may_start_it_by_the_launcher_that_every_build_has(environment: Path) -> None:
    done = subprocess.run(
        [sys.executable, environment / "acme-gmbh.py", "one"], capture_output=True, text=True, check=True
    )
    assert json.loads(done.stdout) == {"argv": ["acme-gmbh", "one"], "plugins": ["maps"]}


def test_it_may_be_moved_and_started_through_a_link(environment: Path, tmp_path: Path) -> None:
    moved = environment.rename(tmp_path / "elsewhere with spaces")
    (tmp_path / "acme").symlink_to(moved / "bin/acme-gmbh")
    assert answer(tmp_path / "acme")["plugins"] == ["maps"]
    assert answer(moved / "bin/greeter", "x")["argv"][1:] == ["x"]


def test_nothing_else_on_the_machine_gets_in(environment: Path, tmp_path: Path) -> None:
    for stranger in ("sarto_runtime", "greeter", "json"):
        (tmp_path / "strange").mkdir(exist_ok=True)
        (tmp_path / "strange" / f"{stranger}.py").write_text("raise SystemExit('strange')")
    assert answer(environment / "bin/acme-gmbh", PYTHONPATH=str(tmp_path / "strange"))["plugins"] == ["maps"]


def test_plain_python_in_it_is_that_of_an_environment_and_sees_every_part(environment: Path) -> None:
    names_of = "sorted(d.name for d in m.distributions())"
    said = f"[sys.prefix, sys.prefix != sys.base_prefix, {names_of}]"
    ask = f"import json, sys, greeter, maps, importlib.metadata as m; print(json.dumps({said}))"
    prefix, is_environment, names = json.loads(start(environment / "bin/python", "-c", ask).stdout)
    assert (Path(prefix), is_environment) == (environment, True)
    assert names == ["greeter", "greeter-maps", "pluggy", "sarto-runtime"]


def test_the_console_scripts_of_the_parts_are_there(environment: Path) -> None:
    found = answer(environment / "bin/greeter", "one")
    assert (found["argv"], found["plugins"]) == ([str(environment / "bin/greeter"), "one"], ["maps"])


def test_installers_find_each_part_with_its_record_and_who_installed_it(environment: Path) -> None:
    for library, number in ((environment / LIBRARY, 3), (environment / "lib/switched/greeter-maps", 1)):
        records = sorted(library.glob("*.dist-info/RECORD"))
        assert len(records) == number
        for record in records:
            assert (record.parent / "INSTALLER").read_text() == "sarto\n"
            for name, digest, size in csv.reader(record.read_text().splitlines()):
                content = (library / name).read_bytes()
                assert not size or len(content) == int(size), name
                assert bool(digest) is not name.endswith("/RECORD")
            entries = importlib.metadata.Distribution.at(record.parent).files or []
            assert all(Path(str(entry.locate())).exists() for entry in entries)


def test_pip_sees_whole_distributions_in_it(environment: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "pip", "--python", environment / "bin/python", "list", "--format=json"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert {each["name"] for each in json.loads(done.stdout)} == {"greeter", "greeter-maps", "pluggy", "sarto-runtime"}


def test_a_feature_that_is_switched_off_is_not_on_the_path(environment: Path) -> None:
    program = environment / "bin/acme-gmbh"
    assert start(program, "@disable", "maps").stdout == "maps: off from the next start\n"
    assert answer(program)["plugins"] == []
    assert answer(program, "eval", "__import__('importlib.util').util.find_spec('maps') is None") is True
    assert start(program, "@enable", "maps").stdout == "maps: on from the next start\n"
    assert answer(program)["plugins"] == ["maps"]
    refused = start(program, "@enable", "export")
    assert refused.returncode == 1
    assert refused.stderr.startswith("acme-gmbh: 'export' is not licensed in this build: ")


@pytest.mark.parametrize("order", [("maps", "export"), ("export", "maps")])
def test_plugins_are_found_in_the_order_of_the_build(order: tuple[str, str], tmp_path: Path) -> None:
    export = part_of(
        make_wheel(tmp_path / "wheels", "greeter-export", {"export.py": ""}, "[greeter]\nexport = export\n"), ["export"]
    )
    plan = plan_of(tmp_path, export)
    chosen = replace(plan.resolution.decisions["export"], value=True)
    resolution = replace(plan.resolution, decisions={**plan.resolution.decisions, "export": chosen})
    made = make(replace(plan, order=order, resolution=resolution), tmp_path / "made")
    assert (made / LIBRARY / "export.py").exists()
    assert answer(made / "bin/acme-gmbh")["plugins"] == list(reversed(order))


def test_its_bytecode_is_used_and_none_is_written(environment: Path) -> None:
    before = contents(environment)
    answer(environment / "bin/acme-gmbh")
    assert contents(environment).keys() == before.keys()
    cached = answer(environment / "bin/acme-gmbh", "eval", "__import__('greeter').__cached__")
    assert Path(cached).exists()
    assert Path(cached).read_bytes()[4:8] == (1).to_bytes(4, "little"), "not checked against the source"


def test_native_code_data_and_scripts_of_a_wheel_are_in_their_places(tmp_path: Path) -> None:
    data = "tool-1.0.data"
    files = {
        **native_module(), f"{data}/scripts/tool": "#!python\nimport sys\nprint(sys.prefix)\n",
        f"{data}/data/share/tool/help.txt": "help", f"{data}/headers/tool.h": "",
    }  # fmt: skip
    made = make(plan_of(tmp_path, part_of(make_wheel(tmp_path / "wheels", "tool", files))), tmp_path / "made")
    (made / "bin/tool").chmod(0o755)
    assert Path(start(made / "bin/tool").stdout.strip()) == made
    assert (made / "share/tool/help.txt").read_text() == "help"
    assert (made / f"include/site/python{HERE}/tool/tool.h").exists()
    name = next(iter(native_module())).partition(".")[0].replace("/", ".")
    assert answer(made / "bin/acme-gmbh", "eval", f"bool(__import__('{name}'))") is True


def test_a_script_can_be_started_though_its_wheel_does_not_say_so(tmp_path: Path) -> None:
    wheel = make_wheel(tmp_path / "wheels", "tool", {"tool-1.0.data/scripts/tool": "#!python\nprint('started')\n"})
    made = make(plan_of(tmp_path, part_of(wheel)), tmp_path / "made")
    assert start(made / "bin/tool").stdout == "started\n"


def test_a_module_without_its_source_stands_once_in_the_record(tmp_path: Path) -> None:
    source, compiled = tmp_path / "inner.py", tmp_path / "inner.pyc"
    source.write_text("word = 'compiled'")
    py_compile.compile(str(source), str(compiled), doraise=True)
    files: dict[str, str | bytes] = {"secret/__init__.py": "", "secret/inner.pyc": compiled.read_bytes()}
    made = make(plan_of(tmp_path, part_of(make_wheel(tmp_path / "wheels", "secret", files))), tmp_path / "made")
    (record,) = (made / LIBRARY).glob("secret-*.dist-info/RECORD")
    names = [row[0] for row in csv.reader(record.read_text().splitlines())]
    assert names.count("secret/inner.pyc") == 1
    done = start(made / "bin/python", "-c", "from secret.inner import word; print(word)")
    assert done.stdout == "compiled\n"


def test_bytecode_that_a_wheel_brings_is_not_taken_and_not_complained_of(
    tmp_path: Path, recwarn: pytest.WarningsRecorder
) -> None:
    name = f"full/__pycache__/__init__.{sys.implementation.cache_tag}.pyc"
    wheel = make_wheel(tmp_path / "wheels", "full", {"full/__init__.py": "", name: "rubbish"})
    made = make(plan_of(tmp_path, part_of(wheel)), tmp_path / "made")
    assert (made / LIBRARY / name).read_bytes() != b"rubbish"
    assert [str(each.message) for each in recwarn] == []


def test_verify_finds_it_whole_and_names_what_is_not(environment: Path) -> None:
    assert verify(environment).problems == ()
    assert start(environment / "bin/acme-gmbh", "@verify").stdout == "every file is as it was handed out\n"
    module = environment / LIBRARY / "greeter.py"
    content = module.read_bytes()
    module.unlink()
    module.write_bytes(content + b"# evil\n")
    (environment / LIBRARY / "more.py").write_text("")
    (environment / LIBRARY / "more").symlink_to("/etc")
    expected = [f"{LIBRARY}/greeter.py: was changed", f"{LIBRARY}/more.py: was added"]
    assert [p for p in verify(environment).problems if not p.startswith(f"{LIBRARY}/more:")] == expected
    assert f"{LIBRARY}/more: was added" in " ".join(verify(environment).problems)
    assert start(environment / "bin/acme-gmbh", "@verify").returncode == 1


def test_a_part_that_was_taken_out_is_named(environment: Path) -> None:
    shutil.rmtree(environment / "lib/switched/greeter-maps")
    (wheel,) = [
        part for part in json.loads((environment / "build.json").read_text())["parts"] if part["name"] == "greeter-maps"
    ]
    assert f"parts/{wheel['file']}: is missing" in verify(environment).problems
    assert f"parts/{wheel['file']}: is missing" in start(environment / "bin/acme-gmbh", "@verify").stdout


def test_the_python_that_it_stands_on_may_be_upgraded_but_not_exchanged(environment: Path, tmp_path: Path) -> None:
    (environment / "bin/python").unlink()
    (environment / "bin/python").symlink_to(tmp_path / "another")
    assert [problem for problem in verify(environment).problems if "bin/python" in problem] == ["bin/python: was added"]


@pytest.mark.parametrize("name", ["python", "python3", f"python{HERE}"])
def test_a_link_to_its_python_that_was_taken_away_or_stands_elsewhere_is_named(name: str, environment: Path) -> None:
    (environment / "bin" / name).rename(environment / "lib/switched" / name)
    assert verify(environment).problems == (f"bin/{name}: is missing", f"lib/switched/{name}: was added")


def test_customers_share_all_files_of_the_parts(tmp_path: Path) -> None:
    plan = plan_of(tmp_path)
    one, two = make(plan, tmp_path / "one"), make(replace(plan, name="other"), tmp_path / "two")
    own = {path.relative_to(two).as_posix() for path in two.rglob("*") if path.is_file() and path.stat().st_nlink == 1}
    own -= {f"bin/{name}" for name in ("python", "python3", f"python{HERE}")}
    expected = {
        "SHA256SUMS",
        "build.json",
        "pylock.toml",
        "pyvenv.cfg",
        "other.py",
        "bin/other",
        f"{LIBRARY}/sarto.pth",
    }
    assert own == expected
    assert (one / LIBRARY / "greeter.py").samefile(two / LIBRARY / "greeter.py")


def test_where_the_file_system_cannot_link_it_has_copies_that_start(tmp_path: Path) -> None:
    memory = Path("/dev/shm")
    if not memory.is_dir() or memory.stat().st_dev == tmp_path.stat().st_dev:
        pytest.skip("there is only one file system here")
    with tempfile.TemporaryDirectory(dir=memory) as other:
        made = make(plan_of(tmp_path), Path(other, "made"))
        assert answer(made / "bin/greeter", "x")["argv"][1:] == ["x"]
        assert answer(made / "bin/acme-gmbh")["plugins"] == ["maps"]
        assert verify(made).problems == ()


def unshared(folder: Path) -> set[str]:
    files = (path for path in folder.rglob("*") if path.is_file() and not path.is_symlink())
    return {path.relative_to(folder).as_posix() for path in files if path.stat().st_nlink == 1}


def test_what_is_not_on_the_disk_yet_is_named_all_of_it_and_nothing_else(tmp_path: Path) -> None:
    plan = plan_of(tmp_path)
    places = [tmp_path]
    memory = Path("/dev/shm")
    if memory.is_dir() and memory.stat().st_dev != tmp_path.stat().st_dev:
        places.append(memory)  # where nothing can be linked
    for place in places:
        with tempfile.TemporaryDirectory(dir=place) as other:
            packed = pack(plan, make_bundle(plan, Path(other, "bundle")), Path(other))
            assert {*packed.files, SUMS} == unshared(packed.path)
            assert set(packed.folders) == {
                path.relative_to(packed.path).as_posix() for path in packed.path.rglob("*") if path.is_dir()
            }
            assert list(packed.folders) == sorted(packed.folders)


def test_a_build_that_is_named_like_a_script_of_its_parts_starts_as_the_build(tmp_path: Path) -> None:
    made = make(replace(plan_of(tmp_path), name="greeter"), tmp_path / "made")
    assert start(made / "bin/greeter", "@features").returncode == 0
    assert answer(made / "bin/greeter", "x") == {"argv": ["greeter", "x"], "plugins": ["maps"]}
    assert verify(made).problems == ()


def test_shared_files_cannot_be_written_by_a_slip(environment: Path) -> None:
    modes = {path.stat().st_mode & 0o222 for path in (environment / LIBRARY).rglob("*.py")}
    assert modes == {0}


def test_a_damaged_file_in_the_cache_is_made_again(tmp_path: Path, cache: Path) -> None:
    plan = plan_of(tmp_path)
    program = "import pickle, sys; from sarto_venv.packing import pack; pack(*pickle.load(sys.stdin.buffer))"
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        order = pickle.dumps((plan, make_bundle(plan, tmp_path / name / "bundle"), tmp_path / name))
        subprocess.run([sys.executable, "-c", program], input=order, check=True, capture_output=True)
        (shared,) = cache.glob(f"venv/*/tree/{LIBRARY}/greeter.py")
        shared.chmod(0o644)
        shared.write_text("raise SystemExit('evil')")
        assert verify(tmp_path / name / "acme-gmbh-venv").problems == (f"{LIBRARY}/greeter.py: was changed",)
        if name == "one":
            continue
    (shared,) = cache.glob(f"venv/*/tree/{LIBRARY}/greeter.py")
    assert shared.stat().st_nlink == 2, "the second environment did not link to the first one's damaged file"


def test_the_same_build_gives_the_same_bytes_in_another_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plan = plan_of(tmp_path)
    first = contents(make(plan, tmp_path / "one"))
    monkeypatch.setenv("SARTO_CACHE", str(tmp_path / "another cache"))
    mask = os.umask(0o027)
    second = contents(make(plan, tmp_path / "a longer name"))
    os.umask(mask)
    assert {name: content for name, (_, content) in first.items()} == {
        name: content for name, (_, content) in second.items()
    }


def test_the_files_of_a_build_give_the_same_environment_as_its_folder(tmp_path: Path) -> None:
    plan = plan_of(tmp_path)
    whole = contents(make(plan, tmp_path / "whole"))
    assert contents(pack(plan, bundle_files(plan, {}), tmp_path).path) == whole


def test_an_earlier_environment_is_replaced_and_one_with_a_foreign_file_is_not(tmp_path: Path) -> None:
    plan = plan_of(tmp_path)
    folder = deliver(plan, {}, {"venv": pack}, tmp_path / "out")["venv"]
    deliver(plan, {"more.txt": b""}, {"venv": pack}, tmp_path / "out")
    assert (folder / "more.txt").exists()
    assert verify(folder).problems == ()
    (folder / LIBRARY / "mine.py").write_text("")
    with pytest.raises(SartoError, match=r"also holds 'lib/.*mine\.py', which Sarto did not make"):
        deliver(plan, {}, {"venv": pack}, tmp_path / "out")


def refusal(plan: Plan, folder: Path) -> SartoError:
    with pytest.raises(SartoError) as caught:
        make(plan, folder)
    return caught.value


def test_a_build_for_another_python_or_machine_is_refused_with_the_way_out(tmp_path: Path) -> None:
    plan = plan_of(tmp_path)
    other = refusal(replace(plan, target=replace(plan.target, python="3.99")), tmp_path / "1")
    assert other.what == f"an environment is of the Python that makes it, {HERE}, and this build is for 3.99"
    assert (
        other.hint == "run Sarto with Python 3.99, or build it as a folder, which is for any machine: --format bundle"
    )
    part = part_of(make_wheel(tmp_path / "wheels", "tool", {}))
    foreign = replace(part, filename="tool-1.0-cp311-cp311-win_arm64.whl")
    machine = refusal(plan_of(tmp_path, foreign), tmp_path / "2")
    assert machine.what.startswith("an environment is for the machine that makes it, and part 'tool' is not: tool-1.0-")


def test_two_parts_with_the_same_file_are_refused_unless_it_is_the_same(tmp_path: Path) -> None:
    def parts(second: str) -> list[Any]:
        wheels = tmp_path / second
        return [
            part_of(make_wheel(wheels, name, {"shared/__init__.py": text}))
            for name, text in (("one", ""), ("two", second.strip("_")))
        ]

    first, second = parts("_")
    same = make(plan_of(tmp_path, first, second), tmp_path / "same")
    assert answer(same / "bin/acme-gmbh")["plugins"] == ["maps"]
    tree = part_tree(first, str(cache_folder() / "venv")).folder
    assert (same / LIBRARY / "shared/__init__.py").samefile(tree / LIBRARY / "shared/__init__.py")
    error = refusal(plan_of(tmp_path, *parts("_x = 1_")), tmp_path / "different")
    assert error.what.startswith("part 'two' and another part both have a file 'lib/")


@pytest.mark.parametrize("names", [("one", "two"), ("two", "one")])
def test_a_part_with_a_file_where_another_has_a_folder_is_refused_by_name(
    names: tuple[str, str], tmp_path: Path
) -> None:
    file, folder = names
    wheels = (
        make_wheel(tmp_path / "wheels", file, {"shared": ""}),
        make_wheel(tmp_path / "wheels", folder, {"shared/x.py": ""}),
    )
    error = refusal(plan_of(tmp_path, *map(part_of, wheels)), tmp_path / "made")
    assert error.what == f"part '{folder}' has a folder '{LIBRARY}/shared', and another part a file of that name"
    assert error.hint == "build it as a folder, which is for any machine: --format bundle"


@pytest.mark.parametrize(
    "name", ["bin/python", "bin/python3", "pyvenv.cfg", "build.json", "upgrades/current", f"{LIBRARY}/sarto.pth"]
)
def test_a_part_with_a_file_in_the_place_of_the_environments_own_is_refused(name: str, tmp_path: Path) -> None:
    wheel = make_wheel(tmp_path / "wheels", "greedy", {f"greedy-1.0.data/data/{name}": "mine"})
    error = refusal(plan_of(tmp_path, part_of(wheel)), tmp_path / "made")
    taken = "upgrades" if name.startswith("upgrades/") else name
    assert error.what == f"part 'greedy' would put a '{taken}' in the place of the environment's own"


@pytest.mark.parametrize(
    ("member", "entry_points", "reason"),
    [
        ("odd-1.0.data/nowhere/x", "", "odd-1.0.data/nowhere/x is not contained in a valid .data subdirectory."),
        ("odd-1.0.data/purelib/odd-1.0.dist-info/WHEEL", "", "two of its files go to one place, 'WHEEL'"),
        ("odd.py", "[console_scripts]\nodd = odd\n", "its metadata are not what the standard says"),
    ],
)
def test_a_wheel_that_no_installer_takes_is_refused_by_name(
    member: str, entry_points: str, reason: str, tmp_path: Path
) -> None:
    wheel = make_wheel(tmp_path / "wheels", "odd", {member: ""}, entry_points)
    error = refusal(plan_of(tmp_path, part_of(wheel)), tmp_path / "made")
    assert error.what.startswith(f"part 'odd' 1.0 cannot be installed: {reason}")
    assert error.hint.endswith("--format bundle")


def test_a_name_that_is_too_long_for_the_disk_is_an_error_in_words(tmp_path: Path) -> None:
    plan = replace(plan_of(tmp_path), name="x" * 252)
    (tmp_path / "made").mkdir()
    with pytest.raises(SartoError, match="File name too long"):
        pack(plan, make_bundle(plan_of(tmp_path), tmp_path / "bundle"), tmp_path / "made")


FULL = """
import pickle, resource, sys
from sarto.derive.cache import cache_folder
from sarto.derive.deliver import deliver
from sarto.errors import SartoError
from sarto_venv.packing import pack
from sarto_venv.part_trees import part_tree
plan, output, limit = pickle.load(sys.stdin.buffer)
resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
try:
    deliver(plan, {}, {"venv": pack}, output)
except SartoError as error:
    print(error.what)
"""


@pytest.mark.parametrize("limit", [100, 3_000, 20_000])
def test_a_full_disk_is_one_sentence_and_nothing_half_made(limit: int, tmp_path: Path, cache: Path) -> None:
    """No file may grow beyond a limit: as on a disk that is full, at another file each time."""
    order = pickle.dumps((plan_of(tmp_path), tmp_path / "out", limit))
    done = subprocess.run([sys.executable, "-c", FULL], input=order, capture_output=True, check=False)
    assert done.stderr.decode() == ""
    (sentence,) = done.stdout.decode().splitlines()
    assert "File too large" in sentence or "cannot be" in sentence
    assert list((tmp_path / "out").iterdir()) == []
    assert list(cache.glob("venv/.making-*")) == []
    assert verify(deliver(plan_of(tmp_path), {}, {"venv": pack}, tmp_path / "out")["venv"]).problems == ()


KILLED = """
import json, os, pickle, sys
from sarto.derive.cache import cache_folder
from sarto.derive.deliver import deliver
from sarto.derive.verify import verify
from sarto_venv.packing import pack
from sarto_venv.part_trees import part_tree

plan, output = pickle.load(sys.stdin.buffer)

def child(step):
    left = step
    def count(event, arguments):
        nonlocal left
        if event == "open" or event.startswith(("os.", "shutil.", "tempfile.", "ctypes.", "fcntl.", "subprocess.")):
            left -= 1
            if left == 0:
                os.kill(os.getpid(), 9)
    sys.addaudithook(count)
    deliver(plan, {f"made by {step}": b""}, {"venv": pack}, output)

for step in range(1, 40000, 43):
    pid = os.fork()
    if pid == 0:
        try:
            child(step)
        except BaseException:
            sys.excepthook(*sys.exc_info())
            os._exit(1)
        os._exit(0)
    _, status = os.waitpid(pid, 0)
    folder = output / f"{plan.name}-venv"
    there = sorted(path.name for path in folder.glob("made by *")) if folder.exists() else None
    print(json.dumps([step, status, there, verify(folder).problems if folder.exists() else ()]), flush=True)
    if status != 9:
        break
"""


def test_a_builder_that_is_killed_at_any_step_leaves_nothing_or_a_whole_environment(tmp_path: Path) -> None:
    """From an empty cache on; what earlier builders had finished stays, so each gets further than the last."""
    order = pickle.dumps((plan_of(tmp_path), tmp_path / "out"))
    done = subprocess.run([sys.executable, "-c", KILLED], input=order, capture_output=True, check=False, timeout=300)
    assert done.stderr.decode() == ""
    steps = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(steps) > 10
    assert {tuple(problems) for _, _, _, problems in steps} == {()}
    assert steps[-1][1:] == [0, [f"made by {steps[-1][0]}"], []]
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["acme-gmbh-venv"]


def test_the_provenance_of_an_environment_is_about_the_parts_of_its_manifest(tmp_path: Path) -> None:
    out = tmp_path / "out"
    made = deliver(plan_of(tmp_path), {}, {"venv": pack}, out, vouching=Vouching(provenance=True))["venv"]
    assert verify(made).problems == ()
    said = json.loads((made / "provenance.json").read_bytes())
    lost = said["predicate"]["buildDefinition"]["resolvedDependencies"].pop()["name"]
    (made / "provenance.json").write_text(json.dumps(said))
    sums = {name: file_digest(made / name) for name in files_below(made)}
    (made / SUMS).write_bytes(sums_text(sums))
    assert verify(made).problems == (f"provenance.json: does not agree with the parts on '{lost}'",)


def test_two_customers_who_differ_in_their_brand_have_the_same_files_but_their_own(tmp_path: Path) -> None:
    plan = plan_of(tmp_path)
    other = replace(
        plan, name="other", selection=replace(plan.selection, customer="Other", brand={"name": "Other Hello"}),
        brand={"name": "Other Hello", "logo": "brand/logo.svg"}, brand_files={"brand/logo.svg": b"<svg/>"},
    )  # fmt: skip
    one, two = (
        {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
        for folder in (make(plan, tmp_path / "one"), make(other, tmp_path / "two"))
    )
    assert one.keys() ^ two.keys() == {
        "acme-gmbh.py", "bin/acme-gmbh", "other-hello.py", "bin/other-hello", "brand/logo.svg"
    }  # fmt: skip
    assert {name for name in one.keys() & two.keys() if one[name] != two[name]} == {"build.json", "SHA256SUMS"}


@pytest.mark.skipif(sys.platform != "linux", reason="the names of files are not in the locale's encoding there")
def test_a_name_that_the_locale_has_no_letters_for_is_said_with_the_way_out(tmp_path: Path) -> None:
    plan = plan_of(tmp_path, part_of(make_wheel(tmp_path / "wheels", "poems", {"poems.py": "", "größe.txt": ""})))
    (tmp_path / "plan").write_bytes(pickle.dumps((plan, make_bundle(plan, tmp_path / "bundle"))))
    (tmp_path / "made").mkdir()
    program = (
        "import pickle, pathlib, sys\nfrom sarto.errors import SartoError\nfrom sarto_venv.packing import pack\n"
        f"folder = pathlib.Path({str(tmp_path)!r})\nplan, bundle = pickle.loads((folder / 'plan').read_bytes())\n"
        "try:\n  pack(plan, bundle, folder / 'made')\n"
        "except SartoError as error:\n  print(ascii(error.what), error.hint)\n"
    )
    surroundings = {**os.environ, "LC_ALL": "C", "PYTHONUTF8": "0"}
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, env=surroundings, check=True)
    assert "failed: the names of files are in ascii here, and one is " in done.stdout
    assert done.stdout.endswith(" set PYTHONUTF8=1, or a locale of UTF-8\n")
