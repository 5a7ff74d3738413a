"""Counting the calls of features in a core that loads their plugins by itself, with pluggy, as most hosts do.

Nothing of the core is changed: what its plugin manager has registered from entry points counts when it is called.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping
from functools import update_wrapper
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary, WeakSet

from .product_points import enabled_features

if TYPE_CHECKING:
    import pluggy

    from .build import Build
    from .counting import Counts
    from .state import State

__all__ = ["count_hooks", "leave"]

_UNCOUNTED = "__sarto_uncounted__"
# The managers in which is counted, each with what ends that for the calls of its hooks, and those in which not.
_counting: WeakKeyDictionary[Any, Callable[[], None]] = WeakKeyDictionary()
_left: WeakSet[Any] = WeakSet()


def count_hooks(build: Build, state: State, counts: Counts) -> None:
    """Count in every plugin manager of this process that loads the core's group of entry points, from now on.

    A plugin counts for its feature by the name of its entry point, each call of one of its implementations as one.
    """
    try:
        import pluggy
    except ImportError:
        return
    features = {plugin.name: plugin.feature for plugin in build.plugins if plugin.feature}
    load = pluggy.PluginManager.load_setuptools_entrypoints

    def loading(manager: pluggy.PluginManager, group: str, name: str | None = None) -> int:
        found = load(manager, group, name)
        if group == build.core.group and manager not in _left:
            _count(manager, features, counts)
            if manager not in _counting:
                _counting[manager] = _watch(manager, enabled_features(state), counts)
        return found

    update_wrapper(loading, load)
    pluggy.PluginManager.load_setuptools_entrypoints = loading  # type: ignore[method-assign,assignment]  # all come by here


def leave(manager: pluggy.PluginManager) -> None:
    """Count in this manager no more: it is adopted, and what adopts it counts by itself."""
    _left.add(manager)
    _counting.pop(manager, _nothing)()
    for _, plugin in manager.list_name_plugin():
        for implementation in _implementations(manager, plugin):
            _set(implementation, getattr(implementation.function, _UNCOUNTED, implementation.function))


def _count(manager: pluggy.PluginManager, features: Mapping[str, str], counts: Counts) -> None:
    for name, plugin in manager.list_name_plugin():
        tick = counts.tick(features[name]) if name in features else None
        if tick is None:
            continue
        for implementation in _implementations(manager, plugin):
            if not hasattr(implementation.function, _UNCOUNTED):
                counted = _counted_wrapper if implementation.wrapper or implementation.hookwrapper else _counted
                _set(implementation, counted(implementation.function, tick))


def _implementations(manager: pluggy.PluginManager, plugin: object) -> list[pluggy.HookImpl]:
    callers = (manager.get_hookcallers(plugin) or ()) if plugin is not None else ()
    return [each for caller in callers for each in caller.get_hookimpls() if each.plugin is plugin]


def _counted(function: Callable[..., Any], tick: Callable[[], int]) -> Callable[..., Any]:
    def counted(*arguments: Any, **named: Any) -> Any:
        tick()
        return function(*arguments, **named)

    setattr(counted, _UNCOUNTED, function)
    return update_wrapper(counted, function)


def _counted_wrapper(function: Callable[..., Any], tick: Callable[[], int]) -> Callable[..., Any]:
    """The same for what goes around the others, which pluggy wants to be a generator."""

    def counted(*arguments: Any, **named: Any) -> Generator[Any, Any, Any]:
        tick()
        return (yield from function(*arguments, **named))

    setattr(counted, _UNCOUNTED, function)
    return update_wrapper(counted, function)


def _set(implementation: pluggy.HookImpl, function: Callable[..., Any]) -> None:
    implementation.function = function  # type: ignore[misc]  # final for those who use it, and a slot as any other


def _watch(manager: pluggy.PluginManager, enabled: frozenset[str], counts: Counts) -> Callable[[], None]:
    """Note the calls of hooks that are there for a feature while that is off; gives what ends that."""
    said = {name: counts.point(name, enabled.__contains__) for name in vars(manager.hook)}
    ticks = {name: tick for name, tick in said.items() if tick is not None}
    if not ticks:
        return _nothing

    def before(hook: str, *_: object) -> None:
        if hook in ticks:
            ticks[hook]()

    return manager.add_hookcall_monitoring(before, lambda *_: None)


def _nothing() -> None:
    pass
