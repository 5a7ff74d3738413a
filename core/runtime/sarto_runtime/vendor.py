"""Whether a delta comes from the vendor: the signature beside it, checked with the key that the build brought along."""

from __future__ import annotations

import base64
import hashlib
import os
import re

from .errors import ProductError

__all__ = ["check_vendor"]

ENDING = ".sig"
LARGEST = 1 << 16
FORM = re.compile(
    rb"sarto-signature 1\nalgorithm: ed25519\nkey: (?P<key>[0-9a-f]{64})\nsignature: (?P<value>[A-Za-z0-9+/]{86}==)\n"
)
DER = bytes.fromhex("302a300506032b6570032100")
"""What stands before the 32 bytes of a public key in DER (RFC 8410); the hash of both is the key's id."""


def check_vendor(file: str, key: str) -> None:
    """Raise :class:`ProductError` unless the holder of the public ``key`` (hexadecimal) signed the delta in ``file``.

    Without a key nothing is checked: the product came without one.
    """
    if not key:
        return
    public = bytes.fromhex(key)
    found = FORM.fullmatch(_signature(file))
    value = base64.b64decode(found["value"]) if found else b""
    if found is None or base64.b64encode(value) != found["value"]:
        raise ProductError(f"this is no signature of a delta: {file}{ENDING}", hint=_hint(file))
    own = hashlib.sha256(DER + public).hexdigest()
    if found["key"].decode() != own:
        raise ProductError(
            f"the delta is signed with the key {found['key'].decode()[:12]}, and this product takes none but those of "
            f"its vendor's, {own[:12]}: {file}",
            hint="take it again from this product's vendor",
        )
    from .ed25519 import is_signed

    if not is_signed(_line(file), value, public):
        raise ProductError(
            f"the delta was changed after it was signed, or is not by this product's vendor: {file}", hint=_hint(file)
        )


def _signature(file: str) -> bytes:
    try:
        with open(f"{file}{ENDING}", "rb") as beside:
            return beside.read(LARGEST)
    except FileNotFoundError as error:
        raise ProductError(
            f"the delta is not signed, and this product takes none but its vendor's: {file}{ENDING} is missing",
            hint=_hint(file),
        ) from error
    except OSError as error:
        raise ProductError(f"the delta's signature cannot be read: {error.strerror}: {file}{ENDING}") from error


def _line(file: str) -> bytes:
    """What is signed of a file: the line that ``sha256sum < FILE`` prints."""
    with open(file, "rb") as content:
        return f"{hashlib.file_digest(content, 'sha256').hexdigest()}  -\n".encode()


def _hint(file: str) -> str:
    name = os.path.basename(file)
    return f"take {name} and {name}{ENDING} again from where they came"
