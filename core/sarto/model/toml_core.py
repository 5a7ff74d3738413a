"""What a features.toml says beside the model: the core product, the targets, formats and rules."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from enum import StrEnum

from .expression import Aggregate, Value, postorder
from .feature import Feature
from .line import CoreProduct, Rule, SettingsRoute
from .names import known_feature
from .selection import Target
from .toml_features import requirement_fault
from .toml_model import read_expression
from .toml_table import Table
from .values import in_words, misfit, shown

__all__ = [
    "CORE_KEYS", "file_name_fault", "platform_fault", "python_fault", "read_core", "read_formats", "read_rules",
    "read_targets", "read_values",
]  # fmt: skip

HEAVIEST = 1000
"""The most that one rule can weigh."""


class RuleStage(StrEnum):
    """Whose decision a rule is: one on the customer's behalf, or the vendor's own."""

    CUSTOMER = "customer"
    VENDOR = "vendor"


CORE_KEYS = ("parts", "command", "group", "hooks", "ordered", "sources", "settings")
SETTINGS_KEYS = ("arguments", "command", "but_not", "environment")


def read_core(core: Table, *, is_needed: bool) -> CoreProduct:
    """The core product; ``is_needed`` where its parts and command must not be missing."""
    if is_needed and not core.content.get("parts"):
        core.missing("parts", 'the requirement of the core product: parts = ["name>=1.2,<2"]')
    return CoreProduct(
        parts=core.texts("parts", check=requirement_fault),
        command=core.text("command", check=file_name_fault, needed='command = "name"' if is_needed else ""),
        group=core.text("group"),
        hooks=core.text("hooks"),
        ordered=core.texts("ordered"),
        sources=core.texts("sources"),
        settings=_settings(core.table("settings", SETTINGS_KEYS)),
    )


def _settings(table: Table) -> SettingsRoute:
    arguments = table.texts("arguments")
    if arguments and not any("{value}" in argument for argument in arguments):
        table.fault("no argument carries the value", "arguments", hint='write "{value}" where it belongs')
    environment = table.text("environment")
    if environment and "{name}" not in environment and "{NAME}" not in environment:
        table.fault(f"{shown(environment)} would be the same for every setting", "environment", hint='add "{NAME}"')
    return SettingsRoute(
        arguments=arguments, command=table.text("command"), but_not=table.texts("but_not"), environment=environment
    )


def file_name_fault(text: str) -> tuple[str, str] | None:
    """Why the text cannot be the name of a file or a command."""
    if re.fullmatch(r"\w[\w.+ -]*", text) and text.strip() == text:
        return None
    return f"{shown(text)} cannot name a file", "use letters, digits, '-', '_' and '.'"


def read_targets(top: Table) -> tuple[Target, ...]:
    """The targets: each Python version with each platform, or the pairs of ``[[targets]]``.

    What is missing is left to the selection.
    """
    if isinstance(top.content.get("targets"), list):
        return tuple(_target(table) for table in top.tables("targets", ("python", "platform")))
    table = top.table("targets", ("python", "platforms"))
    pythons = table.texts("python", check=python_fault, or_one=True)
    platforms = table.texts("platforms", check=platform_fault, or_one=True)
    if not pythons and not platforms:
        return ()
    return tuple(Target(python, platform) for python in pythons or ("",) for platform in platforms or ("",))


def _target(table: Table) -> Target:
    return Target(
        table.text("python", check=python_fault),
        table.text("platform", check=platform_fault),
    )


def python_fault(text: str) -> tuple[str, str] | None:
    """Why the text is not a target's Python version."""
    if text == "host" or re.fullmatch(r"3\.\d{1,3}(\.\d{1,3})?", text):
        return None
    return f"{shown(text)} is not a Python version", 'write "3.11", or "host" for that of the machine that builds'


def platform_fault(text: str) -> tuple[str, str] | None:
    """Why the text is not a target's platform."""
    if re.fullmatch(r"[a-z0-9_]+", text):
        return None
    return f"{shown(text)} is not a platform tag", 'write one such as "manylinux_2_28_x86_64", or "host"'


def read_formats(formats: Table) -> Mapping[str, Mapping[str, Value]]:
    """What is said to build formats: which keys one knows is for its plugin to say."""
    found: dict[str, dict[str, Value]] = {}
    for name in formats:
        table = formats.table(name)
        values = ((key, table.value(key)) for key in table)
        found[name] = {key: value for key, value in values if value is not None}
    return found


def read_rules(top: Table, features: Mapping[str, Feature]) -> Iterator[Rule]:
    """The rules of transparent customization, those that can be read."""
    for table in top.tables("rules", ("when", "select", "because", "stage", "weight")):
        when = read_expression(table, "when", "when = \"region == 'EU'\"", None)
        if "select" not in table:
            table.missing("select", "select = { feature = true }")
        select = read_values(table.table("select"), features)
        because = table.text("because", needed='because = "the reason, as the customer reads it"')
        stage = table.choice("stage", RuleStage, RuleStage.CUSTOMER)
        weight = table.integer("weight")
        if weight is not None and not 1 <= weight <= HEAVIEST:
            table.fault(f"{weight} is no weight: it is from 1 to {HEAVIEST}", "weight")
        if when is None:
            continue
        for node in postorder(when):
            if isinstance(node, Aggregate):
                table.fault(f"'{node.function}' runs over features, and the names in a rule are facts", "when")
        yield Rule(when, select, because, table.where, stage is RuleStage.VENDOR, 1 if weight is None else weight)


def read_values(table: Table, features: Mapping[str, Feature]) -> dict[str, Value]:
    """Features with the values that they are to have, those that exist and fit."""
    found: dict[str, Value] = {}
    check = known_feature(features)
    for name in table:
        value = table.value(name)
        if fault := check(name):
            table.fault(fault[0], name, hint=fault[1])
        elif value is not None:
            feature = features[name]
            what = misfit(feature, value)
            if what and feature.instances is not None and feature.type is None:
                if not _is_number_of_instances(feature, value):
                    least, most = feature.instances
                    bounds = f"{least} or more" if most is None else f"{least} to {most}"
                    what = f"'{name}' can have {bounds} instances, not {shown(value)}"
                    table.fault(what, name, hint="write one of these numbers, true or false")
            elif what:
                table.fault(what, name, hint=f"write {in_words(feature)}")
            found[name] = value
    return found


def _is_number_of_instances(feature: Feature, value: Value) -> bool:
    """Whether the value says how many instances of the feature there are to be."""
    if feature.instances is None or feature.type is not None or isinstance(value, bool) or not isinstance(value, int):
        return False
    least, most = feature.instances
    return value == 0 or (least <= value and (most is None or value <= most))
