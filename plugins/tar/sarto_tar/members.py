"""The members of an archive in their order, each as the bytes that stand in it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from sarto.derive.contents import own_names
from sarto.derive.part import PARTS_FOLDER

from .headers import END_OF_RECORDS, file_header, folder_header, padding

if TYPE_CHECKING:
    from sarto.derive.plan import Part, Plan

__all__ = ["pieces"]


def pieces(plan: Plan, bundle: Path) -> Iterator[bytes | Part]:
    """The whole archive: what is the build's own, as bytes, and parts, which stand for their wheels, filled up.

    Members are sorted by their paths; a folder comes before what is in it.
    """
    parts = {f"{PARTS_FOLDER}/{part.filename}": part for part in plan.parts}
    names = [*own_names(bundle), *parts]
    folders = {str(above) for name in names for above in PurePosixPath(name).parents} - {"."}
    yield folder_header(plan.name)
    for name in sorted([*names, *folders], key=lambda name: name.split("/")):
        placed = f"{plan.name}/{name}"
        if name in parts:
            yield file_header(placed, parts[name].size)
            yield parts[name]
        elif name in folders:
            yield folder_header(placed)
        else:
            content = (bundle / name).read_bytes()
            yield file_header(placed, len(content), is_executable=name == f"{plan.launcher}.py") + content
            yield padding(len(content))
    yield END_OF_RECORDS
