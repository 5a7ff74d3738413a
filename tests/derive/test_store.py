from __future__ import annotations

import hashlib
import os
import stat
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sarto.derive.cache import cache_folder
from sarto.derive.files import link_or_copy
from sarto.derive.store import PartStore
from sarto.errors import SartoError

from .making import make_wheel


@pytest.fixture
def store(tmp_path: Path) -> PartStore:
    return PartStore(tmp_path / "store")


@pytest.fixture
def wheel(tmp_path: Path) -> Path:
    return make_wheel(tmp_path / "wheels", "thing")


def overwrite(path: Path, content: bytes) -> None:
    """As someone would who does not care that the file is read-only."""
    path.chmod(0o644)
    path.write_bytes(content)


def test_a_wheel_has_its_place_by_its_hash_and_keeps_its_name(store: PartStore, wheel: Path) -> None:
    sha256 = hashlib.sha256(wheel.read_bytes()).hexdigest()
    path, digest = store.add_file(wheel)
    assert digest == sha256
    assert path == store.folder / sha256[:2] / sha256 / "thing-1.0-py3-none-any.whl"
    assert path.read_bytes() == wheel.read_bytes()
    assert store.find(sha256, wheel.name) == path


def test_nobody_may_write_to_a_wheel_in_the_store(store: PartStore, wheel: Path) -> None:
    path, _ = store.add_file(wheel)
    assert stat.S_IMODE(path.stat().st_mode) == 0o444


def test_a_wheel_that_is_not_there_is_not_found(store: PartStore) -> None:
    assert store.find("0" * 64, "thing-1.0-py3-none-any.whl") is None


def test_bytes_with_another_hash_are_refused_and_nothing_of_them_stays(store: PartStore, wheel: Path) -> None:
    with pytest.raises(SartoError) as caught:
        store.add(wheel.name, [wheel.read_bytes()], "0" * 64, "https://example.org/thing")
    found = hashlib.sha256(wheel.read_bytes()).hexdigest()
    assert str(caught.value) == (
        "https://example.org/thing: 'thing-1.0-py3-none-any.whl' is not the file that was locked: "
        f"its sha256 is {found}, and {'0' * 64} was expected\n"
        "  hint: it was replaced at its source, or damaged on the way; find out which before you lock the line anew"
    )
    assert [path for path in store.folder.rglob("*") if path.is_file()] == []


def test_a_wheel_that_climbs_out_of_its_folder_does_not_get_in(store: PartStore, tmp_path: Path) -> None:
    evil = make_wheel(tmp_path, "evil", files={"../../evil.py": ""})
    with pytest.raises(SartoError, match=r"the wheel 'evil-1\.0-py3-none-any\.whl' is refused: .*climbs out"):
        store.add_file(evil)
    assert [path for path in store.folder.rglob("*") if path.is_file()] == []


def test_a_download_that_breaks_off_leaves_nothing(store: PartStore, wheel: Path) -> None:
    def broken() -> Iterator[bytes]:
        yield wheel.read_bytes()[:100]
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        store.add(wheel.name, broken(), "0" * 64)
    assert [path for path in store.folder.rglob("*") if path.is_file()] == []


def test_a_damaged_wheel_is_noticed_when_it_is_used_and_thrown_away(store: PartStore, wheel: Path) -> None:
    path, sha256 = store.add_file(wheel)
    damaged = bytearray(wheel.read_bytes())
    damaged[50] ^= 1
    overwrite(path, bytes(damaged))
    assert PartStore(store.folder).find(sha256, wheel.name) is None
    assert not path.exists()


def test_whatever_lies_in_a_wheels_place_is_thrown_away(store: PartStore, wheel: Path, tmp_path: Path) -> None:
    def folder(path: Path) -> None:
        (path / "below").mkdir(parents=True)
        (path / "below" / "file").touch()

    made: list[Callable[[Path], object]] = [folder, lambda path: path.symlink_to(tmp_path)]
    if sys.platform != "win32":
        made.append(os.mkfifo)  # who opens it waits for a writer without end
    for make in made:
        path, sha256 = store.add_file(wheel)
        path.unlink()
        make(path)
        assert store.find(sha256, wheel.name) is None
        assert store.add_file(wheel) == (path, sha256)
        assert path.is_file()
    assert tmp_path.is_dir()


def test_damage_is_noticed_even_by_the_process_that_checked_the_wheel_before(store: PartStore, wheel: Path) -> None:
    path, sha256 = store.add_file(wheel)
    overwrite(path, wheel.read_bytes()[:-1])
    assert store.find(sha256, wheel.name) is None


def test_damage_through_a_build_that_is_linked_to_the_store_is_noticed(
    store: PartStore, wheel: Path, tmp_path: Path
) -> None:
    path, sha256 = store.add_file(wheel)
    link_or_copy(path, tmp_path / "linked.whl")
    assert (tmp_path / "linked.whl").stat().st_ino == path.stat().st_ino
    overwrite(tmp_path / "linked.whl", b"tampered")
    assert store.find(sha256, wheel.name) is None
    assert store.add_file(wheel) == (path, sha256)
    assert path.read_bytes() == wheel.read_bytes()
    assert (tmp_path / "linked.whl").read_bytes() == b"tampered"


def test_a_wheel_is_hashed_once_by_a_process(store: PartStore, wheel: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _, sha256 = store.add_file(wheel)
    fresh = PartStore(store.folder)
    fresh.find(sha256, wheel.name)
    hashed: list[object] = []
    monkeypatch.setattr(hashlib, "file_digest", lambda *given: hashed.append(given))
    assert fresh.find(sha256, wheel.name) is not None
    assert hashed == []


def test_many_who_bring_the_same_wheel_at_once_do_no_harm(tmp_path: Path, wheel: Path) -> None:
    content, sha256 = wheel.read_bytes(), hashlib.sha256(wheel.read_bytes()).hexdigest()

    def bring(_: int) -> bytes:
        return PartStore(tmp_path / "store").add(wheel.name, [content], sha256).read_bytes()

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(bring, range(40))) == {content}
    assert len([path for path in (tmp_path / "store").rglob("*") if path.is_file()]) == 1


def test_what_a_stopped_process_left_behind_goes_away_in_time(store: PartStore, wheel: Path) -> None:
    path, sha256 = store.add_file(wheel)
    old, new = path.with_name(".incoming-old"), path.with_name(".incoming-new")
    for aside in (old, new):
        aside.write_bytes(b"half a wheel")
    os.utime(old, (time.time() - 7200, time.time() - 7200))
    path.unlink()
    store.add(wheel.name, [wheel.read_bytes()], sha256)
    assert sorted(each.name for each in path.parent.iterdir()) == [".incoming-new", wheel.name]


def test_where_links_are_not_possible_a_copy_is_made(wheel: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise OSError(18, "Invalid cross-device link")

    monkeypatch.setattr(os, "link", refuse)
    copy = wheel.with_name("copy.whl")
    link_or_copy(wheel, copy)
    assert copy.read_bytes() == wheel.read_bytes()
    assert copy.stat().st_ino != wheel.stat().st_ino


def test_a_link_never_takes_the_place_of_a_file(wheel: Path) -> None:
    other = wheel.with_name("other.whl")
    other.write_bytes(b"mine")
    with pytest.raises(FileExistsError):
        link_or_copy(wheel, other)
    assert other.read_bytes() == b"mine"


def test_a_cache_that_cannot_be_made_is_one_sentence(tmp_path: Path, wheel: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(SartoError) as caught:
        PartStore(tmp_path / "file" / "store").add_file(wheel)
    assert str(caught.value).startswith(f"the folder '{tmp_path}/file/store/")
    assert str(caught.value).endswith(
        "cannot be made: Not a directory\n  hint: set SARTO_CACHE to a folder that you may write to"
    )


def test_a_full_disk_is_one_sentence(store: PartStore, wheel: Path) -> None:
    def full() -> Iterator[bytes]:
        yield b"some"
        raise OSError(28, "No space left on device")

    with pytest.raises(SartoError) as caught:
        store.add(wheel.name, full(), "0" * 64)
    assert str(caught.value) == "writing 'thing-1.0-py3-none-any.whl' to the part store failed: No space left on device"


@pytest.mark.parametrize(
    ("environment", "folder"),
    [
        ({"SARTO_CACHE": "/somewhere/else", "XDG_CACHE_HOME": "/xdg"}, Path("/somewhere/else")),
        ({"XDG_CACHE_HOME": "/xdg"}, Path("/xdg/sarto")),
    ],
)
def test_the_cache_is_where_the_user_says(environment: dict[str, str], folder: Path) -> None:
    assert cache_folder(environment) == folder


@pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="these have places of their own for caches")
def test_the_cache_is_where_caches_are(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/ada")
    assert cache_folder({}) == Path("/home/ada/.cache/sarto")
