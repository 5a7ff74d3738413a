"""Packs a build as an image layout: the layers of its parts as links, and what is the customer's own."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from sarto.derive.files import link_or_copy, refusals
from sarto.derive.manifest import MANIFEST
from sarto.derive.part import PARTS_FOLDER
from sarto.derive.sums import SUMS, files_below, sums_text
from sarto.errors import Place, SartoError, did_you_mean

from .base import Base, Platform, read_base
from .image import as_json, config_of, index_of, manifest_of
from .layers import Layer, Source, write_layer
from .part_layers import HOME, PartLayer, part_layers

if TYPE_CHECKING:
    from sarto.derive.plan import Plan

__all__ = ["FORM", "LAYOUT", "pack"]

FORM = "oci"
LAYOUT = "oci-layout"
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


def pack(plan: Plan, bundle: Path, output: Path) -> Path:
    """Write the image into ``output`` as the layout ``<name>-oci`` and return its path.

    The same plan gives the same bytes. Raises :class:`SartoError` where the target is no Linux, the line's
    ``[formats.oci]`` or its base is wrong, a part cannot be unpacked, or the file system refuses.
    """
    settings = _settings(plan)
    platform = _platform(plan)
    folder = output / f"{plan.name}-oci"
    blobs = folder / "blobs" / "sha256"
    with refusals(f"packing the build '{plan.name}'"):
        base = read_base(settings.base, platform) if settings.base else Base()
        parts = part_layers(plan)
        blobs.mkdir(parents=True)
        shared = [part.layer for part in parts]
        for layer in {layer.digest: layer for layer in (*base.layers, *shared)}.values():
            link_or_copy(layer.path, blobs / layer.digest)
        layers = [*shared, own := _own_layer(bundle, parts, output / "layer")]
        own.path.replace(blobs / own.digest)
        config = as_json(config_of(plan, platform, base, layers, (bundle / MANIFEST).read_bytes(), settings.python))
        manifest = as_json(manifest_of(plan, base, config, layers))
        _write_layout(folder, (config, manifest), index_of(manifest, platform), bundle)
    return folder


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


def _own_layer(bundle: Path, parts: tuple[PartLayer, ...], path: Path) -> Layer:
    """The customer's own layer: all of the bundle but the parts, and sums over both."""
    names = [name for name in files_below(bundle) if not name.startswith(f"{PARTS_FOLDER}/")]
    contents = {name: (bundle / name).read_bytes() for name in names}
    sums = {name: hashlib.sha256(content).hexdigest() for name, content in contents.items()}
    for part in parts:
        sums.update(part.sums)
    files: dict[str, Source] = {f"{HOME}/{name}": content for name, content in contents.items()}
    files |= {f"{HOME}/{name}": bundle / name for name in names if "/" not in name and name.endswith(".py")}
    return write_layer({**files, f"{HOME}/{SUMS}": sums_text(sums)}, path, level=1)


def _write_layout(folder: Path, own: tuple[bytes, bytes], index: Mapping[str, object], bundle: Path) -> None:
    """Everything but the layers; what the build is, and sums, stand beside what tools look for."""
    said = (bundle / MANIFEST).read_bytes()
    files = {
        LAYOUT: as_json({"imageLayoutVersion": "1.0.0"}),
        "index.json": as_json(index),
        MANIFEST: said.replace(b"{", b'{\n  "form": "%s",' % FORM.encode(), 1),
        **{f"blobs/sha256/{hashlib.sha256(blob).hexdigest()}": blob for blob in own},
    }
    for name, content in files.items():
        (folder / name).write_bytes(content)
    sums = {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}
    sums |= {f"blobs/sha256/{name}": name for name in os.listdir(folder / "blobs" / "sha256")}  # noqa: PTH208  (texts)
    (folder / SUMS).write_bytes(sums_text(sums))
