"""The members of an archive in their order, each as the bytes that stand in it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from sarto.derive.contents import Bundle, Content, folders_above, in_order, own_files
from sarto.derive.part import PARTS_FOLDER
from sarto.derive.tar_headers import END, file_header, folder_header, padding

if TYPE_CHECKING:
    from sarto.derive.plan import Part, Plan

__all__ = ["pieces"]

EPOCH = 315532800
"""1980-01-01, in seconds since 1970: the date of every member, the earliest that zip archives know, too."""


def pieces(plan: Plan, bundle: Bundle) -> Iterator[Content | Part]:
    """The whole archive: what is the build's own, as it is, and parts, which stand for their wheels, filled up.

    Members are sorted by their paths; a folder comes before what is in it.
    """
    own, parts = own_files(bundle), {f"{PARTS_FOLDER}/{part.filename}": part for part in plan.parts}
    folders = {PARTS_FOLDER, *folders_above(own)}
    yield folder_header(plan.name, EPOCH)
    for name in in_order([*own, *parts, *folders]):
        placed = f"{plan.name}/{name}"
        if name in parts:
            yield file_header(placed, parts[name].size, EPOCH)
            yield parts[name]
        elif name in folders:
            yield folder_header(placed, EPOCH)
        else:
            content = own[name]
            yield file_header(placed, len(content), EPOCH, is_executable=name == f"{plan.launcher}.py")
            yield content
            yield padding(len(content))
    yield END
