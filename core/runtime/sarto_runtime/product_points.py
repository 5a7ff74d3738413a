"""The plugins of a product that runs: those that its build froze, or outside a build those installed."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection
from typing import TYPE_CHECKING

from .errors import ProductError
from .plugin import Plugin, Policy
from .points import Points
from .running import VARIABLE, announced

if TYPE_CHECKING:
    import pluggy

    from .build import Build
    from .counting import Recorder
    from .falling import Fall
    from .state import State

__all__ = ["adopt", "enabled_features", "is_loaded", "load_plugins", "loaded_points"]

# What runs in a process is one product; whoever asks for its plugins later means those that were loaded.
_loaded: list[Points] = []


def load_plugins(group: str = "", *, order: str = "", manager: pluggy.PluginManager | None = None) -> Points:
    """Take the product's plugins in, and put their variants in place; done once, it gives the same again.

    In a build these are the entry points that were frozen into it, of the features that are on, in the planned order,
    with the line's policies for failures; nothing is searched for. Outside a build they are the installed entry points
    of ``group``, in the ``order`` given as a line of names, the rest by name. A product with a plugin manager of its
    own hands it in.

    Raises :class:`PluginError` where a plugin fails whose feature's policy is to fail.
    """
    if _loaded and manager in (None, _loaded[0].manager):
        return _loaded[0]
    points = _frozen(manager) if os.environ.get(VARIABLE) else _installed(group, order, manager)
    _loaded[:] = [points]
    return points


def adopt(
    manager: pluggy.PluginManager,
    hooks: Collection[str] | None = None,
    *,
    order: str = "",
    policy: Policy | None = None,
) -> Points:
    """Give the plugin manager of an existing host order, isolation and trace, whoever calls its hooks and however.

    The host registers its plugins as it always has. ``hooks`` names those that are meant, without it all that have a
    spec. In a build, order and policies are the plan's; outside, ``order`` is a line of plugin names, and ``policy``
    that of all plugins.
    """
    if os.environ.get(VARIABLE):
        build, _ = announced()
        points = Points(
            manager, order=build.order, policies=policies_of(build), hooks=hooks, fall=_fall_of(build),
            recorder=_recorder_of(build, manager),
        )  # fmt: skip
        points.watch([*build.plugins])
    else:
        points = Points(manager, order=order, hooks=hooks)
        points.watch((), policy)
    _loaded[:] = [points]
    return points


def loaded_points() -> Points:
    """The points with the product's plugins. Raises :class:`ProductError` where none were loaded."""
    if not _loaded:
        raise ProductError(
            "this product has not loaded its plugins with Sarto",
            hint="its core calls sarto_runtime.load_plugins(), or adopt() with a plugin manager of its own",
        )
    return _loaded[0]


def is_loaded() -> bool:
    """Whether there are any."""
    return bool(_loaded)


def policies_of(build: Build) -> dict[str, Policy]:
    """The policies of the features that have one."""
    return dict(build.policies)


def enabled_features(state: State) -> frozenset[str]:
    """The features that are on."""
    return frozenset(name for name, value in state.features.items() if value is not False)


def _frozen(manager: pluggy.PluginManager | None) -> Points:
    build, state = announced()
    points = Points(
        manager, order=build.order, policies=policies_of(build), fall=_fall_of(build),
        recorder=_recorder_of(build, manager),
    )  # fmt: skip
    points.announce(build.plugins)
    points.arrange(enabled_features(state), is_start=True)
    return points


def _recorder_of(build: Build, manager: pluggy.PluginManager | None) -> Recorder | None:
    """What counts the calls of features, from now on by the points alone; None where nothing is recorded."""
    if build.usage is None:
        return None
    from .counting import recording
    from .hosts import leave

    if manager is not None:
        leave(manager)

    return recording(build)


def _fall_of(build: Build) -> Callable[[Collection[str]], Fall]:
    def fall_without(failed: Collection[str]) -> Fall:
        from .falling import fall

        return fall(build, failed)

    return fall_without


def _installed(group: str, order: str, manager: pluggy.PluginManager | None) -> Points:
    """Whatever is installed, in an order that does not depend on how."""
    points = Points(manager, order=order)
    if group:
        from importlib.metadata import entry_points

        found = sorted(entry_points(group=group), key=lambda entry: entry.name)
        plugins = [
            Plugin(each.name, each.value.partition("[")[0].strip(), "", each.dist.name, each.dist.version)
            if each.dist
            else Plugin(each.name, each.value)
            for each in found
        ]
        points.announce(plugins)
    points.arrange(is_start=True)
    return points
