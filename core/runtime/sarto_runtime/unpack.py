"""Unpacks parts into the cache, each once for all products: read as files, so that data and native code work.

Each part becomes a small installation prefix of its own (``lib/python3/site-packages``, ``bin``, and what the wheel has
for the prefix itself), named by the wheel's hash. It is written aside and renamed: what is there is whole.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from functools import partial

from .build import Build, Part
from .cache import choose, make
from .errors import ProductError
from .paths import LIBRARY, library_of

__all__ = ["unpacked"]

SCHEMES = {
    "purelib": LIBRARY,
    "platlib": LIBRARY,
    "scripts": "Scripts" if sys.platform == "win32" else "bin",
    "headers": "include",
    "data": "",
}


def unpacked(build: Build, parts: Sequence[Part]) -> list[str]:
    """The library folders of ``parts``, unpacked now where they are not yet.

    Raises :class:`ProductError` where a wheel is not there, is not the one that was built in (its hash tells),
    or has a member that would be written outside its folder; nothing is left of it then.
    """
    folder = choose("unpacked", [part.sha256 for part in parts])
    missing = [part for part in parts if not os.path.isdir(os.path.join(folder, part.sha256))]
    if missing and sys.stderr and sys.stderr.isatty():
        print(f"{build.launcher}: first start, unpacking {len(missing)} parts …", file=sys.stderr)
    for part in missing:
        wheel = os.path.join(build.folder, "parts", part.file)
        try:
            make(folder, part.sha256, partial(_fill, wheel, part))
        except OSError as error:
            raise ProductError(f"part '{part.name}' cannot be unpacked: {error}") from error
        except UnicodeEncodeError as error:
            raise ProductError(
                f"part '{part.name}' cannot be unpacked: the names of files are in {error.encoding} here, "
                f"and one is {error.object!r}",
                hint="start it with PYTHONUTF8=1, or in a locale of UTF-8",
            ) from error
    return [library_of(os.path.join(folder, part.sha256)) for part in parts]


def _fill(wheel: str, part: Part, folder: str) -> None:
    import hashlib
    import zipfile
    import zlib

    from .members import extract

    with open(wheel, "rb") as file:
        if hashlib.file_digest(file, "sha256").hexdigest() != part.sha256:
            raise ProductError(
                f"part '{part.name}' is not the one that was built in: parts/{part.file} was changed",
                hint="take the whole build again from where it came",
            )
        try:
            with zipfile.ZipFile(file) as archive:
                os.makedirs(library_of(folder))
                extract(archive, folder, _place, f"part '{part.name}'")
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
            raise ProductError(f"part '{part.name}' is not a wheel that can be read: {error}") from error
    _compile(folder)


def _compile(folder: str) -> None:
    """Python keeps the bytecode of what it imports in the cache itself, but where it was told not to write any."""
    if sys.dont_write_bytecode:
        import compileall

        compileall.compile_dir(library_of(folder), quiet=2)


def _place(name: str) -> str:
    """Where a member belongs below the part's folder: ``x.data/<scheme>/`` says it, the rest is library."""
    top, _, below = name.partition("/")
    scheme, _, rest = below.partition("/")
    if top.endswith(".data") and scheme in SCHEMES and rest:
        return "/".join(filter(None, (SCHEMES[scheme], *_segments(rest))))
    return "/".join((LIBRARY, *_segments(name)))


def _segments(name: str) -> list[str]:
    return [segment for segment in name.split("/") if segment not in ("", ".")]
