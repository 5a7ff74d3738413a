"""A customer's selection carried over to another version of the line: all of it that can be, the rest with reasons."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

from ...errors import Place, SartoError
from ...model.brand_check import slot_faults
from ...model.expression import Value
from ...model.feature import NOWHERE
from ...model.feature_model import FeatureModel
from ...model.instance_wishes import instance_of, of_instances
from ...model.line import LineDescription
from ...model.selection import Count, Selection, Wish
from ...model.selection_check import check_selection
from ..reasons import Origin
from .keeping import Kept, keep
from .offers import Offer, offers
from .renaming import heirs

__all__ = ["Added", "Carried", "Fate", "Migration", "migrate"]


class Fate(StrEnum):
    """What became of a decision."""

    KEPT = "kept"
    RENAMED = "renamed"
    CHANGED = "changed"
    DROPPED = "dropped"


@dataclass(frozen=True, slots=True)
class Carried:
    """One thing that the selection said: by its ``key`` (``select.maps``, ``open.notebook``, ``prefer.minimise.price``,
    ``brand.logo``), and what it is in the new one; "" and None where it is dropped.

    The values of features that are left open and of preferences are True. Why it is not as it was: the ``problem`` that
    the line has no place for it, or the other decisions and the rules ``against`` it, a minimal set, or both.
    """

    key: str
    before: Value
    fate: Fate
    now: str
    after: Value | None
    problem: str = ""
    against: tuple[Origin, ...] = ()
    where: Place = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Added:
    """A value that the new selection has to say, because decisions and rules are ``against`` the line's default."""

    feature: str
    value: Value
    against: tuple[Origin, ...]


@dataclass(frozen=True, slots=True)
class Migration:
    """The new ``selection`` and what became of everything that the old one said, in its order.

    The new selection extends the profiles of the old one where it keeps all that they say, else it says all itself.
    """

    selection: Selection
    decisions: tuple[Carried, ...]
    added: tuple[Added, ...]


def migrate(selection: Selection, line: LineDescription) -> Migration:
    """Carry a selection over to a version of its line.

    As many decisions are kept as can be kept together, exactly; features go by their new names where ``was`` records
    them, values that cannot be give way to the nearest that can. Nothing is lost without a reason.
    Raises :class:`Conflict` where the line has no configuration at all.
    """
    selection = replace(selection, wishes=_of_instances(selection.wishes, line.model))
    became = _with_values(heirs([*selection.wishes, *selection.open], line.model), selection.wishes, line.model)
    made = offers(selection.wishes, line.model, became)
    kept = keep(line.model, _wishes(made, as_wished=True), _wishes(made, as_wished=False))
    decisions = (
        *(_carried(offer, kept) for offer in made),
        *_left_open(selection, line, became, kept),
        *_preferences(selection, line),
        *_brand(selection, line),
    )
    added = tuple(Added(name, value, kept.reasons[name]) for name, value in kept.added.items())
    return Migration(_selection(selection, decisions, added), decisions, added)


def _of_instances(wishes: Mapping[str, Wish], model: FeatureModel) -> dict[str, Wish]:
    """The wishes, with what each number of instances says of which; of too many also that there are as many as can be.

    The instances are called by the name that the wish has for the feature.
    """
    became = heirs(wishes, model)
    found: dict[str, Wish] = {}
    for wish in wishes.values():
        heir = became.get(wish.feature, "")
        number, bounds = wish.value, of_instances(model, heir)
        is_value = bounds is None or (_first_typed(model, heir) != heir and not isinstance(number, Count))
        if isinstance(number, bool) or not isinstance(number, int) or number < 0 or bounds is None or is_value:
            found.setdefault(wish.feature, wish)
            continue
        if number == 0:
            found.setdefault(wish.feature, replace(wish, value=False))
        instances = {min(number, bounds[1]): True, number: True} if number else {}
        for each, is_there in (instances | ({number + 1: False} if 0 < number < bounds[1] else {})).items():
            name = instance_of(wish.feature, each)
            found.setdefault(name, Wish(name, is_there, wish.where, wish))
    return found


def _with_values(became: Mapping[str, str], wishes: Mapping[str, Wish], model: FeatureModel) -> dict[str, str]:
    """What features became; the value of one that may be there several times now is that of its first instance."""
    return {
        name: heir if name not in wishes or isinstance(wishes[name].value, bool) else _first_typed(model, heir)
        for name, heir in became.items()
    }


def _first_typed(model: FeatureModel, name: str) -> str:
    """The first instance of a typed feature, or the feature in the first instance; the feature itself otherwise."""
    first = name
    while model.features[first].copies:
        first = model.features[first].copies[0]
    return first if model.features[first].type is not None else name


def _wishes(made: Iterable[Offer], *, as_wished: bool) -> dict[str, Wish]:
    found: dict[str, Wish] = {}
    for offer in made:
        if offer.value is not None and offer.is_as_wished is as_wished:
            found.setdefault(offer.feature, Wish(offer.feature, offer.value, offer.wish.where))
    return found


def _carried(offer: Offer, kept: Kept) -> Carried:
    """What becomes of a wish."""
    wish, value, against = offer.wish, kept.values.get(offer.feature), kept.reasons.get(offer.feature, ())
    key = f"select.{wish.feature}"
    if value is None:
        return Carried(key, wish.value, Fate.DROPPED, "", None, offer.problem, against, wish.where)
    now = f"select.{offer.feature}"
    if value != wish.value or isinstance(value, bool) is not isinstance(wish.value, bool):
        return Carried(key, wish.value, Fate.CHANGED, now, value, offer.problem, against, wish.where)
    return Carried(key, wish.value, Fate.KEPT if now == key else Fate.RENAMED, now, value, where=wish.where)


def _left_open(selection: Selection, line: LineDescription, became: Mapping[str, str], kept: Kept) -> Iterator[Carried]:
    for name, where in selection.open.items():
        heir = became.get(name)
        if heir is None:
            problem = f"the line has no '{name}' any more"
        elif heir in kept.values:
            problem = f"'{name}' is '{heir}' now, which is decided already"
        else:
            problem = _problem(line, Selection(line="", customer="", open={heir: where}))
        yield _said(f"open.{name}", True, problem, where, now=f"open.{heir}")


def _preferences(selection: Selection, line: LineDescription) -> Iterator[Carried]:
    where = selection.place_of("prefer")
    for kind, names in (("minimise", selection.minimise), ("maximise", selection.maximise)):
        for name in names:
            problem = _problem(line, Selection(line="", customer="", minimise=(name,)))
            yield _said(f"prefer.{kind}.{name}", True, problem, where)


def _brand(selection: Selection, line: LineDescription) -> Iterator[Carried]:
    for slot, value in selection.brand.items():
        problem = next((fault.what for fault in slot_faults(selection, line, slot)), "")
        text = value if isinstance(value, str) else "; ".join(f"{each}: {said}" for each, said in value.items())
        yield _said(f"brand.{slot}", text, problem, selection.place_of(f"brand.{slot}"))


def _problem(line: LineDescription, part: Selection) -> str:
    """Why the line has no place for a part of a selection; an empty text where it has."""
    try:
        check_selection(part, line)
    except SartoError as error:
        return error.errors[0].what
    return ""


def _said(key: str, value: Value, problem: str, where: Place, now: str = "") -> Carried:
    if problem:
        return Carried(key, value, Fate.DROPPED, "", None, problem, where=where)
    return Carried(key, value, Fate.KEPT if now in ("", key) else Fate.RENAMED, now or key, value, where=where)


def _selection(selection: Selection, decisions: Iterable[Carried], added: Iterable[Added]) -> Selection:
    """The selection that says what was carried over; what is as it was is placed where the old one said it."""
    kept: dict[str, dict[str, Carried]] = {"select": {}, "open": {}, "prefer": {}, "brand": {}}
    stand_alone = False
    for each in decisions:
        stand_alone |= each.fate is not Fate.KEPT and each.where.file not in ("", selection.file)
        if each.fate is not Fate.DROPPED:
            topic, _, name = each.now.partition(".")
            kept[topic].setdefault(name, each)
    wishes = {
        name: Wish(name, each.after, NOWHERE if each.fate is Fate.CHANGED else each.where)
        for name, each in kept["select"].items()
        if each.after is not None
    }
    return replace(
        selection,
        extends=() if stand_alone else selection.extends,
        wishes={**wishes, **{each.feature: Wish(each.feature, each.value) for each in added}},
        open={name: each.where for name, each in kept["open"].items()},
        minimise=tuple(name for name in selection.minimise if f"minimise.{name}" in kept["prefer"]),
        maximise=tuple(name for name in selection.maximise if f"maximise.{name}" in kept["prefer"]),
        brand={slot: text for slot, text in selection.brand.items() if slot in kept["brand"]},
    )
