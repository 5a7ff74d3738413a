"""The parts of one line for one target: what each feature needs, and the wheels of it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from urllib.parse import urlsplit

from ..errors import SartoError, raise_all
from ..model.feature_model import FeatureModel
from ..solve.words import joined
from ..solve.words import shown as shown_name
from .camp_locks import LineLock
from .classes import version_classes
from .closure import best_wheel
from .credentials import without_user
from .exclusion import keeping_apart
from .fetch import fetch
from .lockfile import LockedPackage, LockedWheel
from .plan import Part, ResolvedTarget
from .progress import Progress, quiet
from .project import WHEELS
from .projection import CORE, Needed, Projection, project
from .request import LineRequest
from .store import PartStore
from .uv_words import WHEELHOUSE_HINT
from .wheel import wheel_name

__all__ = ["Catalog", "public_url"]

Version = tuple[str, str]

NONE: frozenset[str] = frozenset()

KEPT = 10_000
"""So many parts are kept as somebody needs them: customers without end take no more memory."""

SHOWN = 4
"""How many of the platforms that a part has wheels for an error names."""


@dataclass(frozen=True, slots=True)
class _Shelf:
    """A projection with the parts that builds took from it so far, by package, as nobody needs them yet.

    ``asked`` has them by those who need them, too: customers do in few ways.
    """

    projection: Projection
    parts: dict[int, Part] = field(default_factory=dict)
    asked: dict[tuple[int, int], Part] = field(default_factory=dict)
    wheels: dict[int, LockedWheel] = field(default_factory=dict)

    def part(self, index: int, by: int) -> Part:
        """A part that was taken, as those need it whose bits are given."""
        plain = self.parts[index]
        by = self.projection.telling(index, by)
        known = self.asked.get((index, by))
        if known is not None and known.path is plain.path:
            return known
        each = self.projection.needed(index, by)
        found = replace(plain, features=each.features, requires=each.requires)
        if len(self.asked) >= KEPT:
            self.asked.clear()
        self.asked[index, by] = found
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalog:
    """A locked line, seen from one target. ``lock_text`` is its lock, to be kept beside the line as ``sarto.lock``.

    What a build needs is found once for each feature and kept, so that a further build costs little.
    """

    target: ResolvedTarget
    request: LineRequest
    locked: LineLock
    store: PartStore
    model: FeatureModel
    _shelves: dict[frozenset[str], _Shelf] = field(init=False, default_factory=dict, repr=False, compare=False)
    _digests: list[str] = field(init=False, default_factory=list, repr=False, compare=False)
    _needs: dict[Version, Needed] = field(init=False, default_factory=dict, repr=False, compare=False)

    @property
    def lock_text(self) -> str:
        """uv's lock file of the whole line."""
        return self.locked.text

    @property
    def digest(self) -> str:
        """The sha256 of what says which parts a build gets: the target, the lock, and the wheels of sources in it."""
        if not self._digests:
            sources = sorted([wheel.filename, wheel.sha256] for wheel in self.locked.source_wheels.values())
            said = [self.target.python, self.target.platform, self.lock_text, sources]
            self._digests.append(hashlib.sha256(json.dumps(said).encode()).hexdigest())
        return self._digests[0]

    def parts(self, features: Iterable[str], progress: Progress = quiet) -> tuple[Part, ...]:
        """The parts of a build with these features, sorted by name, all of them in the store.

        Raises :class:`SartoErrors` with every part that has no wheel for the target, or the error of the first
        wheel that cannot be had.
        """
        wanted = frozenset(features)
        return self._parts(self._shelf(wanted), wanted, progress)

    def _parts(self, shelf: _Shelf, wanted: Iterable[str], progress: Progress) -> tuple[Part, ...]:
        chosen = shelf.projection.chosen(shelf.projection.askers(wanted))
        absent = [each for each in chosen if not self._is_there(shelf.parts.get(each[0]))]
        if absent:
            missing = {index: shelf.projection.needed(index, by) for index, by in absent}
            wheels = self._choose(missing.values())
            fetched = fetch(tuple(wheels.values()), self.store, progress)
            for index, each in missing.items():
                wheel = wheels[_version(each.package)]
                shelf.parts[index] = _part(each.package, wheel, *fetched[wheel.filename])
        return tuple(shelf.part(index, by) for index, by in chosen)

    def wheels(self, features: Iterable[str]) -> tuple[LockedWheel, ...]:
        """The wheels of a build with these features, by the names of their parts; none is fetched for that.

        Raises :class:`SartoErrors` with every part that has no wheel for the target.
        """
        wanted = frozenset(features)
        shelf = self._shelf(wanted)
        chosen = [index for index, _ in shelf.projection.chosen(shelf.projection.askers(wanted))]
        missing = {index: shelf.projection.packages[index] for index in chosen if index not in shelf.wheels}
        if missing:
            found = self._choose([Needed(package, (), ()) for package in missing.values()])
            shelf.wheels.update({index: found[_version(package)] for index, package in missing.items()})
        return tuple(map(shelf.wheels.__getitem__, chosen))

    @property
    def versions_depend_on(self) -> tuple[str, ...]:
        """The features by which the lock tells several versions of a part apart."""
        return tuple(name for name, extra in self.request.extras.items() if extra in self.locked.telling)

    def projection(self, features: Iterable[str]) -> Projection:
        """What the core and each feature need in builds that have these of the features on which versions depend."""
        return self._shelf(frozenset(features)).projection

    def locked_wheel(self, package: LockedPackage) -> LockedWheel:
        """The wheel of a package for the target. Raises SartoError where none fits it."""
        (wheel,) = self._choose([Needed(package, (), ())]).values()
        return wheel

    def wheel_of(self, package: LockedPackage) -> Path:
        """The same wheel in the store. Raises SartoError where it is not there."""
        wheel = self.locked_wheel(package)
        found = self.store.find(wheel.sha256, wheel.filename)
        if found is None:
            raise SartoError(f"'{wheel.filename}' is not in the part store", hint="check the line again to fetch it")
        return found

    def fetch_all(self, progress: Progress = quiet) -> None:
        """Bring the parts of every feature into the store; the same errors as :meth:`parts`."""
        fetch(self._every_wheel(), self.store, progress)

    def every_part(self, progress: Progress = quiet) -> tuple[Part, ...]:
        """The parts of all features, sorted by name, each with all that need it; the errors of :meth:`parts`."""
        needed = self._every_one()
        wheels = self._choose(needed.values())
        fetched = fetch(tuple(wheels.values()), self.store, progress)
        parts = [
            replace(
                _part(each.package, wheels[version], *fetched[wheels[version].filename]),
                features=each.features,
                requires=each.requires,
            )
            for version, each in needed.items()
        ]
        return tuple(sorted(parts, key=lambda part: (part.name, part.version)))

    def check_all(self) -> None:
        """Raise :class:`SartoErrors` with every part of the line that has no wheel for the target; fetch nothing.

        Where only features together want such a part, it is told of these.
        """
        if not self.locked.lacking:
            self._every_wheel()
        errors: dict[tuple[Sequence[str], Version], SartoError] = {}
        for names, shelf in self._together(self.locked.lacking):
            for each in _needed(shelf, names):
                if self._lacks(each.package):
                    whose = tuple(names) if len(names) > 1 else ()
                    errors.setdefault((whose, _version(each.package)), self._no_wheel(each, whose))
        raise_all(errors.values())

    def wheelless(self) -> tuple[Version, ...]:
        """The name and version of each package of the line that has no wheel for the target."""
        return tuple(version for version, each in self._every_one().items() if self._lacks(each.package))

    def _every_wheel(self) -> tuple[LockedWheel, ...]:
        return tuple(self._choose(self._every_one().values()).values())

    def _every_one(self) -> dict[Version, Needed]:
        """Each package of the line, found once, with all features that need it by themselves, none where the core does.

        Classes and features are many, and packages few: what they need is only counted.
        """
        if not self._needs:
            found: dict[Version, tuple[Projection, int, int]] = {}
            askers: dict[Version, dict[str, None]] = {}
            for name, shelf in self._singly():
                projection = shelf.projection
                for index, by in projection.chosen(projection.askers([name])):
                    version = _version(projection.packages[index])
                    found[version] = projection, index, by
                    askers.setdefault(version, {})[CORE if by & projection.bits[CORE] else name] = None
            for version, (projection, index, by) in found.items():
                features = () if CORE in askers[version] else tuple(askers[version])
                self._needs[version] = replace(projection.needed(index, by), features=features)
        return self._needs

    def _lacks(self, package: LockedPackage) -> bool:
        return best_wheel(package, self.target.tags) is None

    def _singly(self) -> Iterator[tuple[str, _Shelf]]:
        """Each feature in each class of builds that has it: in another one it may need other versions of its parts."""
        for (name,), shelf in self._together([[name] for name in self.request.features or ("",)]):
            yield name, shelf

    def _together(self, sets: Iterable[Sequence[str]]) -> Iterator[tuple[Sequence[str], _Shelf]]:
        """Each set of features in each class of builds that has them all."""
        telling = self.versions_depend_on
        every = [*sets]
        for active in (version_classes(self.model, telling) or ((),)) if every else ():
            shelf = self._shelf(frozenset(active))
            for names in every:
                if all(name in active or name not in telling for name in names):
                    yield names, shelf

    def _shelf(self, features: frozenset[str]) -> _Shelf:
        """What the builds share that are alike in the features on which versions depend."""
        telling = self.locked.telling
        active = frozenset(name for name in features if self.request.extras.get(name) in telling) if telling else NONE
        shelf = self._shelves.get(active)
        if shelf is None:
            lock = self.locked.locks[self.locked.place_of(active)].lock
            projection = project(lock, self.request.extras, self.target.markers, sorted(active))
            shelf = self._shelves[active] = _Shelf(projection)
        return shelf

    def _is_there(self, part: Part | None) -> bool:
        return part is not None and self.store.is_unchanged(part.path)

    def _choose(self, needed: Iterable[Needed]) -> dict[Version, LockedWheel]:
        """The best wheel of each package. Raises :class:`SartoErrors` with all those that have none."""
        chosen: dict[Version, LockedWheel] = {}
        errors = []
        for each in needed:
            wheel = best_wheel(each.package, self.target.tags)
            if wheel is None:
                errors.append(self._no_wheel(each))
            else:
                chosen[_version(each.package)] = self._at_hand(each.package, wheel)
        raise_all(errors)
        return chosen

    def _at_hand(self, package: LockedPackage, wheel: LockedWheel) -> LockedWheel:
        """The wheel, taken from the store where it comes from the line's sources."""
        source = self.locked.source_wheels.get(wheel.filename)
        if source is None or package.origin != WHEELS:
            return wheel
        return LockedWheel(source.filename, source.sha256, path=source.path)

    def _no_wheel(self, needed: Needed, together: Sequence[str] = ()) -> SartoError:
        package = needed.package
        others = sorted({tag.split("-", 2)[2] for wheel in package.wheels for tag in wheel_name(wheel.filename).tags})
        shown = ", ".join(others[:SHOWN]) + (", …" if len(others) > SHOWN else "")
        has = f"it has some for {shown}" if others else "it has none at all"
        whose = f" (feature '{needed.features[0]}' needs it)" if needed.features and not together else ""
        what = (
            f"part '{package.name}' {package.version} has no wheel for Python {self.target.python} on "
            f"{self.target.platform}{whose}; {has}"
        )
        if together:
            return SartoError(
                f"features {joined(map(shown_name, together))} are allowed together, and no versions of their parts "
                f"that fit have wheels for all targets: {what}",
                where=self.model.features[together[-1]].where,
                hint=f"let the feature model say so: {keeping_apart(self.model, together)}",
            )
        return SartoError(
            what,
            where=next((each.where for each in self.request if each.name == package.name), None),
            hint=WHEELHOUSE_HINT.format(name=f"{package.name}=={package.version}"),
        )


def _needed(shelf: _Shelf, names: Iterable[str]) -> list[Needed]:
    """What the core and some features need, as these need it."""
    projection = shelf.projection
    return [projection.needed(*each) for each in projection.chosen(projection.askers(names))]


def _version(package: LockedPackage) -> Version:
    return package.name, package.version


def _part(package: LockedPackage, wheel: LockedWheel, path: Path, sha256: str) -> Part:
    return Part(
        name=package.name,
        version=package.version,
        filename=wheel.filename,
        sha256=sha256,
        size=path.stat().st_size,
        path=path,
        url=public_url(wheel.url),
    )


def public_url(url: str) -> str:
    """The URL of a wheel for other people to see: without a user, and none at all for a file on this machine."""
    return without_user(url) if urlsplit(url).scheme in ("http", "https") else ""
