"""What a wheel says about itself, read out of its METADATA."""

from __future__ import annotations

import zipfile
import zlib
from email.utils import getaddresses
from pathlib import Path
from typing import Any

from packaging.metadata import RawMetadata, parse_email
from sarto.errors import SartoError

__all__ = ["people", "read_metadata"]


def read_metadata(wheel: Path) -> RawMetadata:
    """The core metadata of a wheel; fields that break the standard are left out.

    Raises :class:`SartoError` where the file is no wheel or has no METADATA.
    """
    try:
        with zipfile.ZipFile(wheel) as archive:
            raw, _ = parse_email(archive.read(_member(archive, wheel)))
            return raw
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError) as error:
        raise SartoError(f"cannot read the wheel: {error}", where=str(wheel)) from error


def _member(archive: zipfile.ZipFile, wheel: Path) -> str:
    found = [name for name in archive.namelist() if name.count("/") == 1 and name.endswith(".dist-info/METADATA")]
    if len(found) != 1:
        count = "no" if not found else f"{len(found)}"
        raise SartoError(
            f"the wheel has {count} METADATA files, where one belongs", where=str(wheel),
            hint="build the wheel again, with a PEP 517 build backend",
        )  # fmt: skip
    return found[0]


def people(names: str, addresses: str) -> list[dict[str, Any]]:
    """CycloneDX contacts out of ``Author`` and ``Author-email`` (or the maintainer's two), each person once.

    ``addresses`` are as in a mail header: ``Ada <ada@example.org>, bob@example.org``.
    """
    contacts = [_contact(name, address) for name, address in getaddresses([addresses])]
    named = {contact.get("name") for contact in contacts}
    if (name := " ".join(names.split())) and name != "UNKNOWN" and name not in named:
        nameless = next((contact for contact in contacts if "name" not in contact), None)
        if nameless is not None and len(contacts) == 1:
            return [{"name": name, **nameless}]
        contacts.insert(0, {"name": name})
    return [contact for contact in contacts if contact]


def _contact(name: str, address: str) -> dict[str, Any]:
    local, at, domain = address.rpartition("@")
    is_address = bool(local and at and "." in domain) and not any(sign.isspace() for sign in address)
    return {**({"name": name} if name else {}), **({"email": address} if is_address else {})}
