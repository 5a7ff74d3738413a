"""Checks Ed25519 signatures (RFC 8032, section 5.1) in plain Python: a product needs nothing beyond pluggy.

Only what is public is handled here, so that how long it takes tells nobody anything: some milliseconds.
"""

from __future__ import annotations

from hashlib import sha512

__all__ = ["is_signed"]

PRIME = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, -1, PRIME) % PRIME
ROOT = pow(2, (PRIME - 1) // 4, PRIME)

Point = tuple[int, int, int, int]
"""A point of the curve in extended coordinates: x = X/Z, y = Y/Z, xy = T/Z."""
NEUTRAL: Point = (0, 1, 1, 0)


def is_signed(message: bytes, signature: bytes, key: bytes) -> bool:
    """Whether ``signature`` (64 bytes) is one of ``message`` by the holder of the public ``key`` (32 bytes)."""
    if len(signature) != 64 or len(key) != 32:
        return False
    public, commitment = _decoded(key), _decoded(signature[:32])
    scalar = int.from_bytes(signature[32:], "little")
    if public is None or commitment is None or scalar >= ORDER:
        return False
    challenge = int.from_bytes(sha512(signature[:32] + key + message).digest(), "little") % ORDER
    return _is_same(_times(scalar, BASE), _sum(commitment, _times(challenge, public)))


def _decoded(text: bytes) -> Point | None:
    """The point that 32 bytes stand for; None where they stand for none."""
    number = int.from_bytes(text, "little")
    sign, y = number >> 255, number & (1 << 255) - 1
    if y >= PRIME:
        return None
    square = (y * y - 1) * pow(D * y * y + 1, -1, PRIME) % PRIME
    x = pow(square, (PRIME + 3) // 8, PRIME)
    if (x * x - square) % PRIME:
        x = x * ROOT % PRIME
    if (x * x - square) % PRIME or (x == 0 and sign):
        return None
    if x & 1 != sign:
        x = PRIME - x
    return x, y, 1, x * y % PRIME


def _sum(first: Point, second: Point) -> Point:
    a = (first[1] - first[0]) * (second[1] - second[0]) % PRIME
    b = (first[1] + first[0]) * (second[1] + second[0]) % PRIME
    c = 2 * first[3] * second[3] * D % PRIME
    d = 2 * first[2] * second[2] % PRIME
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % PRIME, g * h % PRIME, f * g % PRIME, e * h % PRIME


def _times(scalar: int, point: Point) -> Point:
    found = NEUTRAL
    while scalar:
        if scalar & 1:
            found = _sum(found, point)
        point = _sum(point, point)
        scalar >>= 1
    return found


def _is_same(first: Point, second: Point) -> bool:
    return not (
        (first[0] * second[2] - second[0] * first[2]) % PRIME or (first[1] * second[2] - second[1] * first[2]) % PRIME
    )


def _base() -> Point:
    y = 4 * pow(5, -1, PRIME) % PRIME
    found = _decoded(y.to_bytes(32, "little"))
    if found is None:
        raise ArithmeticError("the base point is a point of the curve")
    return found


BASE = _base()
