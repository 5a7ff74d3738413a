"""Which running products follow a build's switches, and how far each has come: a small file for each process.

Beside it lies one that the process holds alone. The system lets go of that when the process ends, however it ends, so
what is not held any more is of nobody and is cleared away.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Any, NamedTuple

from .alone import alone, claim
from .build import Build
from .state import State
from .switches import Sign, sign_of

__all__ = ["Follower", "Lag", "followers", "lags", "noting", "wait_for_followers"]

FORMAT = 1
SOON = 2.0
"""Seconds between the looks of a process for which a switch waits, so that it can be told what came of it."""


class Follower(NamedTuple):
    """A process that looks at the switches every so many ``seconds``, and what it is like.

    ``sign`` tells which version of the file of switches it has looked at; ``features`` which open ones are on;
    ``problem`` is the sentence why it could not take that version over; ``fallen`` are features that failed there.
    """

    process: int
    version: str
    seconds: float
    sign: Sign
    features: Mapping[str, bool]
    problem: str
    fallen: Mapping[str, str]


class Lag(NamedTuple):
    """A feature that is not yet as stored in a process: ``cause`` is a key of the catalogue, ``detail`` a sentence."""

    process: int
    feature: str
    is_on: bool
    cause: str
    detail: str


@contextmanager
def noting(switches: str) -> Iterator[Callable[[Follower], None]]:
    """Give what tells others how far this process follows the file ``switches``; forgotten at the end of the ``with``.

    Where nothing can be written there, nobody is told, and the process follows all the same.
    """
    followers(switches)
    stem = os.path.join(_folder(switches), f"{os.getpid()}-{os.urandom(4).hex()}")
    held = _held(f"{stem}.lock")
    told: list[Follower] = []

    def tell(follower: Follower) -> None:
        if held and told != [follower]:
            with suppress(OSError):  # on Windows, while another process reads it: the next time, then
                _write(f"{stem}.json", follower)
                told[:] = [follower]

    try:
        yield tell
    finally:
        if held:
            _let_go(held)
            _clear(stem)


def followers(switches: str) -> tuple[Follower, ...]:
    """The processes that follow the file ``switches`` now, by their numbers."""
    folder = _folder(switches)
    try:
        stems = [os.path.join(folder, name[:-5]) for name in os.listdir(folder) if name.endswith(".json")]
    except OSError:
        return ()
    found = [follower for stem in sorted(stems) if (follower := _read(stem))]
    return tuple(sorted({each.process: each for each in found}.values()))


def wait_for_followers(switches: str) -> None:
    """Until each process that looks at the file ``switches`` often has looked at it as it is, but not for long."""
    sign, until = sign_of(switches), time.monotonic() + SOON + 1
    while time.monotonic() < until and any(each.sign != sign and each.seconds <= SOON for each in followers(switches)):
        time.sleep(0.05)


def lags(build: Build, state: State, following: tuple[Follower, ...], sign: Sign) -> Iterator[Lag]:
    """Where the processes are not as ``state``, that is stored with ``sign``, and why."""
    for follower in following:
        for name, is_on in follower.features.items():
            if name in build.open and name not in build.unlisted and is_on is not state.is_on(name):
                yield Lag(follower.process, name, is_on, *_why(build, follower, name, sign))


def _why(build: Build, follower: Follower, name: str, sign: Sign) -> tuple[str, str]:
    if follower.sign != sign:
        return "lag_looks", f"{follower.seconds:g}"
    if name in follower.fallen:
        return "lag_problem", follower.fallen[name]
    if follower.problem:
        return "lag_problem", follower.problem
    return ("lag_together" if build.features[name].binding == "run" else "lag_start"), ""


def _folder(switches: str) -> str:
    return os.path.join(os.path.dirname(switches), "running")


def _held(path: str) -> list[int]:
    """The handle of the file, held alone; none where it cannot be. A process that is forked lets go of it."""
    held: list[int] = []
    with suppress(OSError):
        os.makedirs(os.path.dirname(path), exist_ok=True)
        held.append(os.open(path, os.O_RDWR | os.O_CREAT, 0o666))
        claim(held[0])
        if hasattr(os, "register_at_fork"):
            os.register_at_fork(after_in_child=lambda: _let_go(held))
    return held


def _let_go(held: list[int]) -> None:
    while held:
        os.close(held.pop())


def _clear(stem: str) -> None:
    for path in (f"{stem}.json", f"{stem}.lock"):
        with suppress(OSError):
            os.remove(path)


def _write(path: str, follower: Follower) -> None:
    with open(f"{path}.new", "w", encoding="utf-8") as file:
        json.dump({"format": FORMAT, **follower._asdict()}, file, ensure_ascii=False)
    os.replace(f"{path}.new", path)


def _read(stem: str) -> Follower | None:
    try:
        with alone(f"{stem}.lock") as is_over:
            if not is_over:
                with open(f"{stem}.json", encoding="utf-8") as file:
                    return _follower(json.load(file))
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None
    _clear(stem)
    return None


def _follower(data: Any) -> Follower | None:
    """None for a note of another format, by a newer version that runs."""
    if data["format"] != FORMAT:
        return None
    said = {**{name: data[name] for name in Follower._fields}, "sign": _sign(data["sign"])}
    return Follower(**said)


def _sign(found: Any) -> Sign:
    return None if found is None else (int(found[0]), int(found[1]), int(found[2]))
