"""Wheels in a line's sources that are damaged or malformed: which file it is, who needs it, and how to mend it."""

from __future__ import annotations

import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from sarto.derive.plan import ResolvedTarget
from sarto.derive.prepare import prepare
from sarto.errors import SartoError

from .making import make_wheel
from .shop import names, shop

FEATURES = """
[features.shop]
optional = ["cart", "gifts"]
[features.cart]
parts = ["cart"]
[features.gifts]
parts = ["gifts"]
"""
NAME = "cart-1.0-py3-none-any.whl"
WAIT = "all builds wait for that, for their parts are locked together"
Change = Callable[[dict[str, bytes]], object]


@pytest.fixture
def wheelhouse(tmp_path: Path) -> Path:
    """Two features, and the parts of both; one is packed, so that a changed byte spoils more than itself."""
    folder = tmp_path / "wheelhouse"
    make_wheel(folder, "cart", files={"cart_data.txt": "wheels " * 999})
    make_wheel(folder, "gifts", requires=["cart"])
    repacked(folder / NAME, lambda _members: None)
    return folder


def repacked(wheel: Path, change: Change) -> None:
    with zipfile.ZipFile(wheel) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    change(members)
    with zipfile.ZipFile(wheel, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(zipfile.ZipInfo(name, (2020, 2, 2, 0, 0, 0)), content, zipfile.ZIP_DEFLATED)


def refused(wheelhouse: Path, target: ResolvedTarget, *features: str) -> str:
    line = shop(wheelhouse.parent, FEATURES)
    with pytest.raises(SartoError) as caught:
        prepare(line, wheelhouse.parent, target, features=features)
    return str(caught.value)


def whose(what: str, wheelhouse: Path) -> str:
    return (
        f"{wheelhouse}: '{NAME}' {what} (features 'cart' and 'gifts' need it)\n  hint: build or fetch it again; {WAIT}"
    )


@pytest.mark.parametrize("length", [0, 10, 300])
def test_a_wheel_that_was_cut_short_is_named_with_the_features_that_need_it(
    length: int, wheelhouse: Path, linux: ResolvedTarget
) -> None:
    (wheelhouse / NAME).write_bytes((wheelhouse / NAME).read_bytes()[:length])
    assert refused(wheelhouse, linux) == whose("is not a wheel: File is not a zip file", wheelhouse)


@pytest.mark.parametrize("member", ["cart_data.txt", "cart-1.0.dist-info/METADATA"])
def test_a_wheel_in_which_a_byte_changed_is_refused_before_it_gets_into_the_store(
    member: str, wheelhouse: Path, linux: ResolvedTarget
) -> None:
    with zipfile.ZipFile(wheelhouse / NAME) as archive:
        place = archive.getinfo(member).header_offset + 30 + len(member) + 5
    content = bytearray((wheelhouse / NAME).read_bytes())
    content[place] ^= 0xFF
    (wheelhouse / NAME).write_bytes(content)
    assert refused(wheelhouse, linux) == whose(f"is damaged: its member '{member}' cannot be unpacked", wheelhouse)


def test_a_wheel_whose_directory_leads_to_before_its_beginning_is_refused_as_damaged(
    wheelhouse: Path, linux: ResolvedTarget
) -> None:
    content = bytearray((wheelhouse / NAME).read_bytes())
    with zipfile.ZipFile(wheelhouse / NAME) as archive:
        first = archive.namelist()[0]
    (begin,) = struct.unpack("<L", content[-6:-2])  # where the directory begins, as the archive's end says it
    content[-6:-2] = struct.pack("<L", begin + 4)
    (wheelhouse / NAME).write_bytes(content)
    assert refused(wheelhouse, linux) == whose(f"is damaged: its member '{first}' cannot be unpacked", wheelhouse)


def without(name: str) -> Change:
    return lambda members: members.pop(f"cart-1.0.dist-info/{name}")


def saying(old: bytes, new: bytes) -> Change:
    def change(members: dict[str, bytes]) -> None:
        members["cart-1.0.dist-info/METADATA"] = members["cart-1.0.dist-info/METADATA"].replace(old, new)

    return change


MALFORMED = {
    "is not a wheel: it has no metadata": without("METADATA"),
    "is not a wheel that can be installed: it has no WHEEL": without("WHEEL"),
    "is not a wheel that can be installed: it has no RECORD": without("RECORD"),
    "is another wheel than its name says: in it is 'car' 1.0": saying(b"Name: cart", b"Name: car"),
    "is another wheel than its name says: in it is 'cart' 2.0": saying(b"Version: 1.0", b"Version: 2.0"),
    "is another wheel than its name says: in it is 'cart' new": saying(b"Version: 1.0", b"Version: new"),
    "is another wheel than its name says: in it is nothing that has a name and a version": saying(b"Name: ", b"Nome: "),
}


@pytest.mark.parametrize("what", MALFORMED)
def test_a_malformed_wheel_is_named_with_the_features_that_need_it(
    what: str, wheelhouse: Path, linux: ResolvedTarget
) -> None:
    repacked(wheelhouse / NAME, MALFORMED[what])
    assert refused(wheelhouse, linux) == whose(what, wheelhouse)


def test_all_damaged_wheels_are_told_together_and_the_core_has_no_feature(
    wheelhouse: Path, tmp_path: Path, linux: ResolvedTarget
) -> None:
    line = shop(tmp_path, FEATURES)
    for name in ("gifts", "shop_core"):
        (wheelhouse / f"{name}-1.0-py3-none-any.whl").write_bytes(b"")
    with pytest.raises(SartoError) as caught:
        prepare(line, tmp_path, linux, features=())
    assert [(error.what, error.hint) for error in caught.value.errors] == [
        (
            "'gifts-1.0-py3-none-any.whl' is not a wheel: File is not a zip file (feature 'gifts' needs it)",
            f"build or fetch it again; {WAIT}",
        ),
        ("'shop_core-1.0-py3-none-any.whl' is not a wheel: File is not a zip file", "build or fetch it again"),
    ]


def test_a_damaged_wheel_that_no_feature_asks_for_stops_nobody(
    wheelhouse: Path, tmp_path: Path, linux: ResolvedTarget
) -> None:
    make_wheel(wheelhouse, "stray").write_bytes(b"")
    catalog = prepare(shop(tmp_path, FEATURES), tmp_path, linux, features=())
    assert "gifts" in names(catalog.parts(["gifts"]))


def test_after_the_wheel_was_mended_all_is_as_before(wheelhouse: Path, tmp_path: Path, linux: ResolvedTarget) -> None:
    good = (wheelhouse / NAME).read_bytes()
    (wheelhouse / NAME).write_bytes(b"")
    refused(wheelhouse, linux)
    (wheelhouse / NAME).write_bytes(good)
    assert "cart" in names(prepare(shop(tmp_path, FEATURES), tmp_path, linux).parts(["cart"]))
