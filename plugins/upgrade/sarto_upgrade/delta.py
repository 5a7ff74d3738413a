"""Writing a delta: the files of a new build that an old one lacks, in one file for the old one's runtime to apply."""

from __future__ import annotations

import hashlib
import json
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sarto.derive.aside import aside
from sarto.derive.files import chunks_of, refusals
from sarto.derive.manifest import FORMAT as BUILD_FORMAT
from sarto.derive.manifest import MANIFEST
from sarto.derive.part import PARTS_FOLDER
from sarto.derive.publish import check_destination, publish
from sarto.derive.signature import ENDING, SigningKey, file_line, signature_of
from sarto.derive.sums import ENVIRONMENT, SIGNATURE, SUMS, files_below
from sarto.derive.verify import form_of, verify
from sarto.derive.vouching import drop_companions
from sarto.errors import SartoError

__all__ = ["Delta", "Known", "check_bundle", "check_key", "current_build", "delta_between", "read_known", "write_delta"]

FORMAT = 1
EPOCH = (1980, 1, 1, 0, 0, 0)
POINTER = "upgrades/current"
NAME = "name the folder of a bundle, or its build.json; a build that is one file is replaced by the new file"


@dataclass(frozen=True, slots=True)
class Known:
    """What a ``build.json`` says, and its hash, by which a delta knows the build."""

    said: Mapping[str, Any]
    sha256: str

    @property
    def parts(self) -> Mapping[str, int]:
        """The sizes of its parts by their hashes."""
        return {part["sha256"]: part["size"] for part in self.said["parts"]}


@dataclass(frozen=True, slots=True)
class Delta:
    """What leads from one build to another: the ``files`` that are shipped, by their paths in the new build.

    ``shipped`` are the parts among them, ``kept`` those that the old build has, and ``size`` the bytes of all files.
    """

    old: Known
    new: Known
    folder: Path
    files: tuple[str, ...]
    shipped: tuple[str, ...]
    kept: tuple[str, ...]
    size: int


def current_build(folder: Path) -> Path:
    """The build that starts from this folder: itself, or the upgrade below it that is pointed at."""
    try:
        name = (folder / POINTER).read_text(encoding="utf-8").splitlines()[0]
    except (OSError, IndexError):
        return folder
    return folder / name


def read_known(file: Path) -> Known:
    """What is known of a build from its ``build.json``. Raises SartoError where that is none, or of another format."""
    try:
        content = file.read_bytes()
        known = Known(json.loads(content), hashlib.sha256(content).hexdigest())
        said = known.said
        _ = (said["line"]["name"], said["line"]["version"], known.parts)
        _ = (said["name"], said["customer"], said["launcher"])
    except (ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError) as error:
        raise SartoError("this is no build.json that can be read", where=str(file), hint=NAME) from error
    except OSError as error:
        raise SartoError(f"there is no build here: {error.strerror}", where=str(file), hint=NAME) from error
    if said["format"] != BUILD_FORMAT:
        what = f"this build has format {said['format']!r}, and this Sarto makes builds of format {BUILD_FORMAT}"
        raise SartoError(what, where=str(file), hint="hand out the whole new build")
    return known


def check_bundle(folder: Path, known: Known) -> None:
    """Raise SartoError where the build in the folder has another format: only a bundle goes on to a bundle.

    An environment and an image have their parts in place of the wheels, a wheelhouse has no launcher.
    """
    is_installed = (folder / ENVIRONMENT).exists() or bool(form_of(folder))
    if is_installed or not (folder / f"{known.said['launcher']}.py").is_file():
        hint = "name the bundle; a build in another format is upgraded by the whole new one"
        raise SartoError("this build is no bundle, and only bundles are upgraded", where=str(folder), hint=hint)


def check_key(known: Known, key: SigningKey | None, file: Path | None) -> None:
    """Raise SartoError where the product of the build takes no delta that the ``key`` in ``file`` signs, or none does.

    The key that counts is that of the build which the customer has: so a line goes on to another one.
    """
    wanted = str(known.said.get("signing_key", ""))
    if not wanted or (key is not None and key.public.hex() == wanted):
        return
    if key is None:
        what = "the customer's product takes signed deltas only, as its line's signing_key says"
        raise SartoError(what, hint="name the private key: --sign KEY")
    hint = "'sarto key show' prints the signing_key of a key"
    raise SartoError("the customer's product would refuse a delta that this key signs", where=str(file), hint=hint)


def delta_between(old: Known, folder: Path) -> Delta:
    """What the customer of ``old`` lacks of the new build in the folder.

    Every file but the parts is shipped, for they are small, and nothing but its ``build.json`` need be known of the old
    build. Raises SartoError where the new one is not whole, or is for another customer.
    """
    new = read_known(folder / MANIFEST)
    check_bundle(folder, new)
    ours, theirs = ((known.said["line"]["name"], known.said["name"]) for known in (new, old))
    if ours != theirs:
        what = f"this build is {ours[1]} of {ours[0]}, and the one to upgrade is {theirs[1]} of {theirs[0]}"
        raise SartoError(what, where=str(folder), hint="an upgrade leads to a build for the same customer")
    report = verify(folder)
    if report.problems:
        raise SartoError(f"this build is not whole: {report.problems[0]}", where=str(folder), hint="build it again")
    has = {f"{PARTS_FOLDER}/{part['file']}": part["sha256"] in old.parts for part in new.said["parts"]}
    signed = [SIGNATURE] if (folder / SIGNATURE).exists() else []
    files = tuple(name for name in (*files_below(folder), SUMS, *signed) if not has.get(name))
    return Delta(
        old=old,
        new=new,
        folder=folder,
        files=files,
        shipped=tuple(name for name, there in has.items() if not there),
        kept=tuple(name for name, there in has.items() if there),
        size=sum((folder / name).stat().st_size for name in files),
    )


def write_delta(delta: Delta, file: Path, key: SigningKey | None = None) -> None:
    """Write the file, whole or not at all, and with a ``key`` its signature beside it; the same builds, the same bytes.

    At no time does a signature lie beside a delta that it is not of.
    """
    check_destination(file, is_folder=False)
    with aside(file.parent, file.name) as work, refusals(f"writing '{file}'"):
        made = work / file.name
        with zipfile.ZipFile(made, "w") as archive:
            archive.writestr(_entry("delta.json"), json.dumps(_header(delta), indent=2, ensure_ascii=False) + "\n")
            for name in delta.files:
                _add(archive, delta, name)
        signature = made.with_name(f"{file.name}{ENDING}")
        if key:
            signature.write_bytes(signature_of(file_line(made), key))
        drop_companions(file, (signature,) if key else ())
        publish(made, file)
        if key:
            publish(signature, file.with_name(signature.name))


def _header(delta: Delta) -> dict[str, Any]:
    new = delta.new.said
    return {
        "format": FORMAT,
        "line": new["line"]["name"],
        "name": new["name"],
        "customer": new["customer"],
        "from": {"version": delta.old.said["line"]["version"], "build": delta.old.sha256},
        "to": {"version": new["line"]["version"], "build": delta.new.sha256},
    }


def _add(archive: zipfile.ZipFile, delta: Delta, name: str) -> None:
    """Wheels are compressed already; the rest is small."""
    is_launcher = name == f"{delta.new.said['launcher']}.py"
    entry = _entry(f"build/{name}", 0o755 if is_launcher else 0o644)
    path = delta.folder / name
    entry.file_size = path.stat().st_size
    with archive.open(entry, "w") as member:
        for chunk in chunks_of(path):
            member.write(chunk)


def _entry(name: str, mode: int = 0o644) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, EPOCH)
    entry.create_system = 3
    entry.external_attr = (0o100000 | mode) << 16
    return entry
