"""Fetching from an index on a loopback port that misbehaves in the ways that indexes do."""

from __future__ import annotations

import base64
import hashlib
import http.client
import http.server
from dataclasses import replace
from pathlib import Path

import pytest
from sarto.derive.fetch import fetch
from sarto.derive.lockfile import LockedWheel
from sarto.derive.plan import ResolvedTarget
from sarto.derive.prepare import prepare
from sarto.derive.progress import quiet
from sarto.derive.store import PartStore
from sarto.errors import SartoError

from .answering import offered
from .making import Index, make_wheel
from .shop import shop

THING = '[features.shop]\nparts = ["thing"]\n'


@pytest.fixture
def store(cold_cache: Path) -> PartStore:
    return PartStore.default()


def test_wheels_come_into_the_store_and_are_not_fetched_again(store: PartStore, index: Index, tmp_path: Path) -> None:
    wheels = [offered(index, make_wheel(tmp_path, name)) for name in ("one", "two", "three")]
    said: list[str] = []
    there = fetch(wheels, store, said.append)
    assert sorted(said) == [f"fetching {name}-1.0-py3-none-any.whl" for name in ("one", "three", "two")]
    for wheel in wheels:
        path, sha256 = there[wheel.filename]
        assert sha256 == wheel.sha256
        assert path == store.find(wheel.sha256, wheel.filename)
    index.asked.clear()
    assert fetch(wheels, PartStore.default(), said.append) == there
    assert index.asked == []


def test_the_size_of_a_large_wheel_is_said(store: PartStore, index: Index, tmp_path: Path) -> None:
    wheel = offered(index, make_wheel(tmp_path, "big", files={"big.txt": "x" * 1_500_000}))
    said: list[str] = []
    fetch([wheel], store, said.append)
    assert said == ["fetching big-1.0-py3-none-any.whl (1.5 MB)"]


def test_a_damaged_wheel_in_the_store_is_named_and_fetched_again(
    store: PartStore, index: Index, tmp_path: Path
) -> None:
    wheel = offered(index, make_wheel(tmp_path, "thing"))
    path, _ = fetch([wheel], store, quiet)[wheel.filename]
    content = path.read_bytes()
    path.chmod(0o644)
    path.write_bytes(b"damaged")
    said: list[str] = []
    assert fetch([wheel], store, said.append)[wheel.filename][0].read_bytes() == content
    assert said == [f"{wheel.filename} was damaged in the part store: taking it anew", f"fetching {wheel.filename}"]


def test_a_wheel_whose_hash_changed_on_the_index_is_refused(
    index: Index, cold_cache: Path, tmp_path: Path, linux: ResolvedTarget, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As the lock of the cache remembers it, and the store no longer has it."""
    line = shop(tmp_path, THING)
    index.add(make_wheel(tmp_path / "index", "thing"))
    was = next(part for part in prepare(line, tmp_path, linux).parts(["shop"]) if part.name == "thing")
    index.add(make_wheel(tmp_path / "index", "thing", files={"evil.py": ""}))
    found = hashlib.sha256(index.files[was.filename]).hexdigest()
    was.path.unlink()
    with pytest.raises(SartoError) as caught:
        prepare(line, tmp_path, linux)
    assert str(caught.value) == (
        f"{was.url}: 'thing-1.0-py3-none-any.whl' is not the file that was locked: its sha256 is {found}, and "
        f"{was.sha256} was expected\n"
        "  hint: it was replaced at its source, or damaged on the way; find out which before you lock the line anew"
    )


def test_a_part_from_an_index_has_its_url_in_the_build(index: Index, tmp_path: Path, linux: ResolvedTarget) -> None:
    line = shop(tmp_path, THING)
    index.add(make_wheel(tmp_path / "index", "thing"))
    urls = {part.name: part.url for part in prepare(line, tmp_path, linux).parts(["shop"])}
    assert urls["thing"] == f"{index.url.removesuffix('/simple')}/files/thing-1.0-py3-none-any.whl"
    assert urls["shop-core"] == ""


def test_a_wheel_from_the_index_that_climbs_out_is_refused(index: Index, tmp_path: Path, linux: ResolvedTarget) -> None:
    line = shop(tmp_path, THING)
    index.add(make_wheel(tmp_path / "index", "thing", files={"../../../evil.pth": "import evil"}))
    with pytest.raises(SartoError) as caught:
        prepare(line, tmp_path, linux)
    assert str(caught.value) == (
        "the wheel 'thing-1.0-py3-none-any.whl' is refused: its member '../../../evil.pth' climbs out of its folder\n"
        "  hint: do not use it before its author has explained this"
    )


def test_when_the_index_goes_down_in_the_middle_what_came_stays_and_the_rest_is_fetched_later(
    store: PartStore, index: Index, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sarto.derive.fetch.PAUSE", 0)
    wheels = [offered(index, make_wheel(tmp_path, f"thing{number}")) for number in range(12)]
    answered: list[str] = []

    def five(handler: http.server.BaseHTTPRequestHandler, content: bytes) -> None:
        answered.append(handler.path)
        if len(answered) > 5:
            handler.connection.close()
            return
        handler.send_response(200)
        handler.send_header("Content-Length", str(len(content)))
        handler.end_headers()
        handler.wfile.write(content)

    index.answer = five
    with pytest.raises(SartoError) as caught:
        fetch(wheels, store, quiet)
    first, hint = str(caught.value).splitlines()
    assert "-1.0-py3-none-any.whl' is not in the part store yet and cannot be fetched from 127.0.0.1:" in first
    assert hint == "  hint: connect to the network once: what was fetched stays in the store"
    came = {wheel.filename for wheel in wheels if store.find(wheel.sha256, wheel.filename)}
    assert len(came) == 5
    assert [path.name for path in store.folder.rglob(".incoming-*")] == []
    index.answer = None
    index.asked.clear()
    assert len(fetch(wheels, store, quiet)) == 12
    assert sorted(index.fetched) == sorted(wheel.filename for wheel in wheels if wheel.filename not in came)


def test_an_index_that_is_not_there_is_one_sentence(store: PartStore) -> None:
    wheel = LockedWheel("thing-1.0-py3-none-any.whl", "0" * 64, "http://127.0.0.1:9/thing-1.0-py3-none-any.whl")
    with pytest.raises(SartoError) as caught:
        fetch([wheel], store, quiet)
    assert str(caught.value) == (
        "'thing-1.0-py3-none-any.whl' is not in the part store yet and cannot be fetched from 127.0.0.1:9: "
        "Connection refused\n  hint: connect to the network once: what was fetched stays in the store"
    )


def test_where_the_network_is_switched_off_nothing_is_tried(
    store: PartStore, index: Index, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wheel = offered(index, make_wheel(tmp_path, "thing"))
    monkeypatch.setenv("UV_OFFLINE", "true")
    with pytest.raises(SartoError, match=r"the network is switched off \(UV_OFFLINE\)"):
        fetch([wheel], store, quiet)
    assert index.asked == []


def test_a_file_of_this_machine_is_fetched_by_its_url_even_without_a_network(
    store: PartStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = make_wheel(tmp_path, "thing")
    monkeypatch.setenv("UV_OFFLINE", "1")
    sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
    there = fetch([LockedWheel(path.name, sha256, path.as_uri())], store, quiet)
    assert there[path.name] == (store.place(sha256, path.name), sha256)


def test_a_wheel_on_an_index_without_hashes_is_refused(store: PartStore, index: Index, tmp_path: Path) -> None:
    wheel = offered(index, make_wheel(tmp_path, "thing"))
    with pytest.raises(SartoError) as caught:
        fetch([LockedWheel(wheel.filename, url=wheel.url)], store, quiet)
    assert str(caught.value) == (
        "the package index gives no sha256 for 'thing-1.0-py3-none-any.whl', so nobody can tell whether it is the "
        "right one\n  hint: fetch it yourself, and name the folder that it is in in [core] sources"
    )


def test_a_wheel_in_a_folder_that_is_gone_is_named(store: PartStore, tmp_path: Path) -> None:
    wheel = LockedWheel("thing-1.0-py3-none-any.whl", path=tmp_path / "gone.whl")
    with pytest.raises(SartoError) as caught:
        fetch([wheel], store, quiet)
    assert str(caught.value) == (
        f"'{tmp_path}/gone.whl' is in the lock, but it is not there\n  hint: put it back, or change the line's sources"
    )


@pytest.mark.parametrize("variable", ["UV_DEFAULT_INDEX", "UV_INDEX", "netrc"])
def test_an_index_that_asks_who_we_are_is_told(
    variable: str, store: PartStore, index: Index, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wheel = offered(index, make_wheel(tmp_path, "thing"))
    index.needs = f"Basic {base64.b64encode(b'ada:p@ss').decode()}"
    if variable == "netrc":
        (tmp_path / "netrc").write_text("machine 127.0.0.1 login ada password p@ss\n")
        monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    else:
        named = "own=" if variable == "UV_INDEX" else ""
        monkeypatch.setenv(variable, named + index.url.replace("http://", "http://ada:p%40ss@"))
    assert wheel.filename in fetch([wheel], store, quiet)


def test_a_user_in_the_url_of_a_part_is_told_to_the_server_and_to_nobody_else(
    store: PartStore, index: Index, tmp_path: Path
) -> None:
    wheel = offered(index, make_wheel(tmp_path, "thing"))
    index.needs = f"Basic {base64.b64encode(b'ada:p@ss').decode()}"
    known = replace(wheel, url=wheel.url.replace("http://", "http://ada:p%40ss@"))
    assert wheel.filename in fetch([known], store, quiet)
    with pytest.raises(SartoError) as caught:
        fetch([replace(known, sha256="0" * 64)], store, quiet)
    assert "p%40ss" not in str(caught.value)
    assert wheel.url in str(caught.value)


def test_an_index_that_nobody_told_who_we_are_is_not_one_that_lacks_the_part(
    index: Index, tmp_path: Path, linux: ResolvedTarget, monkeypatch: pytest.MonkeyPatch
) -> None:
    line = shop(tmp_path, THING)
    index.add(make_wheel(tmp_path / "index", "thing"))
    index.needs = "Basic nobody"
    monkeypatch.setenv("UV_DEFAULT_INDEX", index.url.replace("http://", "http://ada:secret@"))
    with pytest.raises(SartoError) as caught:
        prepare(line, tmp_path, linux)
    assert str(caught.value) == (
        f"the package index at {index.url} does not answer without the right user and password\n"
        "  hint: name them in the URL in UV_DEFAULT_INDEX, https://USER:PASSWORD@HOST/…, or in the file ~/.netrc"
    )


def test_a_password_never_gets_into_a_build(
    index: Index, tmp_path: Path, linux: ResolvedTarget, monkeypatch: pytest.MonkeyPatch
) -> None:
    line = shop(tmp_path, THING)
    index.add(make_wheel(tmp_path / "index", "thing"))
    index.needs = f"Basic {base64.b64encode(b'ada:secret').decode()}"
    monkeypatch.setenv("UV_DEFAULT_INDEX", index.url.replace("http://", "http://ada:secret@"))
    part = next(part for part in prepare(line, tmp_path, linux).parts(["shop"]) if part.name == "thing")
    assert "secret" not in part.url
    assert part.url.startswith("http://127.0.0.1:")
