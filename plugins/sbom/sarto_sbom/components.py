"""One part of a build as a CycloneDX component."""

from __future__ import annotations

import json
from collections.abc import Iterable
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from packaging.utils import canonicalize_name

from .licences import conclusion, licences
from .wheel_metadata import people, read_metadata

if TYPE_CHECKING:
    from packaging.metadata import RawMetadata
    from sarto.derive.plan import Part

__all__ = ["KEPT", "component", "component_text", "encode", "properties", "purl"]

Json = dict[str, Any]


KEPT = 4096
"""Of so many parts is kept what was found out about them."""

encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


@lru_cache(KEPT)
def purl(name: str, version: str) -> str:
    """The package URL of a part, which is also its reference inside the document."""
    return f"pkg:pypi/{canonicalize_name(name)}@{quote(version, safe='')}"


@lru_cache(KEPT)
def component_text(part: Part, concluded: str = "") -> str:
    """The part, in JSON, with its hash, its licences and people as its wheel gives them, and who needs it.

    A licence that the vendor has ``concluded``, an SPDX expression, stands in place of what the wheel declares. A wheel
    is read, and what is said of it written, once for all builds of a run. Raises :class:`SartoError` where it cannot be
    read.
    """
    return encode(component(part, concluded))


def component(part: Part, concluded: str = "") -> Json:
    """As :func:`component_text`, as data."""
    reference = purl(part.name, part.version)
    metadata = read_metadata(part.path)
    described = {
        "type": "library",
        "bom-ref": reference,
        "supplier": _supplier(metadata),
        "authors": people(metadata.get("author", ""), metadata.get("author_email", "")),
        "name": part.name,
        "version": part.version,
        "description": " ".join(metadata.get("summary", "").split()),
        "hashes": _sha256(part),
        "licenses": conclusion(concluded)
        or licences(
            metadata.get("license_expression", ""), metadata.get("license", ""), metadata.get("classifiers", ())
        ),
        "purl": reference,
        "externalReferences": [{"url": part.url, "type": "distribution", "hashes": _sha256(part)}] if part.url else [],
        "properties": properties(("file", part.filename), *(("feature", name) for name in sorted(part.features))),
    }
    return {key: value for key, value in described.items() if value}


def properties(*pairs: tuple[str, str]) -> list[Json]:
    """Name and value pairs in Sarto's own namespace, in the given order."""
    return [{"name": f"sarto:{name}", "value": value} for name, value in pairs]


def _sha256(part: Part) -> list[Json]:
    return [{"alg": "SHA-256", "content": part.sha256}]


def _supplier(metadata: RawMetadata) -> Json:
    """Who maintains the distribution, where that is said apart from its authors."""
    contacts = people(metadata.get("maintainer", ""), metadata.get("maintainer_email", ""))
    if not contacts:
        return {}
    return {"name": _name(contacts), "contact": contacts}


def _name(contacts: Iterable[Json]) -> str:
    return ", ".join(contact.get("name") or contact["email"] for contact in contacts)
