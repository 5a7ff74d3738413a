"""What ``pytest --markers`` says of the marker of products."""

from __future__ import annotations

__all__ = ["MARKER"]

MARKER = "features(expression): run the test only in products where the expression over the line's features holds."
