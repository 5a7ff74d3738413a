"""Profiles: how a selection and the files that it extends become one, and when they contradict one another.

A file overrides all that it extends, directly or through others. Of two files neither of which extends the
other, both have to say the same, unless a file that extends both decides. ``[prefer]`` counts as a whole.
"""

from __future__ import annotations

import os.path
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from pathlib import PurePath

from ..errors import Place, SartoError, raise_all
from .cosmetics import BrandValue
from .expression import Value
from .selection import Selection, Target, Wish
from .values import shown

__all__ = ["Left", "Preference", "Said", "SelectionFile", "Topic", "merge", "profile_path"]

Topic = tuple[str, str]


class Left(Enum):
    """In place of a feature's value: left to the end user."""

    OPEN = "left open"


@dataclass(frozen=True, slots=True)
class Preference:
    """What a file's ``[prefer]`` says."""

    minimise: tuple[str, ...]
    maximise: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Said:
    """One thing that a file says, and where."""

    value: Value | Left | Preference | Mapping[str, str]
    where: Place


@dataclass(frozen=True, slots=True)
class SelectionFile:
    """One file of a selection as it stands there.

    ``says`` maps topics to what is said of them: ``("select", feature)``, ``("brand", slot)``,
    ``("target", "python")``, ``("target", "platform")``, ``("prefer", "")``, ``("line", "")``,
    ``("customer", "")``, ``("language", "")``. ``extends`` are paths as they are written, relative to ``file``.
    """

    file: str
    extends: tuple[str, ...] = ()
    says: Mapping[Topic, Said] = field(default_factory=dict)


def profile_path(file: str, written: str) -> str:
    """The path of what ``file`` names as ``written``, seen from where ``file`` is seen from."""
    return os.path.normpath(PurePath(file).parent / written)


def merge(files: Sequence[SelectionFile]) -> Selection:
    """The selection that the files make together.

    The selection's own file is the last of them, and each file comes after those that it extends.
    Raises SartoError with every contradiction between profiles, and where nothing names the line or
    the customer.
    """
    own = files[-1]
    winners, errors = _settled(files) if len(files) > 1 else (dict(own.says), [])
    for topic, example in ((("line", ""), 'line = "../features.toml"'), (("customer", ""), 'customer = "Acme GmbH"')):
        if topic not in winners:
            errors.append(SartoError(f"'{topic[0]}' is missing", where=Place(own.file), hint=f"add {example}"))
    raise_all(errors)
    in_order = (topic for file in files for topic, said in file.says.items() if winners[topic] is said)
    return _selection(own, {topic: winners[topic] for topic in in_order})


def _settled(files: Sequence[SelectionFile]) -> tuple[dict[Topic, Said], list[SartoError]]:
    """What holds of each topic, and every contradiction between the files."""
    own = files[-1]
    above = _ancestors(files)
    topics = dict.fromkeys(topic for file in files for topic in file.says)
    winners: dict[Topic, Said] = {}
    errors: list[SartoError] = []
    for topic in topics:
        first, *others = _last_words(topic, files, above)
        winners[topic] = first[1]
        errors += (_contradiction(topic, own, first, other) for other in others if not _agree(topic, first, other))
    return winners, errors


def _ancestors(files: Sequence[SelectionFile]) -> dict[str, set[str]]:
    """For each file those that it extends, directly or through others."""
    above: dict[str, set[str]] = {}
    for file in files:
        direct = [profile_path(file.file, written) for written in file.extends]
        above[os.path.normpath(file.file)] = set(direct).union(*(above[path] for path in direct))
    return above


def _last_words(
    topic: Topic, files: Iterable[SelectionFile], above: Mapping[str, set[str]]
) -> list[tuple[SelectionFile, Said]]:
    """What is said of a topic and not overridden."""
    speakers = [file for file in files if topic in file.says]
    overridden = set[str]().union(*(above[os.path.normpath(file.file)] for file in speakers))
    return [(file, file.says[topic]) for file in speakers if os.path.normpath(file.file) not in overridden]


def _agree(topic: Topic, first: tuple[SelectionFile, Said], second: tuple[SelectionFile, Said]) -> bool:
    values = [said.value for _, said in (first, second)]
    if topic[0] == "line":
        values = [profile_path(file.file, str(said.value)) for file, said in (first, second)]
    return values[0] == values[1] and isinstance(values[0], bool) == isinstance(values[1], bool)


def _contradiction(
    topic: Topic, own: SelectionFile, first: tuple[SelectionFile, Said], second: tuple[SelectionFile, Said]
) -> SartoError:
    said = " and ".join(f"{_words(found.value)} in {found.where}" for _, found in (first, second))
    name = topic[1] or topic[0]
    return SartoError(
        f"two profiles disagree on '{name}': {said}",
        where=Place(own.file, "extends"), hint=f"decide '{name}' in {own.file}, or take one of the profiles out",
    )  # fmt: skip


def _words(value: Value | Left | Preference | Mapping[str, str]) -> str:
    match value:
        case Left():
            return value.value
        case Preference(minimise, maximise):
            goals = [f"minimise {', '.join(minimise)}"] * bool(minimise) + [f"maximise {', '.join(maximise)}"] * bool(
                maximise
            )
            return "; ".join(goals) or "no preference"
        case Mapping():
            return ", ".join(f"{shown(text)} in '{language}'" for language, text in value.items())
        case _:
            return shown(value)


def _selection(own: SelectionFile, said: Mapping[Topic, Said]) -> Selection:
    wishes: dict[str, Wish] = {}
    left_open: dict[str, Place] = {}
    for (kind, name), word in said.items():
        if kind == "select" and word.value is Left.OPEN:
            left_open[name] = word.where
        elif kind == "select" and not isinstance(word.value, Left | Preference | Mapping):
            wishes[name] = Wish(name, word.value, word.where)
    prefer = said["prefer", ""].value if ("prefer", "") in said else None
    minimise, maximise = (prefer.minimise, prefer.maximise) if isinstance(prefer, Preference) else ((), ())
    brand: dict[str, BrandValue] = {
        name: word.value if isinstance(word.value, Mapping) else str(word.value)
        for (kind, name), word in said.items() if kind == "brand"
    }  # fmt: skip
    texts = {topic: str(word.value) for topic, word in said.items() if topic[0] not in ("select", "prefer", "brand")}
    return Selection(
        line=_seen_from(own.file, said["line", ""]),
        customer=texts["customer", ""],
        file=own.file,
        extends=own.extends,
        wishes=wishes,
        open=left_open,
        minimise=minimise,
        maximise=maximise,
        language=texts.get(("language", ""), ""),
        brand=brand,
        consent={name: word.value is True for (kind, name), word in said.items() if kind == "consent"},
        target=Target(texts.get(("target", "python"), ""), texts.get(("target", "platform"), "")),
        places=dict(_places(said)),
    )


def _places(said: Mapping[Topic, Said]) -> Iterator[tuple[str, Place]]:
    for (kind, name), word in said.items():
        if kind != "select":
            yield (f"{kind}.{name}" if name else kind), word.where


def _seen_from(file: str, line: Said) -> str:
    """The path of the line as ``file`` would write it; as it is written where ``file`` wrote it."""
    written = str(line.value)
    if line.where.file == file or PurePath(written).is_absolute():
        return written
    path = profile_path(line.where.file, written)
    return PurePath(os.path.relpath(path, PurePath(file).parent)).as_posix()
