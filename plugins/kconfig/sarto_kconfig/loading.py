"""From Kconfig files to kconfiglib's view of them; no command that a file names is ever run."""

from __future__ import annotations

import re
from contextlib import ExitStack
from pathlib import Path
from typing import IO, Any

from sarto.errors import Place, SartoError

from .language import k

__all__ = ["Kconfig", "load"]

_MESSAGE = re.compile(r"(?:error: )?(?P<file>[^:\n]+):(?P<line>\d+): (?:error: )?(?P<what>.*)", re.DOTALL)


class Kconfig(k.Kconfig):  # type: ignore[misc]  # kconfiglib is untyped
    """Files that are looked up beside the first one, whatever ``$srctree`` says, and that run nothing."""

    def __init__(self, path: Path) -> None:
        self._folder = str(path.parent)
        self._functions_here: dict[str, Any] = {}
        with ExitStack() as self._files:
            super().__init__(path.name, warn_to_stderr=False)

    def _open(self, filename: str, mode: str) -> IO[str]:
        """Open a file that is closed whatever happens, which kconfiglib leaves to chance."""
        file: IO[str] = self._files.enter_context(super()._open(filename, mode))
        return file

    @property
    def srctree(self) -> str:
        """The folder from which files are named."""
        return self._folder

    @srctree.setter
    def srctree(self, _value: str) -> None:
        """The environment has no say."""

    @property
    def _functions(self) -> dict[str, Any]:
        return self._functions_here

    @_functions.setter
    def _functions(self, functions: dict[str, Any]) -> None:
        self._functions_here = {**functions, "shell": (_refuse_command, 1, 1)}


def load(path: Path) -> Kconfig:
    """Parse a Kconfig file and those that it sources. Raises SartoError with the place of the first error."""
    if not path.exists():
        raise SartoError("there is no such file", where=Place(str(path)))
    try:
        return Kconfig(path)
    except k.KconfigError as error:
        raise _located(str(error).strip(), path) from None
    except OSError as error:
        raise SartoError(f"a file cannot be read: {error.strerror}: {error.filename}", where=Place(str(path))) from None
    except (RecursionError, ValueError) as error:
        kind = "it is nested too deeply" if isinstance(error, RecursionError) else str(error)
        raise SartoError(f"this cannot be read: {kind}", where=Place(str(path))) from None


def _refuse_command(kconfig: Kconfig, _name: str, command: str) -> str:
    where = Place(str(Path(kconfig.srctree) / kconfig.filename), line=kconfig.linenr)
    raise SartoError(
        f"this asks for the command '{command}', and no command is run", where=where,
        hint="write down what the command prints",
    )  # fmt: skip


def _located(message: str, path: Path) -> SartoError:
    found = _MESSAGE.fullmatch(message)
    if found is None:
        return SartoError(message, where=Place(str(path)))
    return SartoError(found["what"].strip(), where=Place(str(path.parent / found["file"]), line=int(found["line"])))
