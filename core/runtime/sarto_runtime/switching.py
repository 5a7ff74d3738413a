"""Switching features: what the user's stored switches mean now, and whether further ones may be made."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from typing import NamedTuple

from .alone import alone
from .build import Build
from .errors import ProductError, did_you_mean
from .licence import uncovered
from .paths import switches_file
from .state import State, state_of, with_switches
from .sums import SUMS, parse_sums
from .switches import peek, read_switches, write_switches

__all__ = ["Refusal", "current_state", "judge", "say", "store", "stored_state", "switch_stored"]

PATIENCE = 10.0
"""Seconds to wait for another process that stores its switches."""


class Refusal(NamedTuple):
    """Switches that would break the product's rules: their sentences, and the further switches that would mend it.

    ``repair`` is None where no few further switches help.
    """

    sentences: tuple[str, ...]
    repair: Mapping[str, bool] | None


def stored_state(build: Build) -> State:
    """The state that is stored for the next start; where it cannot be read, that is said when it starts."""
    return state_of(build, peek(switches_file(build.line.name, build.name)))


def current_state(build: Build) -> State:
    """The state in which the product starts for this user; what cannot be honoured is said on stderr."""
    stored, warning = read_switches(switches_file(build.line.name, build.name))
    barred = uncovered(build)
    state = state_of(build, stored, barred)
    if warning:
        say(build, warning)
    if barred:
        _say_what_ended(build, barred, state_of(build, stored), state)
    if state.dropped:
        passed = ", ".join(f"'{name}'" for name in state.ignored if name in build.open)
        rules = "; ".join(state.dropped)
        say(build, f"your switch of {passed} no longer goes with the others and is passed over: {rules}")
    return state


def judge(build: Build, state: State, wanted: Mapping[str, bool]) -> Refusal | None:
    """None where switching to ``wanted`` is valid from ``state``, else why not.

    Raises :class:`ProductError`, all features in one, where a feature is not known or not the user's to switch.
    """
    faults = [fault for name, value in wanted.items() if (fault := _envelope_fault(build, state, name, value))]
    if faults:
        raise ProductError("\n".join(faults))
    from .residual import conflicts, nearest

    opened = {name: state.is_on(name) for name in build.open} | dict(wanted)
    broken = conflicts(build.rules, opened)
    if not broken:
        return None
    more = nearest(build.rules, opened, [name for name in build.open if name not in wanted])
    return Refusal(
        sentences=tuple(dict.fromkeys(sentence for conflict in broken for sentence in conflict.sentences)),
        repair=None if more is None else {name: not opened[name] for name in more},
    )


def switch_stored(build: Build, state: State, wanted: Mapping[str, bool]) -> Refusal | None:
    """Switch to ``wanted`` for the next start and write that down; the refusal where that would break the rules.

    Raises :class:`ProductError` as :func:`judge` and :func:`store` do.
    """
    from .counting import reached

    reached(build, wanted, state, uncovered(build))
    refusal = judge(build, state, wanted)
    if refusal is None:
        from .history import add_entry, history_file

        add_entry(history_file(switches_file(build.line.name, build.name)), build.line.version, wanted, "stored")
        store(build, state, wanted)
    return refusal


def store(build: Build, state: State, wanted: Mapping[str, bool]) -> None:
    """Store the valid switches ``wanted`` over the present ones; those of other features stay in the file.

    Raises :class:`ProductError` where it cannot be, and stores nothing then.
    """
    _check_rules(build)
    path = switches_file(build.line.name, build.name)
    try:
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with alone(f"{path}.lock", PATIENCE) as is_held:
            if not is_held:
                raise ProductError("your switches are being changed just now", hint="try it once more")
            stored, warning = read_switches(path)
            if warning:
                say(build, warning)
            start = with_switches(build, {})
            for name in build.open:
                now = wanted.get(name, state.is_on(name))
                if name in stored or name in wanted or now is not start[name]:
                    stored[name] = now
            write_switches(path, stored)
    except OSError as error:
        raise ProductError(f"your switches cannot be written: {error.strerror}: {path}") from error


def _check_rules(build: Build) -> None:
    """Raise :class:`ProductError` unless ``build.json``, which has the rules, is as it was handed out."""
    import hashlib

    path = os.path.join(build.folder, "build.json")
    try:
        with open(os.path.join(build.folder, SUMS), encoding="utf-8") as sums, open(path, "rb") as file:
            is_whole = parse_sums(sums.read()).get("build.json") == hashlib.sha256(file.read()).hexdigest()
    except (OSError, ValueError):
        is_whole = False
    if not is_whole:
        raise ProductError(
            "this product's rules were changed after it was built, so nothing can be switched",
            hint="@verify names every file that was changed; take the whole build again from where it came",
        )


def _envelope_fault(build: Build, state: State, name: str, value: bool) -> str:
    """Why ``name`` is not the user's to switch to ``value``, or an empty text."""
    if name in build.open:
        return uncovered(build).get(name, "") if value and name in build.licensed and not state.is_on(name) else ""
    feature = build.features.get(name)
    if feature is None:
        hint = did_you_mean(name, list(build.features))
        return f"there is no feature '{name}'" + (f"; {hint}" if hint else "")
    word = "on" if state.is_on(name) else "off"
    if bonds := [rule.sentence for rule in build.rules if any(name == other for other, _ in rule.any)]:
        return f"'{name}' is {word} together with other features: {'; '.join(filter(None, dict.fromkeys(bonds)))}"
    if value and feature.value is False:
        return f"'{name}' is not licensed in this build: {feature.reason}"
    decided = "cannot be switched" if feature.stage == "user" else f"was decided by the {feature.stage}"
    return f"'{name}' is {word} and {decided}: {feature.reason}"


def _say_what_ended(build: Build, barred: Mapping[str, str], wanted: State, state: State) -> None:
    """Why features are off that would be on, or are on still, because the rest cannot do without them."""
    for name, sentence in barred.items():
        if state.is_on(name):
            say(build, f"{sentence}; it stays on, because this product cannot be without it")
        elif wanted.is_on(name):
            with_it = [
                each for each in build.open if each not in barred and state.is_on(each) is not wanted.is_on(each)
            ]
            more = "".join(f", and '{each}' {'on' if state.is_on(each) else 'off'} with it" for each in with_it)
            say(build, f"{sentence}, so it is off{more}")


def say(build: Build, text: str) -> None:
    """A warning on stderr, by the name of what was started."""
    print(f"{build.launcher}: {text}", file=sys.stderr)
