"""A sample as a folder of selections, one file for each configuration: 0001.toml, 0002.toml, …"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from ..errors import SartoError
from .selection_file import line_seen_from, selection_text
from .writing import write_whole

if TYPE_CHECKING:
    from ..model.expression import Value

__all__ = ["SampleFolder"]


class SampleFolder:
    """The folder that a sample is written into, whose selections name ``model`` as their line.

    Raises SartoError where there is something in it already.
    """

    def __init__(self, folder: Path, model: Path) -> None:
        self.folder = folder
        self.model = model
        self.written = 0
        if folder.exists() and not folder.is_dir():
            raise SartoError("this is no folder, but one is to be filled", where=str(folder))
        if folder.is_dir() and any(folder.iterdir()):
            raise SartoError(
                "there is something in this folder already", where=str(folder), hint="name a new or an empty one"
            )

    def write(self, configuration: Mapping[str, Value]) -> None:
        """Write the next configuration as a selection that decides every feature."""
        from ..model.selection import Selection, Wish

        self.written += 1
        path = self.folder / f"{self.written:04}.toml"
        selection = Selection(
            line=line_seen_from(path, str(self.model)),
            customer=f"Sample {self.written:04}",
            wishes={name: Wish(name, value) for name, value in configuration.items()},
        )
        write_whole(path, selection_text(selection, f"A configuration of {self.model.name}.", {}))
