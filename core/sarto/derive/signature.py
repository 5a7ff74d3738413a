"""Signatures: who vouches for a build; their form, what is signed, and what they say of it and a key."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from ..errors import SartoError
from .files import file_digest

__all__ = [
    "ENDING", "Signature", "SigningKey", "VerifyingKey", "file_line", "read_signature", "signature_fault",
    "signature_of",
]  # fmt: skip

ENDING = ".sig"
"""What the name of a signature adds to that of the file which it is of."""

HEAD = "sarto-signature 1"
FORM = re.compile(
    rf"{HEAD}\nalgorithm: (?P<algorithm>[a-z0-9-]+)\nkey: (?P<key>[0-9a-f]{{64}})\n"
    r"signature: (?P<value>[A-Za-z0-9+/]+={0,2})\n"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SigningKey:
    """A private key, opened: ``sign(content)`` gives the signature of some bytes, the same each time.

    ``id`` is the sha256 of the public key that goes with it, in hexadecimal digits, ``public`` that key's own bytes.
    """

    algorithm: str
    id: str
    sign: Callable[[bytes], bytes]
    public: bytes = b""


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifyingKey:
    """A public key, opened: ``verify(content, signature)`` says whether its private key has signed these bytes."""

    algorithm: str
    id: str
    verify: Callable[[bytes, bytes], bool]
    public: bytes = b""


@dataclass(frozen=True, slots=True)
class Signature:
    """What a signature file says: by which algorithm, with which key (its id), and the signature itself."""

    algorithm: str
    key: str
    value: bytes


def signature_of(content: bytes, key: SigningKey) -> bytes:
    """The signature file for some content; the same content and key give the same bytes."""
    value = base64.b64encode(key.sign(content)).decode("ascii")
    return f"{HEAD}\nalgorithm: {key.algorithm}\nkey: {key.id}\nsignature: {value}\n".encode()


def file_line(file: Path) -> bytes:
    """What is signed of a build in one file: the line that ``sha256sum < FILE`` prints, so that it may be renamed."""
    return f"{file_digest(file)}  -\n".encode()


def read_signature(content: bytes) -> Signature:
    """Take a signature file apart. Raises :class:`SartoError` where it has another form."""
    found = FORM.fullmatch(content.decode("ascii", errors="replace"))
    if found is None:
        raise SartoError("is not a signature in the form that this Sarto knows")
    try:
        value = base64.b64decode(found["value"], validate=True)
    except binascii.Error as error:
        raise SartoError("is not a signature in the form that this Sarto knows") from error
    if base64.b64encode(value).decode("ascii") != found["value"]:
        raise SartoError("is not a signature in the form that this Sarto knows")
    return Signature(found["algorithm"], found["key"], value)


def signature_fault(name: str, content: bytes, signature: Signature, key: VerifyingKey) -> tuple[str, str] | None:
    """Which file is wrong, ``name`` of this content or its signature, and how, as the holder of the key sees it."""
    of = f"{name}{ENDING}"
    if signature.algorithm != key.algorithm:
        return of, f"is of the algorithm '{signature.algorithm}', and the key asked for is of '{key.algorithm}'"
    if signature.key != key.id:
        return of, f"was made with the key {signature.key}, and the key asked for is {key.id}"
    if not key.verify(content, signature.value):
        return name, f"is not what the key {key.id} signed"
    return None
