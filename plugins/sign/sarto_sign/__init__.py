"""The feature ``sign`` of Sarto: builds that are signed with Ed25519, and the keys for it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from sarto.hooks import Signer, hookimpl

if TYPE_CHECKING:
    import click
    from sarto.derive.signature import SigningKey, VerifyingKey

__all__ = ["sarto_commands", "sarto_signers"]

__version__ = "0.1.0"


@hookimpl
def sarto_signers() -> Sequence[Signer]:
    """Signatures by Ed25519 (RFC 8032), with keys in PEM files."""
    return [Signer(name="ed25519", private=_private, public=_public)]


@hookimpl
def sarto_commands() -> Sequence[click.Command]:
    """``sarto key`` and ``sarto licence``."""
    from .command import key
    from .licence import licence

    return [key, licence]


def _private(file: Path) -> SigningKey:
    from .keys import open_private
    from .passphrase import asked

    return open_private(file, asked)


def _public(file: Path) -> VerifyingKey:
    from .keys import open_public

    return open_public(file)
