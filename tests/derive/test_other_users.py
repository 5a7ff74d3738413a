"""A part store that belongs to somebody else: it serves who may read it, and says in one sentence what it cannot."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from sarto.derive.store import PartStore
from sarto.errors import SartoError

from .making import make_wheel

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="there, rights are another matter")
NOBODY = 65534
OWN = "\n  hint: set SARTO_CACHE to a folder that you may write to"


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder that every user can reach, unlike those of pytest."""
    made = Path(tempfile.mkdtemp())
    made.chmod(0o755)
    yield made
    for below in made.rglob("*"):
        below.chmod(0o755)
    shutil.rmtree(made)


@pytest.fixture
def stored(folder: Path) -> tuple[Path, str]:
    """A wheel in the store, by its path and its sha256."""
    return PartStore(folder / "store").add_file(make_wheel(folder, "thing"))


@pytest.fixture
def other(folder: Path, stored: tuple[Path, str]) -> Iterator[PartStore]:
    """The store as another user sees it, who may not write there."""
    for path in (folder / "store", *(folder / "store").rglob("*")):
        path.chmod(0o555 if path.is_dir() else 0o444)
    if os.geteuid() != 0:
        yield PartStore(folder / "store")
        return
    os.seteuid(NOBODY)
    yield PartStore(folder / "store")
    os.seteuid(0)


def as_owner(path: Path, content: bytes, mode: int = 0o444) -> None:
    """Change a file as only its owner can."""
    user = os.geteuid()
    if os.getuid() == 0:
        os.seteuid(0)
    path.chmod(0o644)
    path.write_bytes(content)
    path.chmod(mode)
    if user != os.geteuid():
        os.seteuid(user)


def test_whoever_may_read_a_store_is_served(stored: tuple[Path, str], other: PartStore) -> None:
    path, sha256 = stored
    assert other.find(sha256, path.name) == path


def test_a_wheel_that_somebody_else_lacks_is_one_sentence(folder: Path, other: PartStore) -> None:
    fresh = Path(tempfile.mkdtemp())
    with pytest.raises(SartoError) as caught:
        other.add_file(make_wheel(fresh, "other"))
    shutil.rmtree(fresh)
    assert str(caught.value).startswith(f"the folder '{folder}/store/")
    assert str(caught.value).endswith(f"' cannot be made: Permission denied{OWN}")


def test_a_damaged_wheel_that_only_somebody_else_can_mend_is_named(stored: tuple[Path, str], other: PartStore) -> None:
    path, sha256 = stored
    as_owner(path, b"damaged")
    if os.getuid() != 0:
        pytest.skip("what is one's own can be thrown away")
    with pytest.raises(SartoError) as caught:
        other.find(sha256, path.name)
    assert str(caught.value) == (
        f"'thing-1.0-py3-none-any.whl' in the part store is damaged, and throwing it away failed: "
        f"Operation not permitted: '{path}'{OWN}"
    )


def test_a_wheel_that_only_somebody_else_can_read_is_named(stored: tuple[Path, str], other: PartStore) -> None:
    path, sha256 = stored
    as_owner(path, path.read_bytes(), 0)
    with pytest.raises(SartoError) as caught:
        other.find(sha256, path.name)
    assert str(caught.value) == (
        f"reading 'thing-1.0-py3-none-any.whl' in the part store failed: Permission denied: '{path}'{OWN}"
    )


def test_a_source_that_only_somebody_else_can_read_is_named(folder: Path, other: PartStore) -> None:
    source = folder / "thing-1.0-py3-none-any.whl"
    as_owner(source, source.read_bytes(), 0)
    with pytest.raises(SartoError) as caught:
        other.add_file(source)
    assert str(caught.value) == f"reading a wheel failed: Permission denied: '{source}'"
