"""What was answered so far and what follows from it; every state can be completed to a configuration."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from ...errors import Place
from ...model.expression import Value
from ...model.feature import Feature, Group
from ...model.feature_model import FeatureModel
from ...model.names import key_text
from ...model.selection import Selection, Wish
from ...solve.configurator import Configurator, Consequences
from ...solve.conflict import Conflict, conflict_of
from ...solve.reasons import Decision

__all__ = ["Answer", "State", "Topic"]

Topic = str | Group
"""What a question is about: one feature, or the members of a group together."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a person said to one question.

    ``wishes`` are the decisions in it; an answer without any leaves the matter to the line. ``dropped`` are features
    whose earlier wishes it takes back, ``opened`` those that it leaves to the end user.
    """

    topic: Topic
    wishes: Mapping[str, Value] = field(default_factory=dict)
    dropped: tuple[str, ...] = ()
    opened: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Step:
    """An answer, and how to go back: the configurator before it, or how many of its decisions to undo."""

    answer: Answer
    back: Configurator | int


class State:
    """A choice under way. Raises Conflict where the model has no configuration at all.

    ``settled`` says of each feature that can no longer go both ways whether it is in; every answer makes a new one.
    """

    settled: Mapping[str, bool]

    def __init__(self, model: FeatureModel) -> None:
        self.model = model
        self._configurator = Configurator(model)
        self._steps: list[_Step] = []
        self.settled = self._look()

    @property
    def answers(self) -> tuple[Answer, ...]:
        """The answers that hold, in their order."""
        return tuple(step.answer for step in self._steps)

    @property
    def wishes(self) -> dict[str, Value]:
        """The decisions of all answers together."""
        return {name: wish.value for name, wish in _selection(self.answers, "", "", "").wishes.items()}

    @property
    def decided(self) -> dict[str, Value]:
        """All that is settled, with the values that answers gave."""
        given = self.wishes
        return {name: given.get(name, True) if is_in else False for name, is_in in self.settled.items()}

    @property
    def free(self) -> tuple[str, ...]:
        """The features that can still go both ways, in tree order."""
        return tuple(name for name in self.model.preorder() if name not in self.settled)

    @property
    def opened(self) -> tuple[str, ...]:
        """The features that are left to the end user."""
        return tuple(_selection(self.answers, "", "", "").open)

    @property
    def without_value(self) -> tuple[str, ...]:
        """The typed features that are in, and whose value neither an answer nor the line says."""
        given = self.wishes
        return tuple(
            name
            for name, is_in in self.settled.items()
            if is_in and _has_no_default(self.model.features[name]) and isinstance(given.get(name, True), bool)
        )

    def is_in(self, feature: str) -> bool | None:
        """Whether the feature is in or out; None where it can still go both ways."""
        return self.settled.get(feature)

    def is_answered(self, topic: Topic) -> bool:
        """Whether the question was answered, be it by leaving it to the line."""
        return any(step.answer.topic == topic for step in self._steps)

    def decision(self, feature: str) -> Decision | None:
        """A decided feature with its reason; None for a free one."""
        is_in, reason = self.is_in(feature), self._configurator.reason(feature)
        if is_in is None or reason is None:
            return None
        return Decision(feature, self.wishes.get(feature, is_in) if is_in else False, reason)

    def consequences(self, answer: Answer) -> Consequences | None:
        """What the answer would settle beyond itself; None where it is impossible."""
        wishes = list(answer.wishes.items())
        if self._only_adds(answer) and len(wishes) == 1:
            return self._configurator.preview(wishes[0][0], wishes[0][1] is True)
        try:
            after = self._rebuilt(answer)
        except Conflict:
            return None
        return _difference(self.settled, self._look(after), answer)

    def give(self, answer: Answer) -> Consequences:
        """Take an answer and return what it settled. Raises Conflict, changing nothing, where it is impossible."""
        before, back = self.settled, self._configurator
        if self._only_adds(answer):
            self._steps.append(_Step(answer, self._add(answer)))
        else:
            self._configurator = self._rebuilt(answer)
            self._steps.append(_Step(answer, back))
        self.settled = self._look()
        return _difference(before, self.settled, answer)

    def undo(self) -> Answer | None:
        """Take back the last answer and return it; None where there is none."""
        if not self._steps:
            return None
        step = self._steps.pop()
        if isinstance(step.back, Configurator):
            self._configurator = step.back
        else:
            for _ in range(step.back):
                self._configurator.undo()
        self.settled = self._look()
        return step.answer

    def selection(self, customer: str, line: str, file: str = "") -> Selection:
        """The answers as a selection: what was decided and left open, nothing that only follows."""
        return _selection(self.answers, customer, line, file)

    def _only_adds(self, answer: Answer) -> bool:
        """Whether the answer takes nothing back and gives no value, so that the configurator can go on from here."""
        said = self.wishes
        return all(name not in said for name in (*answer.dropped, *answer.wishes)) and all(
            isinstance(value, bool) for value in answer.wishes.values()
        )

    def _add(self, answer: Answer) -> int:
        done = 0
        try:
            for name, value in answer.wishes.items():
                self._configurator.decide(name, value is True)
                done += 1
        except Conflict:
            for _ in range(done):
                self._configurator.undo()
            raise
        return done

    def _rebuilt(self, answer: Answer) -> Configurator:
        """A configurator with all answers and this one. Raises Conflict."""
        selection = _selection([*self.answers, answer], "", "", "")
        try:
            return Configurator(self.model, selection)
        except Conflict:
            raise conflict_of(self.model, selection) from None

    def _look(self, configurator: Configurator | None = None) -> dict[str, bool]:
        states = ((name, (configurator or self._configurator).state(name)) for name in self.model.preorder())
        return {name: is_in for name, is_in in states if is_in is not None}


def _has_no_default(feature: Feature) -> bool:
    return feature.type is not None and feature.default is None


def _difference(before: Mapping[str, bool], after: Mapping[str, bool], answer: Answer) -> Consequences:
    """What is settled another way than before, without what the answer said itself."""
    new = [name for name, is_in in after.items() if before.get(name) is not is_in and name not in answer.wishes]
    return Consequences(tuple(n for n in new if after[n]), tuple(n for n in new if not after[n]))


def _selection(answers: Iterable[Answer], customer: str, line: str, file: str) -> Selection:
    """The answers together: a later one overrides an earlier one."""
    wishes: dict[str, Value] = {}
    opened: dict[str, Place] = {}
    for answer in answers:
        for name in (*answer.dropped, *answer.wishes, *answer.opened):
            wishes.pop(name, None)
            opened.pop(name, None)
        wishes |= answer.wishes
        opened |= dict.fromkeys(answer.opened, Place(file))
    made = {
        name: Wish(name, value, Place(file, f"select.{key_text(name)}") if file else Place())
        for name, value in wishes.items()
    }
    return Selection(line=line, customer=customer, file=file, wishes=made, open=opened)
