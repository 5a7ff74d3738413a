"""Files that belong to orders: each content kept once, by its sha256, which is looked at whenever it is given out."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping

from sarto.errors import SartoError
from sqlalchemy import Connection, select, text

from .schema import files
from .texts import kept_text

__all__ = ["files_in", "keep", "kept", "kept_files"]

LARGEST = 16 << 20
"""In bytes: as large as the file in a slot of a brand is where the line says nothing else."""
MOST = 64
"""So many files an order has at most."""
_INSERT = text("INSERT INTO files (digest, content) VALUES (:digest, :content) ON CONFLICT DO NOTHING")


def kept_files(given: Mapping[str, bytes]) -> str:
    """What a version says of its files: their paths with their digests, as a JSON text; empty where there are none.

    Raises SartoError for too many of them, for one that is too large, and for a path that cannot be kept.
    """
    if len(given) > MOST:
        raise SartoError(f"the order has {len(given):,} files, more than the {MOST} that an order book keeps of one")
    for path, content in given.items():
        kept_text("the path of a file", path, 1000)
        if len(content) > LARGEST:
            most = f"more than the {LARGEST:,} that an order book keeps"
            raise SartoError(f"the file '{path}' has {len(content):,} bytes, {most}", hint="take a smaller one")
    return json.dumps({path: _digest(given[path]) for path in sorted(given)}, ensure_ascii=False) if given else ""


def files_in(said: str) -> dict[str, str]:
    """The paths and digests that a version says."""
    found: dict[str, str] = json.loads(said) if said else {}
    return found


def keep(connection: Connection, given: Mapping[str, bytes]) -> None:
    """Keep the contents that are not there yet."""
    for content in given.values():
        connection.execute(_INSERT, {"digest": _digest(content), "content": content})


def kept(connection: Connection, digest: str, what: str) -> bytes:
    """The content with that digest; ``what`` it is, in words. Raises SartoError where it is gone or another."""
    content = connection.execute(select(files.c.content).where(files.c.digest == digest)).scalar_one_or_none()
    if content is None or _digest(content) != digest:
        raise SartoError(f"{what} is damaged in the order book", hint="restore the book from a copy, or order anew")
    return bytes(content)


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
