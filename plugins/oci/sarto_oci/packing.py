"""Packs a build as an image layout: the layers of its parts as links, and what is the customer's own."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from sarto.derive.contents import Bundle, Content, own_files
from sarto.derive.files import link_or_copy, refusals, write_new
from sarto.derive.manifest import MANIFEST
from sarto.derive.packed import Packed
from sarto.derive.sums import SUMS, own_sums, sums_text
from sarto.errors import Place, SartoError, did_you_mean

from .base import Base, Platform, read_base
from .image import config_of, index_of, manifest_of, outline
from .layers import Layer, small_layer
from .part_layers import HOME, PartLayer, part_layers

if TYPE_CHECKING:
    from sarto.derive.plan import Plan

__all__ = ["FORM", "LAYOUT", "pack"]

FORM = "oci"
LAYOUT = "oci-layout"
BLOBS = "blobs/sha256"
KEYS = ("base", "python")
MACHINES = {
    "x86_64": Platform("amd64"), "aarch64": Platform("arm64"), "armv7l": Platform("arm", "v7"), "i686": Platform("386"),
    "ppc64le": Platform("ppc64le"), "s390x": Platform("s390x"), "riscv64": Platform("riscv64"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Settings:
    """What ``[formats.oci]`` of the line says: the layout folder of the base, if any, and what starts Python there."""

    base: Path | None
    python: str


def pack(plan: Plan, bundle: Bundle, output: Path) -> Packed:
    """Write the image into ``output`` as the layout ``<name>-oci``.

    Of ``bundle`` all is taken but the parts, which come from where the plan says.
    The same plan gives the same bytes. Raises :class:`SartoError` where the target is no Linux, the line's
    ``[formats.oci]`` or its base is wrong, a part cannot be unpacked, or the file system refuses.
    """
    settings = _settings(plan)
    platform = _platform(plan)
    folder = output / f"{plan.name}-oci"
    with refusals(f"packing the build '{plan.name}'"):
        base = read_base(settings.base, platform) if settings.base else Base()
        parts = part_layers(plan)
        shared = [part.layer for part in parts]
        contents = own_files(bundle)
        sums = {name: digest for name, digest in own_sums(bytes(contents[SUMS])).items() if name in contents}
        own, content = _own_layer(contents, sums, parts)
        layers = [*shared, own]
        config = config_of(plan, platform, base, layers, sums[MANIFEST], settings.python)
        manifest = manifest_of(plan, base, config, layers)
        files = {
            LAYOUT: b'{"imageLayoutVersion":"1.0.0"}',
            "index.json": index_of(manifest, platform),
            MANIFEST: outline(plan, bytes(contents[MANIFEST]), FORM),
            f"{BLOBS}/{own.digest}": content,
            **{f"{BLOBS}/{hashlib.sha256(blob).hexdigest()}": blob for blob in (config, manifest)},
        }
        for path in ("", "blobs", BLOBS):
            os.mkdir(f"{folder}{os.sep}{path}")  # noqa: PTH102  (one after the other takes less than all at once)
        copies = _write(f"{folder}{os.sep}", files, (*base.layers, *shared))
    return Packed(folder, (*files, SUMS, *copies), ("blobs", BLOBS))


def _write(below: str, files: dict[str, bytes], layers: Sequence[Layer]) -> list[str]:
    """The layout below the folder, with layers as links, and the sums; the layers that are copies."""
    copies = []
    for digest, path in {layer.digest: layer.path for layer in layers}.items():
        name = f"{BLOBS}/{digest}"
        try:
            os.link(path, below + name)
        except OSError:
            if not link_or_copy(path, Path(below + name)):
                copies.append(name)
    sums = {name: _digest(name, content) for name, content in files.items()}
    sums |= {f"{BLOBS}/{layer.digest}": layer.digest for layer in layers}
    for name, content in {**files, SUMS: sums_text(sums)}.items():
        write_new(below + name, content)
    return copies


def _digest(name: str, content: bytes) -> str:
    """A blob is called by its hash."""
    return name.removeprefix(f"{BLOBS}/") if name.startswith(BLOBS) else hashlib.sha256(content).hexdigest()


def _settings(plan: Plan) -> Settings:
    said, place = plan.line.formats.get(FORM, {}), Place(plan.line.file, f"formats.{FORM}")
    for key, value in said.items():
        if key not in KEYS:
            hint = did_you_mean(key, KEYS) or f"the keys here are {', '.join(KEYS)}"
            raise SartoError(f"unknown key '{key}'", where=place.at(key), hint=hint)
        if not isinstance(value, str) or not value:
            raise SartoError(f"expected a text, but found {value!r}", where=place.at(key))
    base = said.get("base")
    return Settings(Path(plan.line.file).parent / str(base) if base else None, str(said.get("python", "python3")))


def _platform(plan: Plan) -> Platform:
    target = plan.target.platform
    is_linux = target.startswith(("manylinux", "musllinux", "linux_"))
    found = next((platform for machine, platform in MACHINES.items() if target.endswith(f"_{machine}")), None)
    if not is_linux or found is None:
        raise SartoError(
            f"there are no images for '{target}'",
            where=Place(plan.selection.file, "target"),
            hint='name a Linux, such as "manylinux_2_28_x86_64", or build it as a folder: --format bundle',
        )
    return found


def _own_layer(
    contents: Mapping[str, Content], own: Mapping[str, str], parts: tuple[PartLayer, ...]
) -> tuple[Layer, bytes]:
    """The customer's own layer: its ``own`` files, by their hashes, and sums over them and the parts; and its bytes."""
    sums = dict(own)
    for part in parts:
        sums.update(part.sums)
    launchers = {f"{HOME}/{name}" for name in own if "/" not in name and name.endswith(".py")}
    files = {f"{HOME}/{name}": contents[name] for name in own}
    return small_layer({**files, f"{HOME}/{SUMS}": sums_text(sums)}, launchers)
