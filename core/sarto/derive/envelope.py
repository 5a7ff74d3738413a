"""Signed statements: the DSSE envelope (v1.0.2 of its protocol), in which in-toto attestations are handed out."""

from __future__ import annotations

import base64
import binascii
import json
from dataclasses import dataclass

from ..errors import SartoError
from .signature import SigningKey, VerifyingKey

__all__ = ["Envelope", "envelope_fault", "envelope_of", "read_envelope"]

PAYLOAD_TYPE = "application/vnd.in-toto+json"


@dataclass(frozen=True, slots=True)
class Envelope:
    """A statement's bytes, and signatures by the ids of their keys."""

    payload: bytes
    signatures: tuple[tuple[str, bytes], ...]


def envelope_of(payload: bytes, key: SigningKey) -> bytes:
    """The envelope around a statement, signed, as a line of JSON; the same statement and key give the same bytes."""
    return _written(Envelope(payload, ((key.id, key.sign(_signed(payload))),)))


def _written(envelope: Envelope) -> bytes:
    content = {
        "payload": _base64(envelope.payload),
        "payloadType": PAYLOAD_TYPE,
        "signatures": [{"keyid": name, "sig": _base64(value)} for name, value in envelope.signatures],
    }
    return f"{json.dumps(content, separators=(',', ':'))}\n".encode()


def _base64(content: bytes) -> str:
    return base64.b64encode(content).decode("ascii")


def read_envelope(content: bytes) -> Envelope:
    """Take an envelope apart. Raises :class:`SartoError` where it is none, or is of something else.

    So it does where one byte is not as :func:`envelope_of` writes it: no signature is of what stands around.
    """
    try:
        said = json.loads(content)
        payload = base64.b64decode(said["payload"], validate=True)
        signatures = tuple(
            (str(each["keyid"]), base64.b64decode(each["sig"], validate=True)) for each in said["signatures"]
        )
        kind = said["payloadType"]
    except (ValueError, KeyError, TypeError, RecursionError, binascii.Error) as error:
        raise SartoError("is no signed statement (DSSE)") from error
    if kind != PAYLOAD_TYPE or not signatures:
        raise SartoError("is no signed statement (DSSE) of in-toto")
    envelope = Envelope(payload, signatures)
    if _written(envelope) != content:
        raise SartoError("holds more than a signed statement (DSSE), or is written in another way")
    return envelope


def envelope_fault(envelope: Envelope, key: VerifyingKey) -> str:
    """What is wrong with its signature, as the holder of the public key sees it; empty where it is good."""
    found = [value for name, value in envelope.signatures if name == key.id]
    if not found:
        return f"was signed with the key {envelope.signatures[0][0]}, and the key asked for is {key.id}"
    if not any(key.verify(_signed(envelope.payload), value) for value in found):
        return f"is not what the key {key.id} signed"
    return ""


def _signed(payload: bytes) -> bytes:
    """What the signature is of: DSSE's pre-authentication encoding."""
    kind = PAYLOAD_TYPE.encode()
    return b"DSSEv1 %d %s %d %s" % (len(kind), kind, len(payload), payload)
