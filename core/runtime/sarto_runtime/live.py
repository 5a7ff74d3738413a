"""Switching features of the product that runs: what it would do first, then done as one step, stored and written down.

Features with ``binding = "run"`` switch at once, those with ``binding = "start"`` at the next start. Two states are
valid at every moment: the one that runs, and the one that is stored for the next start.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from importlib import invalidate_caches
from typing import NamedTuple

from .build import Build, Part
from .errors import ProductError
from .followers import Follower, noting
from .history import add_entry, history_file
from .licence import uncovered
from .paths import switches_file
from .product_points import enabled_features, is_loaded, loaded_points
from .running import announce, announced
from .start import check_interpreter, put_on_path
from .state import State, parts_in_use, state_of
from .switches import Sign, read_switches, sign_of
from .switching import Refusal, judge, say, store, stored_state
from .turn import Turn

__all__ = ["Change", "follow", "listen", "preview", "refresh", "switch", "tell"]

RUN = "run"


class Change(NamedTuple):
    """What a switch does: every feature that changes ``now``, those that change at the next start (``later``).

    Where it would break the product's rules, ``refusal`` says why and what would mend it, and nothing changes.
    """

    now: Mapping[str, bool]
    later: Mapping[str, bool]
    refusal: Refusal | None = None


_turn = Turn("a feature cannot be switched while another one is being switched, by its own start")
_seen: list[Sign] = [None]
_problem = [""]
_brought: set[str] = set()
_listeners: list[Callable[[Mapping[str, bool]], None]] = []


def preview(wanted: Mapping[str, bool]) -> Change:
    """What switching to ``wanted`` would do, in features of the line with True for on; nothing is changed.

    Raises :class:`ProductError` for features that are unknown, not licensed or not the user's to switch, and outside
    a build.
    """
    build, state = announced()
    stored = stored_state(build)
    refusal = judge(build, stored, wanted)
    if refusal:
        return Change({}, {}, refusal)
    barred = _barred(build, state)
    fallen = _fallen(state)
    if failed := [
        f"'{name}' is off until the next start: {fallen[name]}" for name, on in wanted.items() if on and name in fallen
    ]:
        raise ProductError("\n".join(failed))
    if ended := [barred[name] for name, value in wanted.items() if value and name in barred]:
        raise ProductError("\n".join(ended))
    future = state_of(build, {name: wanted.get(name, stored.is_on(name)) for name in build.open}, barred)
    present = _present(build, state, future)
    later = {name: value for name, value in _differences(present, future).items() if name not in fallen}
    return Change(_differences(state, present), later)


def switch(wanted: Mapping[str, bool], *, who: str = "") -> Change:
    """Switch to ``wanted``: now what can be switched in a running product, the rest at the next start.

    Calls in flight end as they began, new ones see the new features. ``who`` stands in the history, without it the
    user of this process. All of it happens or nothing: raises :class:`ProductError` where the product's rules forbid
    it, a feature fails to start (its plugin is named), or the switch cannot be stored.
    """
    with _turn.taken():
        _note(wanted)
        change = preview(wanted)
        if change.refusal:
            said = "".join(f"\n  {sentence}" for sentence in change.refusal.sentences)
            names = ", ".join(f"'{name}' {'on' if value else 'off'}" for name, value in wanted.items())
            raise ProductError(f"{names} would break this product's rules:{said}")
        build, before = announced()
        _go_to(build, before, change.now, who)
        outcome = "stored" if change.later else "switched"
        try:
            add_entry(_history(build), build.line.version, wanted, outcome, who)
            store(build, stored_state(build), wanted)
        except ProductError as error:
            _arrange(build, announced()[1], before)
            with suppress(ProductError):
                add_entry(_history(build), build.line.version, wanted, error.what, who)
            raise
        _seen[0], _problem[0] = sign_of(_switches(build)), ""
    tell(build, change.now)
    return change


def refresh() -> Mapping[str, bool]:
    """Take over what was switched by others, another process most often, as far as it can be now; gives what changed.

    Asked again without a new switch, it looks at one file and no more. What cannot be taken over is said once on
    stderr, and the product goes on as it is.
    """
    with _turn.taken():
        build, before = announced()
        sign = sign_of(_switches(build))
        if sign == _seen[0]:
            return {}
        _seen[0], _problem[0] = sign, ""
        stored, warning = read_switches(_switches(build))
        if warning:
            return _unheeded(build, warning)
        now = _differences(before, _present(build, before, state_of(build, stored, _barred(build, before))))
        try:
            _go_to(build, before, now, "")
        except ProductError as error:
            return _unheeded(build, str(error))
    tell(build, now)
    return now


def follow(seconds: float = 1.0) -> Callable[[], None]:
    """Call :func:`refresh` every so many ``seconds`` in a thread of its own; gives what ends that.

    Meanwhile the page of features and ``@features`` know that this process follows, and how far it has come.
    """
    ended = threading.Event()

    def look() -> None:
        with noting(_switches(announced()[0])) as note:
            note(_follower(seconds))
            while not ended.wait(seconds):
                refresh()
                note(_follower(seconds))

    threading.Thread(target=look, name="sarto-switches", daemon=True).start()
    return ended.set


def _follower(seconds: float) -> Follower:
    build, state = announced()
    features = {name: state.is_on(name) for name in build.open}
    return Follower(os.getpid(), build.line.version, seconds, _seen[0], features, _problem[0], _fallen(state))


def _unheeded(build: Build, problem: str) -> Mapping[str, bool]:
    """Nothing changes, for this reason."""
    _problem[0] = problem
    say(build, f"{problem}; what runs stays as it is")
    return {}


def listen(listener: Callable[[Mapping[str, bool]], None]) -> Callable[[], None]:
    """Have ``listener`` called after each switch, with what changed; gives what ends that. Its failures are said.

    It hears, too, of features that go off because they, or others that they need, have failed.
    """
    _listeners.append(listener)
    return lambda: _listeners.remove(listener) if listener in _listeners else None


def tell(build: Build, now: Mapping[str, bool]) -> None:
    """Call the listeners, where anything changes."""
    for listener in [*_listeners] if now else ():
        try:
            listener(now)
        except Exception as error:
            say(build, f"{listener!r} failed to hear of a switch: {type(error).__name__}: {error}")


def _barred(build: Build, state: State) -> dict[str, str]:
    """What no licence covers and does not run, with the sentences: no switch brings it in; what runs is not stopped."""
    return {name: sentence for name, sentence in uncovered(build).items() if not state.is_on(name)}


def _note(wanted: Mapping[str, bool]) -> None:
    """Record which of the features cannot be had, where anything is recorded."""
    build, state = announced()
    if build.usage is not None:
        from .counting import reached

        reached(build, wanted, state, _barred(build, state))


def _present(build: Build, state: State, future: State) -> State:
    """The state that runs, with all of ``future`` that can be had without a restart; as it is where that is invalid."""
    from .residual import conflicts

    live = [name for name in build.open if build.features[name].binding == RUN]
    opened = {name: state.is_on(name) for name in build.open} | {name: future.is_on(name) for name in live}
    if conflicts(build.rules, opened):
        return state
    present = _still_without(build, state_of(build, opened))
    fixed = [name for name in _differences(state, present) if build.features[name].binding != RUN]
    return state if any(_is_felt(build, name) for name in fixed) else present


def _is_felt(build: Build, feature: str) -> bool:
    """Whether the feature brings or sets anything: one that only groups others can change at any time."""
    return feature in build.settings or any(feature in part.features for part in build.parts)


def _fallen(state: State) -> dict[str, str]:
    """The features that have failed here, or are off with those, and why."""
    return {name: why for name, why in loaded_points().fallen().items() if not state.is_on(name)} if is_loaded() else {}


def _still_without(build: Build, state: State) -> State:
    """The state without what has failed: that is not tried again before the next start."""
    failed = loaded_points().failed_features() if is_loaded() else {}
    if not failed:
        return state
    from .falling import without

    return without(build, state, failed).state


def _differences(before: State, after: State) -> dict[str, bool]:
    return {name: after.is_on(name) for name in after.features if after.is_on(name) is not before.is_on(name)}


def _go_to(build: Build, before: State, now: Mapping[str, bool], who: str) -> None:
    """Have the features as ``now`` says; a failure is written down, too."""
    if not now:
        return
    after = _still_without(build, state_of(build, {name: now.get(name, before.is_on(name)) for name in build.open}))
    try:
        _arrange(build, before, after)
    except ProductError as error:
        with suppress(ProductError):
            add_entry(_history(build), build.line.version, now, error.what, who)
        raise


def _arrange(build: Build, before: State, after: State) -> None:
    points = loaded_points()
    known = {part.name for part in parts_in_use(build, before)}
    new = [part for part in parts_in_use(build, after) if part.name not in known]
    check_interpreter(build, new)
    _bring(build, new)
    points.arrange(enabled_features(after))
    announce(build, after)
    if points.fallen():
        points.settle()  # what has failed meanwhile is not in that state


def _bring(build: Build, parts: Sequence[Part]) -> None:
    """Put parts on the path of the running process; those that went stay there, for what they left behind."""
    missing = [part for part in parts if part.sha256 not in _brought]
    if missing:
        put_on_path(build, missing)
        invalidate_caches()
        _brought.update(part.sha256 for part in missing)


def _history(build: Build) -> str:
    return history_file(_switches(build))


def _switches(build: Build) -> str:
    return switches_file(build.line.name, build.name)
