"""A build as data: what its ``build.json`` says, read and nothing more.

The values on the way to a start are named tuples: every dataclass would cost every start a millisecond.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from .errors import ProductError
from .plugin import Plugin, Policy

__all__ = [
    "Build",
    "Core",
    "Feature",
    "Line",
    "Look",
    "Part",
    "Rule",
    "Setting",
    "SettingsRoute",
    "Usage",
    "Value",
    "read_build",
]

FORMAT = 1

Value = bool | int | float | str


class Line(NamedTuple):
    """The product line that a build comes from."""

    name: str
    version: str
    summary: str


class SettingsRoute(NamedTuple):
    """How the features' settings reach the core's command (see ``settings``)."""

    arguments: tuple[str, ...]
    command: str
    but_not: tuple[str, ...]
    environment: str


class Core(NamedTuple):
    """The core product: its part, its console script, and the object behind that (``module:attribute``)."""

    part: str
    command: str
    object: str
    group: str
    settings: SettingsRoute


class Feature(NamedTuple):
    """The decision on one feature: its value when the product starts, why, and who may decide it when."""

    value: Value
    reason: str
    cause: str
    stage: str
    binding: str
    summary: str


class Part(NamedTuple):
    """One wheel in ``parts/``; ``features`` are those that need it, an empty tuple means it is always there."""

    name: str
    version: str
    file: str
    sha256: str
    size: int
    features: tuple[str, ...]


class Setting(NamedTuple):
    """What the core calls a feature's setting, and its value in this build."""

    name: str
    value: Value


class Rule(NamedTuple):
    """One clause over the open features: at least one of ``any`` holds, as (name, truth); ``sentence`` says why."""

    any: tuple[tuple[str, bool], ...]
    sentence: str


class Usage(NamedTuple):
    """What is recorded of the product's use (``calls``, ``reached``), for how many days, and what reaches for what."""

    record: tuple[str, ...]
    days: int
    commands: Mapping[str, str]
    points: Mapping[str, str]


class Look(NamedTuple):
    """What ``build.json`` says of a brand's slots: the languages of the line's texts, the first one first; each slot's
    type; the texts of those that have several; and further files of icons (by size) and of templates (by language).
    """

    languages: tuple[str, ...] = ()
    types: Mapping[str, str] = {}
    texts: Mapping[str, Mapping[str, str]] = {}
    variants: Mapping[str, Mapping[str, str]] = {}


class Build(NamedTuple):
    """Everything that ``build.json`` says. ``folder`` is where it was read, ``rules`` are its ``residual``.

    ``needs`` are the rules, of all features, that those can break which may fail without ending the product.
    ``unlisted`` are features that nobody needs to be shown.

    ``licensed`` are the features that need a licence, which ``licence_key`` (hexadecimal) signs. What the build is
    upgraded with has to be signed by ``signing_key``, where there is one. ``usage`` is what is recorded of its use.
    """

    folder: str
    sarto: str
    line: Line
    customer: str
    name: str
    launcher: str
    python: tuple[int, int]
    platform: str
    core: Core
    features: Mapping[str, Feature]
    unlisted: frozenset[str]
    parts: tuple[Part, ...]
    order: tuple[str, ...]
    plugins: tuple[Plugin, ...]
    policies: Mapping[str, Policy]
    settings: Mapping[str, Setting]
    brand: Mapping[str, str]
    look: Look
    open: tuple[str, ...]
    rules: tuple[Rule, ...]
    needs: tuple[Rule, ...]
    licence_key: str
    licensed: tuple[str, ...]
    signing_key: str
    usage: Usage | None = None


def read_build(folder: str) -> Build:
    """Read ``build.json`` in ``folder``. Keys that this runtime does not know are passed over.

    Raises :class:`ProductError` where there is none, where it is damaged, and where its format is another.
    """
    data = _load(os.path.join(folder, "build.json"))
    found = data.get("format") if isinstance(data, dict) else None
    if found != FORMAT:
        raise ProductError(
            f"build.json has format {found!r}; this build's runtime reads format {FORMAT}",
            hint="take the whole build again from where it came",
        )
    try:
        return _build(folder, data)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise _damaged(f"{type(error).__name__}: {error}") from error


def _load(path: str) -> Any:
    try:
        with open(path, encoding="utf-8") as file:
            return json.load(file)
    except OSError as error:
        raise ProductError(f"build.json cannot be read: {error.strerror}: {path}") from error
    except (ValueError, RecursionError) as error:
        raise _damaged(str(error)) from error


def _damaged(detail: str) -> ProductError:
    return ProductError(f"build.json is damaged ({detail})", hint="@verify names every file that was changed")


def _build(folder: str, data: Mapping[str, Any]) -> Build:
    return Build(
        folder=folder,
        sarto=data["sarto"],
        line=Line(data["line"]["name"], data["line"]["version"], data["line"]["summary"]),
        customer=data["customer"],
        name=data["name"],
        launcher=data["launcher"],
        python=_version(data["target"]["python"]),
        platform=data["target"]["platform"],
        core=_core(data["core"]),
        features={name: _feature(entry) for name, entry in data["features"].items()},
        unlisted=frozenset(data.get("unlisted", ())),
        parts=tuple(_part(entry) for entry in data["parts"]),
        order=tuple(data["order"]),
        plugins=_plugins(data),
        policies={
            name: Policy(entry["on_failure"], entry["failures"]) for name, entry in data.get("policies", {}).items()
        },
        settings={feature: Setting(entry["name"], entry["value"]) for feature, entry in data["settings"].items()},
        brand=dict(data["brand"]),
        look=_look(data.get("look", {})),
        open=tuple(data["open"]),
        rules=_rules(data["residual"]),
        needs=_rules(data.get("needs", ())),
        licence_key=data.get("licence", {}).get("key", ""),
        licensed=tuple(data.get("licence", {}).get("features", ())),
        signing_key=_public_key(data.get("signing_key", "")),
        usage=_usage(data["usage"]) if "usage" in data else None,
    )


def _usage(data: Mapping[str, Any]) -> Usage:
    return Usage(tuple(data["record"]), int(data["days"]), dict(data["commands"]), dict(data["points"]))


def _public_key(text: str) -> str:
    if text and len(bytes.fromhex(text)) != 32:
        raise ValueError("signing_key is no public key")
    return text


def _version(text: str) -> tuple[int, int]:
    major, minor = text.split(".")[:2]
    return int(major), int(minor)


def _core(data: Mapping[str, Any]) -> Core:
    route = data["settings"]
    return Core(
        part=data["part"],
        command=data["command"],
        object=data["object"],
        group=data["group"],
        settings=SettingsRoute(
            tuple(route["arguments"]), route["command"], tuple(route["but_not"]), route["environment"]
        ),
    )


def _feature(data: Mapping[str, Any]) -> Feature:
    """What is as in most features is not said: why it is there, whose it is, and that it is bound in the build."""
    said = {"cause": "consequence", "stage": "customer", "binding": "build", **data}
    return Feature(*(said[key] for key in ("value", "reason", "cause", "stage", "binding", "summary")))


def _part(data: Mapping[str, Any]) -> Part:
    texts = name, version, file, sha256 = data["name"], data["version"], data["file"], data["sha256"]
    if not all(isinstance(text, str) for text in texts):
        raise TypeError(f"a part is described by {texts}, which are not all texts")
    return Part(name, version, file, sha256, data["size"], tuple(data.get("features", ())))


def _plugins(data: Mapping[str, Any]) -> tuple[Plugin, ...]:
    """Builds that are older than the frozen plugins have none."""
    found = data.get("plugins", [])
    versions = {part["name"]: part["version"] for part in data["parts"]} if found else {}
    return tuple(
        Plugin(each["name"], each["object"], each["feature"], each["part"], versions[each["part"]]) for each in found
    )


def _look(data: Mapping[str, Any]) -> Look:
    """Of lines without cosmetics, and builds that are older than them, there is none."""
    if not data:
        return Look()
    return Look(tuple(data["languages"]), dict(data["types"]), dict(data["texts"]), dict(data["variants"]))


def _rules(entries: Sequence[Mapping[str, Any]]) -> tuple[Rule, ...]:
    return tuple(Rule(tuple(map(_literal, entry["any"])), entry["sentence"]) for entry in entries)


def _literal(text: str) -> tuple[str, bool]:
    return (text[1:], False) if text.startswith("!") else (text, True)
