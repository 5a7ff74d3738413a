"""Who uses the part store: builders for the length of a build, and the one who frees it, who needs it alone."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from ..errors import SartoError
from .files import discard
from .locking import hold_folder, release, take
from .store import PartStore

__all__ = ["alone", "using"]

USERS = "users"


@contextmanager
def using(store: PartStore) -> Iterator[None]:
    """Nothing is freed from the store for the length of a ``with``.

    Of a store that cannot be written nothing can be freed either: there, nobody needs to be told.
    """
    guard = handle = None
    with suppress(OSError):
        users = _users(store)
        with hold_folder(users):
            guard = users / f"{secrets.token_hex(8)}.lock"
            handle = take(guard)
    try:
        yield
    finally:
        if guard and handle is not None:
            release(handle)
            with suppress(OSError):  # whoever frees the store next clears it away
                guard.unlink(missing_ok=True)


@contextmanager
def alone(store: PartStore) -> Iterator[None]:
    """The store with no builder in it: none is there, and who comes waits until the ``with`` ends.

    Raises :class:`SartoError` while a build is being made with the store. Marks of builders that were killed are
    cleared away.
    """
    users = _users(store)
    with hold_folder(users):
        for guard in sorted(users.glob("*.lock")):
            handle = take(guard)
            if handle is None:
                raise SartoError(
                    "a build is being made with the parts of this store", hint="free the store when it is done"
                )
            release(handle)
            discard(guard)
        yield


def _users(store: PartStore) -> Path:
    folder = store.folder.parent / USERS
    folder.mkdir(parents=True, exist_ok=True)
    return folder
