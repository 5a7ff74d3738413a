"""Reading the text of a file that a person wrote."""

from __future__ import annotations

from pathlib import Path

from ..errors import Place, SartoError

__all__ = ["LARGEST", "read_text", "refuse_huge"]

LARGEST = 16 * 2**20
"""The bytes of the largest file that is read; what is read of it may take a hundred times its memory."""


def refuse_huge(path: Path) -> None:
    """Raise SartoError for a file larger than LARGEST; one that is not there is for the reader to report."""
    try:
        size = path.stat().st_size
    except OSError:
        return
    if size > LARGEST:
        what = f"this file has {size / 2**20:,.0f} MB, and Sarto reads no more than {LARGEST // 2**20} MB"
        raise SartoError(what, where=Place(str(path)), hint="part it, or leave out what no person needs in it")


def read_text(path: Path) -> str:
    """The text of the file. Raises SartoError where it cannot be read or is not UTF-8, or is larger than LARGEST."""
    refuse_huge(path)
    try:
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise SartoError("there is no such file", where=Place(str(path))) from None
    except UnicodeDecodeError as error:
        what = f"this is not UTF-8 text: byte {error.start} is {error.object[error.start]:#04x}"
        raise SartoError(what, where=Place(str(path)), hint="save the file as UTF-8") from None
    except OSError as error:
        raise SartoError(f"this file cannot be read: {error.strerror}", where=Place(str(path))) from None
