"""An image as data: its config, its manifest and the index of its layout, as JSON."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

from sarto.derive.json_text import encoded, literal, text

from .base import Base, Platform
from .part_layers import HOME

if TYPE_CHECKING:
    from sarto.derive.plan import Plan

    from .layers import Layer

__all__ = ["BUILD_LABEL", "CONFIG", "MANIFEST", "config_of", "index_of", "manifest_of", "outline"]

CONFIG = "application/vnd.oci.image.config.v1+json"
MANIFEST = "application/vnd.oci.image.manifest.v1+json"
INDEX = "application/vnd.oci.image.index.v1+json"
CREATED = "1970-01-01T00:00:00Z"
"""An image is the same whenever it is made."""
HISTORY = f'{{"created":"{CREATED}","created_by":"sarto build"}}'
"""Of each layer that is not of the base."""
SEARCHED = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
BUILD_LABEL = "sarto.build.sha256"
"""The label with the hash of the build's ``build.json``."""


def config_of(plan: Plan, platform: Platform, base: Base, layers: Sequence[Layer], build: str, python: str) -> bytes:
    """The config of the image: it starts the build's launcher with ``python``, and is the base's in everything else.

    ``build`` is the hash of its ``build.json``.
    """
    settings = {key: value for key, value in base.config.get("config", {}).items() if key not in ("Cmd", "Entrypoint")}
    settings["Env"] = settings.get("Env") or [SEARCHED]
    settings["Entrypoint"] = [python, f"/{HOME}/{plan.launcher}.py"]
    settings["Labels"] = {
        **(settings.get("Labels") or {}), **_annotations(plan), BUILD_LABEL: build
    }  # fmt: skip
    history = [*map(encoded, base.config.get("history", ())), *[HISTORY] * len(layers)]
    diff_ids = [encoded(f"sha256:{layer.diff_id}") for layer in (*base.layers, *layers)]
    return (
        f'{{"created":"{CREATED}",{_platform(platform)},"config":{encoded(settings)},'
        f'"rootfs":{{"type":"layers","diff_ids":[{",".join(diff_ids)}]}},"history":[{",".join(history)}]}}'
    ).encode()


def manifest_of(plan: Plan, base: Base, config: bytes, layers: Sequence[Layer]) -> bytes:
    """The manifest: the config and all layers, those of the base first."""
    annotations = _annotations(plan)
    if base.digest:
        annotations["org.opencontainers.image.base.digest"] = base.digest
    described = [_descriptor(layer.media_type, layer.digest, layer.size) for layer in (*base.layers, *layers)]
    return (
        f'{{"schemaVersion":2,"mediaType":"{MANIFEST}","config":{_of_content(CONFIG, config)},'
        f'"layers":[{",".join(described)}],"annotations":{encoded(annotations)}}}'
    ).encode()


def index_of(manifest: bytes, platform: Platform) -> bytes:
    """The index of a layout that holds this image alone, by the name that tools look for where they are told none."""
    named = '"annotations":{"org.opencontainers.image.ref.name":"latest"}'
    described = _of_content(MANIFEST, manifest, f',"platform":{{{_platform(platform)}}},{named}')
    return f'{{"schemaVersion":2,"mediaType":"{INDEX}","manifests":[{described}]}}'.encode()


def outline(plan: Plan, said: bytes, form: str) -> bytes:
    """What the build is, for whoever looks at the layout, where ``said`` is its ``build.json``; why is told in there.

    That has a line for each key, and one for each feature: only these are written anew, and the rest is not read.
    """
    before, _, rest = said.removeprefix(b"{").partition(b'\n "features":{\n')
    behind = rest.partition(b"\n },\n")[2]
    decided = ",".join(
        [f'{text(name)}:{{"value":{literal(each.value)}}}' for name, each in plan.resolution.decisions.items()]
    )
    return b"".join((f'{{"form":{text(form)},'.encode(), before, f'\n "features":{{{decided}}},\n'.encode(), behind))


def _of_content(media_type: str, content: bytes, more: str = "") -> str:
    return _descriptor(media_type, hashlib.sha256(content).hexdigest(), len(content), more)


def _descriptor(media_type: str, digest: str, size: int, more: str = "") -> str:
    return f'{{"mediaType":{text(media_type)},"digest":"sha256:{digest}","size":{size}{more}}}'


@lru_cache
def _platform(platform: Platform) -> str:
    """Its keys and values, for the object that they are of."""
    variant = {"variant": platform.variant} if platform.variant else {}
    return encoded({"architecture": platform.architecture, "os": "linux", **variant})[1:-1]


def _annotations(plan: Plan) -> dict[str, str]:
    return {
        "org.opencontainers.image.title": plan.brand["name"],
        "org.opencontainers.image.version": plan.line.version,
        **({"org.opencontainers.image.description": plan.line.summary} if plan.line.summary else {}),
    }
