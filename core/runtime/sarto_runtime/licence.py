"""What the customer's licence covers, and until when: a small file that the vendor signs, checked without a network.

Features that the line calls licensed are switched on, and started, only while a licence covers them. A product that
runs is never stopped: what ends with a licence ends at the next start.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import Any, NamedTuple

from .build import Build
from .errors import ProductError
from .paths import switches_file

__all__ = ["Licence", "Term", "install_licence", "licence_file", "read_licence", "uncovered"]

FORMAT = 1
LARGEST = 1 << 20


class Term(NamedTuple):
    """The first and the last day on which a feature may be used (ISO 8601); an empty text is no bound."""

    begin: str
    end: str


class Licence(NamedTuple):
    """Whose it is, and the terms of the features that it covers."""

    line: str
    name: str
    terms: Mapping[str, Term]


def licence_file(build: Build) -> str:
    """Where the licence of this build is kept, for all of its versions."""
    return os.path.join(os.path.dirname(switches_file(build.line.name, build.name)), "licence.json")


def read_licence(path: str, build: Build) -> Licence:
    """The licence in a file. Raises :class:`ProductError` where it is none that the vendor signed for this product."""
    try:
        with open(path, "rb") as file:
            text = file.read(LARGEST)
        data = json.loads(text)
        signature, licence = bytes.fromhex(data.pop("signature")), _licence(data)
    except OSError as error:
        raise ProductError(f"the licence cannot be read: {error.strerror}: {path}") from error
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise ProductError(f"this is no licence: {path}", hint="take the file again from where it came") from error
    from .ed25519 import is_signed

    if not is_signed(signed_bytes(data), signature, bytes.fromhex(build.licence_key)):
        raise ProductError(
            f"the licence was changed after it was signed, or is not by this product's vendor: {path}",
            hint="take the file again from where it came",
        )
    if (licence.line, licence.name) != (build.line.name, build.name):
        raise ProductError(f"the licence is for '{licence.name}' of '{licence.line}', not for '{build.name}': {path}")
    return licence


def signed_bytes(data: Mapping[str, Any]) -> bytes:
    """What is signed: all but the signature, as JSON in one spelling."""
    return json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=True).encode()


def install_licence(path: str, build: Build) -> Licence:
    """Keep the licence in a file for all starts to come. Raises :class:`ProductError` as :func:`read_licence` does."""
    licence = read_licence(path, build)
    place = licence_file(build)
    aside = f"{place}.{os.getpid()}"
    try:
        os.makedirs(os.path.dirname(place), exist_ok=True)
        with open(path, "rb") as file, open(aside, "wb") as copy:
            copy.write(file.read(LARGEST))
        os.replace(aside, place)
    except OSError as error:
        with suppress(OSError):
            os.unlink(aside)
        raise ProductError(f"the licence cannot be kept: {error.strerror}: {place}") from error
    return licence


def uncovered(build: Build) -> dict[str, str]:
    """The licensed features that no licence covers today, each with the sentence why."""
    if not build.licensed:
        return {}
    path = licence_file(build)
    try:
        licence = read_licence(path, build) if os.path.lexists(path) else Licence("", "", {})
    except ProductError as error:
        return dict.fromkeys(build.licensed, str(error))
    return dict(_uncovered(build, licence, time.strftime("%Y-%m-%d", time.gmtime())))


def _uncovered(build: Build, licence: Licence, today: str) -> Iterator[tuple[str, str]]:
    for name in build.licensed:
        term = licence.terms.get(name)
        if term is None:
            yield name, f"no licence covers '{name}'"
        elif term.end and today > term.end:
            yield name, f"the licence of '{name}' ended on {term.end}"
        elif term.begin and today < term.begin:
            yield name, f"the licence of '{name}' begins on {term.begin}, and by this computer's clock it is {today}"


def _licence(data: Mapping[str, Any]) -> Licence:
    if data["format"] != FORMAT:
        raise ValueError("another format")
    terms = {str(name): Term(_day(term["begin"]), _day(term["end"])) for name, term in data["features"].items()}
    return Licence(str(data["line"]), str(data["name"]), terms)


def _day(text: str) -> str:
    if text:
        time.strptime(text, "%Y-%m-%d")
    return text
