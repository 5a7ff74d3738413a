"""``SHA256SUMS``: the hash of every other file of a build but its signature, which is the configurator's to check."""

from __future__ import annotations

__all__ = ["SIGNATURE", "SUMS", "parse_sums"]

SUMS = "SHA256SUMS"
SIGNATURE = "SHA256SUMS.sig"


def parse_sums(text: str) -> dict[str, str]:
    """Path to hash. Raises :class:`ValueError` where a line is none."""
    sums = {}
    for line in text.splitlines():
        digest, separator, name = line.partition("  ")
        if len(digest) != 64 or not separator:
            raise ValueError(f"not a line of sums: {line[:80]!r}")
        sums[name] = digest
    return sums
