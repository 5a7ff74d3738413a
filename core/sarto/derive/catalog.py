"""The parts of one line for one target: what each feature needs, and the wheels of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from ..errors import SartoError, raise_all
from .closure import Reached, best_wheel, reach
from .fetch import fetch
from .lock import LineLock
from .lockfile import LockedPackage, LockedWheel
from .plan import Part, ResolvedTarget
from .progress import Progress, quiet
from .project import WHEELS
from .request import LineRequest
from .store import PartStore
from .uv_words import WHEELHOUSE_HINT
from .wheel import wheel_name

__all__ = ["Catalog"]

Version = tuple[str, str]

SHOWN = 4
"""How many of the platforms that a part has wheels for an error names."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalog:
    """A locked line, seen from one target. ``lock_text`` is its lock, to be kept beside the line as ``sarto.lock``."""

    target: ResolvedTarget
    request: LineRequest
    locked: LineLock
    store: PartStore

    @property
    def lock_text(self) -> str:
        """uv's lock file of the whole line."""
        return self.locked.text

    def parts(self, features: Iterable[str], progress: Progress = quiet) -> tuple[Part, ...]:
        """The parts of a build with these features, sorted by name, all of them in the store.

        Raises :class:`SartoErrors` with every part that has no wheel for the target, or the error of the first
        wheel that cannot be had.
        """
        found = self._reach(features)
        wheels = self._choose(found.values())
        there = fetch(tuple(wheels.values()), self.store, progress)
        return tuple(
            _part(reached, wheel, *there[wheel.filename])
            for _, reached in sorted(found.items())
            for wheel in (wheels[_version(reached)],)
        )

    def fetch_all(self, progress: Progress = quiet) -> None:
        """Bring the parts of every feature into the store; the same errors as :meth:`parts`."""
        fetch(self._every_wheel(), self.store, progress)

    def check_all(self) -> None:
        """Raise :class:`SartoErrors` with every part of the line that has no wheel for the target; fetch nothing."""
        self._every_wheel()

    def _every_wheel(self) -> tuple[LockedWheel, ...]:
        # One feature at a time: some may exclude each other and need different versions of a part.
        reached = [self._reach([feature]) for feature in self.request.features] or [self._reach(())]
        packages = {_version(each): each for found in reached for each in found.values()}
        return tuple(self._choose(packages.values()).values())

    def _reach(self, features: Iterable[str]) -> dict[str, Reached]:
        wanted = frozenset(features)
        in_order = [name for name in self.request.features if name in wanted]
        return reach(self.locked.lock, self.request.extras, self.target.markers, in_order)

    def _choose(self, reached: Iterable[Reached]) -> dict[Version, LockedWheel]:
        """The best wheel of each package. Raises :class:`SartoErrors` with all those that have none."""
        chosen: dict[Version, LockedWheel] = {}
        errors = []
        for each in reached:
            wheel = best_wheel(each.package, self.target.tags)
            if wheel is None:
                errors.append(self._no_wheel(each))
            else:
                chosen[_version(each)] = self._at_hand(each.package, wheel)
        raise_all(errors)
        return chosen

    def _at_hand(self, package: LockedPackage, wheel: LockedWheel) -> LockedWheel:
        """The wheel, taken from the store where it comes from the line's sources."""
        source = self.locked.source_wheels.get(wheel.filename)
        if source is None or package.origin != WHEELS:
            return wheel
        return LockedWheel(source.filename, source.sha256, path=source.path)

    def _no_wheel(self, reached: Reached) -> SartoError:
        package = reached.package
        others = sorted({tag.split("-", 2)[2] for wheel in package.wheels for tag in wheel_name(wheel.filename).tags})
        shown = ", ".join(others[:SHOWN]) + (", …" if len(others) > SHOWN else "")
        has = f"it has some for {shown}" if others else "it has none at all"
        needed = f" (feature '{next(iter(reached.features))}' needs it)" if reached.features else ""
        return SartoError(
            f"part '{package.name}' {package.version} has no wheel for Python {self.target.python} on "
            f"{self.target.platform}{needed}; {has}",
            where=next((each.where for each in self.request if each.name == package.name), None),
            hint=WHEELHOUSE_HINT.format(name=f"{package.name}=={package.version}"),
        )


def _version(reached: Reached) -> Version:
    return reached.package.name, reached.package.version


def _part(reached: Reached, wheel: LockedWheel, path: Path, sha256: str) -> Part:
    return Part(
        name=reached.package.name,
        version=reached.package.version,
        filename=wheel.filename,
        sha256=sha256,
        size=path.stat().st_size,
        path=path,
        features=tuple(reached.features),
        requires=tuple(sorted(reached.requires)),
        url=_public(wheel.url),
    )


def _public(url: str) -> str:
    """The URL of a wheel for other people to see: without a user, and none at all for a file on this machine."""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https"):
        return ""
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))
