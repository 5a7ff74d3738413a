"""What people ask without changing anything: why, what may a value be, where do two rooms differ."""

from __future__ import annotations

from typing import Any

from sarto.errors import SartoError
from sarto.model.expression import Value
from sarto.model.feature import ValueType
from sarto.solve.choices import Choice
from sarto.solve.ranges import Interval, intervals
from sarto.solve.words import sentence

from .line import OfferedLine
from .reasons import key_of, reason_data
from .rooms import OpenRoom

__all__ = ["compared", "range_of", "why"]

MOST_SENTENCES = 12
Told = tuple[str, dict[str, Any]]
"""A reason in words, and as data."""


def why(line: OfferedLine, opened: OpenRoom, feature: str) -> dict[str, Any]:
    """Why a feature is in or out, and the decisions that can be taken back to free it."""
    choices, choice = line.choices, opened.choice
    state = choices.state(choice, feature)
    decision = choices.decision(choice, feature)
    if decision is None:
        told: list[Told] = []
        because = []
    elif feature in choice.wishes:
        said = next(each for each in opened.room.said.decisions if each.feature == feature)
        told, because = [(f"{said.by} has decided it", reason_data(decision, by=said.by))], [feature]
    else:
        told = _chain(line, choice, feature)
        because = [wish.feature for wish in choices.because_of(choice, feature)]
    return {
        "feature": feature,
        "state": "free" if state is None else "in" if state else "out",
        "sentences": [words for words, _ in told],
        "reasons": [data for _, data in told],
        "because_of": because,
    }


def _chain(line: OfferedLine, choice: Choice, feature: str) -> list[Told]:
    """The reason for a feature, then those for what it follows from, down to what people decided."""
    found: dict[str, dict[str, Any]] = {}
    work, seen = [feature], {feature}
    while work and len(found) < MOST_SENTENCES:
        name = work.pop(0)
        decision = line.choices.decision(choice, name)
        if decision is None or name in choice.wishes:
            continue
        prefix = "" if name == feature else f"'{name}' is {'in' if decision.is_selected else 'out'}: "
        found[prefix + sentence(decision, key_of)] = reason_data(decision, wishes=choice.wishes)
        for fact in decision.reason.premises:
            if fact.feature not in seen:
                seen.add(fact.feature)
                work.append(fact.feature)
    return [*found.items()]


def range_of(line: OfferedLine, choice: Choice, feature: str) -> dict[str, Any]:
    """What a typed feature may still be: the ends of all that goes, and the ``intervals`` in between.

    ``is_known`` is false where that cannot be told: then the ends are the line's, and not all in between may go.
    """
    known = line.known(feature)
    answer: dict[str, Any] = {
        "type": known.type.value if known.type else None,
        "minimum": known.minimum,
        "maximum": known.maximum,
        "values": None,
        "intervals": [],
        "is_known": False,
    }
    if known.type is None or known.type is ValueType.STRING:
        return answer
    try:
        found = intervals(line.model, choice.wishes, feature)
    except SartoError:
        return answer
    if found is None:
        return answer
    answer |= {"intervals": [_interval(each) for each in found], "is_known": True}
    if found:
        answer |= {"minimum": found[0].minimum, "maximum": found[-1].maximum}
    if all(each.minimum == each.maximum and each.minimum is not None for each in found):
        answer["values"] = [each.minimum for each in found]
    return answer


def compared(line: OfferedLine, here: OpenRoom, there: OpenRoom) -> dict[str, Any]:
    """Where two rooms differ."""
    first, second = here.choice, there.choice
    ours, theirs = set(first.selected), set(second.selected)
    both = [name for name in first.selected if name in theirs and line.model.features[name].type is not None]
    values = [(name, _value(line, first, name), _value(line, second, name)) for name in both]
    return {
        "only_here": [name for name in first.selected if name not in theirs],
        "only_there": [name for name in second.selected if name not in ours],
        "differing": [
            {"feature": name, "here": one, "there": other}
            for name, one, other in values
            if (type(one), one) != (type(other), other)
        ],
        "price_here": line.price(first),
        "price_there": line.price(second),
    }


def _interval(each: Interval) -> dict[str, Any]:
    return {
        "minimum": each.minimum,
        "maximum": each.maximum,
        "without_minimum": each.without_minimum,
        "without_maximum": each.without_maximum,
    }


def _value(line: OfferedLine, choice: Choice, name: str) -> Value | None:
    wish = choice.wishes.get(name, True)
    return line.model.features[name].default if isinstance(wish, bool) else wish
