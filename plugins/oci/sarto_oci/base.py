"""The base of an image: another image, in a layout folder, whose layers come first and whose settings are kept."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from sarto.derive.cache import cache_folder
from sarto.derive.files import link_or_copy
from sarto.derive.made_once import made_once
from sarto.errors import SartoError

from .layers import Layer
from .part_layers import digest_of

__all__ = ["Base", "Platform", "read_base"]

INDEX = "application/vnd.oci.image.index.v1+json"
MANIFEST = "application/vnd.oci.image.manifest.v1+json"
HINT = "make one with: skopeo copy docker://docker.io/library/python:3.12-slim oci:base"


@dataclass(frozen=True, slots=True)
class Platform:
    """What an image runs on, in the words of Go: its architecture and, where that has several, the variant."""

    architecture: str
    variant: str = ""


@dataclass(frozen=True, slots=True)
class Base:
    """What comes from the base: its layers and its config; nothing where there is no base.

    ``digest`` is that of its manifest.
    """

    layers: tuple[Layer, ...] = ()
    config: Mapping[str, Any] = field(default_factory=dict)
    digest: str = ""


def read_base(folder: Path, platform: Platform) -> Base:
    """The image for the platform in the layout ``folder``, every blob checked by its digest.

    Raises :class:`SartoError` where there is no such image, or more than one.
    """
    try:
        if not (folder / "oci-layout").is_file():
            raise SartoError("this is no image layout: it has no file 'oci-layout'", where=str(folder), hint=HINT)
        index = json.loads((folder / "index.json").read_bytes())
        described = _find(folder, index, platform)
        manifest = _json(folder, described)
        config = _json(folder, manifest["config"])
        _check(folder, config, platform)
        pairs = zip(manifest["layers"], config["rootfs"]["diff_ids"], strict=True)
        layers = tuple(_layer(folder, layer, diff_id) for layer, diff_id in pairs)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise SartoError(f"the base image cannot be read: {error}", where=str(folder), hint=HINT) from error
    return Base(layers, config, described["digest"])


def _find(folder: Path, index: Mapping[str, Any], platform: Platform) -> dict[str, Any]:
    """The descriptor of the only image in the index, or in those that it names, that is for the platform."""
    found = [each for each in index["manifests"] if _may_be_for(each.get("platform"), platform)]
    if len(found) != 1:
        number = "no image" if not found else f"{len(found)} images"
        raise SartoError(f"the base has {number} for {platform.architecture}", where=str(folder), hint=HINT)
    (described,) = found
    if described["mediaType"] == INDEX:
        return _find(folder, _json(folder, described), platform)
    if described["mediaType"] != MANIFEST:
        raise SartoError(f"the base is no OCI image, but {described['mediaType']}", where=str(folder), hint=HINT)
    return dict(described)


def _may_be_for(said: Mapping[str, str] | None, platform: Platform) -> bool:
    if said is None:
        return True
    variants = (said.get("variant", ""), platform.variant)
    return said["architecture"] == platform.architecture and ("" in variants or variants[0] == variants[1])


def _check(folder: Path, config: Mapping[str, Any], platform: Platform) -> None:
    is_for = f"{config['os']}/{config['architecture']}"
    if is_for != f"linux/{platform.architecture}":
        raise SartoError(
            f"the base is for {is_for}, and the build for linux/{platform.architecture}", where=str(folder), hint=HINT
        )


def _json(folder: Path, described: Mapping[str, Any]) -> dict[str, Any]:
    content = _blob(folder, described["digest"]).read_bytes()
    if f"sha256:{hashlib.sha256(content).hexdigest()}" != described["digest"]:
        raise _damaged(folder, described["digest"])
    found: dict[str, Any] = json.loads(content)
    return found


def _layer(folder: Path, described: Mapping[str, Any], diff_id: str) -> Layer:
    """The layer as it lies in Sarto's cache, so that images of all customers are links to it."""
    digest = described["digest"].removeprefix("sha256:")
    source = _blob(folder, described["digest"])
    place = cache_folder() / "oci" / f"base-{digest}"
    if (place / "layer").is_file() and digest_of(place / "layer") != digest:
        shutil.rmtree(place)
    path = made_once(place, partial(_take, source)) / "layer"
    if digest_of(path) != digest:
        shutil.rmtree(place)
        raise _damaged(folder, described["digest"])
    return Layer(path, digest, diff_id.removeprefix("sha256:"), path.stat().st_size, described["mediaType"])


def _take(source: Path, folder: Path) -> None:
    link_or_copy(source, folder / "layer")


def _blob(folder: Path, digest: str) -> Path:
    algorithm, _, value = digest.partition(":")
    if algorithm != "sha256" or len(value) != 64 or not value.isalnum():
        raise SartoError(f"the base names a blob by '{digest}', and Sarto knows sha256", where=str(folder))
    return folder / "blobs" / algorithm / value


def _damaged(folder: Path, digest: str) -> SartoError:
    return SartoError(f"the blob {digest} of the base is damaged", where=str(folder), hint=HINT)
