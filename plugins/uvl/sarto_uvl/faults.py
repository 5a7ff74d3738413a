"""What is wrong with the files of one reading, and what is only odd: gathered, counted, said once."""

from __future__ import annotations

from sarto.errors import MoreErrors, Place, SartoError, raise_all

__all__ = ["MOST_ERRORS", "Faults"]

MOST_ERRORS = 100


class Faults:
    """The faults of one reading.

    The first ``MOST_ERRORS`` errors are kept and the rest is counted. An oddity, where UVL's grammar is
    broken but the meaning is plain, is an error only in a ``strict`` reading; else the first of each
    kind in each file becomes a warning that counts the others.
    """

    def __init__(self, strict: bool) -> None:
        self.is_strict = strict
        self.count = 0
        self._kept: list[SartoError] = []
        self._oddities: dict[tuple[str, str], tuple[SartoError, int]] = {}

    def error(self, what: str, where: Place, hint: str = "") -> None:
        """Take note of one error."""
        self.count += 1
        if len(self._kept) < MOST_ERRORS:
            self._kept.append(SartoError(what, where=where, hint=hint))

    @property
    def is_full(self) -> bool:
        """Whether as many errors are kept as will be told, so that others need only be counted."""
        return len(self._kept) >= MOST_ERRORS

    def add(self, error: SartoError) -> None:
        """Take note of an error, or of several in one."""
        self.count += len(error.errors)
        self._kept += error.errors[: MOST_ERRORS - len(self._kept)]

    def oddity(self, kind: str, what: str, where: Place, hint: str = "") -> None:
        """Take note of something that a strict reading refuses; ``kind`` is what others like it have in common."""
        if self.is_strict:
            self.error(what, where, hint)
        else:
            self.warning(kind, what, where, hint)

    def warning(self, kind: str, what: str, where: Place, hint: str = "") -> None:
        """Take note of something that is allowed and hardly meant."""
        first, count = self._oddities.get((kind, where.file), (None, 0))
        self._oddities[kind, where.file] = (first or SartoError(what, where=where, hint=hint), count + 1)

    @property
    def warnings(self) -> tuple[SartoError, ...]:
        """What was odd or hardly meant, in the order in which it was met."""
        return tuple(_counted(first, count) for first, count in self._oddities.values())

    def raise_found(self) -> None:
        """Raise the errors, if there are any, in the order in which they stand in each file."""
        files = {_place(error).file: None for error in self._kept}
        order = {file: index for index, file in enumerate(files)}
        self._kept.sort(
            key=lambda error: (order[_place(error).file], _place(error).line or 0, _place(error).column or 0)
        )
        if self.count > len(self._kept):
            more = MoreErrors(self.count - len(self._kept), where=Place(next(iter(files))))
            raise_all([*self._kept, more])
        raise_all(self._kept)


def _place(error: SartoError) -> Place:
    return error.where if isinstance(error.where, Place) else Place()


def _counted(first: SartoError, count: int) -> SartoError:
    if count == 1:
        return first
    return SartoError(f"{first.what} (and {count - 1:,} more like this)", where=first.where, hint=first.hint)
