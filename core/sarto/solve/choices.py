"""Choices as values: decisions and all that follows from them, whatever the order in which they were made."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import compress
from operator import ne
from threading import Lock

from ..model.expression import Compare, Value, postorder
from ..model.feature_model import FeatureModel
from ..model.selection import Selection, Wish
from .configurator import Consequences
from .conflict import Conflict, conflict_of
from .counting import ClauseCounter, count
from .ground import Forced, Ground
from .linear_form import features_read
from .reasons import Cause, Decision, Reason, WishRule
from .settling import settling
from .values import given_values

__all__ = ["Choice", "Choices"]

KEPT = 16
"""So many encodings are kept, one for each combination of typed values that constraints read."""

OUT, IN, FREE = b"-+?"


@dataclass(frozen=True, slots=True)
class Choice:
    """Decisions (``wishes``: true, false, or a typed feature's value) and the state of every feature under them.

    ``order`` are the features in the order of the tree, ``states`` has one byte for each: it takes little memory.
    """

    order: tuple[str, ...]
    wishes: Mapping[str, Value]
    states: bytes

    @property
    def selected(self) -> tuple[str, ...]:
        """The features that are in, in the order of the tree."""
        return self._those(IN)

    @property
    def excluded(self) -> tuple[str, ...]:
        """The features that are out."""
        return self._those(OUT)

    @property
    def free(self) -> tuple[str, ...]:
        """The features that can still go both ways."""
        return self._those(FREE)

    @property
    def freedom(self) -> int:
        """How many features can still go both ways."""
        return self.states.count(FREE)

    @property
    def settled(self) -> dict[str, bool]:
        """Whether each feature that can no longer go both ways is in."""
        pairs = zip(self.order, self.states, strict=True)
        return {name: state == IN for name, state in pairs if state != FREE}

    def since(self, before: Choice) -> tuple[Consequences, tuple[str, ...]]:
        """What is in and out now and was not ``before``, and what is free again."""
        new: dict[int, list[str]] = {IN: [], OUT: [], FREE: []}
        for name, state in compress(zip(self.order, self.states, strict=True), map(ne, before.states, self.states)):
            new[state].append(name)
        return Consequences(tuple(new[IN]), tuple(new[OUT])), tuple(new[FREE])

    def _those(self, state: int) -> tuple[str, ...]:
        return tuple(compress(self.order, map(state.__eq__, self.states)))


class Choices:
    """All choices over one model. What they share is encoded once; threads may share one.

    A typed feature has the value that is wished, else its default: constraints are decided on these.
    """

    def __init__(self, model: FeatureModel) -> None:
        self.model = model
        self.order = tuple(model.preorder())
        self.place = {name: index for index, name in enumerate(self.order)}
        self._grounds: OrderedDict[tuple[object, ...], tuple[Ground, Lock]] = OrderedDict()
        self._lock = Lock()

    def choice(self, wishes: Mapping[str, Value]) -> Choice:
        """What follows from these decisions together. Raises Conflict where they are impossible."""
        found = self._states(wishes)
        if found is None:
            raise self.conflict(wishes)
        return self._choice(wishes, found)

    def attempt(self, wishes: Mapping[str, Value]) -> Choice | None:
        """As :meth:`choice`, but None where they are impossible."""
        found = self._states(wishes)
        return None if found is None else self._choice(wishes, found)

    def conflict(self, wishes: Mapping[str, Value], insisted: str = "") -> Conflict:
        """Why these decisions are impossible together, with repairs; those without the one insisted on come last."""
        return conflict_of(self.model, selection_of(wishes), insisted)

    def count(self, choice: Choice, counter: ClauseCounter | None = None, seconds: float = 1.0) -> int | None:
        """How many configurations are left, or None where that is not found in about so many seconds.

        The values of typed features do not make a configuration another one.
        """
        ground, _ = self._ground(choice.wishes)
        return count(self.model, counter, seconds, _decided(choice.wishes), ground.subtrees)

    def state(self, choice: Choice, feature: str) -> bool | None:
        """Whether the feature is in or out; None where it is free."""
        state = choice.states[self.place[feature]]
        return None if state == FREE else state == IN

    def without_value(self, choice: Choice) -> tuple[str, ...]:
        """The typed features that are in, and whose value neither a decision nor the line says."""
        return tuple(
            name
            for name in self._without_default
            if self.state(choice, name) and isinstance(choice.wishes.get(name, True), bool)
        )

    def decision(self, choice: Choice, feature: str) -> Decision | None:
        """A decided feature with its reason; None for a free one."""
        state = self.state(choice, feature)
        if state is None:
            return None
        value = choice.wishes.get(feature, state) if state else False
        if feature in choice.wishes:
            return Decision(feature, value, Reason(Cause.WISH, (WishRule(Wish(feature, value)),)))
        reason = self._forced(choice, feature).reason(feature, state)
        return Decision(feature, value, reason)

    def because_of(self, choice: Choice, feature: str) -> tuple[Wish, ...]:
        """A smallest-by-inclusion set of decisions that settles the feature; nothing for a free or decided one.

        A value is among them where it is the value that counts. Nothing, too, where the model and its defaults alone
        settle the feature.
        """
        state = self.state(choice, feature)
        if state is None or feature in choice.wishes:
            return ()
        has_values = any(name in self._read and not isinstance(each, bool) for name, each in choice.wishes.items())
        found = settling(self.model, choice.wishes, feature, state) if has_values else None
        if found is not None:
            return found
        facts = self._forced(choice, feature).decisions(feature, state)
        return tuple(Wish(fact.feature, choice.wishes[fact.feature]) for fact in facts)

    def _choice(self, wishes: Mapping[str, Value], found: Mapping[str, bool]) -> Choice:
        states = bytearray([FREE]) * len(self.order)
        for name, is_in in found.items():
            states[self.place[name]] = IN if is_in else OUT
        return Choice(self.order, dict(wishes), bytes(states))

    def _states(self, wishes: Mapping[str, Value]) -> Mapping[str, bool] | None:
        ground, lock = self._ground(wishes)
        with lock:
            return ground.states_under(_decided(wishes)) if ground.is_possible else None

    def _forced(self, choice: Choice, feature: str) -> Forced:
        ground, _ = self._ground(choice.wishes)
        return Forced(ground, _decided(choice.wishes), feature)

    def _ground(self, wishes: Mapping[str, Value]) -> tuple[Ground, Lock]:
        """The ground of the typed values that constraints read; the others make no difference to anything here."""
        given = self._given(wishes)
        key = tuple((name, type(value), value) for name, (value,) in given.items())
        with self._lock:
            found = self._grounds.get(key)
            if found is None:
                found = self._grounds[key] = (Ground(self.model, given), Lock())
                if len(self._grounds) > KEPT:
                    self._grounds.popitem(last=False)
            self._grounds.move_to_end(key)
            return found

    def _given(self, wishes: Mapping[str, Value]) -> dict[str, Sequence[Value]]:
        if not self._read:
            return {}
        given = given_values(self.model, selection_of(wishes))
        return {name: values for name, values in given.items() if name in self._read}

    @cached_property
    def _read(self) -> frozenset[str]:
        return frozenset(_typed_in_comparisons(self.model))

    @cached_property
    def _without_default(self) -> tuple[str, ...]:
        features = self.model.features
        return tuple(name for name in self.order if features[name].type and features[name].default is None)


def selection_of(wishes: Mapping[str, Value]) -> Selection:
    """A selection of nothing but these wishes."""
    return Selection(line="", customer="", wishes={name: Wish(name, value) for name, value in wishes.items()})


def _decided(wishes: Mapping[str, Value]) -> dict[str, bool]:
    return {name: value is not False for name, value in wishes.items()}


def _typed_in_comparisons(model: FeatureModel) -> Iterator[str]:
    if not any(feature.type for feature in model.features.values()):
        return
    for constraint in model.constraints:
        for node in postorder(constraint.expression):
            if isinstance(node, Compare):
                yield from features_read(model, node)
