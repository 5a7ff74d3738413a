"""Who we are to a package index: the user and password that uv was given for it, or that the netrc file has."""

from __future__ import annotations

import base64
import netrc
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from urllib.parse import SplitResult, unquote, urlsplit, urlunsplit

__all__ = ["authorization", "without_user"]

INDEXES = ("UV_INDEX", "UV_EXTRA_INDEX_URL", "UV_DEFAULT_INDEX", "UV_INDEX_URL")


def authorization(url: str, environment: Mapping[str, str] = os.environ) -> str:
    """The ``Authorization`` header for the URL; an empty text for a server that nobody named a user for."""
    asked = urlsplit(url)
    if asked.username:
        return _basic(unquote(asked.username), unquote(asked.password or ""))
    for index in _indexes(environment):
        if index.username and (index.scheme, index.hostname, index.port) == (asked.scheme, asked.hostname, asked.port):
            return _basic(unquote(index.username), unquote(index.password or ""))
    found = _from_netrc(asked.hostname or "", environment)
    return _basic(*found) if found else ""


def without_user(url: str) -> str:
    """The URL as it may be said and asked for: without the user and password that it may have."""
    parts = urlsplit(url)
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))


def _indexes(environment: Mapping[str, str]) -> Iterator[SplitResult]:
    """The URLs of the indexes, each of which may have a name before it: ``name=https://…``."""
    for variable in INDEXES:
        for index in environment.get(variable, "").split():
            name, separator, url = index.partition("=")
            yield urlsplit(url if separator and "/" not in name else index)


def _from_netrc(host: str, environment: Mapping[str, str]) -> tuple[str, str] | None:
    file = Path(environment.get("NETRC") or Path.home() / ".netrc")
    try:
        found = netrc.netrc(file).authenticators(host)
    except (OSError, netrc.NetrcParseError):
        return None
    return (found[0], found[2] or "") if found else None


def _basic(user: str, password: str) -> str:
    return f"Basic {base64.b64encode(f'{user}:{password}'.encode()).decode()}"
