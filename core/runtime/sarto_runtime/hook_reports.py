"""Which plugins of a product implement or change which hooks, as their own marks say: data first, and its text.

Whoever imports this has put the parts on the path: among them is the pluggy that they are made for.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from .build import Build
from .errors import ProductError, did_you_mean
from .importing import import_plugin
from .plugin import Plugin, PluginError
from .point import Point, point_of, where
from .state import State

__all__ = ["feature_hooks", "hook_report", "hook_text"]

Report = dict[str, Any]
Entry = dict[str, str]


def hook_report(build: Build, state: State, name: str) -> Report:
    """Who implements the hook in this product, the one that is called first first.

    The core and the plugins that are on are imported for it; one that fails is among ``failed``. Raises
    :class:`ProductError` where there is no such hook.
    """
    points = _points_of_core(build)
    hooks: dict[str, list[Entry]] = {point: [] for point in points}
    failed = []
    for plugin in _plugins_on(build, state):
        try:
            found = list(_implementations(plugin, points))
        except PluginError as error:
            failed.append(error.what)
            continue
        for hook, entry in found:
            hooks.setdefault(hook, []).append(entry)
    if name not in hooks:
        known = [*build.features, *hooks]
        raise ProductError(f"there is no feature and no hook '{name}'", hint=did_you_mean(name, known))
    point = points.get(name)
    return {
        "hook": name,
        "point": point.place if point else "",
        "implementations": hooks[name],
        "failed": failed,
    }


def hook_text(report: Report) -> str:
    """The report in a few lines."""
    kind = f"a variation point, {report['point']}" if report["point"] else "a hook"
    lines = [f"{report['hook']}: {kind}"]
    for number, entry in enumerate(report["implementations"], 1):
        whose = f"'{entry['feature']}'" if entry["feature"] else f"plugin '{entry['plugin']}'"
        lines.append(f"  {number}. {entry['kind']} by {whose} (part {entry['part']}), {entry['where']}")
    if not report["implementations"]:
        lines.append("  No feature that is on changes it.")
    return "\n".join([*lines, *(f"  {sentence}" for sentence in report["failed"])])


def feature_hooks(build: Build, state: State, feature: str) -> list[Entry]:
    """What the plugins of one feature that is on implement or change: hook, kind and place of each."""
    mine = [plugin for plugin in _plugins_on(build, state) if plugin.feature == feature]
    found = []
    for plugin in mine:
        try:
            found += [{"hook": hook, **entry} for hook, entry in _implementations(plugin, {})]
        except PluginError:
            continue
    return found


def _plugins_on(build: Build, state: State) -> list[Plugin]:
    return [plugin for plugin in build.plugins if not plugin.feature or state.is_on(plugin.feature)]


def _points_of_core(build: Build) -> dict[str, Point]:
    core = Plugin(build.core.command, build.core.object.partition(":")[0], "", build.core.part)
    import_plugin(core)
    return _points()


def _points() -> dict[str, Point]:
    from .point import PROJECT, points_of

    return {point.name: point for point in points_of(PROJECT)}


def _implementations(plugin: Plugin, points: dict[str, Point]) -> Iterator[tuple[str, Entry]]:
    """The hooks of a plugin, in the order in which they are written; the points that it opens come to the others."""
    loaded = import_plugin(plugin)
    points.update(_points())
    found = []
    for name in dir(loaded):
        function = getattr(loaded, name, None)
        options = next((value for key, value in _marks(function).items() if key.endswith("_impl")), None)
        if point_of(function) is not None or not isinstance(options, Mapping):
            continue
        kind, hook = getattr(function, "__sarto_variant__", ("", options.get("specname") or name))
        kind = kind or ("wrapper" if options.get("wrapper") or options.get("hookwrapper") else "implemented")
        code = getattr(function, "__code__", None)
        line = code.co_firstlineno if code else 0
        place = where(function) if function is not None else ""
        entry = {"kind": kind, "feature": plugin.feature, "plugin": plugin.name, "part": plugin.part, "where": place}
        found.append((line, hook, entry))
    found.sort(key=lambda each: each[0])
    yield from ((hook, entry) for _, hook, entry in found)


def _marks(function: Any) -> dict[str, Any]:
    return dict(getattr(function, "__dict__", {}))
