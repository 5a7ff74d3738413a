"""A product's variation points with the plugins that change them: registered with pluggy, arranged in the plan's order."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pluggy

from .chain import Variant, compose, misfit, namer, variant_of
from .entry import entry
from .errors import ProductError, did_you_mean
from .hooking import arguments_of, point_for_hook, specify
from .importing import PATIENCE, error_words, import_plugin
from .plugin import FAIL, Plugin, PluginError, PluginReport, Policy, Record
from .point import PROJECT, Point, points_of

if TYPE_CHECKING:
    from .tracing import Trace

__all__ = ["Points"]

Implementations = tuple[pluggy.HookImpl, ...]


class Points:
    """The variation points of a project in this process, and the plugins that change them.

    Everything is pluggy's underneath: the points are hook specs of ``manager``, the variants hook implementations that
    it registers. What Sarto adds is the ``order`` (features or plugins, the one that is called first first; a line of
    text will do), the isolation of failures by ``policies``, switching and tracing. Plugins that the order does not
    name are called after those that it does, as pluggy would. ``tell`` is given each sentence about a failure that
    does not stop the program; by default it is written to stderr.

    Given the manager of an existing host, all of that holds for the host's own hooks, too, whoever calls them: those in
    ``hooks``, or all that have a spec.
    """

    def __init__(
        self,
        manager: pluggy.PluginManager | None = None,
        *,
        order: Sequence[str] | str = (),
        policies: Mapping[str, Policy] | None = None,
        hooks: Collection[str] | None = None,
        tell: Callable[[str], None] | None = None,
    ) -> None:
        self.manager = manager or pluggy.PluginManager(PROJECT)
        names = order.split() if isinstance(order, str) else order
        self._places = {name: place for place, name in enumerate(names)}
        self._policies = policies or {}
        self._hooks = hooks
        self._tell = tell or _say
        self._records: dict[str, Record] = {}
        self._enabled: frozenset[str] | None = None
        self._points: dict[str, Point] = {}
        self._woven: dict[str, Implementations] = {}
        self._chains: dict[tuple[str, Implementations], Callable[..., Any] | None] = {}
        self._lock = threading.RLock()
        self._is_arranging = False
        self._must_weave_again = False
        self._trace: Trace | None = None
        self._inner = self.manager._inner_hookexec
        self.manager._inner_hookexec = self._execute

    # What is there

    def plugins(self) -> tuple[PluginReport, ...]:
        """What became of each plugin, in the order in which they are called."""
        return tuple(record.report() for record in sorted(self._records.values(), key=self._place))

    def variants(self, hook: str) -> tuple[Variant, ...]:
        """The variants of a point in the order in which they are called. Raises :class:`ProductError` for no hook."""
        point = self._point(hook)
        if point is None:
            raise ProductError(f"there is no hook '{hook}'", hint=did_you_mean(hook, sorted(self._points)))
        return tuple(self._variants(point, self._live(hook)))

    # Taking plugins in

    def register(self, plugin: object, name: str = "", *, feature: str = "", part: str = "") -> None:
        """Register an object with variants, a module most often, and put them in place at once.

        Raises :class:`PluginError` where it does not fit, and registers nothing then.
        """
        named = name or self.manager.get_canonical_name(plugin)
        known = Plugin(named, "", feature, part)
        with self._arranging():
            if named in self._records:
                raise PluginError(known, f"registers twice: there is a plugin '{named}' already")
            record = Record(known, self._policies.get(feature or named, FAIL), plugin)
            self._records[named] = record
            try:
                self._bring_in([record], is_strict=True)
            except BaseException:
                del self._records[named]
                raise

    def announce(self, plugins: Collection[Plugin]) -> None:
        """Say which plugins there are; :meth:`arrange` imports those of the features that are on.

        A name that two of them have is a failure of the second, which is left out.
        """
        for plugin in plugins:
            policy = self._policies.get(plugin.feature or plugin.name, FAIL)
            if plugin.name in self._records:
                error = PluginError(plugin, f"registers twice: there is a plugin '{plugin.name}' already")
                if policy.on_failure == "fail":
                    raise error
                self._tell(f"{error}; it is left out")
            else:
                self._records[plugin.name] = Record(plugin, policy)

    def arrange(self, enabled: Collection[str] | None = None, *, is_start: bool = False) -> None:
        """Have exactly the plugins of the ``enabled`` features in place, and of no feature; of all for None.

        What appears is imported, registered and, where it has a callable ``start``, started, in the planned order; all
        chains are made before the first is exchanged; then what went is stopped (``stop``) and unregistered, the last
        called first. Calls in flight end under the chains under which they began. From any thread; one arrangement
        waits for another.

        Raises :class:`PluginError` where a plugin fails to appear: all is as it was before then. At a start
        (``is_start``) the policy of its feature decides instead.
        """
        with self._arranging():
            self._enabled = wanted = self._enabled if enabled is None else frozenset(enabled)
            records = sorted(self._records.values(), key=self._place)
            coming = [each for each in records if not each.is_on and not each.problem and _is_wanted(each, wanted)]
            going = [each for each in records if each.is_on and not _is_wanted(each, wanted)]
            self._bring_in(coming, going, is_strict=not is_start)
            for record in reversed(going):
                self._put_out(record)

    def close(self) -> None:
        """Stop and unregister all plugins, and leave the points and the manager as they were found."""
        self.arrange(())
        with self._arranging():
            for record in [each for each in self._records.values() if each.is_on]:
                record.is_on = False
                self._weave()
                self._put_out(record)
            for point in self._points.values():
                point.exchange(None)
            self._woven.clear()
            self.manager._inner_hookexec = self._inner

    def _bring_in(self, coming: Sequence[Record], going: Sequence[Record] = (), *, is_strict: bool) -> None:
        """All of ``coming`` appear and all of ``going`` disappear in the chains, or nothing changes."""
        here: list[Record] = []
        try:
            for record in coming:
                self._try(record, self._import, is_strict=is_strict)
            self._specify()
            for record in reversed(coming):  # pluggy calls the last registered first
                if self._try(record, self._register, is_strict=is_strict):
                    here.append(record)
            for record in [each for each in coming if each in here]:
                if not (self._try(record, self._check, is_strict=is_strict) and self._try(record, self._start, is_strict=is_strict)):
                    self._unregister(record)
                    here.remove(record)
            self._exchange(here, going)
        except BaseException:
            for record in here:
                self._put_out(record)
            raise

    def _exchange(self, here: Sequence[Record], going: Sequence[Record]) -> None:
        for record in here:
            record.is_on = True
        for record in going:
            record.is_on = False
        try:
            self._weave()
        except BaseException:
            for record in (*here, *going):
                record.is_on = record in going
            raise

    def _try(self, record: Record, step: Callable[[Record], None], *, is_strict: bool) -> bool:
        if record.problem:
            return False
        try:
            step(record)
        except PluginError as error:
            if is_strict or record.policy.on_failure == "fail":
                raise
            record.problem = error.what.removeprefix(f"{record.plugin} ")
            self._tell(f"{error.what}; it is left out")
            return False
        return True

    def _import(self, record: Record) -> None:
        if record.loaded is None:
            record.loaded = import_plugin(record.plugin, PATIENCE)

    def _register(self, record: Record) -> None:
        plugin, manager = record.plugin, self.manager
        if manager.is_registered(record.loaded):
            other = manager.get_name(record.loaded)
            raise PluginError(plugin, f"registers twice: '{other}' is the same object")
        self._complete(record.loaded)
        try:
            manager.register(record.loaded, plugin.name)
        except (ValueError, pluggy.PluginValidationError) as error:
            if manager.has_plugin(plugin.name) and manager.get_plugin(plugin.name) is record.loaded:
                manager.unregister(name=plugin.name)
            said = str(error).strip().splitlines()[-1]
            raise PluginError(plugin, f"cannot be registered: {said}") from error

    def _complete(self, plugin: object) -> None:
        """A variant that is marked by name for no project is one of this manager's."""
        mark = f"{self.manager.project_name}_impl"
        if mark == f"{PROJECT}_impl":
            return
        for value in list(vars(plugin).values()) if hasattr(plugin, "__dict__") else ():
            options = getattr(value, f"{PROJECT}_impl", None) if hasattr(value, "__sarto_variant__") else None
            if options is not None and not hasattr(value, mark):
                setattr(value, mark, options)

    def _check(self, record: Record) -> None:
        for caller in self.manager.get_hookcallers(record.loaded) or ():
            point = self._point(caller.name)
            for implementation in caller.get_hookimpls():
                if implementation.plugin is not record.loaded:
                    continue
                if point is not None:
                    variant = variant_of(point, implementation, record.plugin, None)
                    if what := misfit(point, variant):
                        raise PluginError(record.plugin, what)
                elif hasattr(implementation.function, "__sarto_variant__") and not implementation.optionalhook:
                    hint = did_you_mean(caller.name, sorted(self._points))
                    raise PluginError(record.plugin, f"changes '{caller.name}', which is no hook", hint=hint)

    def _start(self, record: Record) -> None:
        self._call(record, "start", "fails to start")

    def _call(self, record: Record, name: str, what: str) -> None:
        act = getattr(record.loaded, name, None)
        if record.is_foreign or not callable(act):
            return
        try:
            act()
        except (Exception, SystemExit) as error:
            raise PluginError(record.plugin, f"{what}: {error_words(error)}") from error

    def _put_out(self, record: Record) -> None:
        """Stop and unregister; that it fails to stop is said, and it is gone all the same."""
        try:
            self._call(record, "stop", "fails to stop")
        except PluginError as error:
            self._tell(error.what)
        self._unregister(record)

    def _unregister(self, record: Record) -> None:
        if self.manager.get_plugin(record.plugin.name) is record.loaded:
            self.manager.unregister(name=record.plugin.name)

    # Weaving

    def _specify(self) -> None:
        for point in points_of(self.manager.project_name):
            specify(self.manager, point)
            self._points[point.name] = point

    def _weave(self) -> None:
        """Make the chain of every point whose variants are others than before, and then exchange them."""
        self._specify()
        exchanged = []
        for name, point in list(self._points.items()):
            if point.function is None:
                continue
            implementations = self._live(name)
            if implementations == self._woven.get(name, ()):
                continue
            variants = self._variants(point, implementations)
            code = None
            if implementations or self._trace:
                code = entry(point, compose(point, variants, self._trace), namer(point, variants))
            exchanged.append((name, point, implementations, code))
        self._chains = {}
        for name, point, implementations, code in exchanged:
            self._woven[name] = implementations
            point.exchange(code)

    def _live(self, hook: str, among: Sequence[pluggy.HookImpl] | None = None) -> Implementations:
        """The implementations whose plugins are in place, the one that is called first first."""
        found = reversed(getattr(self.manager.hook, hook).get_hookimpls() if among is None else among)
        return tuple(sorted(filter(self._is_live, found), key=self._implementation_place))

    def _is_live(self, implementation: pluggy.HookImpl) -> bool:
        record = self._records.get(implementation.plugin_name)
        return record is None or record.is_foreign or (record.is_on and not record.problem)

    def _implementation_place(self, implementation: pluggy.HookImpl) -> tuple[int, int, int]:
        """By what it asks for itself (``tryfirst``), by the plan, and in one plugin as they are written."""
        own = 0 if implementation.tryfirst else 2 if implementation.trylast else 1
        function = getattr(implementation.function, "__func__", implementation.function)
        is_marked = hasattr(function, "__sarto_variant__")
        line = function.__code__.co_firstlineno if is_marked and hasattr(function, "__code__") else 0
        return own, self._place_of(self._plugin(implementation.plugin_name)), line

    def _place(self, record: Record) -> int:
        return self._place_of(record.plugin)

    def _place_of(self, plugin: Plugin) -> int:
        last = len(self._places)
        return self._places.get(plugin.feature or plugin.name, last)

    def _plugin(self, name: str) -> Plugin:
        record = self._records.get(name)
        return record.plugin if record else Plugin(name)

    def _variants(self, point: Point, implementations: Implementations) -> list[Variant]:
        return [
            variant_of(point, each, self._plugin(each.plugin_name), self._guard(each.plugin_name))
            for each in implementations
        ]

    def _point(self, hook: str) -> Point | None:
        """The point of this name, or what stands for a hook of the manager's that is adopted."""
        found = self._points.get(hook)
        if found is None and (self._hooks is None or hook in self._hooks):
            caller = getattr(self.manager.hook, hook, None)
            found = point_for_hook(caller) if caller is not None else None
            if found is not None:
                self._points[hook] = found
        return found

    # Calls

    def _execute(
        self, hook: str, methods: Sequence[pluggy.HookImpl], arguments: Mapping[str, Any], firstresult: bool
    ) -> Any:
        """What a hook of the manager does when it is called: the same as the point of its name."""
        key = hook, tuple(methods)
        try:
            chain = self._chains[key]
        except KeyError:
            chain = self._chains[key] = self._chain(*key)
        if chain is None:
            return self._inner(hook, methods, arguments, firstresult)
        return chain(arguments)

    def _chain(self, hook: str, methods: Implementations) -> Callable[[Mapping[str, Any]], Any] | None:
        point = self._point(hook)
        if point is None:
            return None
        variants = self._variants(point, self._live(hook, methods))
        call = compose(point, variants, self._trace)
        name = namer(point, variants)
        known = {*point.shape.names, *({} if point.shape.keywords else ())}

        def chain(given: Mapping[str, Any]) -> Any:
            arguments, named = arguments_of(point.shape, {key: given[key] for key in given if key in known})
            try:
                return call(*arguments, **named)
            except Exception as error:
                name(error)
                raise

        return chain

    def _guard(self, name: str) -> Callable[[BaseException], None] | None:
        """What is told of the failures of a plugin's variants; None where they are the caller's."""
        record = self._records.get(name)
        if record is None or record.policy.on_failure == "fail":
            return None

        def failed(error: BaseException) -> None:
            is_last = record.count()
            if record.problem:
                return
            end = "; it is off until the next start" if is_last else ""
            words = f"fails in a call: {error_words(error)}"
            self._tell(f"{record.plugin} {words}{end}")
            if is_last:
                record.problem = words
                self._weave_soon()

        return failed

    def _weave_soon(self) -> None:
        """Weave without what has failed, at once or, where another thread arranges just now, at the end of that."""
        self._must_weave_again = True
        if self._lock.acquire(blocking=False):
            try:
                self._weave_as_needed()
            finally:
                self._lock.release()

    def _weave_as_needed(self) -> None:
        while self._must_weave_again:
            self._must_weave_again = False
            self._weave()

    @contextmanager
    def _arranging(self) -> Iterator[None]:
        with self._lock:
            if self._is_arranging:
                raise ProductError("a switch during a switch: a plugin that starts or stops cannot switch anything")
            self._is_arranging = True
            try:
                yield
                self._weave_as_needed()
            finally:
                self._is_arranging = False

    # Tracing

    @contextmanager
    def trace(self) -> Iterator[Trace]:
        """Record which plugin gave, changed or vetoed what, in all calls that begin in here, of every thread."""
        from .tracing import Trace

        trace = Trace()
        with self._arranging():
            before, self._trace = self._trace, trace
            self._weave_all()
        try:
            yield trace
        finally:
            with self._arranging():
                self._trace = before
                self._weave_all()

    def _weave_all(self) -> None:
        """Weave every point anew, those without variants, too."""
        self._woven = dict.fromkeys(self._points, (_NOTHING,))
        self._weave()


_NOTHING: Any = object()
"""Stands for an implementation that no point has."""


def _is_wanted(record: Record, enabled: frozenset[str] | None) -> bool:
    return enabled is None or not record.plugin.feature or record.plugin.feature in enabled


def _say(sentence: str) -> None:
    print(sentence, file=sys.stderr)
