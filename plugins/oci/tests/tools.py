"""Debian's tools for images, and a base image made of the Python that runs the tests."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from sarto_oci.base import Platform
from sarto_oci.image import CONFIG, MANIFEST, index_of
from sarto_oci.layers import Layer, write_layer

AMD64 = Platform("amd64")


def run(tool: str, *words: str | Path) -> str:
    """What the tool prints. Where it is not installed the test is skipped, but never in CI."""
    if shutil.which(tool) is None:
        if os.environ.get("CI") == "true":
            pytest.fail(f"{tool} is not installed: apt-get install {tool}")
        pytest.skip(f"{tool} is not installed")
    done = subprocess.run([tool, *map(str, words)], capture_output=True, text=True, check=False, timeout=120)
    assert (done.returncode, done.stderr) == (0, ""), done.stderr
    return done.stdout


def unpack(image: Path, folder: Path) -> Path:
    """Unpack the image as a container engine would, and return its root file system."""
    rootless = [] if os.geteuid() == 0 else ["--rootless"]
    run("umoci", "unpack", *rootless, "--image", image, folder)
    return folder / "rootfs"


def blob(image: Path, digest: str) -> Path:
    return image / "blobs" / "sha256" / digest.removeprefix("sha256:")


def manifest_of(image: Path) -> dict[str, Any]:
    (described,) = json.loads((image / "index.json").read_text())["manifests"]
    found: dict[str, Any] = json.loads(blob(image, described["digest"]).read_text())
    return found


def config_of(image: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(blob(image, manifest_of(image)["config"]["digest"]).read_text())
    return found


def layers_of(image: Path) -> list[Path]:
    return [blob(image, layer["digest"]) for layer in manifest_of(image)["layers"]]


def make_base(folder: Path, files: Mapping[str, Path | bytes], **said: Any) -> Path:
    """An image layout with these files in one layer; ``said`` goes into the config."""
    blobs = folder / "blobs" / "sha256"
    blobs.mkdir(parents=True)
    layer: Layer = write_layer(files, folder / "layer", level=1)
    layer.path.rename(blobs / layer.digest)
    settings = {"Cmd": ["python3"], "Env": ["PATH=/opt/bin", "LANG=C.UTF-8"]}
    config = _json({
        "os": "linux", "architecture": "amd64", "config": settings, "history": [{"created_by": "hand"}],
        "rootfs": {"type": "layers", "diff_ids": [f"sha256:{layer.diff_id}"]}, **said,
    })  # fmt: skip
    manifest = _json({
        "schemaVersion": 2, "mediaType": MANIFEST, "config": {"mediaType": CONFIG, **_put(blobs, config)},
        "layers": [{"mediaType": layer.media_type, "digest": f"sha256:{layer.digest}", "size": layer.size}],
    })  # fmt: skip
    _put(blobs, manifest)
    (folder / "index.json").write_bytes(index_of(manifest, AMD64))
    (folder / "oci-layout").write_text('{"imageLayoutVersion":"1.0.0"}')
    return folder


def _json(data: Mapping[str, Any]) -> bytes:
    return json.dumps(data).encode()


def _put(blobs: Path, content: bytes) -> dict[str, Any]:
    (described,) = json.loads(index_of(content, AMD64))["manifests"]
    blobs.joinpath(described["digest"].removeprefix("sha256:")).write_bytes(content)
    return {"digest": described["digest"], "size": described["size"]}


def python_files() -> dict[str, Path | bytes]:
    """The running Python as it would lie in an image: its program, its library, and what these are linked with."""
    program = Path(getattr(sys, "_base_executable", sys.executable)).resolve()
    library = Path(sysconfig.get_path("stdlib"))
    left_out = {"site-packages", "dist-packages", "test", "tests", "__pycache__", "idlelib", "ensurepip", "tkinter"}
    kept = [path for path in library.rglob("*") if not left_out & set(path.relative_to(library).parts)]
    files: dict[str, Path | bytes] = {
        f"{library.relative_to('/').as_posix()}/{path.relative_to(library).as_posix()}": path.resolve()
        for path in kept
        if path.is_file() and path.suffix not in (".a", ".exe")
    }
    own = [path for path in kept if path.suffix == ".so"]
    for needed in _linked([program, *own]):
        files[needed.relative_to("/").as_posix()] = needed.resolve()
    where = program.relative_to("/").as_posix()
    return {**files, where: program, "opt/bin/python3": f'#!/bin/sh\nexec /{where} "$@"\n'.encode()}


def _linked(files: list[Path]) -> Iterator[Path]:
    done = subprocess.run(["ldd", *map(str, files)], capture_output=True, text=True, check=False)
    for name in sorted(set(re.findall(r"(/\S+) \(0x", done.stdout))):
        yield Path(name)
