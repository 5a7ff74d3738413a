"""What a line asks for: the requirements of its core and of each feature, with where they stand."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import NormalizedName, canonicalize_name

from ..errors import Place, SartoError, raise_all
from ..model.line import LineDescription
from ..model.names import key_text

__all__ = ["Asked", "LineRequest", "read_request"]


@dataclass(frozen=True, slots=True)
class Asked:
    """One requirement, who asks for it (an empty text for the core), and where it stands."""

    requirement: Requirement
    feature: str
    where: Place

    @property
    def name(self) -> NormalizedName:
        """The part's name as the index compares it."""
        return canonicalize_name(self.requirement.name)


@dataclass(frozen=True, slots=True)
class LineRequest:
    """Everything that a line asks for. ``extras`` maps each feature with parts to the name that it has in the lock."""

    core: tuple[Asked, ...]
    features: Mapping[str, tuple[Asked, ...]]
    extras: Mapping[str, str]

    def __iter__(self) -> Iterator[Asked]:
        yield from self.core
        for asked in self.features.values():
            yield from asked

    def of_extra(self, extra: str) -> str:
        """The feature behind a name in the lock."""
        return next(feature for feature, name in self.extras.items() if name == extra)


def read_request(line: LineDescription) -> LineRequest:
    """Read the requirements of the line's core and features, in the order of the tree. Raises :class:`SartoErrors`."""
    errors: list[SartoError] = []
    core = _read(line.core.parts, "", Place(line.file, "core.parts"), errors)
    features = {}
    for name in line.model.preorder():
        feature = line.model.features[name]
        if feature.delivery.parts:
            where = (feature.where if feature.where.key else Place(line.file, f"features.{key_text(name)}")).at("parts")
            features[name] = _read(feature.delivery.parts, name, where, errors)
    raise_all(errors)
    return LineRequest(core, features, _extra_names(features))


def _read(texts: Iterable[str], feature: str, where: Place, errors: list[SartoError]) -> tuple[Asked, ...]:
    found = []
    for index, text in enumerate(texts):
        place = where.at(f"[{index}]")
        try:
            requirement = Requirement(text)
        except InvalidRequirement as error:
            reason = str(error).partition("\n")[0]
            errors.append(
                SartoError(f"'{text}' is not a requirement: {reason}", where=place, hint="such as 'datasette>=0.65,<1'")
            )
            continue
        if requirement.url and not urlsplit(requirement.url).path.endswith(".whl"):
            errors.append(_is_source(requirement, place))
        found.append(Asked(requirement, feature, place))
    return tuple(found)


def _is_source(requirement: Requirement, place: Place) -> SartoError:
    """A repository, a folder or a source distribution has no hash of a wheel that a lock could name."""
    return SartoError(
        f"'{requirement.url}' is a source of part '{requirement.name}', and builds are made of wheels",
        where=place,
        hint=f"build its wheel (pip wheel --no-deps -w wheels '{requirement}'), name that folder in [core] sources, "
        f"and ask for '{requirement.name}' by its name",
    )


def _extra_names(features: Iterable[str]) -> dict[str, str]:
    """Names that a lock can hold, each like its feature's and different from the others."""
    taken: dict[str, str] = {}
    for feature in features:
        plain = unicodedata.normalize("NFKD", feature).encode("ascii", "ignore").decode().lower()
        stem = re.sub("[^a-z0-9]+", "-", plain).strip("-") or "feature"
        name, count = stem, 1
        while name in taken:
            count += 1
            name = f"{stem}-{count}"
        taken[name] = feature
    return {feature: name for name, feature in taken.items()}
