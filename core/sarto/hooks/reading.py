"""Reading the text of a file that a person wrote."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from ..errors import Place, SartoError

__all__ = ["LARGEST", "read_content", "read_found", "read_text"]

LARGEST = 16 * 2**20
"""The bytes of the largest file that is read; what is read of it may take a hundred times its memory."""


def read_content(path: Path) -> bytes:
    """The bytes of the file.

    Raises SartoError where it is larger than LARGEST, and OSError where the system refuses it. Nothing is read of a
    file that the system says is too large, and no more of one of unknown size: a pipe, or a device without an end.
    """
    with path.open("rb") as file:
        about = os.fstat(file.fileno())
        if about.st_size > LARGEST:
            raise _too_large(path, f"{about.st_size / 2**20:,.0f} MB")
        content = file.read() if stat.S_ISREG(about.st_mode) else file.read(LARGEST + 1)
    if len(content) > LARGEST:
        raise _too_large(path, f"more than {LARGEST / 2**20:,.0f} MB")
    return content


def _too_large(path: Path, size: str) -> SartoError:
    what = f"this file has {size}, and Sarto reads no more than {LARGEST // 2**20} MB"
    return SartoError(what, where=Place(str(path)), hint="part it, or leave out what no person needs in it")


def read_text(path: Path) -> str:
    """The text of the file. Raises SartoError where it cannot be read or is not UTF-8, or is larger than LARGEST."""
    try:
        text = read_content(path).decode("utf-8-sig")
    except FileNotFoundError:
        raise SartoError("there is no such file", where=Place(str(path))) from None
    except UnicodeDecodeError as error:
        what = f"this is not UTF-8 text: byte {error.start} is {error.object[error.start]:#04x}"
        raise SartoError(what, where=Place(str(path)), hint="save the file as UTF-8") from None
    except OSError as error:
        raise SartoError(f"this file cannot be read: {error.strerror}", where=Place(str(path))) from None
    return text.replace("\r\n", "\n").replace("\r", "\n")


def read_found(path: Path) -> str:
    """The text of a file that nobody named, but that is in a folder. Raises SartoError as :func:`read_text` does.

    A pipe is refused, too: who names one means it, but one that is come upon may be waited for for ever.
    """
    if path.is_fifo():
        raise SartoError("this is a pipe, not a file", where=Place(str(path)), hint="move it to another folder")
    return read_text(path)
