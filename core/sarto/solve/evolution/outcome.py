"""What changes in the configuration that a customer gets, from one version of the line to another."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from ...model.expression import Value
from ..reasons import Decision, Resolution
from ..words import sentence

__all__ = ["Shift", "shifts"]


@dataclass(frozen=True, slots=True)
class Shift:
    """A feature that is not decided as it was: ``before`` None where it is new, ``after`` None where it is gone.

    The names are the new ones, and ``reason`` says in a sentence why it is now as it is. ``was_open`` and ``is_open``
    tell whether the end user decided it, or does.
    """

    feature: str
    before: Value | None
    after: Value | None
    was_open: bool
    is_open: bool
    reason: str


def shifts(before: Resolution, after: Resolution, renamed: Mapping[str, str]) -> tuple[Shift, ...]:
    """How two resolutions differ, under the new names: first features of the new version, then those that are gone.

    ``renamed`` maps names of the old version to new ones.
    """
    old = {renamed.get(name, name): decision for name, decision in before.decisions.items()}
    was_open = {renamed.get(name, name) for name in before.open}
    found = [_shift(name, old.get(name), after, name in was_open) for name in after.decisions]
    gone = (name for name in old if name not in after.decisions)
    return (*filter(None, found), *_gone(gone, old, was_open))


def _shift(name: str, old: Decision | None, after: Resolution, was_open: bool) -> Shift | None:
    new, is_open = after.decisions[name], name in after.open
    before = False if old is None else old.value
    is_same = before == new.value and isinstance(before, bool) is isinstance(new.value, bool)
    if is_same and (was_open == is_open or old is None):
        return None
    return Shift(name, None if old is None else old.value, new.value, was_open, is_open, sentence(new))


def _gone(names: Iterator[str], old: Mapping[str, Decision], was_open: set[str]) -> Iterator[Shift]:
    for name in names:
        if old[name].is_selected or name in was_open:
            yield Shift(name, old[name].value, None, name in was_open, False, "the line has it no longer")
