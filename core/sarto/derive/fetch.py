"""Fetching wheels into the part store: several at a time, each checked against the lock."""

from __future__ import annotations

import http
import http.client
import os
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from email.utils import parsedate_to_datetime
from pathlib import Path
from urllib.parse import urlsplit

from .. import __version__
from ..errors import SartoError
from .credentials import authorization, without_user
from .files import chunks_of
from .lockfile import LockedWheel
from .progress import Progress, one_at_a_time
from .proxies import opener, proxy_for
from .store import PartStore

__all__ = ["fetch"]

WORKERS = 6
TRIES = 3
PAUSE = 0.5
"""Seconds before the second try; the third waits twice as long."""
PATIENCE = 60
"""The most seconds that a server may ask for before the next try."""
TIMEOUT = 60
"""Seconds without a byte after which a server counts as silent."""
CHUNK = 256 * 1024
TRUE = ("1", "true", "yes", "on")


def fetch(wheels: Sequence[LockedWheel], store: PartStore, progress: Progress) -> dict[str, tuple[Path, str]]:
    """Bring the wheels into the store, as far as they are not there; file name to path and sha256.

    Raises the first :class:`SartoError`, and stops: a wheel that cannot be had, or is not the one that was locked.
    """
    say = one_at_a_time(progress)
    pool = ThreadPoolExecutor(WORKERS)
    try:
        waiting = [(wheel, pool.submit(_bring, wheel, store, say)) for wheel in wheels]
        return {wheel.filename: brought.result() for wheel, brought in waiting}
    finally:
        pool.shutdown(cancel_futures=True)


def _bring(wheel: LockedWheel, store: PartStore, progress: Progress) -> tuple[Path, str]:
    if wheel.path is not None:
        return _take(wheel, wheel.path, store, progress)
    if not wheel.sha256:
        raise SartoError(
            f"the package index gives no sha256 for '{wheel.filename}', so nobody can tell whether it is the right one",
            hint="fetch it yourself, and name the folder that it is in in [core] sources",
        )
    was_there = store.place(wheel.sha256, wheel.filename).exists()
    found = _found(wheel, store, progress)
    if found is None:
        progress(f"fetching {wheel.filename}{_size(wheel.size)}")
        found = _download(wheel, store, was_damaged=was_there)
    return found, wheel.sha256


def _found(wheel: LockedWheel, store: PartStore, progress: Progress) -> Path | None:
    """The wheel in the store; one that is damaged is named, and gone."""
    was_there = store.place(wheel.sha256, wheel.filename).exists()
    found = store.find(wheel.sha256, wheel.filename)
    if was_there and found is None:
        progress(f"{wheel.filename} was damaged in the part store: taking it anew")
    return found


def _take(wheel: LockedWheel, path: Path, store: PartStore, progress: Progress) -> tuple[Path, str]:
    """A wheel that lies in a folder here."""
    if wheel.sha256 and (found := _found(wheel, store, progress)):
        return found, wheel.sha256
    if not path.is_file():
        raise SartoError(
            f"'{path}' is in the lock, but it is not there", hint="put it back, or change the line's sources"
        )
    if wheel.sha256:
        return store.add(wheel.filename, chunks_of(path), wheel.sha256, str(path)), wheel.sha256
    return store.add_file(path)


def _download(wheel: LockedWheel, store: PartStore, *, was_damaged: bool) -> Path:
    for attempt in range(1, TRIES + 1):
        try:
            return store.add(wheel.filename, _received(wheel.url, wheel.size), wheel.sha256, without_user(wheel.url))
        except _UnreachableError as error:
            if error.is_final or attempt == TRIES:
                raise _unreachable(wheel, error, was_damaged) from error
            time.sleep(max(attempt * PAUSE, error.wait))
    raise AssertionError("the last try returns or raises")


class _UnreachableError(Exception):
    """A server does not answer as it should; ``is_final`` where asking again would not help.

    ``wait`` are the seconds for which it wants to be left alone.
    """

    def __init__(self, reason: str, *, is_final: bool, wait: float = 0) -> None:
        super().__init__(reason)
        self.is_final = is_final
        self.wait = wait


def _received(url: str, size: int | None) -> Iterator[bytes]:
    if urlsplit(url).scheme != "file" and os.environ.get("UV_OFFLINE", "").lower() in TRUE:
        raise _UnreachableError("the network is switched off (UV_OFFLINE)", is_final=True)
    headers = {"User-Agent": f"sarto/{__version__}", "Accept-Encoding": "identity"}
    request = urllib.request.Request(without_user(url), headers=headers)
    if known := authorization(url):
        request.add_unredirected_header("Authorization", known)
    try:
        with opener().open(request, timeout=TIMEOUT) as response:
            yield from _whole(response, size)
    except urllib.error.HTTPError as error:
        error.close()
        raise _refused(error) from error
    except urllib.error.URLError as error:
        raise _UnreachableError(_reason(error), is_final=False) from error
    except (OSError, http.client.HTTPException, ValueError) as error:  # an encrypted connection fails in its own ways
        raise _UnreachableError(_printable(str(error)) or type(error).__name__, is_final=False) from error


def _printable(text: str) -> str:
    """What a server sent may be rubbish, or words to a terminal."""
    return "".join(letter if letter.isprintable() else ascii(letter)[1:-1] for letter in text)


def _refused(error: urllib.error.HTTPError) -> _UnreachableError:
    """What the server says; who is asked too often, or is down for a while, is asked again when it wants that."""
    wait = _wait(error.headers.get("Retry-After", ""))
    is_for_now = error.code >= 500 or error.code == http.HTTPStatus.TOO_MANY_REQUESTS
    said = f"HTTP {error.code} {_printable(str(error.reason).partition(chr(10))[0])}"
    later = f"; it asks to be left alone for {wait:,.0f} seconds" if wait > PATIENCE else ""
    return _UnreachableError(said + later, is_final=not is_for_now or wait > PATIENCE, wait=wait)


def _wait(retry_after: str) -> float:
    """The seconds of a ``Retry-After``, which has them, or a date; 0 where it has neither."""
    with suppress(ValueError):
        return float(int(retry_after))
    with suppress(ValueError, OverflowError):
        return max(0.0, parsedate_to_datetime(retry_after).timestamp() - time.time())
    return 0.0


def _whole(response: http.client.HTTPResponse, size: int | None) -> Iterator[bytes]:
    """The body; a connection that ends early is an error, which http.client passes over."""
    said = response.headers.get("Content-Length")
    expected = size if said is None else int(said)
    received = 0
    while chunk := response.read(CHUNK):
        received += len(chunk)
        yield chunk
    if expected is not None and received < expected:
        raise ConnectionError(f"{received} bytes of {expected} came")


def _reason(error: urllib.error.URLError) -> str:
    return getattr(error.reason, "strerror", None) or str(error.reason)


def _unreachable(wheel: LockedWheel, error: _UnreachableError, was_damaged: bool) -> SartoError:
    host = urlsplit(wheel.url).netloc.rpartition("@")[2]
    why = "was damaged in the part store, and is gone," if was_damaged else "is not in the part store yet"
    proxy = proxy_for(wheel.url)
    way = f" through the proxy {proxy.place}" if proxy else ""
    hint = proxy.hint(host) if proxy else "connect to the network once: what was fetched stays in the store"
    return SartoError(f"'{wheel.filename}' {why} and cannot be fetched from {host}{way}: {error}", hint=hint)


def _size(size: int | None) -> str:
    return f" ({size / 1e6:.1f} MB)" if size and size > 1e6 else ""
