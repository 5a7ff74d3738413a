"""``SHA256SUMS``: the hash of every other file of a build."""

from __future__ import annotations

__all__ = ["SUMS", "parse_sums"]

SUMS = "SHA256SUMS"


def parse_sums(text: str) -> dict[str, str]:
    """Path to hash. Raises :class:`ValueError` where a line is none."""
    sums = {}
    for line in text.splitlines():
        digest, separator, name = line.partition("  ")
        if len(digest) != 64 or not separator:
            raise ValueError(f"not a line of sums: {line[:80]!r}")
        sums[name] = digest
    return sums
