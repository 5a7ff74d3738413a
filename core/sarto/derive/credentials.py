"""Opening URLs as urllib does (proxies, certificates), with the credentials that uv was given for its indexes."""

from __future__ import annotations

import netrc
import os
import urllib.request
from collections.abc import Iterator, Mapping
from pathlib import Path
from urllib.parse import SplitResult, unquote, urlsplit

__all__ = ["opener"]

INDEXES = ("UV_INDEX", "UV_EXTRA_INDEX_URL", "UV_DEFAULT_INDEX", "UV_INDEX_URL")


def opener(environment: Mapping[str, str] = os.environ) -> urllib.request.OpenerDirector:
    """Opens URLs, and says who we are to the hosts that the index variables or the netrc file name a user for."""
    passwords = urllib.request.HTTPPasswordMgrWithPriorAuth()
    for host, user, password in (*_from_netrc(environment), *_from_indexes(environment)):
        passwords.add_password(None, host, user, password, is_authenticated=True)
    return urllib.request.build_opener(urllib.request.HTTPBasicAuthHandler(passwords))


def _from_indexes(environment: Mapping[str, str]) -> Iterator[tuple[str, str, str]]:
    for variable in INDEXES:
        for index in environment.get(variable, "").split():
            url = _url(index)
            if url.username:
                yield url.netloc.rpartition("@")[2], unquote(url.username), unquote(url.password or "")


def _url(index: str) -> SplitResult:
    """The URL of an index, which may have a name before it: ``name=https://…``."""
    name, separator, url = index.partition("=")
    return urlsplit(url if separator and "/" not in name else index)


def _from_netrc(environment: Mapping[str, str]) -> Iterator[tuple[str, str, str]]:
    file = Path(environment.get("NETRC") or Path.home() / ".netrc")
    try:
        hosts = netrc.netrc(file).hosts
    except (OSError, netrc.NetrcParseError):
        return
    for host, (user, _, password) in hosts.items():
        yield host, user, password or ""
