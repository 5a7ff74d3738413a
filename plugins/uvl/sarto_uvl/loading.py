"""The files of one model: the first, and those that it imports, each read once."""

from __future__ import annotations

import os
from pathlib import Path

from sarto.errors import Place, SartoError, did_you_mean
from sarto.hooks.reading import read_content

from .document import Document, Import
from .faults import Faults
from .sections import read_document
from .source import read_source

__all__ = ["MOST_IMPORTS_DEEP", "load"]

MOST_IMPORTS_DEEP = 100
_MOST_HINTS = 10


def load(path: Path, faults: Faults, content: bytes | None = None) -> Document:
    """Read a file, or what would be its content, and everything that it imports.

    Raises SartoError where the file itself is no text.
    """
    return _Loader(faults).load(path, content)


class _Loader:
    """The files that are read, by their real paths, and the chain of imports that leads to the one in hand."""

    def __init__(self, faults: Faults) -> None:
        self.faults = faults
        self.documents: dict[Path, Document | None] = {}
        self.chain: list[tuple[Document, Path, int]] = []

    def load(self, path: Path, content: bytes | None) -> Document:
        try:
            first = self._read(path, content)
        except OSError as error:
            raise SartoError(f"the file cannot be read: {_reason(error)}", where=Place(str(path))) from None
        self.chain.append((first, _real(path), 0))
        while self.chain:
            document, real, position = self.chain.pop()
            if position < len(document.imports):
                self.chain.append((document, real, position + 1))
                self._follow(document, document.imports[position])
        return first

    def _follow(self, document: Document, line: Import) -> None:
        path = _path(document.path.parent, line.path)
        real = _real(path)
        if any(real == above for _, above, _ in self.chain):
            self._report_cycle(real, line)
        elif real in self.documents:
            line.document = self.documents[real]
        elif len(self.chain) >= MOST_IMPORTS_DEEP:
            self.faults.error(f"files import one another more than {MOST_IMPORTS_DEEP} deep", line.where)
        else:
            line.document = self.documents[real] = self._imported(path, line)
            if line.document is not None:
                self.chain.append((line.document, real, 0))

    def _read(self, path: Path, content: bytes | None = None) -> Document:
        data = read_content(path) if content is None else content
        return read_document(read_source(data, str(path), self.faults), path, self.faults)

    def _imported(self, path: Path, line: Import) -> Document | None:
        try:
            return self._read(path)
        except FileNotFoundError:
            hint = "" if self.faults.count > _MOST_HINTS else _nearest(path)
            self.faults.error(f"there is no file '{path}' to import", line.where, hint)
        except OSError as error:
            self.faults.error(f"the file '{path}' cannot be imported: {_reason(error)}", line.where)
        except SartoError as error:
            self.faults.add(error)
        return None

    def _report_cycle(self, real: Path, line: Import) -> None:
        start = next(index for index, (_, above, _) in enumerate(self.chain) if above == real)
        files = [document.file for document, _, _ in self.chain[start:]]
        what = f"files import one another in a circle: {' -> '.join([*files, files[0]])}"
        self.faults.error(what, line.where, hint="take one of these imports out")


def _nearest(path: Path) -> str:
    return did_you_mean(path.stem, sorted(other.stem for other in path.parent.glob("*.uvl")))


def _path(folder: Path, parts: tuple[str, ...]) -> Path:
    """``a.b.c`` is the file a/b/c.uvl; a quoted part may have the suffix, and lead elsewhere."""
    *folders, name = parts
    return folder.joinpath(*folders, name if name.endswith(".uvl") else f"{name}.uvl")


def _real(path: Path) -> Path:
    return Path(os.path.realpath(path))  # Path.resolve() raises RuntimeError where links go round


def _reason(error: OSError) -> str:
    return (error.strerror or str(error)).lower()
