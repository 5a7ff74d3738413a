"""Signing what is handed out: a folder by its sums, in the folder; a file as a whole, beside it."""

from __future__ import annotations

from pathlib import Path

from ..errors import SartoError
from .files import refusals
from .signature import ENDING, SigningKey, file_line, read_signature, signature_of
from .sums import SIGNATURE, SUMS

__all__ = ["drop_signature", "sign_output"]


def sign_output(made: Path, key: SigningKey) -> Path | None:
    """Sign a folder or file that was made; the signature where it lies beside it.

    A folder without sums is left unsigned. Raises :class:`SartoError` where the file system refuses.
    """
    with refusals(f"signing '{made.name}'"):
        if not made.is_dir():
            beside = made.with_name(f"{made.name}{ENDING}")
            beside.write_bytes(signature_of(file_line(made), key))
            return beside
        if (made / SUMS).is_file():
            (made / SIGNATURE).write_bytes(signature_of((made / SUMS).read_bytes(), key))
    return None


def drop_signature(file: Path, *, is_signed: bool = False) -> None:
    """Remove the signature beside the place of a file that is replaced; what is not one stays.

    Raises :class:`SartoError` where that stands in the way of a new signature.
    """
    beside = file.with_name(f"{file.name}{ENDING}")
    with refusals(f"removing '{beside}'"):
        if not beside.is_file():
            return
        try:
            read_signature(beside.read_bytes())
        except SartoError as error:
            if is_signed:
                what = f"'{beside}' is there already, and is no signature that Sarto made"
                raise SartoError(what, hint="move it away, or name another folder with -o") from error
            return
        beside.unlink()
