"""What a typed line means: a command, or an answer to the question that was asked."""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import StrEnum

from ...errors import SartoError
from ...model.expression import Value
from ...model.feature import Binding, Feature, Group, Stage, ValueType
from ...model.values import in_words, misfit
from .questions import Question
from .state import Answer, State

__all__ = ["Command", "can_be_left_open", "read_answer", "read_command"]


class Command(StrEnum):
    """What can be said instead of an answer."""

    UNDO = "u"
    EXPLAIN = "?"
    SEARCH = "/"
    DEFAULTS = "d"
    WRITE = "w"
    QUIT = "q"
    HELP = "h"


YES, NO, LEAVE, OPEN = ("y", "yes"), ("n", "no"), "-", "o"
_QUOTED = re.compile(r"""'([^']*)'|"([^"]*)\"""")


def read_command(text: str) -> tuple[Command, str] | None:
    """The command in a typed line, and for a search what is looked for; None where the line is an answer."""
    if text.startswith("/"):
        return Command.SEARCH, text[1:].strip()
    return (Command(text), "") if text in tuple(Command) else None


def read_answer(state: State, question: Question, text: str) -> Answer:
    """The answer in a typed line. Raises SartoError that says what is expected instead."""
    if text == LEAVE:
        return _left_to_the_line(state, question)
    if question.group is not None:
        return _chosen(state, question.group, question.takes_one, text)
    feature = state.model.features[question.members[0]]
    if text == OPEN and can_be_left_open(feature):
        return Answer(feature.name, opened=(feature.name,))
    return Answer(feature.name, {feature.name: _value(feature, text)})


def can_be_left_open(feature: Feature) -> bool:
    """Whether a selection may leave the feature to the end user."""
    return feature.type is None and feature.stage is not Stage.VENDOR and feature.delivery.binding is not Binding.BUILD


def _left_to_the_line(state: State, question: Question) -> Answer:
    feature = state.model.features.get(question.feature or "")
    if feature is not None and feature.type is not None and feature.default is None and state.is_in(feature.name):
        raise SartoError(f"the line has no value for '{feature.name}'", hint=f"give {_value_in_words(feature)}")
    return Answer(question.topic, dropped=question.members)


def _value(feature: Feature, text: str) -> Value:
    """True, false or a typed feature's value; a text that means something else here can be put in quotes."""
    if text in NO or (text in YES and (feature.type is None or feature.default is not None)):
        return text in YES
    value = _typed(feature, text)
    if value is None or misfit(feature, value):
        words = "y or n" if feature.type is None else f"{_value_in_words(feature)}, or n"
        raise SartoError(
            (value is not None and misfit(feature, value)) or f"'{text}' is no answer", hint=f"give {words}"
        )
    return value


def _value_in_words(feature: Feature) -> str:
    return in_words(feature).removesuffix(", or false")


def _typed(feature: Feature, text: str) -> Value | None:
    quoted = _QUOTED.fullmatch(text)
    try:
        match feature.type:
            case ValueType.INTEGER:
                return int(text)
            case ValueType.REAL:
                return float(text)
            case ValueType.STRING:
                return (quoted[1] or quoted[2] or "") if quoted else text
    except ValueError:
        pass
    return None


def _chosen(state: State, group: Group, takes_one: bool, text: str) -> Answer:
    """The members that numbers or names in a typed line stand for, with those that are in whatever is said."""
    members = group.members
    chosen = {_member(members, word) for word in re.split(r"[,\s]+", text) if word != "0"}
    if takes_one:
        if len(chosen) != 1:
            raise SartoError("one of these is needed", hint=f"give a number from 1 to {len(members)}")
        others = tuple(name for name in members if name not in chosen)
        return Answer(group, dict.fromkeys(chosen, True), dropped=others)
    given = state.wishes
    chosen |= {name for name in members if state.is_in(name) and name not in given}
    if not group.minimum <= len(chosen) <= group.maximum:
        what = f"{len(chosen)} of these are chosen" if len(chosen) != 1 else "1 of these is chosen"
        raise SartoError(f"{what}, where {_bounds(group)} are needed")
    settled = {name for name in members if state.is_in(name) is (name in chosen) and name not in given}
    return Answer(group, {name: name in chosen for name in members if name not in settled})


def _member(members: Sequence[str], word: str) -> str:
    if word in members:
        return word
    if word.isdecimal() and 1 <= int(word) <= len(members):
        return members[int(word) - 1]
    raise SartoError(f"'{word}' is none of these", hint=f"give numbers from 1 to {len(members)}, with spaces between")


def _bounds(group: Group) -> str:
    if group.minimum == group.maximum:
        return str(group.minimum)
    if group.maximum == len(group.members):
        return f"{group.minimum} or more"
    return f"{group.minimum} to {group.maximum}"
