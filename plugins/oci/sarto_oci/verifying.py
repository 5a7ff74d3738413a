"""Checking an image layout: files against sums, blobs against names, what is named against what is there."""

from __future__ import annotations

import gzip
import hashlib
import json
import tarfile
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from sarto.derive.manifest import MANIFEST
from sarto.derive.members import RATIO, bound
from sarto.derive.sums import SUMS
from sarto.derive.verify import Problem, VerifyReport, against_sums, digests

from .image import BUILD_LABEL
from .layers import CHUNK, GZIP_LAYER
from .part_layers import HOME

__all__ = ["verify"]

BLOBS = "blobs/sha256/"
FAULTS = (
    OSError, ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError, tarfile.TarError, EOFError,
    zlib.error,
)  # fmt: skip


def verify(build: Path) -> VerifyReport:
    """Check the image layout in the folder ``build``; each file that is not as it was made is named, with the reason.

    The layers of the base are checked by their digests alone.
    """
    found = digests(build)
    problems = dict(against_sums(build, found))
    for name, problem in _blobs(found):
        problems.setdefault(name, problem)
    try:
        for name, problem in _image(build, found):
            problems.setdefault(name, problem)
    except FAULTS as error:
        problems.setdefault("index.json", f"does not lead to an image ({type(error).__name__}: {error})")
    return VerifyReport(tuple(f"{name}: {problem}" for name, problem in sorted(problems.items())), len(found))


def _blobs(found: Mapping[str, str]) -> Iterator[Problem]:
    for name, digest in found.items():
        if name.startswith(BLOBS) and name.removeprefix(BLOBS) != digest:
            yield name, "has another digest than its name says"


def _image(build: Path, found: Mapping[str, str]) -> Iterator[Problem]:
    (described,) = json.loads((build / "index.json").read_bytes())["manifests"]
    manifest = _described(build, described)
    config = _described(build, manifest["config"])
    for each in (described, manifest["config"], *manifest["layers"]):
        name = _name(each)
        if name not in found:
            yield name, "is missing"
        elif (build / name).stat().st_size != each["size"]:
            yield name, f"is not of the {each['size']} bytes that the manifest says"
    members: set[str] = set()
    own = sum(1 for each in config["history"] if each.get("created_by") == "sarto build")
    for layer, diff_id in list(zip(manifest["layers"], config["rootfs"]["diff_ids"], strict=True))[-own:]:
        if layer["mediaType"] != GZIP_LAYER or _name(layer) not in found:
            continue
        try:
            content, names = _content(build / _name(layer))
        except FAULTS as error:
            yield _name(layer), f"cannot be unpacked ({error})"
            continue
        members |= names
        if content != diff_id:
            yield _name(layer), "unpacks to something else than the config says"
    yield from _parts(build, config, members)


def _parts(build: Path, config: Mapping[str, Any], members: set[str]) -> Iterator[Problem]:
    said = json.loads((build / MANIFEST).read_bytes())
    for part in said["parts"]:
        if f"{HOME}/unpacked/{part['sha256']}/{SUMS}" not in members:
            yield MANIFEST, f"names the part '{part['name']}', which is in no layer"
    if f"{HOME}/{MANIFEST}" not in members or BUILD_LABEL not in config["config"]["Labels"]:
        yield "index.json", "leads to an image that is no build"


def _described(build: Path, described: Mapping[str, Any]) -> Any:
    return json.loads((build / _name(described)).read_bytes())


def _name(described: Mapping[str, Any]) -> str:
    return BLOBS + str(described["digest"]).removeprefix("sha256:")


def _content(path: Path) -> tuple[str, set[str]]:
    """The diff id of the layer, and the names of its members."""
    digest, left = hashlib.sha256(), bound(path.stat().st_size)
    with gzip.open(path) as layer:
        while chunk := layer.read(CHUNK):
            left -= len(chunk)
            if left < 0:
                raise ValueError(f"it unpacks to more than {RATIO} times its size")
            digest.update(chunk)
    with tarfile.open(path, "r:gz") as archive:
        names = {member.name for member in archive}
    return f"sha256:{digest.hexdigest()}", names
