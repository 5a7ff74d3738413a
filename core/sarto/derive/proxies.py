"""Through which proxy a server is asked: as uv and pip take it from the environment, so that all go the same way."""

from __future__ import annotations

import os
import urllib.request
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from typing import IO
from urllib.parse import urlsplit

from ..errors import SartoError

__all__ = ["Proxy", "opener", "proxy_for"]

SCHEMES = ("http", "https")
FORM = "http://HOST:PORT or http://USER:PASSWORD@HOST:PORT"
ESCAPES = "where a name or password has '/', '?' or '#', these are %2F, %3F and %23"


@dataclass(frozen=True, slots=True)
class Proxy:
    """A proxy and where it was named; ``place`` is its host and port, which may be said: the ``url`` has a password."""

    url: str
    place: str
    named: str

    def hint(self, host: str) -> str:
        """What helps where the host is not reached through it."""
        return f"see to the proxy, which {self.named} names, or let {host} be reached without it: NO_PROXY={host}"


def proxy_for(url: str) -> Proxy | None:
    """The proxy for the URL: that of its scheme, else that of all; None where there is none, or the host needs none.

    Raises :class:`SartoError` where what is named is no proxy that Sarto can ask.
    """
    asked = urlsplit(url)
    known = urllib.request.getproxies()
    scheme = next((each for each in (asked.scheme, "all") if known.get(each)), "")
    if asked.scheme not in SCHEMES or not scheme or _is_exempt(asked.netloc, asked.hostname or "", known.get("no", "")):
        return None
    proxy = known[scheme]
    return _proxy(proxy if "://" in proxy else f"http://{proxy}", _named(f"{scheme}_proxy"))


def _named(variable: str) -> str:
    return next((name for name in (variable, variable.upper()) if os.environ.get(name)), "the system")


def _proxy(url: str, named: str) -> Proxy:
    try:
        parts = urlsplit(url)
        place = f"{parts.hostname}:{parts.port}" if parts.port else parts.hostname
    except ValueError:
        place = None
    if not place or "@" in url.partition(parts.netloc)[2]:  # else a part of a password would be said as the port
        what = f"the proxy that {named} names is no address with a host and a port"
        raise SartoError(what, hint=f"write it as {FORM}; {ESCAPES}")
    if parts.scheme not in SCHEMES:
        what = f"the proxy that {named} names, {place}, is asked by '{parts.scheme}', which Sarto does not speak"
        raise SartoError(what, hint=f"name a proxy as {FORM}")
    return Proxy(url, place, named)


def _is_exempt(netloc: str, host: str, exempt: str) -> bool:
    """Whether the host is reached without a proxy; it may be in a network that is named, too: ``10.0.0.0/8``."""
    if urllib.request.proxy_bypass(netloc.rpartition("@")[2]):
        return True
    with suppress(ValueError):
        address = ip_address(host)
        return any(address in network for network in _networks(exempt))
    return False


def _networks(exempt: str) -> Iterator[IPv4Network | IPv6Network]:
    for each in exempt.split(","):
        with suppress(ValueError):
            yield ip_network(each.strip(), strict=False)


@cache
def opener() -> urllib.request.OpenerDirector:
    """Opens URLs as :func:`urllib.request.urlopen` does, but through these proxies, which it looks for each time."""
    return urllib.request.build_opener(_Proxies)


class _Proxies(urllib.request.ProxyHandler):
    """Has each request, also one that another led to, go through the proxy for it."""

    def __init__(self) -> None:
        super().__init__({})

    def http_open(self, request: urllib.request.Request) -> IO[bytes] | None:
        """Called by urllib; None lets the request go on."""
        return self._through_proxy(request)

    def https_open(self, request: urllib.request.Request) -> IO[bytes] | None:
        """The same."""
        return self._through_proxy(request)

    def _through_proxy(self, request: urllib.request.Request) -> IO[bytes] | None:
        proxy = None if request.has_proxy() else proxy_for(request.full_url)
        return self.proxy_open(request, proxy.url, request.type) if proxy else None
