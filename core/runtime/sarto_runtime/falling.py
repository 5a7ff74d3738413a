"""What goes off with features that have failed: by the product's rules, never more than must."""

from __future__ import annotations

import sys
from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

from .build import Build, Rule
from .residual import conflicts, enough, nearest
from .running import announce, announced
from .state import State, with_switches

__all__ = ["Fall", "fall", "without"]


class Fall(NamedTuple):
    """What becomes of a product some of whose features have failed.

    ``state`` is what is left, ``off`` has the features that go off too, each with the sentence that says why. Where no
    valid product is left, the state is the one before, and ``obstacle`` says what the rules demand.
    """

    state: State
    off: dict[str, str]
    obstacle: str = ""


def without(build: Build, state: State, failed: Collection[str]) -> Fall:
    """The state without features that have ``failed``, and without the fewest others that cannot be without them.

    Where these take too long to find, a few more of them may go.
    Nothing goes on for it: what nobody asked for is no way out, and may not even be on the path.
    """
    rules = build.needs
    named = {name for rule in rules for name, _ in rule.any if name in build.features}
    told = {name: state.is_on(name) for name in build.features if name in named or name in build.open}
    told.update(dict.fromkeys(failed, False))
    root = next(iter(build.features), "")
    may_go = [name for name in build.features if told.get(name) and name != root]
    going = nearest(rules, told, may_go)
    if going is None:
        going = enough(rules, told, may_go)
    if going is None:
        return Fall(state, {}, "; ".join(_obstacle(rules, told, may_go)))
    left = {**told, **dict.fromkeys(going, False)}
    off = {}
    for name in going:
        broken = dict.fromkeys(s for each in conflicts(rules, {**left, name: True}) for s in each.sentences)
        off[name] = "; ".join(broken)
    values = {name: value if left.get(name, True) else False for name, value in state.features.items()}
    start = with_switches(build, {})
    switched = frozenset(name for name in build.open if left[name] is not start[name])
    return Fall(state._replace(features=values, switched=switched), off)


def _obstacle(rules: Sequence[Rule], told: Mapping[str, bool], may_go: Collection[str]) -> list[str]:
    """The sentences, in a chain from what has failed, for which no valid product is left."""
    left, chains = dict(told), dict[str, tuple[str, ...]]()
    while broken := conflicts(rules, left):
        going = dict[str, tuple[str, ...]]()
        for each in broken:
            chain = *(sentence for name in each.features for sentence in chains.get(name, ())), *each.sentences
            may = [name for name in each.features if left[name] and name in may_go]
            if not may:
                return list(dict.fromkeys(chain))
            if len(may) == 1:
                going[may[0]] = chain
        if not going:
            break
        chains |= going
        left.update(dict.fromkeys(going, False))
    return list(dict.fromkeys(sentence for each in conflicts(rules, told) for sentence in each.sentences))


def fall(build: Build, failed: Collection[str]) -> Fall:
    """Have the product run without the features that have ``failed``, as far as its rules allow it."""
    before = announced()[1]
    found = without(build, before, failed)
    if not found.obstacle:
        announce(build, found.state)
        if live := sys.modules.get(f"{__package__}.live"):  # nobody else has listeners
            off = {name: False for name in before.features if before.is_on(name) and not found.state.is_on(name)}
            live.tell(build, off)
    return found
