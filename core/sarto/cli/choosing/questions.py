"""Which question comes next, in the order of the tree, and which one a feature belongs to."""

from __future__ import annotations

from dataclasses import dataclass

from ...model.feature import Group, GroupKind
from ...model.instances import is_any
from .state import State, Topic

__all__ = ["Question", "is_settled", "next_question", "question_of"]


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked about a ``topic``: about one feature, or about the ``members`` of a group together."""

    topic: Topic
    members: tuple[str, ...]

    @property
    def feature(self) -> str | None:
        """The feature, where the question is about one."""
        return self.topic if isinstance(self.topic, str) else None

    @property
    def group(self) -> Group | None:
        """The group, where the question is about its members together."""
        return None if isinstance(self.topic, str) else self.topic

    @property
    def takes_one(self) -> bool:
        """Whether exactly one of a group's members is to be chosen."""
        return isinstance(self.topic, Group) and (self.topic.minimum, self.topic.maximum) == (1, 1)


def next_question(state: State) -> Question | None:
    """The first question in the order of the tree that is not answered yet; None where all are.

    A feature is asked for where its parent is in and it can still go both ways, the members of an or,
    alternative or cardinality group together, and the value of a typed feature where it is in.
    """
    work: list[Topic] = [state.model.root]
    while work:
        topic = work.pop()
        if isinstance(topic, str):
            if _is_open(state, topic):
                return Question(topic, (topic,))
            if state.is_in(topic):
                work.extend(reversed(state.model.groups_under(topic)))
        elif _asks_together(topic) and _is_open_group(state, topic):
            return Question(topic, topic.members)
        else:
            work.extend(reversed(topic.members))
    return None


def question_of(state: State, feature: str) -> Question:
    """The question in which the feature is decided, or its value where it is in."""
    group = state.model.group_of(feature)
    if group is None or not _asks_together(group) or _has_value(state, feature):
        return Question(feature, (feature,))
    return Question(group, group.members)


def is_settled(state: State, question: Question) -> bool:
    """Whether other answers and the model leave nothing to say to the question."""
    said = {*state.wishes, *state.opened}
    return all(
        state.is_in(name) is not None and name not in said and not _has_value(state, name) for name in question.members
    )


def _asks_together(group: Group) -> bool:
    return group.kind not in (GroupKind.OPTIONAL, GroupKind.MANDATORY)


def _is_open_group(state: State, group: Group) -> bool:
    return not state.is_answered(group) and any(state.is_in(name) is None for name in group.members)


def _is_open(state: State, feature: str) -> bool:
    """Whether a feature by itself is still to be asked for; not where other answers say if any instance has it."""
    group = state.model.group_of(feature)
    if is_any(state.model, feature):
        return False
    if state.is_in(feature) is None:
        return not (group and _asks_together(group)) and not state.is_answered(feature)
    return _needs_value(state, feature)


def _has_value(state: State, feature: str) -> bool:
    return state.model.features[feature].type is not None and state.is_in(feature) is True


def _needs_value(state: State, feature: str) -> bool:
    """Whether a typed feature is in and nobody said its value; the line's default will do where the answer was that."""
    if not _has_value(state, feature) or not isinstance(state.wishes.get(feature, True), bool):
        return False
    return state.model.features[feature].default is None or not state.is_answered(feature)
