"""Building source projects into wheels, each content of a project once."""

from __future__ import annotations

import hashlib
import json
import sys
import sysconfig
import tempfile
from dataclasses import dataclass
from pathlib import Path

from ..errors import SartoError
from .cache import cache_folder, made
from .files import refusals
from .progress import Progress
from .source_tree import copy_tree, tree_digest
from .store import PartStore
from .uv import run_uv
from .uv_words import essence, network_error
from .wheel import wheel_name

__all__ = ["SourceWheel", "build_project"]

UMASK = 0o022
"""For backends, which put the modes of what they write themselves into the wheel: the same whoever builds."""


@dataclass(frozen=True, slots=True)
class SourceWheel:
    """A wheel that comes from a source folder, in the part store."""

    filename: str
    sha256: str
    path: Path


def build_project(name: str, project: Path, store: PartStore, progress: Progress) -> SourceWheel:
    """The wheel of the project in the folder ``project``, built now or by an earlier run from the same files.

    The build sees a copy of the project's files, so that nothing is written into the folder and nothing that
    lies there from an earlier build gets in. Raises :class:`SartoError` where it fails.
    """
    record = cache_folder() / "built" / f"{_key(project)}.json"
    found = _recorded(record, store)
    if found is None:
        progress(f"building {name} from {project}")
        found = _build(name, project, store)
        _write_record(record, found)
    return found


def _key(project: Path) -> str:
    """What the wheel depends on: the files, and for native extensions the Python that builds."""
    builder = f"{sys.implementation.cache_tag} {sysconfig.get_platform()}"
    return hashlib.sha256(f"{builder} {tree_digest(project)}".encode()).hexdigest()


def _recorded(record: Path, store: PartStore) -> SourceWheel | None:
    try:
        said = json.loads(record.read_text(encoding="utf-8"))
        path = store.find(said["sha256"], said["filename"])
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return SourceWheel(said["filename"], said["sha256"], path) if path else None


def _write_record(record: Path, wheel: SourceWheel) -> None:
    said = {"filename": wheel.filename, "sha256": wheel.sha256}
    made(record.parent)
    with (
        refusals("writing to Sarto's cache"),
        tempfile.NamedTemporaryFile("w", dir=record.parent, prefix=".making-", delete=False, encoding="utf-8") as aside,
    ):
        json.dump(said, aside)
    Path(aside.name).replace(record)


def _build(name: str, project: Path, store: PartStore) -> SourceWheel:
    with tempfile.TemporaryDirectory(prefix="sarto-build-") as scratch:
        copy, out = Path(scratch, "project"), Path(scratch, "wheel")
        with refusals(f"copying the source project '{name}'"):
            copy_tree(project, copy)
        answer = run_uv(["build", "--wheel", "--out-dir", str(out), str(copy)], Path(scratch), umask=UMASK)
        wheels = sorted(out.glob("*.whl")) if answer.is_good else []
        if len(wheels) != 1:
            raise network_error(answer.said) or _failed(name, project, answer.said)
        built = wheel_name(wheels[0].name).name
        if built != name:
            raise SartoError(f"the source project '{project}' is called '{name}', but builds '{built}'")
        path, sha256 = store.add_file(wheels[0])
        return SourceWheel(wheels[0].name, sha256, path)


def _failed(name: str, project: Path, said: str) -> SartoError:
    return SartoError(
        f"the source project '{name}' in '{project}' cannot be built:\n{essence(said)}",
        hint="build it yourself, and name the folder of the wheel in [core] sources",
    )
