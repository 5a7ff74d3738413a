"""What is wrong with a file that a plugin reads, and what is only odd: gathered, counted, said once."""

from __future__ import annotations

from ..errors import MoreErrors, Place, SartoError, raise_all

__all__ = ["MOST_ERRORS", "Gathered"]

MOST_ERRORS = 100


class Gathered:
    """The faults of one reading of one file.

    The first ``MOST_ERRORS`` errors are kept and the rest is counted. An oddity, where the format is broken
    but the meaning is plain, is an error only in a ``strict`` reading; else the first of each kind becomes a
    warning that counts the others.
    """

    def __init__(self, strict: bool = False) -> None:
        self.is_strict = strict
        self.count = 0
        self._kept: list[SartoError] = []
        self._odd: dict[str, tuple[SartoError, int]] = {}

    def error(self, what: str, where: Place, hint: str = "") -> None:
        """Take note of one error."""
        self.count += 1
        if len(self._kept) < MOST_ERRORS:
            self._kept.append(SartoError(what, where=where, hint=hint))

    def add(self, error: SartoError) -> None:
        """Take note of an error, or of several in one."""
        self.count += len(error.errors)
        self._kept += error.errors[: MOST_ERRORS - len(self._kept)]

    @property
    def is_full(self) -> bool:
        """Whether as many errors are kept as will be told, so that others need only be counted."""
        return len(self._kept) >= MOST_ERRORS

    def count_further(self, number: int) -> None:
        """Count errors that are not told."""
        self.count += number

    def oddity(self, kind: str, what: str, where: Place, hint: str = "") -> None:
        """Take note of something that a strict reading refuses; ``kind`` is what others like it have in common."""
        if self.is_strict:
            self.error(what, where, hint)
        else:
            self.warning(kind, what, where, hint)

    def warning(self, kind: str, what: str, where: Place, hint: str = "") -> None:
        """Take note of something that is allowed, but hardly meant or not kept."""
        first, count = self._odd.get(kind, (None, 0))
        self._odd[kind] = (first or SartoError(what, where=where, hint=hint), count + 1)

    @property
    def warnings(self) -> tuple[SartoError, ...]:
        """What was odd, in the order in which it was met."""
        return tuple(_counted(first, count) for first, count in self._odd.values())

    def raise_found(self) -> None:
        """Raise the errors, if there are any, in the order in which they stand in the file."""
        kept = sorted(self._kept, key=_position)
        if self.count > len(kept):
            where = kept[0].where if isinstance(kept[0].where, Place) else Place()
            kept.append(MoreErrors(self.count - len(kept), where=Place(where.file)))
        raise_all(kept)


def _position(error: SartoError) -> tuple[int, int]:
    where = error.where if isinstance(error.where, Place) else Place()
    return where.line or 0, where.column or 0


def _counted(first: SartoError, count: int) -> SartoError:
    if count == 1:
        return first
    return SartoError(f"{first.what} (and {count - 1:,} more like this)", where=first.where, hint=first.hint)
