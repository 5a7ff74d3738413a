"""Packs a build into a tar archive, plain or as compressed frames, one behind the other."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sarto.derive.contents import Bundle, Content, part_content
from sarto.derive.files import refusals
from sarto.derive.part import Part
from sarto.derive.tar_headers import RECORD, padding

from .frames import compressor, frame, frames_folder
from .members import pieces

if TYPE_CHECKING:
    from sarto.derive.plan import Plan

__all__ = ["pack", "pack_compressed"]


def pack(plan: Plan, bundle: Bundle, output: Path) -> Path:
    """Write the build into ``output`` as ``<name>.tar`` and return its path; the same build gives the same bytes.

    Of ``bundle`` all is taken but the parts, which come from where the plan says. Raises :class:`SartoError` where a
    part is damaged, or the file system refuses.
    """
    path = output / f"{plan.name}.tar"
    with refusals(f"packing the build '{plan.name}'"), path.open("wb") as file:
        for piece in pieces(plan, bundle):
            if isinstance(piece, Part):
                file.write(part_content(piece)[0])
                file.write(padding(piece.size))
            else:
                file.write(piece)
        file.write(padding(file.tell(), RECORD))
    return path


def pack_compressed(plan: Plan, bundle: Bundle, output: Path) -> Path:
    """Write the build into ``output`` as ``<name>.tar.zst`` and return its path.

    Each part is a frame of its own, compressed once for all builds; what is between two parts is another.
    The same build gives the same bytes with the same version of the compressor. Raises as :func:`pack` does.
    """
    path = output / f"{plan.name}.tar.zst"
    compress, folder = compressor().compress, frames_folder()
    length, between = 0, list[Content]()
    with refusals(f"packing the build '{plan.name}'"), path.open("wb") as file:
        for piece in pieces(plan, bundle):
            if not isinstance(piece, Part):
                between.append(piece)
                length += len(piece)
                continue
            file.write(compress(b"".join(between)))
            file.write(frame(piece, folder))
            length += piece.size + len(padding(piece.size))
            between.clear()
        file.write(compress(b"".join([*between, padding(length, RECORD)])))
    return path
