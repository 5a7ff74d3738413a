"""How much of everything one server takes on."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Limits"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Bounds on what people and programs may ask for; seconds, bytes, characters and numbers of things."""

    rooms: int = 10_000
    """Rooms that are kept; where there are more, those in which nothing was ever said go first."""
    people: int = 50
    """Connections that watch one room at a time."""
    rooms_each: int = 50
    """Rooms that somebody may open who came by a link to one."""
    in_memory: int = 400
    """Rooms that are not asked for are put away in their files, the ones longest idle first."""
    sessions: int = 2000
    body: int = 256 * 1024
    text: int = 2000
    """Characters of a comment, a name or a typed feature's text."""
    comments: int = 1000
    proposals: int = 200
    undo: int = 200
    streams: int = 400
    """Connections over which events are sent, in all."""
    looking: float = 5.0
    """So often whoever watches an order's room is asked whether they are logged in, and the book what it says."""
    events: int = 256
    """Events of a room that a connection which broke off can still be given."""
    seconds: float = 20.0
    """The longest that an answer may take."""
    optimising: float = 10.0
    jobs: int = 20
    rate: float = 50.0
    """Requests a second from one session, for long; ``burst`` at once."""
    burst: int = 200
    visits: int = 60
    """New visitors within a minute from one address, by the page that has the configurator in a frame."""
    guesses: int = 20
    """Attempts to log in, or with a link, within a minute from one address."""
    idle: float = 12 * 3600.0
    """After so long without a request a session ends."""
