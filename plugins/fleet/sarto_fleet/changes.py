"""What a build would be made differently now: its features, parts, settings and brand against what it holds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sarto.derive.order import plugin_order
from sarto.derive.planning import delivered, settings_of
from sarto.derive.wheel import wheel_name
from sarto.solve.words import sentence

from .held import Held
from .inputs import Wanted, wheel_hash

__all__ = ["Change", "changes"]


@dataclass(frozen=True, slots=True)
class Change:
    """One thing of a ``kind``, as it is and as it would be (None: not there), and why, where that is known."""

    kind: str
    name: str
    before: Any
    after: Any
    because: str = ""


def changes(wanted: Wanted, held: Held | None) -> tuple[Change, ...]:
    """All that would change, the kinds one after the other: customer, line, feature, open, part, order, setting, brand.

    Without a build all of it is new. Raises SartoError where the order cannot be honoured.
    """
    said: Mapping[str, Any] = held.said if held and not held.fault else {}
    version = wanted.order.line.description.version
    before = said["line"]["version"] if said else None
    line = () if before == version else (Change("line", wanted.order.line.description.name, before, version),)
    customer = wanted.order.selection.customer
    named = _plain("customer", {"name": said["customer"]}, {"name": customer}) if said else ()
    before_texts, texts = said.get("look", {}).get("texts", {}), wanted.brand.texts
    brand = _plain(
        "brand", {**said.get("brand", {}), **_by_language(before_texts)}, {**wanted.brand.slots, **_by_language(texts)}
    )
    parts = _parts(wanted, held if said else None)
    return (*named, *line, *_features(wanted, said), *parts, *_order(wanted, said), *_settings(wanted, said), *brand)


def _features(wanted: Wanted, said: Mapping[str, Any]) -> Iterator[Change]:
    """Features that are out and were not in the build, or in a line without them, are no change."""
    before = {name: each["value"] for name, each in said.get("features", {}).items() if each["value"] is not False}
    decisions = wanted.resolution.decisions
    after = {name: decision.value for name, decision in decisions.items() if decision.is_selected}
    for name in dict.fromkeys((*before, *after)):
        old, new = before.get(name), after.get(name)
        if old != new or type(old) is not type(new):
            because = sentence(decisions[name]) if name in decisions else "the line has no such feature any more"
            yield Change("feature", name, old, new, because)
    were, are = set(said.get("open", ())), set(wanted.resolution.open)
    yield from (Change("open", name, name in were, name in are) for name in sorted(were ^ are))


def _parts(wanted: Wanted, held: Held | None) -> Iterator[Change]:
    """A part of the same version with other bytes is a change, too, and said so."""
    before = held.parts if held else {}
    named = [(wheel_name(wheel.filename), wheel_hash(wheel)) for wheel in wanted.wheels]
    after = {str(said.name): (str(said.version), sha256) for said, sha256 in named}
    for name in sorted(before.keys() | after.keys()):
        old, new = before.get(name), after.get(name)
        if old != new:
            is_same = old is not None and new is not None and old[0] == new[0]
            because = "the same version with other bytes" if is_same else ""
            yield Change("part", name, old and old[0], new and new[0], because)


def _order(wanted: Wanted, said: Mapping[str, Any]) -> Iterator[Change]:
    """In which order plugins are called that were there before, too."""
    line = wanted.order.line.description
    after = plugin_order(line.model, delivered(wanted.resolution), line.interactions)
    before = [name for name in said.get("order", ()) if name in after]
    still = [name for name in after if name in before]
    if before != still:
        yield Change("order", "plugins", ", ".join(before), ", ".join(still))


def _settings(wanted: Wanted, said: Mapping[str, Any]) -> Iterator[Change]:
    features = wanted.order.line.model.features
    after = {
        features[name].delivery.setting: value
        for name, value in settings_of(wanted.order.line.description, wanted.resolution).items()
    }
    before = {each["name"]: each["value"] for each in said.get("settings", {}).values()}
    return _plain("setting", before, after)


def _by_language(texts: Mapping[str, Mapping[str, str]]) -> dict[str, str]:
    """The texts of slots that have several, each by the slot and its language."""
    return {f"{slot}.{language}": text for slot, by in texts.items() for language, text in by.items()}


def _plain(kind: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Change]:
    for name in dict.fromkeys((*before, *after)):
        if before.get(name) != after.get(name):
            yield Change(kind, name, before.get(name), after.get(name))
