"""Passwords: kept as argon2 hashes, checked with the same work whether or not there is such a user."""

from __future__ import annotations

from functools import cached_property

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sarto.errors import SartoError

__all__ = ["Passwords"]

SHORTEST = 8
LONGEST = 1024
"""In characters: of a longer one no hash is made, which would be work for nothing."""


class Passwords:
    """Hashing and checking, with argon2id (Biryukov, Dinu and Khovratovich, 2016).

    The parameters are those of the ``hasher``, by default the second choice of RFC 9106.
    """

    def __init__(self, hasher: PasswordHasher | None = None) -> None:
        self._hasher = hasher or PasswordHasher()

    def hashed(self, password: str) -> str:
        """The hash to keep. Raises SartoError for a password that is too short or too long to be one."""
        if len(password) < SHORTEST:
            raise SartoError(f"a password has at least {SHORTEST} characters")
        if len(password) > LONGEST:
            raise SartoError(f"a password has at most {LONGEST:,} characters")
        try:
            return self._hasher.hash(password)
        except UnicodeEncodeError:
            raise SartoError("this password has characters that cannot be encoded") from None

    def fits(self, password: str, hash: str | None) -> bool:
        """Whether it is the password of that hash; without one it takes as long to say no."""
        is_one = len(password) <= LONGEST
        try:
            self._hasher.verify(hash or self._nobodys, password if is_one else "")
        except (VerificationError, InvalidHashError, UnicodeEncodeError):
            return False
        return is_one and hash is not None

    def is_outdated(self, hash: str) -> bool:
        """Whether the hash was made with other parameters than hashes are made with now."""
        return self._hasher.check_needs_rehash(hash)

    @cached_property
    def _nobodys(self) -> str:
        return self._hasher.hash("the password of nobody")
