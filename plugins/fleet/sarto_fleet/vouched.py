"""How the builds of a fleet are vouched for: what is asked for, what a build has, and what it must not lose."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from sarto.errors import SartoError

if TYPE_CHECKING:
    from sarto.commands import Application
    from sarto.derive.vouching import Vouching

__all__ = ["asked_vouching", "is_vouched", "provenance_of", "vouching_for", "vouching_options"]


def vouching_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options that ``sarto build`` has for it."""
    path = click.Path(path_type=Path)
    sign = click.option("--sign", metavar="KEY", type=path, help="Sign the builds with this private key.")
    said = "Say in the builds how they came about; --sign does, too."
    return sign(click.option("--provenance", is_flag=True, help=said)(command))


def asked_vouching(application: Application, sign: Path | None, provenance: bool) -> Vouching:
    """What the options ask for, the key opened once for all builds. Raises SartoError for a file that is no key."""
    from sarto.derive.vouching import Vouching

    key = application.plugins.signer().private(sign) if sign else None
    return Vouching(key=key, provenance=provenance)


def is_vouched(build: Path, asked: Vouching) -> bool:
    """Whether the build has what is asked for; nobody minds what it has beyond that."""
    from sarto.derive.signature import read_signature
    from sarto.derive.sums import SIGNATURE

    if asked.key is None:
        return _has_provenance(build) or not asked.provenance
    try:
        return read_signature((build / SIGNATURE).read_bytes()).key == asked.key.id and _has_provenance(build)
    except (OSError, SartoError):
        return False


def vouching_for(build: Path, asked: Vouching) -> Vouching:
    """How the build that takes the place of ``build`` is vouched for: it keeps the provenance of the one before.

    Raises SartoError where that is signed, and the new one would not be.
    """
    from sarto.derive.sums import SIGNATURE
    from sarto.derive.vouching import Vouching

    if asked.key is None and (build / SIGNATURE).exists():
        what = "the build that is there is signed, and the new one would not be"
        raise SartoError(what, where=str(build), hint="name the private key: --sign KEY")
    return Vouching(key=asked.key, provenance=asked.provenance or _has_provenance(build))


def provenance_of(build: Path) -> bytes | None:
    """What the provenance of the build states, signed or not; None where it has none that can be read."""
    from sarto.derive.envelope import read_envelope
    from sarto.derive.vouching import ATTESTATION, PROVENANCE

    try:
        if (build / PROVENANCE).is_file():
            return (build / PROVENANCE).read_bytes()
        return read_envelope((build / ATTESTATION).read_bytes()).payload
    except (OSError, SartoError):
        return None


def _has_provenance(build: Path) -> bool:
    from sarto.derive.vouching import PROVENANCES

    return any((build / name).is_file() for name in PROVENANCES)
