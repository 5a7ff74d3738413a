"""Which part implements which hook of a line, found by importing every plugin in a process of its own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from packaging.tags import sys_tags

from ...model.line import LineDescription
from ..bench import core_trial, feature_trials, outcomes
from ..catalog import Catalog
from ..order import plugin_order
from ..plan import Part
from ..progress import Progress
from ..trial import Implementation, Kind, Outcome

__all__ = ["HookUse", "Implementer", "by_feature", "hook_uses"]

_Plugin = tuple[str, str, str]
"""A part's name and version, and the name of the entry point."""


@dataclass(frozen=True, slots=True)
class Implementer:
    """A plugin that implements a hook: its entry point and part, the features that bring it (none: the core).

    ``kind`` and ``rank`` are what it is marked as: ``wrapper``, or a variant of the runtime's (``around``, …), and
    ``tryfirst`` or ``trylast``; empty where it is not.
    """

    features: tuple[str, ...]
    part: str
    version: str
    entry_point: str
    arguments: tuple[str, ...]
    kind: str = ""
    rank: str = ""
    at: str = ""

    @property
    def goes_around(self) -> bool:
        """Whether it is called before those that give a result, and after them."""
        return self.kind == "wrapper"


@dataclass(frozen=True, slots=True)
class HookUse:
    """A hook, the arguments that it gives, and who implements it, in the order of the line.

    ``is_core`` tells a hook of the core from one that a part adds; ``arguments`` is None where nobody specifies it.
    """

    name: str
    arguments: tuple[str, ...] | None
    is_core: bool
    implementers: tuple[Implementer, ...]


def hook_uses(line: LineDescription, catalog: Catalog, progress: Progress) -> tuple[HookUse, ...] | None:
    """Every hook of the line's core and parts, by name; None where this machine is not the catalog's target.

    The order is that in which a product with all of them calls the plugins: what goes around the others first,
    then by what plugins ask for themselves (``tryfirst``), then by the line, with what its interactions settle.
    Plugins that cannot be imported are left out, as ``sarto check`` says. Raises SartoError where a part cannot be had.
    """
    if catalog.target.tags[0] not in {str(tag) for tag in sys_tags()}:
        return None
    catalog.fetch_all(progress)
    core = core_trial(line, catalog)
    (found,) = outcomes({"": core}, None, progress).values()
    specs = {hook: given for tried in found.tried for hook, given in tried.specs.items()}
    of_features = {"": found} | outcomes(dict(feature_trials(line, catalog, core)), core.steps[0], progress)
    others = {hook: given for outcome in of_features.values() for hook, given in outcome.others.items()}
    rank = _ranks(catalog.every_part(progress), plugin_order(line.model, line.model.features, line.interactions))
    uses: dict[str, dict[_Plugin, Implementer]] = {hook: {} for hook in (*specs, *others)}
    for feature, outcome in of_features.items():
        for plugin, each in _of(outcome):
            known = uses.setdefault(each.hook, {}).get(plugin)
            features = (*(known.features if known else ()), *([feature] if feature else []))
            kind = each.kind or ("wrapper" if each.is_wrapper else "")
            uses[each.hook][plugin] = Implementer(features, *plugin, each.arguments, kind, each.rank, each.at)
    return tuple(
        HookUse(
            hook, {**others, **specs}.get(hook), hook in specs,
            tuple(sorted(uses[hook].values(), key=lambda each: _place(each, rank))),
        )
        for hook in sorted(uses)
    )  # fmt: skip


def _place(each: Implementer, rank: Mapping[str, int]) -> tuple[bool, int, int]:
    return not each.goes_around, ("tryfirst", "", "trylast").index(each.rank), rank[each.part]


def _ranks(parts: Sequence[Part], order: Sequence[str]) -> dict[str, int]:
    """The place of each part among all, the one whose plugins are called first before the others.

    It mirrors how the runtime orders the path (``sarto_runtime.state``), of which pluggy calls the last first.
    """
    place: dict[str, int] = {}
    for number, feature in enumerate(order):
        needed = [part for part in parts if feature in part.features]
        fewest = min((len(part.features) for part in needed), default=0)
        for part in needed:
            if len(part.features) == fewest:
                place.setdefault(part.name, number)
    on_path = sorted(parts, key=lambda part: (bool(part.features), -place.get(part.name, len(place)), part.name))
    return {part.name: number for number, part in enumerate(reversed(on_path))}


def _of(outcome: Outcome) -> Iterator[tuple[_Plugin, Implementation]]:
    for tried in outcome.tried:
        if tried.step.kind is Kind.PLUGIN:
            part = tried.step.part
            for each in tried.implementations:
                yield (part.name, part.version, tried.step.name), each


def by_feature(uses: tuple[HookUse, ...]) -> Mapping[str, tuple[str, ...]]:
    """The hooks that each feature's plugins implement."""
    found: dict[str, list[str]] = {}
    for use in uses:
        for name in dict.fromkeys(name for each in use.implementers for name in each.features):
            found.setdefault(name, []).append(use.name)
    return {name: tuple(hooks) for name, hooks in found.items()}
