"""Proposals: what rules select for a customer, as far as it goes with what the customer has decided and with the model.

What cannot hold together gives way by weight, and never in silence: the least is left out with which all the rest is
valid. That is found by implicit hitting sets (Moreno-Centeno and Karp, 2013): a resolution is tried, what it calls
impossible is remembered, and the least that hits all that is remembered is left out of the next one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from enum import IntEnum

from ..errors import Place
from ..model.expression import Value
from ..model.feature import NOWHERE, Stage
from ..model.feature_model import FeatureModel
from ..model.line import Rule
from ..model.names import key_text
from ..model.selection import Selection, Wish
from ..model.tailoring import Tailored, Tailoring
from .conflict import Conflict
from .minimising import minimise
from .reasons import Origin, Resolution, WishRule
from .session import SatSession
from .words import rule_sentence

__all__ = ["LeftOut", "Opening", "Proposal", "Voice", "propose"]

OPEN = "open"
Topic = tuple[str, object, str]
"""One decision, whoever makes it: the feature, its value and the type of that; OPEN in its place for one left open."""
Known = tuple[frozenset[Topic], tuple[str, ...]]
"""Decisions that cannot all hold, and why, in sentences."""


class Voice(IntEnum):
    """Who decides, the weakest first: one of a higher voice outweighs all those of the lower ones together."""

    RULE = 0
    """A rule of the line, on the customer's behalf."""

    CUSTOMER = 1
    """The customer's own selection."""

    VENDOR = 2
    """A rule that says that it is the vendor's, a profile, or a wish for a feature of the vendor's stage."""


@dataclass(frozen=True, slots=True)
class Opening:
    """That a feature is left to the end user."""

    feature: str
    where: Place = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Something that the proposal does not follow, and ``reasons``, sentences that cannot all hold.

    ``of`` is a rule that fired, or what the customer's selection has decided or left open.
    """

    of: Rule | Wish | Opening
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A selection that is valid, with what it rests on.

    ``followed`` are the decisions of the rules that are in it, in their order; ``left_out`` is the least that had to
    give way. ``barred`` are features that are off because no licence covers them, each with the sentence that says so.
    """

    selection: Selection
    resolution: Resolution
    followed: tuple[Tailored, ...]
    left_out: tuple[LeftOut, ...] = ()
    barred: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, eq=False)
class _Want:
    """One thing to keep or to leave out: a rule with all it selects, or a single decision of the selection."""

    of: Rule | Wish | Opening
    voice: Voice
    weight: int
    topics: Mapping[Topic, Wish | Opening]


def propose(
    model: FeatureModel,
    selection: Selection,
    tailoring: Tailoring,
    resolve: Callable[[Selection], Resolution],
    barred: Mapping[str, Place] | None = None,
) -> Proposal:
    """What the rules make of a customer's ``selection``, which may be empty.

    ``resolve`` gives the resolution of a selection over the model, or raises Conflict. Features that are ``barred``
    are in no proposal; where each is said to be says why. Raises Conflict where there is no valid selection without
    them, whatever is left out.
    """
    return _Proposing(model, selection, tailoring, resolve, barred or {}).propose()


class _Proposing:
    """One proposal under way: all that is wanted, and which of it cannot hold together, as far as that is known."""

    def __init__(
        self, model: FeatureModel, selection: Selection, tailoring: Tailoring,
        resolve: Callable[[Selection], Resolution], barred: Mapping[str, Place],
    ) -> None:  # fmt: skip
        self.model = model
        self.base = selection
        self.tailoring = tailoring
        self.resolve = resolve
        self.barred = barred
        self.off: dict[str, Wish] = {}
        self.wants = [*_wants_of_selection(model, selection), *_wants_of_rules(tailoring)]
        self.wishes: dict[Topic, Wish | Opening] = {}
        for want in self.wants:
            for topic, wish in want.topics.items():
                self.wishes.setdefault(topic, wish)
        self.conflicts: list[Known] = [*_disagreements(self.wishes), *_beyond(self.wishes, self.barred)]

    def propose(self) -> Proposal:
        while True:
            out = _least(self.wants, self.conflicts) if self.conflicts else []
            selection = self._selection(out)
            try:
                resolution = self.resolve(selection)
            except Conflict as conflict:
                self._learn(conflict)
                continue
            more = [name for name in self.barred if name not in self.off and _is_there(resolution, name)]
            if not more:
                return self._proposal(selection, resolution, out)
            self.off.update({name: Wish(name, False, self.barred[name]) for name in more})

    def _selection(self, out: Sequence[_Want]) -> Selection:
        """The selection with all that is not left out."""
        kept = [want for want in self.wants if want not in out]
        topics = dict.fromkeys(topic for want in kept for topic in want.topics)
        wishes: dict[str, Wish] = {}
        for topic in topics:
            wish = self.wishes[topic]
            if isinstance(wish, Wish) and not (wish.feature in wishes and wish.value is True):
                wishes[wish.feature] = wish
        opened = {name: place for name, place in self.base.open.items() if (name, None, OPEN) in topics}
        return replace(self.base, wishes=wishes | self.off, open=opened)

    def _learn(self, conflict: Conflict) -> None:
        """Remember what cannot hold together. Raises the conflict where nothing of it can be left out."""
        for origins in conflict.conflicts:
            said = [origin.wish.said or origin.wish for origin in origins if isinstance(origin, WishRule)]
            topics = {_topic(wish.feature, wish.value) for wish in said if self.off.get(wish.feature) != wish}
            found = frozenset(topics & self.wishes.keys())
            if not found:
                raise conflict
            self.conflicts.append((found, _in_words(origins)))

    def _proposal(self, selection: Selection, resolution: Resolution, out: Sequence[_Want]) -> Proposal:
        left = {id(want.of) for want in out}
        followed = tuple(each for each in self.tailoring.decisions if id(each.rule) not in left)
        return Proposal(
            selection=replace(selection, wishes=self._overriding(selection, resolution)),
            resolution=resolution,
            followed=followed,
            left_out=tuple(LeftOut(want.of, self._reasons(want, out)) for want in out),
            barred={name: wish.where.key for name, wish in self.off.items()},
        )

    def _overriding(self, selection: Selection, resolution: Resolution) -> dict[str, Wish]:
        """The wishes, and for what a profile says and was left out, what the selection says in its place."""
        wishes = dict(selection.wishes)
        for name, wish in self.base.wishes.items():
            if name not in wishes and wish.where.file not in ("", self.base.file) and name in resolution.decisions:
                wishes[name] = Wish(name, resolution.decisions[name].value)
        return wishes

    def _reasons(self, want: _Want, out: Sequence[_Want]) -> tuple[str, ...]:
        """A conflict of which all else is kept."""
        kept = {topic for other in self.wants if other not in out for topic in other.topics}
        own = want.topics.keys()
        for topics, words in self.conflicts:
            if not topics.isdisjoint(own) and topics <= kept | own:
                return words
        return next(words for topics, words in self.conflicts if not topics.isdisjoint(own))


def _wants_of_selection(model: FeatureModel, selection: Selection) -> Iterable[_Want]:
    for name, wish in selection.wishes.items():
        yield _Want(wish, _voice(model, selection, name, wish.where), 1, {_topic(name, wish.value): wish})
    for name, place in selection.open.items():
        opening = Opening(name, place)
        yield _Want(opening, _voice(model, selection, name, place), 1, {(name, None, OPEN): opening})


def _voice(model: FeatureModel, selection: Selection, name: str, where: Place) -> Voice:
    is_inherited = where.file not in ("", selection.file)
    feature = model.features.get(name)
    is_vendors = feature is not None and feature.stage is Stage.VENDOR
    return Voice.VENDOR if is_inherited or is_vendors else Voice.CUSTOMER


def _wants_of_rules(tailoring: Tailoring) -> Iterable[_Want]:
    rules = {id(each.rule): each.rule for each in tailoring.decisions}
    for rule in rules.values():
        wishes = [Wish(name, value, rule.where.at(f"select.{key_text(name)}")) for name, value in rule.select.items()]
        topics: dict[Topic, Wish | Opening] = {_topic(wish.feature, wish.value): wish for wish in wishes}
        yield _Want(rule, Voice.VENDOR if rule.is_vendors else Voice.RULE, rule.weight, topics)


def _topic(name: str, value: Value) -> Topic:
    """What is decided; 1 and true are two values."""
    return name, value, type(value).__name__


def _beyond(wishes: Mapping[Topic, Wish | Opening], barred: Mapping[str, Place]) -> Iterable[Known]:
    """Each decision for a feature that no licence covers."""
    for topic, wish in wishes.items():
        if topic[0] in barred and topic[1] is not False:
            yield frozenset([topic]), (_said(wish), str(barred[topic[0]]))


def _disagreements(wishes: Mapping[Topic, Wish | Opening]) -> Iterable[Known]:
    """Each two decisions on one feature that are not the same."""
    by_feature: dict[str, list[Topic]] = {}
    for topic in wishes:
        by_feature.setdefault(topic[0], []).append(topic)
    for topics in by_feature.values():
        for number, one in enumerate(topics):
            for other in topics[number + 1 :]:
                if not _agree(one, other):
                    yield frozenset([one, other]), (_said(wishes[one]), _said(wishes[other]))


def _agree(one: Topic, other: Topic) -> bool:
    """A wish for a feature, whatever its value, goes with one for a value."""
    return any(
        first[1] is True and second[1] is not False and second[2] not in ("bool", OPEN)
        for first, second in ((one, other), (other, one))
    )


def _said(wish: Wish | Opening) -> str:
    if isinstance(wish, Opening):
        return f"'{wish.feature}' is left to the end user ({wish.where})"
    return rule_sentence(WishRule(wish))


def _in_words(origins: Iterable[Origin]) -> tuple[str, ...]:
    return tuple(map(rule_sentence, origins))


def _is_there(resolution: Resolution, name: str) -> bool:
    is_on = resolution.decisions[name].value is not False
    return is_on or name in resolution.open or name in resolution.follows


def _least(wants: Sequence[_Want], conflicts: Sequence[Known]) -> list[_Want]:
    """What weighs least of all that, left out, leaves no known conflict; of the same weight what comes last.

    A decision goes only where everybody who makes it is left out.
    """
    weights = _weights(wants)
    out = dict(enumerate(wants, 1))
    with closing(SatSession([], len(wants))) as session:
        gone: dict[Topic, int] = {}
        for topics, _ in conflicts:
            for topic in topics:
                if topic not in gone:
                    gone[topic] = session.fresh()
                    makers = [number for number, want in out.items() if topic in want.topics]
                    session.add((-gone[topic], number) for number in makers)
            session.add([tuple(sorted(gone[topic] for topic in topics))])
        optimum = minimise(session, {number: weights[number - 1] for number in out}, [])
        if optimum is None:
            raise AssertionError("with everything left out no conflict is left")
        held = optimum[1]
        order = sorted(out, key=lambda number: -out[number].voice)
        for number in order:
            held = [*held, -number if session.is_possible([*held, -number]) else number]
        return [want for number, want in out.items() if number in held]


def _weights(wants: Sequence[_Want]) -> list[int]:
    """One of a higher voice outweighs all those of the lower ones together."""
    total = 0
    scale = dict.fromkeys(Voice, 1)
    for voice in Voice:
        scale[voice] = total + 1
        total += sum(scale[voice] * want.weight for want in wants if want.voice is voice)
    return [scale[want.voice] * want.weight for want in wants]
