"""An image as data: its config, its manifest and the index of its layout, as JSON."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from .base import Base, Platform
from .part_layers import HOME

if TYPE_CHECKING:
    from sarto.derive.plan import Plan

    from .layers import Layer

__all__ = ["BUILD_LABEL", "CONFIG", "MANIFEST", "as_json", "config_of", "index_of", "manifest_of", "outline"]

CONFIG = "application/vnd.oci.image.config.v1+json"
MANIFEST = "application/vnd.oci.image.manifest.v1+json"
INDEX = "application/vnd.oci.image.index.v1+json"
CREATED = "1970-01-01T00:00:00Z"
"""An image is the same whenever it is made."""
SEARCHED = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
BUILD_LABEL = "sarto.build.sha256"
"""The label with the hash of the build's ``build.json``."""


def as_json(data: Mapping[str, Any]) -> bytes:
    """Its bytes: the same for the same data."""
    return json.dumps(data, separators=(",", ":"), ensure_ascii=False).encode()


def config_of(
    plan: Plan, platform: Platform, base: Base, layers: Sequence[Layer], build: bytes, python: str
) -> dict[str, Any]:
    """The config of the image: it starts the build's launcher with ``python``, and is the base's in everything else.

    ``build`` is the content of its ``build.json``.
    """
    settings = {key: value for key, value in base.config.get("config", {}).items() if key not in ("Cmd", "Entrypoint")}
    settings["Env"] = settings.get("Env") or [SEARCHED]
    settings["Entrypoint"] = [python, f"/{HOME}/{plan.launcher}.py"]
    settings["Labels"] = {
        **(settings.get("Labels") or {}), **_annotations(plan), BUILD_LABEL: hashlib.sha256(build).hexdigest()
    }  # fmt: skip
    own = [{"created": CREATED, "created_by": "sarto build"} for _ in layers]
    diff_ids = [f"sha256:{layer.diff_id}" for layer in (*base.layers, *layers)]
    return {
        "created": CREATED,
        **_platform(platform),
        "config": settings,
        "rootfs": {"type": "layers", "diff_ids": diff_ids},
        "history": [*base.config.get("history", []), *own],
    }


def manifest_of(plan: Plan, base: Base, config: bytes, layers: Sequence[Layer]) -> dict[str, Any]:
    """The manifest: the config and all layers, those of the base first."""
    annotations = _annotations(plan)
    if base.digest:
        annotations["org.opencontainers.image.base.digest"] = base.digest
    return {
        "schemaVersion": 2,
        "mediaType": MANIFEST,
        "config": {"mediaType": CONFIG, **_described(config)},
        "layers": [
            {"mediaType": layer.media_type, "digest": f"sha256:{layer.digest}", "size": layer.size}
            for layer in (*base.layers, *layers)
        ],
        "annotations": annotations,
    }


def index_of(manifest: bytes, platform: Platform) -> dict[str, Any]:
    """The index of a layout that holds this image alone, by the name that tools look for where they are told none."""
    described = {
        "mediaType": MANIFEST,
        **_described(manifest),
        "platform": _platform(platform),
        "annotations": {"org.opencontainers.image.ref.name": "latest"},
    }
    return {"schemaVersion": 2, "mediaType": INDEX, "manifests": [described]}


def outline(plan: Plan, said: bytes, form: str) -> bytes:
    """What the build is, for whoever looks at the layout, where ``said`` is its ``build.json``; why is told in there.

    That has a line for each key, and one for each feature: only these are written anew, and the rest is not read.
    """
    before, _, rest = said.removeprefix(b"{").partition(b'\n "features":{\n')
    behind = rest.partition(b"\n },\n")[2]
    decided = {name: {"value": decision.value} for name, decision in plan.resolution.decisions.items()}
    first = as_json({"form": form}).removesuffix(b"}")
    return b"".join((first, b",", before, b'\n "features":', as_json(decided), b",\n", behind))


def _described(content: bytes) -> dict[str, Any]:
    return {"digest": f"sha256:{hashlib.sha256(content).hexdigest()}", "size": len(content)}


def _platform(platform: Platform) -> dict[str, str]:
    variant = {"variant": platform.variant} if platform.variant else {}
    return {"architecture": platform.architecture, "os": "linux", **variant}


def _annotations(plan: Plan) -> dict[str, str]:
    return {
        "org.opencontainers.image.title": plan.brand["name"],
        "org.opencontainers.image.version": plan.line.version,
        **({"org.opencontainers.image.description": plan.line.summary} if plan.line.summary else {}),
    }
