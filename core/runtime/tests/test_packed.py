"""A build in one file starts, answers and is checked as its folder would be."""

from __future__ import annotations

import hashlib
import json
import tempfile
from pathlib import Path

import pytest

from sarto_runtime.packed import begin_packed

from .real_builds import (
    PartOf,
    Sketch,
    ask,
    feature,
    greetings,
    make_build,
    make_plugin,
    make_wheel,
    native_module,
    pack,
    start,
    start_together,
    surroundings,
)


def unpacked(tmp_path: Path) -> list[Path]:
    return sorted((tmp_path / "cache" / "bundles").iterdir())


def make_packed(tmp_path: Path, sketch: Sketch | None = None) -> Path:
    """A packed build in a folder whose neighbours are its cache and state."""
    (tmp_path / "handed").mkdir()
    return pack(make_build(tmp_path / "handed" / "acme", sketch))


def test_a_packed_build_starts_as_its_folder_would(tmp_path: Path) -> None:
    done = start(make_packed(tmp_path), "one", "two words")
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout)["argv"] == ["acme", "one", "two words"]


def test_it_is_unpacked_once(tmp_path: Path) -> None:
    packed = make_packed(tmp_path)
    greetings(packed)
    (folder,) = unpacked(tmp_path)
    before = folder.stat().st_mtime_ns
    assert folder.name == hashlib.sha256((tmp_path / "handed" / "acme" / "SHA256SUMS").read_bytes()).hexdigest()
    greetings(packed)
    assert [path.stat().st_mtime_ns for path in unpacked(tmp_path)] == [before]


def test_it_runs_where_its_folder_is_gone_and_it_was_moved(tmp_path: Path) -> None:
    packed = make_packed(tmp_path)
    (tmp_path / "elsewhere").mkdir()
    moved = packed.rename(tmp_path / "elsewhere" / "renamed")
    (tmp_path / "handed").rename(tmp_path / "gone")
    assert greetings(moved) == []


def test_data_by_path_and_native_code_work(tmp_path: Path) -> None:
    files = {**native_module(), "poems/__init__.py": "", "poems/one.txt": "Nel mezzo"}
    wheel = make_wheel(tmp_path / "wheels", "poems", files)
    packed = make_packed(tmp_path, Sketch(parts=[PartOf(wheel)]))
    assert (
        ask(packed, "open(__import__('os').path.join(__import__('poems').__path__[0], 'one.txt')).read()")
        == "Nel mezzo"
    )
    assert ask(packed, "callable(__import__('pysolvers').glucose41_new)") is True


def test_features_are_switched_in_it(tmp_path: Path) -> None:
    sketch = Sketch(
        features={"maps": feature(stage="user")},
        parts=[make_plugin(tmp_path / "wheels", "host-maps", "maps")],
        order=["maps"],
        open=["maps"],
    )
    packed = make_packed(tmp_path, sketch)
    assert greetings(packed) == ["host-maps"]
    assert start(packed, "@disable", "maps").stdout == "maps: off from the next start\n"
    assert greetings(packed) == []
    assert greetings(tmp_path / "handed" / "acme" / "acme.py", environment=surroundings(packed)) == []


def test_nothing_beside_it_can_be_imported(tmp_path: Path) -> None:
    packed = pack(make_build(tmp_path / "handed" / "acme"), members={"stranger.py": b""})
    packed.with_name("neighbour.py").write_text("")
    find = "[n for n in ('stranger', 'neighbour', 'sarto_runtime') if __import__('importlib.util').util.find_spec(n)]"
    assert ask(packed, find) == ["sarto_runtime"]


def test_it_knows_the_files_of_its_brand(tmp_path: Path) -> None:
    sketch = Sketch(brand={"logo": "brand/logo.svg"}, brand_files={"brand/logo.svg": b"<svg/>"})
    packed = make_packed(tmp_path, sketch)
    assert ask(packed, "__import__('sarto_runtime').product().brand_file('logo').read_text()") == "<svg/>"


def test_verify_looks_into_the_file_itself(tmp_path: Path) -> None:
    packed = make_packed(tmp_path)
    assert greetings(packed) == []
    assert start(packed, "@verify").stdout == "every file is as it was handed out\n"
    tampered = pack(packed.with_suffix("") / "acme.py", members={"bundle/extra.txt": b"evil"})
    done = start(tampered, "@verify")
    assert (done.returncode, done.stdout) == (1, "extra.txt: was added\n")


def test_a_file_that_was_changed_is_not_unpacked(tmp_path: Path) -> None:
    launcher = make_build(tmp_path / "handed" / "acme")
    (host,) = launcher.parent.glob("parts/host-*")
    host.write_bytes(b"something else")
    packed = pack(launcher)
    done = start(packed)
    assert done.returncode == 1
    assert done.stderr == (
        f"acme.pyz: this file is not what was handed out: parts/{host.name}: was changed\n"
        "  hint: take it again from where it came\n"
    )
    assert unpacked(tmp_path) == []


def test_a_member_that_climbs_out_of_the_bundle_is_refused(tmp_path: Path) -> None:
    done = start(pack(make_build(tmp_path / "handed" / "acme"), members={"bundle/../../evil.txt": b""}))
    assert done.returncode == 1
    assert "this file has a member that would be written outside its folder: 'bundle/../../evil.txt'" in done.stderr
    assert not list(tmp_path.rglob("evil.txt"))


def test_a_file_without_a_build_in_it_says_so(tmp_path: Path) -> None:
    launcher = make_build(tmp_path / "handed" / "acme")
    launcher.parent.joinpath("SHA256SUMS").unlink()
    done = start(pack(launcher))
    message = "acme.pyz: this is not a whole build: there is no bundle/SHA256SUMS in it\n"
    assert (done.returncode, done.stderr) == (1, message)


def test_several_first_starts_at_once_do_not_harm_each_other(tmp_path: Path) -> None:
    assert start_together(make_packed(tmp_path), 4) == [("", 0)] * 4
    assert len(unpacked(tmp_path)) == 1


def test_where_nothing_can_be_written_verify_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    packed = make_packed(tmp_path)
    (tmp_path / "blocked").write_text("a file where folders should be")
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "blocked"))
    assert begin_packed(str(packed), ["acme.pyz", "@verify"]) == 1
    assert capsys.readouterr().err.startswith("acme.pyz: this build cannot be unpacked: [Errno ")
