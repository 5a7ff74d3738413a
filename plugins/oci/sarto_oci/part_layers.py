"""The layers of parts, in Sarto's cache: made once, checked by their hash, shared by the images of all customers."""

from __future__ import annotations

import hashlib
import json
import shutil
import sys
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path
from typing import TYPE_CHECKING

from sarto.derive.bytecode import can_compile, compile_modules
from sarto.derive.cache import cache_folder
from sarto.derive.contents import State, state_of
from sarto.derive.files import file_digest
from sarto.derive.made_once import made_once
from sarto.derive.seed import RUNTIME
from sarto.derive.sums import SUMS, files_below, sums_text
from sarto.derive.trees import LIBRARY, unpack_into

from .layers import Layer, Source, sources_below, write_layer

if TYPE_CHECKING:
    from sarto.derive.part import Part
    from sarto.derive.plan import Plan

__all__ = ["HOME", "PartLayer", "digest_of", "part_layers"]

FORMAT = 1
"""Of the layers: another number where the same parts would give other bytes."""
HOME = "app"
"""The folder of the image in which the build lies, the same for all customers: their layers are the same, too."""
MOST = 100
"""Layers of single parts, at most: container engines stop at 127. What is beyond is one layer together."""


@dataclass(frozen=True, slots=True)
class PartLayer:
    """A layer with parts in it; ``sums`` has the hash of each file that the sums of a build have to vouch for."""

    layer: Layer
    sums: Mapping[str, str]


def part_layers(plan: Plan) -> tuple[PartLayer, ...]:
    """One layer with the parts that every customer has, then one for each other part, made now or by an earlier build.

    The modules are compiled where this Python makes the bytecode of the target's. Raises :class:`SartoError` where a
    part cannot be unpacked, and :class:`OSError` where the system refuses.
    """
    is_compiled = can_compile(plan.target.python)
    cache = str(cache_folder())
    return tuple(_part_layer(parts, is_compiled, cache) for parts in _groups(plan.parts))


def _groups(parts: Sequence[Part]) -> Iterator[Sequence[Part]]:
    yield [part for part in parts if not part.features]
    rest = [part for part in parts if part.features]
    yield from ([part] for part in rest[:MOST])
    if rest[MOST:]:
        yield rest[MOST:]


def _part_layer(parts: Sequence[Part], is_compiled: bool, cache: str) -> PartLayer:
    key = _key(tuple((part.filename, part.sha256) for part in parts), is_compiled)
    place = f"{cache}/oci/{key}"
    found = _whole(place)
    if found is None:
        shutil.rmtree(place, ignore_errors=True)
        made_once(Path(place), partial(_fill, parts, is_compiled))
        found = _read(place)
    return found


@lru_cache(maxsize=4096)
def _key(parts: tuple[tuple[str, str], ...], is_compiled: bool) -> str:
    """What the bytes of the layer depend on: file names and hashes of its parts, and what unpacks and packs them."""
    python = list(sys.version_info) if is_compiled else []
    said = [FORMAT, python, zlib.ZLIB_RUNTIME_VERSION, parts]
    return hashlib.sha256(json.dumps(said).encode()).hexdigest()


def _whole(place: str) -> PartLayer | None:
    """The layer in the cache; None where it is not there or damaged."""
    try:
        return _checked(place, state_of(f"{place}/layer"))
    except (OSError, ValueError, KeyError, TypeError):
        return None


@lru_cache(maxsize=4096)
def _checked(place: str, state: State) -> PartLayer:  # noqa: ARG001  (the state is what it is remembered by)
    found = _read(place)
    if digest_of(found.layer.path) != found.layer.digest:
        raise ValueError("the layer was changed")
    return found


def digest_of(path: Path) -> str:
    """The file's sha256, found once for as long as the file looks the same."""
    return _digest(path, state_of(path))


@lru_cache(maxsize=4096)
def _digest(path: Path, state: State) -> str:  # noqa: ARG001  (as above)
    return file_digest(path)


def _read(place: str) -> PartLayer:
    said = json.loads(Path(place, "layer.json").read_text(encoding="utf-8"))
    return PartLayer(Layer(Path(place, "layer"), said["digest"], said["diff_id"], said["size"]), said["sums"])


def _fill(parts: Sequence[Part], is_compiled: bool, folder: Path) -> None:
    files: dict[str, Source] = {}
    sums: dict[str, str] = {}
    for part in parts:
        tree = folder / part.sha256
        unpack_into(tree, part)
        if is_compiled:
            compile_modules(tree / LIBRARY)
        text = sums_text({name: file_digest(tree / name) for name in files_below(tree)})
        (tree / SUMS).write_bytes(text)
        below = f"unpacked/{part.sha256}"
        files |= sources_below(tree, f"{HOME}/{below}")
        sums[f"{below}/{SUMS}"] = hashlib.sha256(text).hexdigest()
        if part.name == RUNTIME:  # the launcher begins in its wheel
            files[f"{HOME}/parts/{part.filename}"] = part.path.read_bytes()
            sums[f"parts/{part.filename}"] = part.sha256
    layer = write_layer(files, folder / "layer")
    for part in parts:
        shutil.rmtree(folder / part.sha256)
    layer.path.chmod(0o444)
    said = {"digest": layer.digest, "diff_id": layer.diff_id, "size": layer.size, "sums": sums}
    (folder / "layer.json").write_text(json.dumps(said), encoding="utf-8")
