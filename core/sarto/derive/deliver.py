"""Handing a build out: assembled once beside its place, packed in each format, and put in place when all is done."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType

from ..errors import SartoError
from .aside import aside
from .bundle import bundle_files, write_bundle
from .contents import folders_above
from .packed import Packed, as_it_is
from .part import PARTS_FOLDER
from .plan import Plan
from .progress import Progress, quiet
from .publish import check_destination, publish
from .round import Round
from .vouching import NOTHING, Vouching, drop_companions, vouch_for

__all__ = ["Pack", "PackFiles", "deliver"]

Pack = Callable[[Plan, Path, Path], Path | Packed]
"""What a build format does: see ``BuildFormat.pack``; the format of the bundle itself gives back the bundle."""
PackFiles = Callable[[Plan, Mapping[str, bytes], Path], Path | Packed]
"""What one does that needs no folder: see ``BuildFormat.pack_files``."""
NO_FORMATS: Mapping[str, PackFiles] = MappingProxyType({})


def deliver(
    plan: Plan,
    extra_files: Mapping[str, bytes],
    formats: Mapping[str, Pack],
    output: Path,
    progress: Progress = quiet,
    vouching: Vouching = NOTHING,
    *,
    from_files: Mapping[str, PackFiles] = NO_FORMATS,
    during: Round | None = None,
) -> dict[str, Path]:
    """Make the build in the folder ``output`` in each of the ``formats``; format to what was made.

    What is handed out is vouched for as ``vouching`` says. The formats that have a function ``from_files`` are made by
    that; where all have one, the folder of the build is not written. ``during`` a round of builds into the folder each
    takes less. Nothing is put in place before everything is made. Raises :class:`SartoError` where the place is taken
    by something that Sarto did not make, or by another customer's build, two formats give the same name, or something
    cannot be written.
    """
    check_destination(output / plan.name, name=plan.name)
    with during.aside() if during else aside(output, plan.name) as work:
        progress(f"assembling {plan.name}")
        bundle = work / plan.name
        files = bundle_files(plan, extra_files, vouching)
        made: dict[str, Path] = {}
        flushing: dict[Path, Packed] = {}
        if not formats.keys() <= from_files.keys() and write_bundle(plan, files, bundle):
            flushing[bundle] = Packed(bundle, tuple(files), (*folders_above(files), PARTS_FOLDER))
        for name, pack in formats.items():
            folder = work / f".{name}"  # no build's name begins like that
            if pack is not as_it_is:
                folder.mkdir(exist_ok=True)  # it is left for the next build of the round
            packed = from_files[name](plan, files, folder) if name in from_files else pack(plan, bundle, folder)
            if isinstance(packed, Packed):
                flushing[packed.path] = packed
            made[name] = packed.path if isinstance(packed, Packed) else packed
        _check_names(made)
        for path in made.values():
            if path.name != plan.name:  # that was looked at before anything was made
                is_folder = path in flushing or path.is_dir()
                check_destination(output / path.name, is_folder=is_folder, name=plan.name)
        for path in made.values():
            _publish(path, output / path.name, vouch_for(path, plan, vouching), flushing.get(path), plan.name)
    return {name: output / path.name for name, path in made.items()}


def _publish(made: Path, destination: Path, companions: tuple[Path, ...], packed: Packed | None, name: str) -> None:
    """Put one output in its place, and what vouches for a file beside it: at no time is that of another file there."""
    if not packed and not made.is_dir():
        drop_companions(destination, companions)
    publish(made, destination, packed, name=name)
    for path in companions:
        publish(path, destination.with_name(path.name))


def _check_names(made: Mapping[str, Path]) -> None:
    first: dict[str, str] = {}
    for name, path in made.items():
        other = first.setdefault(path.name.casefold(), name)
        if other != name:
            raise SartoError(f"the formats '{other}' and '{name}' both make '{path.name}'", hint="ask for one of them")
