"""What was answered so far and what follows from it; every state can be completed to a configuration."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from ...errors import Place
from ...model.expression import Value
from ...model.feature import Group
from ...model.feature_model import FeatureModel
from ...model.names import key_text
from ...model.selection import Selection, Wish
from ...solve.choices import Choice, Choices
from ...solve.configurator import Consequences
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


class State:
    """A choice under way. Raises Conflict where the model has no configuration at all.

    ``answers`` are those that hold, in their order. ``settled`` says of each feature that can no longer go both ways
    whether it is in; every answer makes a new one.
    """

    settled: Mapping[str, bool]

    def __init__(self, model: FeatureModel) -> None:
        self.model = model
        self.answers: tuple[Answer, ...] = ()
        self._choices = Choices(model)
        self._passed = [self._choices.choice({})]
        self.settled = self._passed[-1].settled

    @property
    def wishes(self) -> dict[str, Value]:
        """The decisions of all answers together."""
        return _wishes(self.answers)

    @property
    def decided(self) -> dict[str, Value]:
        """All that is settled, with the values that answers gave."""
        given = self.wishes
        return {name: given.get(name, True) if is_in else False for name, is_in in self.settled.items()}

    @property
    def free(self) -> tuple[str, ...]:
        """The features that can still go both ways, in tree order."""
        return self._passed[-1].free

    @property
    def opened(self) -> tuple[str, ...]:
        """The features that are left to the end user."""
        return tuple(_selection(self.answers, "", "", "").open)

    @property
    def without_value(self) -> tuple[str, ...]:
        """The typed features that are in, and whose value neither an answer nor the line says."""
        return self._choices.without_value(self._passed[-1])

    def is_in(self, feature: str) -> bool | None:
        """Whether the feature is in or out; None where it can still go both ways."""
        return self.settled.get(feature)

    def is_answered(self, topic: Topic) -> bool:
        """Whether the question was answered, be it by leaving it to the line."""
        return any(answer.topic == topic for answer in self.answers)

    def decision(self, feature: str) -> Decision | None:
        """A decided feature with its reason; None for a free one."""
        return self._choices.decision(self._passed[-1], feature)

    def consequences(self, answer: Answer) -> Consequences | None:
        """What the answer would settle beyond itself; None where it is impossible."""
        after = self._choices.attempt(_wishes([*self.answers, answer]))
        return None if after is None else self._difference(after, answer)

    def give(self, answer: Answer) -> Consequences:
        """Take an answer and return what it settled. Raises Conflict, changing nothing, where it is impossible."""
        after = self._choices.choice(_wishes([*self.answers, answer]))
        settled = self._difference(after, answer)
        self.answers = (*self.answers, answer)
        self._passed.append(after)
        self.settled = after.settled
        return settled

    def undo(self) -> Answer | None:
        """Take back the last answer and return it; None where there is none."""
        if not self.answers:
            return None
        *before, last = self.answers
        self.answers = tuple(before)
        self._passed.pop()
        self.settled = self._passed[-1].settled
        return last

    def selection(self, customer: str, line: str, file: str = "") -> Selection:
        """The answers as a selection: what was decided and left open, nothing that only follows."""
        return _selection(self.answers, customer, line, file)

    def _difference(self, after: Choice, answer: Answer) -> Consequences:
        """What is settled another way than before, without what the answer said itself."""
        new, _ = after.since(self._passed[-1])
        selected, excluded = ([n for n in names if n not in answer.wishes] for names in (new.selected, new.excluded))
        return Consequences(tuple(selected), tuple(excluded))


def _wishes(answers: Iterable[Answer]) -> dict[str, Value]:
    return {name: wish.value for name, wish in _selection(answers, "", "", "").wishes.items()}


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
