"""Proposals for the customers of a line: from what is known of them and what they have, licences kept to."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from .derive.manifest import MANIFEST
from .errors import Place, SartoError
from .line import ProductLine, read_text
from .model.expression import Value
from .model.facts import KnownCustomer
from .model.feature_model import attribute_value
from .model.quotes import Quote
from .model.selection import Selection, Target, Wish
from .model.tailoring import Tailoring, tailor
from .solve.proposing import Proposal, propose

__all__ = ["Change", "Licence", "Present", "Proposed", "present_build", "present_selection", "price_of", "proposed_for",
           "read_licence", "without_places"]  # fmt: skip

PRICE = "price"


@dataclass(frozen=True, slots=True)
class Present:
    """What a customer has: the decisions that are their own, and what came of them.

    ``available`` are the features that are in it, and those that the end user may switch on.
    """

    selection: Selection
    configuration: Mapping[str, Value]
    available: frozenset[str]


@dataclass(frozen=True, slots=True)
class Licence:
    """The licensed features that a customer may use, each with its first and last day (ISO 8601, empty for none)."""

    line: str
    name: str
    terms: Mapping[str, tuple[str, str]]
    file: str

    def covers(self, feature: str, day: str) -> bool:
        """Whether the feature may be used on a day."""
        begin, end = self.terms.get(feature, ("9999", ""))
        return begin <= day and (not end or day <= end)


@dataclass(frozen=True, slots=True)
class Change:
    """A feature that is otherwise in a proposal than in what the customer has."""

    feature: str
    before: Value
    after: Value


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposed:
    """One customer's proposal: what the rules make of the facts, what of that goes, and what it changes.

    Where nothing is known of what the customer has, there are no changes.
    """

    known: KnownCustomer
    tailoring: Tailoring
    proposal: Proposal
    present: Present | None
    changes: tuple[Change, ...]


def proposed_for(
    line: ProductLine,
    known: KnownCustomer,
    present: Present | None = None,
    licence: Licence | None = None,
    *,
    file: str = "",
    day: str = "",
) -> Proposed:
    """A valid selection for a customer, from the line's rules and beside what is theirs already.

    Where the customer has something, or a ``licence``, no licensed feature is proposed beyond both. ``file`` is where
    the selection of a new customer is to be, ``day`` the one on which the licence counts (today). Raises SartoError
    where facts do not fit the rules, or nothing is valid even without any rule.
    """
    tailoring = tailor(line.description.rules, known.facts, known.notes)
    base = present.selection if present else Selection(line=line.description.file, customer=known.name, file=file)
    barred = _barred(line, present, licence, day or date.today().isoformat())
    proposal = propose(line.model, base, tailoring, line.resolve, barred)
    after = proposal.resolution.configuration
    return Proposed(
        known=known,
        tailoring=tailoring,
        proposal=proposal,
        present=present,
        changes=tuple(_changes(present.configuration, after)) if present else (),
    )


def _changes(before: Mapping[str, Value], after: Mapping[str, Value]) -> list[Change]:
    return [
        Change(name, before.get(name, False), value)
        for name, value in after.items()
        if (before.get(name, False), type(before.get(name, False))) != (value, type(value))
    ]


def _barred(line: ProductLine, present: Present | None, licence: Licence | None, day: str) -> dict[str, Place]:
    """The licensed features that the customer neither has nor may have, each with where that is said."""
    if present is None and licence is None:
        return {}
    licensed = [name for name, feature in line.model.features.items() if feature.delivery.licensed]
    has = present.available if present else frozenset[str]()
    file = licence.file if licence else ""
    return {
        name: Place(file, f"no licence covers '{name}'" + (f" on {day}" if licence and name in licence.terms else ""))
        for name in licensed
        if name not in has and not (licence and licence.covers(name, day))
    }


def price_of(line: ProductLine, configuration: Mapping[str, Value]) -> Quote | None:
    """What a configuration costs; None in a line without prices, and where that cannot be said."""
    from .model.prices import quote_of

    has_prices = line.description.prices is not None
    if not has_prices and all(attribute_value(each, PRICE) is None for each in line.model.features.values()):
        return None
    try:
        return quote_of(line.description, configuration)
    except SartoError:  # what a customer has may be of another version of the line
        return None


def present_selection(line: ProductLine, selection: Selection) -> Present:
    """What a customer has by their selection. Raises Conflict where it is impossible."""
    resolution = line.resolve(selection)
    available = {*resolution.selected, *resolution.open, *resolution.follows}
    return Present(selection, resolution.configuration, frozenset(available))


def present_build(line: ProductLine, folder: Path) -> Present:
    """What a customer has by their build; their own decisions are those that it says were wished.

    Raises SartoError where the folder is no build of this line.
    """
    file = folder / MANIFEST if folder.is_dir() else folder
    place = Place(str(file))
    if file.name != MANIFEST:
        raise SartoError("this is not the folder of a build", where=place, hint=f"name the one with {MANIFEST}")
    try:
        said = json.loads(read_text(file))
        found = _present(line, said, str(file))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        what = f"this {MANIFEST} cannot be read ({type(error).__name__}: {error})"
        raise SartoError(what, where=place, hint="sarto verify names what was changed") from error
    if said["line"]["name"] != line.description.name:
        what = f"this is a build of the line '{said['line']['name']}', not of '{line.description.name}'"
        raise SartoError(what, where=place)
    return found


def _present(line: ProductLine, said: Mapping[str, Any], file: str) -> Present:
    features: Mapping[str, Mapping[str, Any]] = said["features"]
    known = line.model.features
    opened = [name for name in said["open"] if name in known]
    wishes = {
        name: Wish(name, entry["value"], Place(file, f"features.{name}"))
        for name, entry in features.items()
        if entry.get("cause") == "wish" and name in known and name not in opened
    }
    slots = line.description.cosmetics
    brand = {
        slot: str(text)
        for slot, text in said["brand"].items()
        if slot == "name" or (slot in slots and text != slots[slot].default)
    }
    own = Selection(
        line=line.description.file, customer=str(said["customer"]), file=file, wishes=wishes, brand=brand,
        open={name: Place(file, "open") for name in opened},
        target=Target(str(said["target"]["python"]), str(said["target"]["platform"])),
        consent={"usage": True} if "usage" in said else {},
    )  # fmt: skip
    configuration = {name: entry["value"] for name, entry in features.items() if name in known}
    moving = {part.removeprefix("!") for rule in said["residual"] for part in rule["any"]}
    available = {name for name, value in configuration.items() if value is not False}
    return Present(own, configuration, frozenset({*available, *opened, *moving}))


def read_licence(file: Path) -> Licence:
    """The licence in a file, as ``sarto licence`` writes it; its signature is for the product to check.

    Raises SartoError where it is none.
    """
    try:
        said = json.loads(read_text(file))
        if said["format"] != 1:
            raise ValueError(f"it has format {said['format']!r}")
        terms = {str(name): (str(term["begin"]), str(term["end"])) for name, term in said["features"].items()}
        return Licence(str(said["line"]), str(said["name"]), terms, str(file))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        what = f"this is no licence ({type(error).__name__}: {error})"
        raise SartoError(what, where=str(file), hint="sarto licence writes one") from error


def without_places(proposed: Proposed) -> Selection:
    """The proposed selection with what rules decided as its own."""
    base = proposed.present.selection.wishes if proposed.present else {}
    wishes = {
        name: wish if wish is base.get(name) else Wish(name, wish.value)
        for name, wish in proposed.proposal.selection.wishes.items()
    }
    return replace(proposed.proposal.selection, wishes=wishes)
