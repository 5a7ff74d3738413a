"""Vouching for what is handed out: its provenance and signature, in a folder, or beside a file."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from ..errors import SartoError
from .envelope import envelope_fault, envelope_of, read_envelope
from .files import file_digest, refusals
from .plan import Plan
from .provenance import read_statement, statement, statement_faults
from .signature import ENDING, SigningKey, VerifyingKey, file_line, read_signature, signature_of
from .sums import SIGNATURE, SUMS, read_sums, sums_text

__all__ = [
    "ATTESTATION",
    "COMPANIONS",
    "NOTHING",
    "PROVENANCE",
    "PROVENANCES",
    "Vouching",
    "drop_companions",
    "provenance_faults",
    "vouch_for",
    "vouched",
]

PROVENANCE, ATTESTATION = "provenance.json", "provenance.intoto.jsonl"
PROVENANCES = (PROVENANCE, ATTESTATION)
"""The statement in a folder, without a signature and with one; a build has one of them at most."""
COMPANIONS = (ENDING, f".{PROVENANCE}", f".{ATTESTATION.partition('.')[2]}")
"""What the names of files beside a build in one file add to its name: signature, provenance, signed provenance."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Vouching:
    """What goes with a build: the signatures of a key, where there is one, and the provenance."""

    key: SigningKey | None = None
    provenance: bool = False

    @property
    def is_nothing(self) -> bool:
        """Whether builds are handed out as they are."""
        return self.key is None and not self.provenance


NOTHING = Vouching()


def vouch_for(made: Path, plan: Plan, vouching: Vouching) -> tuple[Path, ...]:
    """Vouch for a folder with sums, or a file, that was made by the plan; the new files beside it.

    In a folder the provenance is about all files that the sums name, and then named there itself; what is signed is the
    sums. A folder without sums is left as it is. A build that is signed has its provenance, too. Raises
    :class:`SartoError` where the file system refuses.
    """
    if vouching.is_nothing:
        return ()
    with refusals(f"vouching for '{made.name}'"):
        if not made.is_dir():
            return _beside(made, plan, vouching.key)
        if (made / SUMS).is_file():
            for name, content in vouched(read_sums(made / SUMS), plan, vouching).items():
                (made / name).write_bytes(content)
        return ()


def vouched(sums: Mapping[str, str], plan: Plan, vouching: Vouching) -> dict[str, bytes]:
    """Their sums, for a build of files with these hashes, by their paths; with what vouches for it, by its name."""
    if vouching.is_nothing:
        return {SUMS: sums_text(sums)}
    key, subjects = vouching.key, {name: digest for name, digest in sorted(sums.items()) if name not in PROVENANCES}
    said = statement(plan, subjects)
    name, content = (ATTESTATION, envelope_of(said, key)) if key else (PROVENANCE, said)
    text = sums_text({**subjects, name: hashlib.sha256(content).hexdigest()})
    return {name: content, SUMS: text, **({SIGNATURE: signature_of(text, key)} if key else {})}


def _beside(made: Path, plan: Plan, key: SigningKey | None) -> tuple[Path, ...]:
    said = statement(plan, {made.name: file_digest(made)})
    signature, plain, signed = (made.with_name(f"{made.name}{ending}") for ending in COMPANIONS)
    if key is None:
        plain.write_bytes(said)
        return (plain,)
    signed.write_bytes(envelope_of(said, key))
    signature.write_bytes(signature_of(file_line(made), key))
    return signed, signature


def provenance_faults(
    content: bytes,
    subjects: Mapping[str, str],
    parts: Mapping[str, str] | None,
    key: VerifyingKey | None,
    *,
    is_signed: bool,
) -> list[str]:
    """What is wrong with a statement, in an envelope where it ``is_signed``; its signature is checked with a ``key``.

    ``subjects`` are the files that it has to be about, ``parts`` those that it has to name (None: not known).
    """
    try:
        envelope = read_envelope(content) if is_signed else None
        if envelope and key and (fault := envelope_fault(envelope, key)):
            return [fault]
        said = read_statement(envelope.payload if envelope else content)
    except SartoError as error:
        return [error.what]
    return statement_faults(said, subjects, parts)


def drop_companions(file: Path, coming: tuple[Path, ...]) -> None:
    """Remove what vouches for the file that is replaced; what Sarto did not make stays.

    Raises :class:`SartoError` where that stands in the way of what is ``coming`` beside the new file.
    """
    for ending, read in zip(COMPANIONS, (read_signature, read_statement, read_envelope), strict=True):
        if not os.path.isfile(f"{file}{ending}"):  # noqa: PTH113  (for each build in one file)
            continue
        beside = file.with_name(f"{file.name}{ending}")
        with refusals(f"removing '{beside}'"):
            try:
                read(beside.read_bytes())
            except SartoError as error:
                if beside.name in {path.name for path in coming}:
                    what = f"'{beside}' is there already, and Sarto did not make it"
                    raise SartoError(what, hint="move it away, or name another folder with -o") from error
                continue
            beside.unlink()
