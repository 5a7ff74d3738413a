"""Packs a build into a tar archive, plain or as compressed frames, one behind the other."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sarto.derive.contents import Bundle, Content, part_content
from sarto.derive.files import refusals
from sarto.derive.part import Part
from sarto.derive.pieces import write_pieces
from sarto.derive.tar_headers import RECORD, padding

from .frames import QUICK, compressor, frame, frames_folder
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
    with refusals(f"packing the build '{plan.name}'"):
        whole = [each for piece in pieces(plan, bundle) for each in _plain(piece)]
        write_pieces(path, [*whole, padding(sum(map(len, whole)), RECORD)])
    return path


def _plain(piece: Content | Part) -> tuple[Content, ...]:
    return (part_content(piece)[0], padding(piece.size)) if isinstance(piece, Part) else (piece,)


def pack_compressed(plan: Plan, bundle: Bundle, output: Path) -> Path:
    """Write the build into ``output`` as ``<name>.tar.zst`` and return its path.

    Each part is a frame of its own, compressed once for all builds; what is between two parts is another.
    The same build gives the same bytes with the same version of the compressor. Raises as :func:`pack` does.
    """
    path = output / f"{plan.name}.tar.zst"
    compress, folder = compressor(QUICK).compress, frames_folder()
    length, between, frames = 0, list[Content](), list[Content]()
    with refusals(f"packing the build '{plan.name}'"):
        for piece in pieces(plan, bundle):
            if not isinstance(piece, Part):
                between.append(piece)
                length += len(piece)
                continue
            frames += (compress(b"".join(between)), frame(piece, folder))
            length += piece.size + len(padding(piece.size))
            between.clear()
        write_pieces(path, [*frames, compress(b"".join([*between, padding(length, RECORD)]))])
    return path
