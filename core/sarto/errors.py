"""What Sarto says when it cannot go on: what is wrong, where, and how to mend it."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass

__all__ = ["MoreErrors", "Place", "SartoError", "SartoErrors", "did_you_mean", "raise_all"]

LONGEST_MISSPELT = 200


@dataclass(frozen=True, slots=True)
class Place:
    """A spot in something a person wrote.

    ``key`` is a TOML key path (``features.maps.parts[0]``); ``line`` and ``column`` count from 1,
    the column inside the value of ``key`` where there is a key and no line.
    """

    file: str = ""
    key: str = ""
    line: int | None = None
    column: int | None = None

    def __str__(self) -> str:
        spot = self.file
        if self.line is not None:
            spot += f":{self.line}" + (f":{self.column}" if self.column is not None else "")
        if self.key:
            spot += f"{': ' if spot else ''}{self.key}"
            if self.line is None and self.column is not None:
                spot += f", column {self.column}"
        return spot

    def at(self, key: str = "", *, column: int | None = None) -> Place:
        """The place of ``key`` below this one (``[0]`` joins without a dot), or a column of it."""
        joined = f"{self.key}{key}" if key.startswith("[") or not self.key else f"{self.key}.{key}"
        return Place(self.file, joined.rstrip("."), self.line, self.column if column is None else column)


class SartoError(Exception):
    """The user's input cannot be honoured.

    ``what`` is wrong with the value in hand, ``where`` it stands, and a ``hint`` that mends it.
    """

    def __init__(self, what: str, *, where: Place | str | None = None, hint: str = "") -> None:
        self.what = what
        self.where = where
        self.hint = hint
        super().__init__(what)

    @property
    def errors(self) -> tuple[SartoError, ...]:
        """The single errors: this one, or all those it gathers."""
        return (self,)

    def __reduce__(self) -> tuple[object, ...]:
        """As it is, for another process: the constructors of some kinds take other things than they keep."""
        return _as_it_was, (type(self), self.args, self.__dict__)

    def __str__(self) -> str:
        place = str(self.where) if self.where else ""
        text = f"{place}: {self.what}" if place else self.what
        return f"{text}\n  hint: {self.hint}" if self.hint else text


def _as_it_was(kind: type[SartoError], args: tuple[object, ...], state: dict[str, object]) -> SartoError:
    error = kind.__new__(kind, *args)
    error.args = args
    error.__dict__.update(state)
    return error


class SartoErrors(SartoError):
    """Several errors of one input, reported together, in the order in which they stand there."""

    def __init__(self, errors: Iterable[SartoError]) -> None:
        self._errors = tuple(single for error in errors for single in error.errors)
        super().__init__(f"{len(self._errors)} errors")

    @property
    def errors(self) -> tuple[SartoError, ...]:
        """The single errors, in order."""
        return self._errors

    def __str__(self) -> str:
        return "\n".join(str(error) for error in self._errors)


class MoreErrors(SartoError):
    """Stands behind the errors that are told, for the ``number`` of further ones that are not."""

    def __init__(self, number: int, *, where: Place | None = None) -> None:
        self.number = number
        super().__init__(f"and {number:,} more error{'' if number == 1 else 's'}", where=where)


def raise_all(errors: Iterable[SartoError]) -> None:
    """Raise nothing, the only error, or all of them as one :class:`SartoErrors`."""
    found = [single for error in errors for single in error.errors]
    if len(found) == 1:
        raise found[0]
    if found:
        raise SartoErrors(found)


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """``did you mean 'maps'?`` for the nearest of the ``known`` names, or an empty text.

    Nobody misspells a name of hundreds of characters: near ones are not looked for then, which would take
    time and memory without bound.
    """
    if len(name) > LONGEST_MISSPELT:
        return ""
    nearest = difflib.get_close_matches(
        name, [each for each in known if len(each) <= LONGEST_MISSPELT], n=1, cutoff=0.6
    )
    return f"did you mean '{nearest[0]}'?" if nearest else ""
