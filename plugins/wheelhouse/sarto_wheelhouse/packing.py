"""Writes the wheels of a build into a folder, with what installers and people need to install them offline."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING

from sarto.derive.bundle import link_parts
from sarto.derive.contents import own_files
from sarto.derive.files import refusals
from sarto.derive.manifest import MANIFEST
from sarto.derive.part import PARTS_FOLDER
from sarto.derive.standard_lock import STANDARD_LOCK
from sarto.derive.sums import SUMS, sums_text

if TYPE_CHECKING:
    from sarto.derive.contents import Bundle
    from sarto.derive.plan import Plan

__all__ = ["REQUIREMENTS", "pack"]

REQUIREMENTS = "requirements.txt"
GUIDE = """\
{title} for Python {python} on {platform}

The wheels in this folder are all that is needed; nothing is fetched. Into an environment of Python {python}:

  pip install --require-hashes --requirement requirements.txt

or, from this folder,

  uv pip install --offline --requirement pylock.toml
{command}
Whether every file is as it was handed out:

  sha256sum --check SHA256SUMS
"""


def pack(plan: Plan, bundle: Bundle, output: Path) -> Path:
    """Write the wheelhouse into ``output`` as ``<name>-wheelhouse`` and return its path.

    The same plan gives the same bytes. Raises :class:`SartoError` where a part is damaged, or the file system refuses.
    """
    folder = output / f"{plan.name}-wheelhouse"
    with refusals(f"packing the build '{plan.name}'"):
        found = own_files(bundle)
        files = {name: bytes(found[name]) for name in (MANIFEST, STANDARD_LOCK)}
        files |= {REQUIREMENTS: requirements(plan).encode(), "README.txt": _guide(plan).encode()}
        folder.mkdir()
        for name, content in files.items():
            (folder / name).write_bytes(content)
        link_parts(folder / PARTS_FOLDER, plan.parts)
        sums = {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}
        sums |= {f"{PARTS_FOLDER}/{part.filename}": part.sha256 for part in plan.parts}
        (folder / SUMS).write_bytes(sums_text(sums))
        for name in (*files, SUMS):
            (folder / name).chmod(0o644)
    return folder


def requirements(plan: Plan) -> str:
    """The parts as pip's requirements: versions and hashes, from the folder beside the file and nowhere else."""
    lines = ["--no-index", f"--find-links ./{PARTS_FOLDER}"]
    lines += [f"{part.name}=={part.version} --hash=sha256:{part.sha256}" for part in plan.parts]
    return "\n".join(lines) + "\n"


def _guide(plan: Plan) -> str:
    command = plan.line.core.command
    then = f"\nThen the command '{command}' starts it, with every plugin that is in it.\n" if command else ""
    return GUIDE.format(
        title=plan.brand["name"], python=plan.target.python, platform=plan.target.platform, command=then
    )
