"""An archive is verified as it lies there, and hostile ones are refused with the member's name."""

from __future__ import annotations

import hashlib
import io
import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest
import zstandard
from click.testing import CliRunner
from sarto.cli import program
from sarto.derive.plan import Plan
from sarto.derive.signature import SigningKey, VerifyingKey
from sarto.derive.verify_file import Unpack, verify_file
from sarto.derive.vouching import Vouching, vouch_for
from sarto.testing import make_bundle, make_plan

from sarto_tar.opening import unpack, unpack_compressed
from sarto_tar.packing import pack, pack_compressed

Pack = Callable[[Plan, Path, Path], Path]
PRIVATE = SigningKey(algorithm="sum", id="0" * 64, sign=lambda content: hashlib.sha256(content).digest())
PUBLIC = VerifyingKey(
    algorithm="sum", id="0" * 64, verify=lambda content, value: hashlib.sha256(content).digest() == value
)
both = pytest.mark.parametrize(("packing", "unpacking"), [(pack, unpack), (pack_compressed, unpack_compressed)])


def archive(folder: Path, packing: Pack) -> Path:
    plan = make_plan(folder / "wheels")
    return packing(plan, make_bundle(plan, folder / "bundle"), folder)


def problems(file: Path, unpacking: Unpack) -> str:
    return "\n".join(verify_file(file, unpacking).problems)


@both
def test_what_was_packed_is_good_with_the_key_and_without(packing: Pack, unpacking: Unpack, tmp_path: Path) -> None:
    file = archive(tmp_path, packing)
    assert verify_file(file, unpacking).problems == ()
    vouch_for(file, make_plan(tmp_path / "wheels"), Vouching(key=PRIVATE))
    assert verify_file(file, unpacking, PUBLIC).problems == ()
    result = CliRunner().invoke(program, ["verify", str(file)], prog_name="sarto")
    assert result.exit_code == 0, result.stderr
    assert result.stdout.startswith(f"{file}: 7 files, all as they were built; signed with the key 0000")


@both
def test_a_byte_changed_anywhere_is_noticed_with_the_key(packing: Pack, unpacking: Unpack, tmp_path: Path) -> None:
    file = archive(tmp_path, packing)
    vouch_for(file, make_plan(tmp_path / "wheels"), Vouching(key=PRIVATE))
    content = file.read_bytes()
    for position in (0, *range(1, len(content), len(content) // 30), len(content) - 1):
        changed = bytearray(content)
        changed[position] ^= 1
        file.write_bytes(changed)
        assert f"{file.name}: is not what the key" in "\n".join(verify_file(file, unpacking, PUBLIC).problems)


def unpacked(content: bytes) -> bytes:
    with zstandard.ZstdDecompressor().stream_reader(content, read_across_frames=True) as stream:
        return stream.read()


def test_a_byte_changed_anywhere_in_frames_is_noticed_also_without_a_key(tmp_path: Path) -> None:
    """Each frame has a checksum of its own, and none is left unread; what is around the content has no other.

    Some bits mean nothing to who unpacks (one size of a window is as good as another): only the key names those.
    """
    file = archive(tmp_path, pack_compressed)
    content = file.read_bytes()
    whole = unpacked(content)
    for position in (0, *range(1, len(content), len(content) // 60), *range(len(content) - 40, len(content))):
        changed = bytearray(content)
        changed[position] ^= 1
        file.write_bytes(changed)
        assert verify_file(file, unpack_compressed).problems or unpacked(bytes(changed)) == whole, position


@both
def test_what_stands_behind_the_end_is_noticed(packing: Pack, unpacking: Unpack, tmp_path: Path) -> None:
    file = archive(tmp_path, packing)
    content = file.read_bytes()
    for more in (b"evil", bytes(20 * 512) + b"evil"):
        added = zstandard.compress(more) if packing is pack_compressed else more
        file.write_bytes(content + added)
        assert problems(file, unpacking) == f"{file.name}: goes on behind the end of the archive"


def test_a_byte_changed_in_what_fills_the_archive_up_is_noticed(tmp_path: Path) -> None:
    file = archive(tmp_path, pack)
    content = file.read_bytes()
    end = len(content.rstrip(b"\0"))
    for position in (*range(end + 511 - (end - 1) % 512, len(content), 509), len(content) - 1):
        changed = bytearray(content)
        changed[position] ^= 1
        file.write_bytes(changed)
        assert problems(file, unpack) == f"{file.name}: goes on behind the end of the archive", position


def test_a_changed_file_in_it_is_named_without_any_key(tmp_path: Path) -> None:
    file = archive(tmp_path, pack)
    content = file.read_bytes()
    for name in ("build.json", "pylock.toml"):
        inside = (tmp_path / "bundle" / name).read_bytes()
        file.write_bytes(content.replace(inside, inside[:-2] + b"#\n"))
        assert f"{name}: was changed" in problems(file, unpack)


@both
@pytest.mark.parametrize("share", [0.0, 0.3, 0.9])
def test_half_a_file_is_an_error_in_words(packing: Pack, unpacking: Unpack, share: float, tmp_path: Path) -> None:
    file = archive(tmp_path, packing)
    content = file.read_bytes()
    file.write_bytes(content[: int(len(content) * share)])
    assert file.name in problems(file, unpacking) or "is missing" in problems(file, unpacking)


def hostile(folder: Path, *members: tuple[tarfile.TarInfo, bytes]) -> Path:
    file = folder / "acme.tar"
    with tarfile.open(file, "w") as opened:
        for member, content in members:
            member.size = len(content)
            opened.addfile(member, io.BytesIO(content))
    return file


def of(name: str, kind: bytes = tarfile.REGTYPE, target: str = "") -> tarfile.TarInfo:
    member = tarfile.TarInfo(name)
    member.type, member.linkname = kind, target
    return member


@pytest.mark.parametrize(
    ("member", "fault"),
    [
        (of("../evil.py"), "'../evil.py' climbs out of its folder"),
        (of("/tmp/evil.py"), "'/tmp/evil.py' climbs out of its folder"),
        (of("acme/link", tarfile.SYMTYPE, "/etc/passwd"), "'acme/link' is a link"),
        (of("acme/link", tarfile.LNKTYPE, "acme/build.json"), "'acme/link' is a link"),
        (of("acme/pipe", tarfile.FIFOTYPE), "'acme/pipe' is no file"),
        (of("acme/ACME.py"), "'acme/ACME.py' is the same file as 'acme/acme.py' where capitals do not count"),
        (of("acme/aux.py"), "'acme/aux.py' has a name that Windows keeps for a device"),
    ],
)
def test_hostile_members_are_refused_by_name(member: tarfile.TarInfo, fault: str, tmp_path: Path) -> None:
    file = hostile(tmp_path, (of("acme/acme.py"), b"good"), (member, b""))
    assert problems(file, unpack) == f"acme.tar: 'acme.tar' is refused: its member {fault}"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["acme.tar"]


def test_a_bomb_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    raw = hostile(tmp_path, (of("acme/zeros.bin"), bytes(64 * 1024 * 1024)))
    file = tmp_path / "acme.tar.zst"
    file.write_bytes(zstandard.compress(raw.read_bytes()))
    assert "'acme.tar.zst' is refused: it unpacks to 67,108,864 bytes and more" in problems(file, unpack_compressed)
    assert "'acme/zeros.bin'" in problems(file, unpack_compressed)


def test_a_bomb_of_headers_is_refused(tmp_path: Path) -> None:
    """An extended header is read into memory as a whole: it is bounded, too."""
    raw = tmp_path / "raw.tar"
    with tarfile.open(raw, "w", format=tarfile.PAX_FORMAT) as opened:
        member = of("acme/a")
        member.pax_headers = {"comment": "0" * (64 * 1024 * 1024)}
        opened.addfile(member)
    file = tmp_path / "acme.tar.zst"
    file.write_bytes(zstandard.compress(raw.read_bytes()))
    expected = "acme.tar.zst: 'acme.tar.zst' is refused: it unpacks to more than 100 times its size"
    assert problems(file, unpack_compressed) == expected


def test_a_size_that_the_archive_does_not_have_is_not_read_to_its_end(tmp_path: Path) -> None:
    """The header has one size, and what goes for all headers another, below nothing."""
    member = of("acme/a")
    member.size = 2**80
    hidden = tarfile.TarInfo.create_pax_global_header({"size": "-5"}) + member.tobuf(tarfile.GNU_FORMAT)
    (tmp_path / "acme.tar").write_bytes(hidden + bytes(1024))
    assert problems(tmp_path / "acme.tar", unpack).startswith("acme.tar: ")  # newer Pythons say so themselves
    honest = tarfile.TarInfo.create_pax_global_header({"size": "5"}) + member.tobuf(tarfile.GNU_FORMAT)
    (tmp_path / "acme.tar").write_bytes(honest + bytes(1024))
    expected = "acme.tar: cannot be unpacked: it ends in the middle of a member"
    assert problems(tmp_path / "acme.tar", unpack) == expected


def test_a_file_with_holes_is_refused(tmp_path: Path) -> None:
    with tarfile.open(tmp_path / "acme.tar", "w", format=tarfile.PAX_FORMAT) as opened:
        member = of("acme/zeros.bin")
        member.pax_headers = {"GNU.sparse.size": "1000000000000", "GNU.sparse.map": "0,0"}
        opened.addfile(member)
    expected = "acme.tar: 'acme.tar' is refused: its member 'acme/zeros.bin' is a file with holes"
    assert problems(tmp_path / "acme.tar", unpack) == expected


def test_an_archive_of_something_else_is_no_build(tmp_path: Path) -> None:
    file = hostile(tmp_path, (of("one"), b""), (of("two"), b""))
    assert problems(file, unpack) == (
        "acme.tar: is not a build in one archive: it has to have one folder, and nothing beside it"
    )
    (tmp_path / "acme.tar").write_bytes(b"rubbish")
    assert problems(file, unpack).startswith("acme.tar: cannot be unpacked: ")
