"""Lines that one lock cannot hold: which features each of several locks leaves out, so that the rest goes together."""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Iterable, Sequence

import tomli_w

from ..errors import SartoError

__all__ = ["MOST_LOCKS", "camps", "left_out", "split_text", "whole_text"]

MOST_LOCKS = 32
"""A line that would need more of them is refused: each one is resolved, and proved, by itself."""

FURTHER = "\n[[further]]\n"
"""Where, in the text of several locks, the first one ends."""


def camps(features: Sequence[str], apart: Iterable[Collection[str]]) -> tuple[tuple[str, ...], ...]:
    """The features that each of a line's locks leaves out; pairs are kept apart within a lock.

    Raises SartoError where there would be more than :data:`MOST_LOCKS`.
    """
    found = left_out(features, [each for each in apart if len(each) != 2])
    if found is None:
        raise SartoError(
            f"the line would need more than {MOST_LOCKS} locks: too many features exclude each other only three or "
            "more at a time, and need different versions of their parts",
            hint="loosen some of the requirements, or let two features of each such set exclude each other",
        )
    return found


def left_out(features: Sequence[str], discords: Iterable[Collection[str]]) -> tuple[tuple[str, ...], ...] | None:
    """The least sets of features without which no discord is whole, in the order of the features.

    One empty set where there is no discord; None where there are more than :data:`MOST_LOCKS`. Every choice of
    features that has no discord in it misses one of the sets. The least hitting sets, one discord after the other
    (Berge, 1989).
    """
    found: list[frozenset[str]] = [frozenset()]
    for discord in map(frozenset, discords):
        hitting = [each for each in found if each & discord]
        wider = {each | {name} for each in found if not each & discord for name in discord}
        found = hitting + [each for each in wider if not any(other <= each for other in hitting)]
        if len(found) > MOST_LOCKS:
            return None
    place = {name: index for index, name in enumerate(features)}
    return tuple(
        sorted(
            (tuple(sorted(each, key=place.__getitem__)) for each in found),
            key=lambda names: [*map(place.__getitem__, names)],
        )
    )


def whole_text(texts: Sequence[str]) -> str:
    """One TOML file of the texts of one or more locks; of one, its own text."""
    further = [FURTHER + tomli_w.dumps({"lock": text}, multiline_strings=True) for text in texts[1:]]
    return "".join((texts[0], *further))


def split_text(text: str) -> tuple[str, ...]:
    """The texts of the locks in such a file. Raises ValueError where it is no TOML."""
    first, found, _ = text.partition(FURTHER)
    further = tomllib.loads(text).get("further", ()) if found else ()
    return (first, *(str(each.get("lock", "")) for each in further))
