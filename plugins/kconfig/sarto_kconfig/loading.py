"""From Kconfig files to kconfiglib's view of them; no command that a file names is ever run."""

from __future__ import annotations

import re
from contextlib import ExitStack
from os import fstat
from pathlib import Path
from typing import IO, Any

from sarto.errors import Place, SartoError
from sarto.hooks.reading import LARGEST
from sarto.model.notation import shortened

from .language import k

__all__ = ["Kconfig", "load"]

_TOO_DEEP = "menus, conditions or dependencies are nested too deeply to be put together"
_STUMBLES = (AttributeError, TypeError, LookupError, AssertionError)
"""What kconfiglib stumbles into where a line stands below something that cannot have it, such as a type in a menu."""
_MOST_LINES = 20
_LONGEST_LINE = 200
_MESSAGE = re.compile(r"(?:error: )?(?P<file>[^:\n]+):(?P<line>\d+): (?:error: )?(?P<what>.*)", re.DOTALL)


class _Functions(dict[str, Any]):
    """The functions that macros can call; kconfiglib finds no others to add."""

    @property
    def update(self) -> Any:
        """What kconfiglib does with a module ``kconfigfunctions``, which it imports for that from wherever one is."""
        raise ImportError("no code is run")


class Kconfig(k.Kconfig):  # type: ignore[misc]  # kconfiglib is untyped
    """Files that are looked up beside the first one, whatever ``$srctree`` says, and that run nothing."""

    def __init__(self, path: Path) -> None:
        self._first = path
        self._paths: dict[str, str] = {}
        self._room = LARGEST
        self._functions_here = _Functions()
        self._parsing_kconfigs = False
        with ExitStack() as self._files:
            try:
                super().__init__(path.name, warn_to_stderr=False)
            except RecursionError:
                what = "this is nested too deeply, or has too many parts" if self._parsing_kconfigs else _TOO_DEEP
                raise SartoError(what, where=self._here()) from None
            except ValueError as error:
                raise SartoError(f"this cannot be read: {shortened(str(error))}", where=self._here()) from None
            except _STUMBLES:
                raise SartoError("this is not what belongs here", where=self._here()) from None

    def _here(self) -> Place:
        """The line that is being read; the first file, where all are read and put together."""
        if not self._parsing_kconfigs:
            return Place(str(self._first))
        return Place(str(self._first.parent / self.filename), line=self.linenr)

    def path_of(self, filename: str) -> str:
        """The path of a file that is named from ``srctree``; of many that are asked for, most are of one file."""
        path = self._paths.get(filename)
        if path is None:
            self._paths[filename] = path = str(Path(self.srctree) / filename)
        return path

    def _open(self, filename: str, mode: str) -> IO[str]:
        """Open a file that is closed whatever happens, which kconfiglib leaves to chance.

        What is read in all, over and over again where one file sources another, has to stay below LARGEST.
        """
        file: IO[str] = self._files.enter_context(super()._open(filename, mode))
        self._room -= fstat(file.fileno()).st_size
        if self._room < 0:
            what = f"with this file there are more than {LARGEST // 2**20} MB, and Sarto reads no more"
            raise SartoError(what, where=Place(str(Path(filename))), hint="name the Kconfig of a smaller part")
        return file

    @property
    def srctree(self) -> str:
        """The folder from which files are named."""
        return str(self._first.parent)

    @srctree.setter
    def srctree(self, _value: str) -> None:
        """The environment has no say."""

    @property
    def _functions(self) -> dict[str, Any]:
        return self._functions_here

    @_functions.setter
    def _functions(self, functions: dict[str, Any]) -> None:
        self._functions_here = _Functions({**functions, "shell": (_refuse_command, 1, 1)})


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


def _refuse_command(kconfig: Kconfig, _name: str, command: str) -> str:
    where = Place(str(Path(kconfig.srctree) / kconfig.filename), line=kconfig.linenr)
    raise SartoError(
        f"this asks for the command '{command}', and no command is run", where=where,
        hint="write down what the command prints",
    )  # fmt: skip


def _located(message: str, path: Path) -> SartoError:
    found = _MESSAGE.fullmatch(message)
    if found is None:
        hint = "save the file as UTF-8" if "Malformed utf-8" in message else ""
        return SartoError(_in_few_words(message.removeprefix("error: ")), where=Place(str(path)), hint=hint)
    where = Place(str(path.parent / found["file"]), line=int(found["line"]))
    return SartoError(_in_few_words(found["what"].strip()), where=where)


def _in_few_words(message: str) -> str:
    """The message without what a file of rubbish brings into it: lines without end, and characters of no print."""
    lines = message.splitlines()
    more = [f"and {len(lines) - _MOST_LINES:,} more lines"] if len(lines) > _MOST_LINES else []
    return "\n".join([*map(_short_line, lines[:_MOST_LINES]), *more])


def _short_line(line: str) -> str:
    short = line if len(line) <= _LONGEST_LINE else f"{line[:_LONGEST_LINE]}..."
    return "".join(
        character if character.isprintable() or character == "\t" else "\N{REPLACEMENT CHARACTER}"
        for character in short
    )
