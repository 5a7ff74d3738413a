"""Reading the text of a file that a person wrote."""

from __future__ import annotations

from pathlib import Path

from ..errors import Place, SartoError

__all__ = ["read_text"]


def read_text(path: Path) -> str:
    """The text of the file. Raises SartoError where it cannot be read or is not UTF-8."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise SartoError("there is no such file", where=Place(str(path))) from None
    except UnicodeDecodeError as error:
        what = f"this is not UTF-8 text: byte {error.start} is {error.object[error.start]:#04x}"
        raise SartoError(what, where=Place(str(path)), hint="save the file as UTF-8") from None
    except OSError as error:
        raise SartoError(f"this file cannot be read: {error.strerror}", where=Place(str(path))) from None
