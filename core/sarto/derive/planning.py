"""Planning a build: from a resolution and the line's catalog to everything that a build format needs."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from ..errors import Place, SartoError, did_you_mean, raise_all
from ..model.expression import Value
from ..model.feature import Feature
from ..model.instances import instance_with
from ..model.line import LineDescription
from ..model.selection import Selection
from ..solve.reasons import Decision, Resolution
from .brand import Brand, brand_of, look_of
from .catalog import Catalog
from .licences import licence_errors
from .naming import build_name
from .order import plugin_order
from .plan import Part, Plan
from .progress import Progress, quiet

__all__ = ["core_object", "delivered", "plan", "settings_of"]


def delivered(resolution: Resolution) -> tuple[str, ...]:
    """The features whose parts are in the build, in the order of the tree.

    They are the selected, those left open, and those that follow these.
    """
    there = {*resolution.selected, *resolution.open, *resolution.follows}
    return tuple(name for name in resolution.decisions if name in there)


def plan(
    line: LineDescription,
    folder: Path,
    selection: Selection,
    resolution: Resolution,
    catalog: Catalog,
    progress: Progress = quiet,
    brand: Brand | None = None,
) -> Plan:
    """The plan of one build of the line in ``folder``, its parts in the store; the ``brand`` is its brand, if known.

    Raises :class:`SartoError` where a part has no wheel for the target or cannot be had, the line's policy keeps its
    licence out, the order of plugins goes round, two features give one setting, the core has no such command, or a
    file of the brand is missing.
    """
    features = delivered(resolution)
    brand = brand or brand_of(line, folder, selection)
    name, order = build_name(selection), plugin_order(line.model, features, line.interactions)
    settings = settings_of(line, resolution)
    parts = catalog.parts(features, progress)
    raise_all(licence_errors(line, parts))
    return Plan(
        name=name,
        line=line,
        selection=selection,
        resolution=resolution,
        target=catalog.target,
        parts=parts,
        order=order,
        settings=settings,
        brand=brand.slots,
        brand_files=brand.files,
        look=look_of(line, brand),
        core_object=core_object(line, parts),
    )


def settings_of(line: LineDescription, resolution: Resolution) -> dict[str, Value]:
    """What the features with a setting give in this build, by feature; those in instances that are not there do not.

    Raises :class:`SartoError` where two give one setting.
    """
    settings: dict[str, Value] = {}
    there = frozenset(delivered(resolution))
    given_by: dict[str, str] = {}
    for name, decision in resolution.decisions.items():
        feature = line.model.features[name]
        setting = feature.delivery.setting
        instance = instance_with(line.model, name) if setting else None
        if instance is not None and instance not in there:
            continue
        value = _given(feature, decision, is_open=name in {*resolution.open, *resolution.follows}) if setting else None
        if value is None:
            continue
        if setting in given_by:
            raise SartoError(
                f"features '{given_by[setting]}' and '{name}' both give the setting '{setting}' in one build",
                where=feature.where,
                hint="let them exclude each other, or give one of them another setting",
            )
        given_by[setting] = name
        settings[name] = value
    return settings


def _given(feature: Feature, decision: Decision, *, is_open: bool) -> Value | None:
    """A plain feature gives true or false; a typed one its value, and nothing where it is out.

    A typed feature that starts off and can be switched on has its default then.
    """
    if feature.type is None or decision.is_selected:
        return decision.value
    return feature.default if is_open else None


def core_object(line: LineDescription, parts: Sequence[Part]) -> str:
    """What the core's command runs, as the core's own wheel says it, as ``module:attribute``.

    Raises :class:`SartoError` where it has no such command.
    """
    core = _name_in(line.core.parts[0])
    wheel = next(part for part in parts if part.name == core)
    scripts = wheel.console_scripts
    if line.core.command not in scripts:
        known = ", ".join(sorted(scripts)) or "none"
        raise SartoError(
            f"'{core}' {wheel.version} has no console script '{line.core.command}'; it has {known}",
            where=Place(line.file, "core.command"),
            hint=did_you_mean(line.core.command, scripts),
        )
    return scripts[line.core.command]


@lru_cache
def _name_in(requirement: str) -> str:
    return canonicalize_name(Requirement(requirement).name)
