"""Where parts are installed: an environment that may lie anywhere, with scripts that find the Python beside them."""

from __future__ import annotations

import base64
import hashlib
import io
import os
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, cast

from installer.destinations import SchemeDictionaryDestination
from installer.records import Hash, RecordEntry
from installer.scripts import Script
from sarto.derive.bytecode import compile_modules

if TYPE_CHECKING:
    from installer.scripts import ScriptSection
    from installer.utils import Scheme

__all__ = ["BESIDE", "Environment", "environment_below", "library_of"]

ASKED = b"#!python"
"""How the scripts in a wheel begin that are for the Python of the environment."""
BESIDE = b"""#!/bin/sh
'''exec' "$(dirname -- "$(realpath -- "$0")")/python" "$0" "$@"
' '''
"""
"""How they begin here: for the shell it is a command, for Python a text."""


class Environment(SchemeDictionaryDestination):
    """A destination whose files are the same wherever it lies, and have their bytecode beside them."""

    def write_file(
        self, scheme: Scheme, path: str | os.PathLike[str], stream: BinaryIO, is_executable: bool
    ) -> RecordEntry:
        """Write a file of the wheel; a script can be executed, and begins so that it finds the environment's Python."""
        if scheme == "scripts":
            content = stream.read()
            if content.startswith(ASKED):
                content = BESIDE + content.partition(b"\n")[2]
            stream, is_executable = io.BytesIO(content), True  # wheels made on Windows do not say so
        return self.write_to_fs(scheme, os.fspath(path), stream, is_executable)

    def write_script(self, name: str, module: str, attr: str, section: ScriptSection) -> RecordEntry:
        """Write the script of an entry point."""
        _, content = Script(name, module, attr, section).generate("python", "posix")
        with io.BytesIO(BESIDE + content.partition(b"\n")[2]) as stream:
            return self.write_to_fs(cast("Scheme", "scripts"), name, stream, is_executable=True)

    def finalize_installation(
        self, scheme: Scheme, record_file_path: str, records: Iterable[tuple[Scheme, RecordEntry]]
    ) -> None:
        """Compile the modules, and write the RECORD with their bytecode in it."""
        library = Path(self.scheme_dict[scheme])
        compile_modules(library)
        compiled = [(scheme, _entry(path, library)) for path in library.rglob("__pycache__/*.pyc")]
        super().finalize_installation(scheme, record_file_path, sorted([*records, *compiled], key=_by_path))


def _entry(path: Path, library: Path) -> RecordEntry:
    content = path.read_bytes()
    digest = base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()
    return RecordEntry(path.relative_to(library).as_posix(), Hash("sha256", digest), len(content))


def _by_path(record: tuple[Any, RecordEntry]) -> tuple[str, str]:
    return str(record[0]), record[1].path


def library_of(python: str) -> str:
    """The folder of an environment, below it, from which the version ``python`` imports."""
    return f"lib/python{python}/site-packages"


def environment_below(folder: Path, name: str, python: str) -> Environment:
    """The folder as the environment into which the part of that name is installed."""
    library = str(folder / library_of(python))
    schemes = {
        "purelib": library,
        "platlib": library,
        "scripts": str(folder / "bin"),
        "headers": str(folder / "include" / "site" / f"python{python}" / name),
        "data": str(folder),
    }
    return Environment(schemes, interpreter="python", script_kind="posix")
