"""Keys in files: made, opened, and what they are called."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Callable
from pathlib import Path

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    KeySerializationEncryption,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)
from sarto.derive.signature import SigningKey, VerifyingKey
from sarto.errors import SartoError

__all__ = ["ALGORITHM", "KeyFiles", "is_private", "key_files", "make_keys", "open_private", "open_public", "public_id"]

ALGORITHM = "ed25519"
PRIVATE = b"PRIVATE KEY-----"
LARGEST = 64 * 1024
"""More bytes than a key file has; a larger one is not read."""
Passphrase = Callable[[Path], str]
KeyFiles = tuple[Path, Path]


def key_files(name: Path) -> KeyFiles:
    """The files of a private key and its public one: ``vendor`` → ``vendor.key`` and ``vendor.pub``."""
    private = name if name.suffix else name.with_name(f"{name.name}.key")
    if private.suffix == ".pub":
        raise SartoError("this is the name of a public key", where=str(name), hint=f"sarto key new {name.stem}")
    return private, private.with_suffix(".pub")


def make_keys(files: KeyFiles, passphrase: str = "") -> str:
    """Make a pair of keys and return its id; the private file can be read by its owner alone.

    Raises :class:`SartoError` where one of the files is there already: neither is touched then; or where one cannot be
    written: neither is there then. Whoever is killed on the way leaves an empty file, or the private key alone.
    """
    private, public = files
    for file in files:
        if os.path.lexists(file) and not _is_empty(file):
            hint = "choose another name; a key that was handed out is needed as long as its builds are"
            if file == private and (not os.path.lexists(public) or _is_empty(public)) and is_private(private):
                hint = f"its public one is made anew with: openssl pkey -in {private} -pubout -out {public}"
            raise SartoError("there is a key already, and it is never overwritten", where=str(file), hint=hint)
    key = Ed25519PrivateKey.generate()
    encryption: KeySerializationEncryption = NoEncryption()
    if passphrase:
        encryption = BestAvailableEncryption(passphrase.encode())
    _write(private, key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, encryption), 0o600)
    try:
        _write(public, key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo), 0o644)
    except SartoError:
        private.unlink()
        raise
    return public_id(key.public_key())


def _is_empty(file: Path) -> bool:
    said = file.lstat()
    return stat.S_ISREG(said.st_mode) and said.st_size == 0


def _write(file: Path, content: bytes, mode: int) -> None:
    """Write a file that is not there, or empty; where that fails, nothing of it stays."""
    try:
        if os.path.lexists(file) and _is_empty(file):
            file.unlink()
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
        try:
            with os.fdopen(handle, "wb") as stream:
                stream.write(content)
                stream.flush()
                os.fsync(stream.fileno())
        except OSError:
            file.unlink()
            raise
    except OSError as error:
        raise SartoError(f"the key cannot be written: {error.strerror}", where=str(file)) from error


def public_id(key: Ed25519PublicKey) -> str:
    """The sha256 of the public key as DER, as ``openssl pkey -pubin -outform DER | sha256sum`` gives it."""
    return hashlib.sha256(key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).hexdigest()


def is_private(file: Path) -> bool:
    """Whether the file calls itself a private key."""
    return PRIVATE in _read(file)


def open_private(file: Path, passphrase: Passphrase) -> SigningKey:
    """The private key of a file, ``passphrase`` being asked where it is protected by one.

    Raises :class:`SartoError` where the file is none, the passphrase is wrong, or everybody on this machine can read
    or replace the key, and no passphrase protects it.
    """
    content = _read(file)
    try:
        key, is_protected = _private(content, file, passphrase)
    except (ValueError, UnsupportedAlgorithm) as error:
        hint = "a private key in PEM, as 'sarto key new' makes it"
        raise SartoError("this is no private key", where=str(file), hint=hint) from error
    if not isinstance(key, Ed25519PrivateKey):
        raise SartoError("this private key is not one of Ed25519", where=str(file), hint="make one with: sarto key new")
    if not is_protected:
        _check_mode(file)
    public = key.public_key()
    return SigningKey(algorithm=ALGORITHM, id=public_id(public), public=public.public_bytes_raw(), sign=key.sign)


def _private(content: bytes, file: Path, passphrase: Passphrase) -> tuple[object, bool]:
    """The key, and whether a passphrase protects it."""
    try:
        return load_pem_private_key(content, None), False
    except TypeError:  # what cryptography raises for a key that is protected
        words = passphrase(file)
    try:
        return load_pem_private_key(content, words.encode()), True
    except (ValueError, TypeError) as error:
        raise SartoError("the passphrase is not that of this key", where=str(file)) from error


def _check_mode(file: Path) -> None:
    said = file.stat()
    if os.name == "posix" and stat.S_ISREG(said.st_mode) and said.st_mode & (stat.S_IROTH | stat.S_IWOTH):
        can = "replace" if said.st_mode & stat.S_IWOTH else "read"
        hint = f"chmod 600 {file}, and make a new pair if that may have happened: sarto key new"
        raise SartoError(f"everybody on this machine can {can} this private key", where=str(file), hint=hint)


def open_public(file: Path) -> VerifyingKey:
    """The public key of a file. Raises :class:`SartoError` where the file is none."""
    content = _read(file)
    try:
        key = load_pem_public_key(content)
    except (ValueError, UnsupportedAlgorithm) as error:
        private = PRIVATE in content
        hint = f"name the public one: {file.with_suffix('.pub')}" if private else "a public key in PEM"
        what = "this is a private key, where a public one belongs" if private else "this is no public key"
        raise SartoError(what, where=str(file), hint=hint) from error
    if not isinstance(key, Ed25519PublicKey):
        raise SartoError("this public key is not one of Ed25519", where=str(file))
    public = key

    def verify(content: bytes, signature: bytes) -> bool:
        try:
            public.verify(signature, content)
        except InvalidSignature:
            return False
        return True

    return VerifyingKey(algorithm=ALGORITHM, id=public_id(public), public=public.public_bytes_raw(), verify=verify)


def _read(file: Path) -> bytes:
    try:
        with file.open("rb") as stream:
            return stream.read(LARGEST)
    except OSError as error:
        hint = "make one with: sarto key new" if isinstance(error, FileNotFoundError) else ""
        raise SartoError(f"the key cannot be read: {error.strerror}", where=str(file), hint=hint) from error
