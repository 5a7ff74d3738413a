"""``sarto build``, ``run`` and ``verify``, over a line whose projects and index are made here."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from sarto.derive.verify import verify

from ..derive.making import LINE, greeter_projects, pluggy_wheel
from ..hooks.conftest import Install, install
from .conftest import Sarto, write

__all__ = ["install"]

HOST_LINE = LINE.replace('python = "3.11"', 'python = "host"').replace(
    'platforms = "manylinux_2_28_x86_64"', 'platforms = "host"'
)
ACME = 'line = "features.toml"\ncustomer = "Acme GmbH"\n[select]\nloud = true\nmaps = true\n'
BETA = 'line = "features.toml"\ncustomer = "Beta"\n[select]\npolite = true\n'


@pytest.fixture(scope="module")
def projects(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A line with its parts as projects, which need no index."""
    folder = tmp_path_factory.mktemp("line")
    greeter_projects(folder / "projects")
    pluggy_wheel(folder / "wheelhouse")
    write(folder, features=HOST_LINE, acme=ACME, beta=BETA)
    return folder


@pytest.fixture(autouse=True)
def line(projects: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder in which commands run; nothing here reaches the network."""
    monkeypatch.chdir(projects)
    monkeypatch.setenv("UV_OFFLINE", "1")
    return projects


def test_a_build_is_summed_up_in_one_line_that_says_how_to_start_it(sarto: Sarto, tmp_path: Path) -> None:
    result = sarto("build", "acme.toml", "-o", tmp_path)

    folder = tmp_path / "acme-gmbh"
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout == (f"built Acme GmbH: 6 parts in {folder}; start it with: python {folder / 'acme-gmbh.py'}\n")
    done = subprocess.run([sys.executable, folder / "acme-gmbh.py"], capture_output=True, text=True, check=True)
    assert sorted(done.stdout.split()) == ["!", "hello", "world"]


def test_several_selections_are_built_in_the_order_in_which_they_are_named(sarto: Sarto, tmp_path: Path) -> None:
    result = sarto("build", "beta.toml", "acme.toml", "-o", tmp_path, "--jobs", "2")

    assert result.exit_code == 0
    assert [line.split(":")[0] for line in result.stdout.splitlines()] == ["built Beta", "built Acme GmbH"]


def test_one_that_cannot_be_built_is_reported_and_the_others_are_built(
    sarto: Sarto, line: Path, tmp_path: Path
) -> None:
    write(tmp_path, bad=f'line = "{line}/features.toml"\ncustomer = "Bad"\n[select]\nlaud = true\n')

    result = sarto("build", "acme.toml", tmp_path / "bad.toml", "nobody.toml", "beta.toml", "-o", tmp_path / "out")

    assert result.exit_code == 1
    assert [line.split(":")[0] for line in result.stdout.splitlines()] == ["built Acme GmbH", "built Beta"]
    assert result.stderr == (
        "error: unknown feature 'laud'\n"
        f"  --> {tmp_path}/bad.toml: select.laud\n"
        "  hint: did you mean 'loud'?\n"
        f"{tmp_path}/bad.toml was not built\n"
        "error: there is no such file\n"
        "  --> nobody.toml\n"
        "nobody.toml was not built\n"
    )
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["acme-gmbh", "beta"]


def test_a_single_one_that_cannot_be_built_is_the_commands_error(sarto: Sarto) -> None:
    result = sarto("build", "nobody.toml", "--json")

    assert result.exit_code == 1
    assert json.loads(result.stdout)["error"]["errors"] == [{"what": "there is no such file", "file": "nobody.toml"}]


def test_two_customers_with_one_name_for_their_builds_are_kept_apart(sarto: Sarto, line: Path, tmp_path: Path) -> None:
    write(tmp_path, other=f'line = "{line}/features.toml"\ncustomer = "ACME, GmbH!"\n')

    result = sarto("build", "acme.toml", tmp_path / "other.toml", "-o", tmp_path / "out")

    assert result.exit_code == 1
    assert result.stdout.startswith("built Acme GmbH: ")
    assert result.stderr == (
        "error: this would be built into the same folder as acme.toml, 'acme-gmbh'\n"
        f"  --> {tmp_path}/other.toml\n"
        "  hint: give the two customers different names\n"
        f"{tmp_path}/other.toml was not built\n"
    )


def test_a_selection_that_is_named_twice_is_built_once(sarto: Sarto, tmp_path: Path) -> None:
    result = sarto("build", "acme.toml", "acme.toml", "-o", tmp_path)

    assert (result.exit_code, result.stdout.count("built")) == (0, 1)


def test_json_has_what_was_built_and_what_was_not(sarto: Sarto, tmp_path: Path) -> None:
    result = sarto("build", "beta.toml", "nobody.toml", "-o", tmp_path, "--json")

    assert result.exit_code == 1
    data = json.loads(result.stdout)
    assert data["builds"] == [
        {
            "selection": "beta.toml",
            "customer": "Beta",
            "name": "beta",
            "parts": 4,
            "outputs": {"bundle": str(tmp_path / "beta")},
            "launcher": str(tmp_path / "beta" / "beta.py"),
            "missing_texts": [],
        }
    ]
    assert [(each["selection"], each["error"]["message"]) for each in data["failed"]] == [
        ("nobody.toml", "nobody.toml: there is no such file")
    ]


TEXT_FORMAT = """
import sys

def pack(plan, bundle, output):
    file = output / f"{plan.name}.txt.py"
    file.write_text(f"print({plan.name!r}, {len(list(bundle.iterdir()))})")
    return file

@hookimpl
def sarto_build_formats():
    return [BuildFormat(name="text", summary="a text", pack=pack)]

@hookimpl
def sarto_build_files(plan):
    return {"who.txt": plan.name.encode()}
"""


def test_plugins_add_formats_and_files(sarto: Sarto, install: Install, tmp_path: Path) -> None:
    site = install("text", TEXT_FORMAT)

    both = sarto("build", "beta.toml", "-o", tmp_path, "-f", "bundle", "-f", "text", plugins=[str(site)])
    alone = sarto("build", "beta.toml", "-o", tmp_path / "alone", "-f", "text", plugins=[str(site)])

    beta, text = tmp_path / "beta", tmp_path / "beta.txt.py"
    assert both.stdout == f"built Beta: 4 parts in {beta} and {text}; start it with: python {beta / 'beta.py'}\n"
    assert (beta / "who.txt").read_text() == "beta"
    assert alone.stdout.endswith(f"start it with: python {tmp_path / 'alone' / 'beta.txt.py'}\n")
    assert [path.name for path in (tmp_path / "alone").iterdir()] == ["beta.txt.py"]


def test_what_cannot_be_started_as_it_is_comes_without_a_launcher(
    sarto: Sarto, install: Install, tmp_path: Path
) -> None:
    site = install("text", TEXT_FORMAT.replace("pack=pack)", "pack=pack, starts=False)"))

    alone = sarto("build", "beta.toml", "-o", tmp_path, "-f", "text", plugins=[str(site)])
    said = sarto("build", "beta.toml", "-o", tmp_path, "-f", "text", "--json", plugins=[str(site)])
    both = sarto("build", "beta.toml", "-o", tmp_path, "-f", "text", "-f", "bundle", plugins=[str(site)])

    assert alone.stdout == f"built Beta: 4 parts in {tmp_path / 'beta.txt.py'}\n"
    assert json.loads(said.stdout)["builds"][0]["launcher"] is None
    assert both.stdout.endswith(f"start it with: python {tmp_path / 'beta' / 'beta.py'}\n")


def test_an_unknown_format_is_an_error_before_anything_is_built(sarto: Sarto, tmp_path: Path) -> None:
    result = sarto("build", "beta.toml", "-o", tmp_path / "out", "--format", "bundel")

    assert result.exit_code == 1
    assert result.stderr == "error: unknown build format 'bundel'\n  hint: did you mean 'bundle'?\n"
    assert not (tmp_path / "out").exists()


def test_no_jobs_at_all_is_a_usage_error_also_from_the_environment(
    sarto: Sarto, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert sarto("build", "beta.toml", "--jobs", "0").exit_code == 2
    monkeypatch.setenv("SARTO_BUILD_JOBS", "none")
    assert sarto("build", "beta.toml").exit_code == 2


@pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")
def test_an_interrupted_batch_leaves_whole_builds_and_does_not_go_on(line: Path, tmp_path: Path) -> None:
    customers = 200
    for number in range(customers):
        write(tmp_path, **{f"c{number}": f'line = "{line}/features.toml"\ncustomer = "Customer {number}"\n'})
    selections = [str(tmp_path / f"c{number}.toml") for number in range(customers)]
    out = tmp_path / "out"
    command = [sys.executable, "-m", "sarto.cli", "build", *selections, "-o", str(out), "-j", "1"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8")
    while process.poll() is None and not (out.is_dir() and len(list(out.glob("customer-*"))) > 2):
        time.sleep(0.01)
    process.send_signal(signal.SIGINT)
    stdout, stderr = process.communicate(timeout=60)

    builds = list(out.iterdir())
    assert (process.returncode, stdout, stderr) == (130, "", "")
    assert len(builds) < customers
    assert all(verify(build).is_good for build in builds)


@pytest.mark.skipif(os.name == "nt", reason="terminals of POSIX")
def test_a_terminal_sees_what_is_being_done(tmp_path: Path) -> None:
    import pty

    controller, terminal = pty.openpty()
    environment = {**os.environ, "SARTO_CACHE": str(tmp_path / "cache"), "COLUMNS": "120"}
    command = [sys.executable, "-m", "sarto.cli", "build", "beta.toml", "-o", str(tmp_path / "out")]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=terminal, encoding="utf-8", env=environment)
    os.close(terminal)
    shown = _all_of(controller)
    stdout, _ = process.communicate()

    assert "beta: " in shown
    assert stdout.startswith("built Beta: 4 parts in ")


def _all_of(controller: int) -> str:
    chunks = []
    while True:
        try:
            chunk = os.read(controller, 65536)
        except OSError:  # the other side was closed
            break
        if not chunk:
            break
        chunks.append(chunk)
    return b"".join(chunks).decode()


@pytest.fixture(scope="module")
def built(projects: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of one build, to be left as it is."""
    output = tmp_path_factory.mktemp("built")
    environment = {**os.environ, "UV_OFFLINE": "1"}
    command = [sys.executable, "-m", "sarto.cli", "build", "beta.toml", "-o", str(output)]
    subprocess.run(command, cwd=projects, env=environment, check=True, capture_output=True)
    return output / "beta"


def run(*arguments: str | Path) -> tuple[int, str, str]:
    command = [sys.executable, "-m", "sarto.cli", "run", *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout, done.stderr


def test_run_starts_a_build_by_its_folder_or_its_launcher(built: Path) -> None:
    assert run(built) == run(built / "beta.py") == (0, "hello dear\n", "")


def test_run_hands_the_rest_of_the_line_to_the_product(built: Path) -> None:
    with_dashes, without = run(built, "--", "@about"), run(built, "@about")

    assert with_dashes == without
    assert "customer   Beta\n" in with_dashes[1]


def test_the_exit_code_of_run_is_that_of_the_product(built: Path) -> None:
    assert run(built, "@enable", "no_such_feature")[0] == 1


def test_run_of_what_is_no_build_is_an_error(sarto: Sarto, tmp_path: Path) -> None:
    missing, empty = sarto("run", tmp_path / "missing"), sarto("run", tmp_path)
    (tmp_path / "build.json").write_text("[]")
    damaged = sarto("run", tmp_path)

    assert [result.exit_code for result in (missing, empty, damaged)] == [1, 1, 1]
    assert missing.stderr == (
        f"error: there is no such build\n  --> {tmp_path}/missing\n  hint: 'sarto build' makes builds\n"
    )
    assert empty.stderr == (
        "error: this folder is no build: it has no build.json\n"
        f"  --> {tmp_path}\n  hint: name the folder that 'sarto build' made\n"
    )
    assert damaged.stderr == (
        f"error: this build.json cannot be read\n  --> {tmp_path}/build.json\n"
        "  hint: 'sarto verify' says what was changed\n"
    )


def test_run_of_a_build_that_does_not_start_from_its_folder_says_what_does(sarto: Sarto, tmp_path: Path) -> None:
    (tmp_path / "build.json").write_text('{"form": "oci", "launcher": "acme"}')
    result = sarto("run", tmp_path)
    assert (result.exit_code, result.stderr) == (
        1,
        f"error: this build has no launcher in its folder\n  --> {tmp_path}\n"
        "  hint: a container engine starts an image; --format bundle makes a folder that starts\n",
    )


def test_a_build_in_a_format_that_no_plugin_has_cannot_be_verified(sarto: Sarto, tmp_path: Path) -> None:
    (tmp_path / "build.json").write_text('{"form": "scroll"}')
    result = sarto("verify", tmp_path)
    assert result.exit_code == 1
    assert result.stderr.startswith("error: unknown build format 'scroll'\n  hint: the formats that are known: bundle")


def test_a_build_that_is_as_it_was_made_is_verified(sarto: Sarto, built: Path) -> None:
    result = sarto("verify", built)

    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout == f"{built}: 8 files, all as they were built\n"


def test_each_file_that_was_changed_added_or_lost_is_named(sarto: Sarto, tmp_path: Path) -> None:
    sarto("build", "beta.toml", "-o", tmp_path)
    build = tmp_path / "beta"
    (build / "beta.py").write_text("print('mine')")
    (build / "extra.txt").write_text("")
    (build / "pylock.toml").unlink()

    result, data = sarto("verify", build), sarto("verify", build, "--json")

    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == (
        "error: beta.py: was changed\nerror: extra.txt: was added\nerror: pylock.toml: is missing\n"
    )
    assert json.loads(data.stdout)["problems"] == [
        "beta.py: was changed",
        "extra.txt: was added",
        "pylock.toml: is missing",
    ]
    assert data.exit_code == 1


def test_verify_of_what_is_no_build_is_an_error(sarto: Sarto, tmp_path: Path) -> None:
    result = sarto("verify", tmp_path)

    assert result.exit_code == 1
    assert result.stderr == (
        f"error: there is no build in '{tmp_path}'\n  hint: a build is a folder with a build.json\n"
    )


def test_signing_without_the_plugin_is_refused_before_anything_is_made(sarto: Sarto, tmp_path: Path) -> None:
    result = sarto("build", "acme.toml", "-o", tmp_path / "out", "--sign", "vendor.key")

    assert result.exit_code == 1
    assert result.stderr == (
        "error: no plugin is installed that signs builds and checks signatures\n"
        "  hint: install the plugin 'sarto-sign'\n"
    )
    assert not (tmp_path / "out").exists()


def test_a_key_that_verification_cannot_use_is_refused_the_same(sarto: Sarto, tmp_path: Path) -> None:
    sarto("build", "beta.toml", "-o", tmp_path)
    result = sarto("verify", tmp_path / "beta", "--key", "vendor.pub")

    assert result.exit_code == 1
    assert "install the plugin 'sarto-sign'" in result.stderr


def test_a_signature_that_nobody_checked_is_told_with_its_key(sarto: Sarto, tmp_path: Path) -> None:
    sarto("build", "beta.toml", "-o", tmp_path)
    form = f"sarto-signature 1\nalgorithm: ed25519\nkey: {'ab' * 32}\nsignature: AA==\n"
    (tmp_path / "beta" / "SHA256SUMS.sig").write_text(form, encoding="utf-8")

    result = sarto("verify", tmp_path / "beta")
    assert result.exit_code == 0
    told = f"signed with the key {'ab' * 32}, which was not checked: name its public key with --key\n"
    assert result.stdout.endswith(f"all as they were built; {told}")
    said = json.loads(sarto("verify", tmp_path / "beta", "--json").stdout)
    assert said["signature"] == {"algorithm": "ed25519", "key": "ab" * 32, "checked": False}


def test_every_single_byte_that_is_changed_is_named_with_its_file(sarto: Sarto, tmp_path: Path) -> None:
    sarto("build", "acme.toml", "-o", tmp_path)
    build = tmp_path / "acme-gmbh"
    for file in sorted(path for path in build.rglob("*") if path.is_file()):
        name, content = file.relative_to(build).as_posix(), file.read_bytes()
        changed = bytearray(content)
        changed[len(content) // 2] ^= 1
        file.unlink()  # the files of parts are also those of the store
        file.write_bytes(changed)
        problems = verify(build).problems
        file.unlink()
        file.write_bytes(content)
        if name == "SHA256SUMS":  # a digit of a sum: the file that it is of does not agree with it any more
            assert problems
        else:
            assert name in {problem.partition(": ")[0] for problem in problems}
    assert verify(build).is_good
