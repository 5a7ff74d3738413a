"""Weaves variants into points: makes the chains for the plugins in place, and exchanges them when they change."""

from __future__ import annotations

import weakref
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

import pluggy

from .chain import Variant, compose, namer, variant_of
from .entry import entry
from .hooking import arguments_of, point_for_hook, specify
from .plugin import Plugin
from .point import Point, points_named, points_of

if TYPE_CHECKING:
    from .guarding import Failed
    from .tracing import Trace

__all__ = ["Places", "Plugins", "Weaver"]

Implementations = tuple[pluggy.HookImpl, ...]


class HookChain(NamedTuple):
    """What a call of a hook goes through, and the arguments that it cannot do without."""

    call: Callable[[Mapping[str, Any]], Any]
    needs: frozenset[str]


class Places:
    """The order in which plugins are called: as ``names`` has their features, or themselves; all others behind."""

    def __init__(self, names: Sequence[str]) -> None:
        self._places = {name: place for place, name in enumerate(names)}

    def of(self, plugin: Plugin) -> int:
        """The place of a plugin among all; that of those without one is the last."""
        return self._places.get(plugin.feature or plugin.name, len(self._places))


class Plugins(Protocol):
    """What a weaver asks about plugins, by their names."""

    def plugin(self, name: str) -> Plugin:
        """What is known of it; of a stranger its name."""
        ...

    def guard(self, name: str) -> Failed | None:
        """What is told of the failures of its calls; None where they are the caller's."""
        ...

    def is_in_place(self, name: str) -> bool:
        """Whether its variants count; those of a stranger do."""
        ...

    def tick(self, name: str) -> Callable[[], object] | None:
        """What is called with each call of its variants; None where they are not counted."""
        ...

    def reach(self, hook: str) -> Callable[[], object] | None:
        """What is called with each call of a point; None where nobody counts these."""
        ...


class Weaver:
    """The points of a manager's project, and its own ``hooks`` (all that have a spec, for None), with their chains."""

    def __init__(
        self, manager: pluggy.PluginManager, places: Places, plugins: Plugins, hooks: Collection[str] | None
    ) -> None:
        self._manager = manager
        self._places = places
        self._plugins = plugins
        self._hooks = hooks
        self._points: dict[str, Point] = {}
        self._seen: weakref.WeakKeyDictionary[Point, Implementations] = weakref.WeakKeyDictionary()
        self._chains: dict[tuple[str, Implementations], HookChain | None] = {}
        self._trace: Trace | None = None
        self._execute_plainly = manager._inner_hookexec
        # What pluggy's own add_hookcall_monitoring exchanges, too: every call of a hook comes by, however it was begun.
        manager._inner_hookexec = self._execute  # type: ignore[assignment]  # typed as one function of pluggy's
        self.specify()

    @property
    def names(self) -> list[str]:
        """The points and hooks that are known so far."""
        return sorted(self._points)

    def specify(self) -> None:
        """Make hook specs of the points that have come since. Raises :class:`ProductError` for a name that is taken."""
        for point in points_of(self._manager.project_name):
            if point not in self._seen:
                self._specify(point)

    def _specify(self, point: Point) -> None:
        specify(self._manager, point)
        self._points[point.name] = point  # of several functions that are one point it is the last that stands for it
        self._seen[point] = ()
        if self._plugins.reach(point.name) is not None:
            point.exchange(self._code(point, ()))

    def welcome(self, point: Point) -> None:
        """Weave what is in place into a point that has just come."""
        if point not in self._seen:
            self._specify(point)
        found = tuple(getattr(self._manager.hook, point.name).get_hookimpls())
        if found != self._seen[point] or self._trace is not None:
            point.exchange(self._code(point, self._in_place(found)))
            self._seen[point] = found

    def point(self, hook: str) -> Point | None:
        """The point of this name, or what stands for a hook of the manager's own."""
        found = self._points.get(hook)
        if found is None and (self._hooks is None or hook in self._hooks):
            caller = getattr(self._manager.hook, hook, None)
            found = point_for_hook(caller) if caller is not None else None
            if found is not None:
                self._points[hook] = found
        return found

    def variants(self, point: Point) -> list[Variant]:
        """The variants of a point, the one that is called first first."""
        return self._variants(point, self._in_place(getattr(self._manager.hook, point.name).get_hookimpls()))

    def weave(self, changed: Collection[str]) -> None:
        """Make the chain of every point with another variant or one of a ``changed`` plugin, and then exchange them."""
        self.specify()
        made = []
        for point, seen in [*self._seen.items()]:
            found = tuple(getattr(self._manager.hook, point.name).get_hookimpls())
            is_same = found == seen and not any(each.plugin_name in changed for each in found)
            if not is_same:
                made.append((point, found, self._code(point, self._in_place(found))))
        self._chains = {}
        for point, found, code in made:
            self._seen[point] = found
            point.exchange(code)

    def record(self, trace: Trace | None) -> Trace | None:
        """Weave all anew, so that every call is recorded in ``trace``; what was recorded in before is given back."""
        before, self._trace = self._trace, trace
        self.specify()
        for point in [*self._seen]:
            found = getattr(self._manager.hook, point.name).get_hookimpls()
            point.exchange(self._code(point, self._in_place(found)))
        self._chains = {}
        return before

    def undo(self) -> None:
        """Leave the points and the manager as they were found."""
        for point in [*self._seen]:
            point.exchange(None)
        self._seen.clear()
        self._manager._inner_hookexec = self._execute_plainly

    def _code(self, point: Point, implementations: Implementations) -> Any:
        reach = self._plugins.reach(point.name)
        if not implementations and self._trace is None and reach is None:
            return None
        variants = self._variants(point, implementations)
        return entry(point, compose(point, variants, self._trace, reach), namer(point, variants))

    def _variants(self, point: Point, implementations: Implementations) -> list[Variant]:
        plugins = self._plugins
        return [
            variant_of(point, each, plugins.plugin(each.plugin_name), plugins.guard(each.plugin_name))._replace(
                tick=plugins.tick(each.plugin_name)
            )
            for each in implementations
        ]

    def _in_place(self, implementations: Sequence[pluggy.HookImpl]) -> Implementations:
        """Those whose plugins are in place, the one that is called first first; pluggy has the first last."""
        if not implementations:
            return ()
        found = [each for each in reversed(implementations) if self._plugins.is_in_place(each.plugin_name)]
        return tuple(sorted(found, key=self._place))

    def _place(self, implementation: pluggy.HookImpl) -> tuple[int, int, int]:
        """By what it asks for itself (``tryfirst``), by the plan, and in one plugin as they are written."""
        own = 0 if implementation.tryfirst else 2 if implementation.trylast else 1
        function = getattr(implementation.function, "__func__", implementation.function)
        is_marked = hasattr(function, "__sarto_variant__") and hasattr(function, "__code__")
        line = function.__code__.co_firstlineno if is_marked else 0
        return own, self._places.of(self._plugins.plugin(implementation.plugin_name)), line

    def _execute(
        self, hook: str, methods: Sequence[pluggy.HookImpl], arguments: Mapping[str, Any], firstresult: bool
    ) -> Any:
        """What a hook of the manager does when it is called: the same as the point of its name.

        Of a point, ``methods`` may be those of another moment, between whose making and this one features were
        switched: what counts is the function itself, unless somebody adds methods for this one call.
        """
        point = self._points.get(hook)
        function = point.function if point is not None else None
        if point is not None and function is None and point.project:
            function = next((each.function for each in reversed(points_named(point.project, hook))), None)
        if point is not None and function is not None and all(each.plugin is not None for each in methods):
            values, named = arguments_of(point.shape, arguments)
            return function(*values, **named)
        # A chain that was made while others were exchanged is put where the old ones are, and goes with them.
        key, chains = (hook, tuple(methods)), self._chains
        try:
            chain = chains[key]
        except KeyError:
            chain = chains[key] = self._chain(*key)
        if chain is None or not chain.needs <= arguments.keys():  # pluggy has warned, or says what is missing
            return self._execute_plainly(hook, methods, arguments, firstresult)
        return chain.call(arguments)

    def _chain(self, hook: str, methods: Implementations) -> HookChain | None:
        point = self.point(hook)
        if point is None:
            return None
        shape, variants = point.shape, self._variants(point, self._in_place(methods))
        call = compose(point, variants, self._trace, self._plugins.reach(hook))
        name = namer(point, variants)

        optional = len(point.base.__defaults__ or ())

        def chain(given: Mapping[str, Any]) -> Any:
            arguments, named = arguments_of(shape, given)
            try:
                return call(*arguments, **named)
            except Exception as error:
                name(error)
                raise

        names = (*shape.only_positional, *shape.positional)
        return HookChain(chain, frozenset(names[: len(names) - optional]))
