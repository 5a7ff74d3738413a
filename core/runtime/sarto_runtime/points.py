"""A product's variation points with the plugins that change them: taken in, put out, and what became of them."""

from __future__ import annotations

import sys
import weakref
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

import pluggy

from .chain import Variant
from .errors import ProductError, did_you_mean
from .importing import error_words
from .plugin import FAIL, Plugin, PluginError, Policy
from .point import PROJECT, Point, watch
from .record import PluginReport, Record, names_of
from .taking_in import Steps
from .turn import Turn
from .weaving import Places, Weaver

if TYPE_CHECKING:
    from .counting import Counts
    from .falling import Fall
    from .guarding import Failed
    from .tracing import Trace

__all__ = ["Points"]


class Points:
    """The variation points of a project in this process, and the plugins that change them.

    Everything is pluggy's underneath: the points are hook specs of ``manager``, the variants hook implementations that
    it registers. What Sarto adds is the ``order`` (features or plugins, the one that is called first first; a line of
    text will do), the isolation of failures by ``policies``, switching and tracing. Plugins that the order does not
    name are called after those that it does, as pluggy would. ``tell`` is given each sentence about a failure that
    does not stop the program; by default it is written to stderr.

    ``fall`` is asked which features go off with those that have failed. A ``recorder`` counts the calls of features.

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
        fall: Callable[[Collection[str]], Fall] | None = None,
        recorder: Counts | None = None,
    ) -> None:
        self.manager = manager or pluggy.PluginManager(PROJECT)
        self._places = Places(order.split() if isinstance(order, str) else order)
        self._policies = policies or {}
        self._policy = FAIL
        self._tell = tell or _say
        self._fall = fall
        self._recorder = recorder
        self._fallen: dict[str, str] = {}
        self._settled: frozenset[str] = frozenset()
        self._records: dict[str, Record] = {}
        self._enabled: frozenset[str] | None = None
        self._on: frozenset[str] = frozenset()
        self._turn = Turn("a switch during a switch: a plugin that starts or stops cannot switch anything")
        self._weaver = Weaver(self.manager, self._places, self, hooks)
        self._steps = Steps(self.manager, self._weaver, self._tell)
        self._unwatch = watch(self.manager.project_name, self)

    def plugins(self) -> tuple[PluginReport, ...]:
        """What became of each plugin, in the order in which they are called; behind them the host's own."""
        reports = [record.report(is_on=self._is_on(record)) for record in self._in_order()]
        for name, plugin in self.manager.list_name_plugin():
            if plugin is not None and name not in self._records:
                reports.append(Record(Plugin(name), FAIL).report(is_on=True))
        return tuple(reports)

    def variants(self, hook: str) -> tuple[Variant, ...]:
        """The variants of a point in the order in which they are called. Raises :class:`ProductError` for no hook."""
        with self._turn.lock:
            self._weaver.specify()
            point = self._weaver.point(hook)
            if point is None:
                raise ProductError(f"there is no hook '{hook}'", hint=did_you_mean(hook, self._weaver.names))
            return tuple(self._weaver.variants(point))

    def register(self, plugin: object, name: str = "", *, feature: str = "", part: str = "") -> None:
        """Register an object with variants, a module most often, and put them in place at once.

        Raises :class:`PluginError` where it does not fit, and registers nothing then.
        """
        named = name or self.manager.get_canonical_name(plugin)
        with self._turn.taken():
            known = Plugin(named, "", feature, part)
            if named in self._records:
                raise PluginError(known, f"registers twice: there is a plugin '{named}' already")
            self._records[named] = record = Record(known, self._policy_of(known), plugin)
            try:
                self._change([record], is_strict=True)
            except BaseException:
                del self._records[named]
                raise

    def announce(self, plugins: Iterable[Plugin]) -> None:
        """Say which plugins there are; :meth:`arrange` imports those of the features that are on.

        A name that two of them have is a failure of the second.
        """
        for plugin in plugins:
            policy = self._policy_of(plugin)
            if plugin.name not in self._records:
                self._records[plugin.name] = Record(plugin, policy)
                continue
            error = PluginError(plugin, f"registers twice: there is a plugin '{plugin.name}' already")
            if policy.on_failure == "fail":
                raise error
            self._tell(f"{error}; it is left out")

    def watch(self, plugins: Collection[Plugin], policy: Policy | None = None) -> None:
        """Say which plugins the host registers by itself; ``policy`` is that of those that nobody has named."""
        self._policy = policy or self._policy
        for plugin in plugins:
            self._records[plugin.name] = Record(plugin, self._policy_of(plugin), is_foreign=True)
        self._on = self._on.union(plugin.name for plugin in plugins)

    def arrange(self, enabled: Collection[str] | None = None, *, is_start: bool = False) -> None:
        """Have exactly the plugins of the ``enabled`` features in place, and those of no feature; for None, all.

        What appears is imported, registered and, where it has a callable ``start``, started, in the planned order; all
        chains are made before the first is exchanged; then what went is stopped (``stop``) and unregistered, the last
        called first. Calls in flight end under the chains under which they began. From any thread; one arrangement
        waits for another.

        Raises :class:`PluginError` where a plugin fails to appear: all is as it was before then. At a start
        (``is_start``) the policy of its feature decides instead.
        """
        with self._turn.taken():
            wanted = self._enabled if enabled is None else frozenset(enabled)
            records = self._in_order()
            coming = [
                each for each in records if not self._is_on(each) and not each.problem and each.belongs_to(wanted)
            ]
            going = [each for each in records if self._is_on(each) and not each.belongs_to(wanted)]
            self._change(coming, going, is_strict=not is_start)
            self._enabled = wanted
            self._settle()

    def fallen(self) -> Mapping[str, str]:
        """The features that are off because they, or others that they cannot be without, have failed; each with why."""
        return {**self._fallen, **self.failed_features()}

    def settle(self) -> None:
        """Put out what cannot be without the features that have failed, by the state of now."""
        with self._turn.taken():
            self._settle(is_new=True)

    def close(self) -> None:
        """Stop and unregister all plugins, and leave the points and the manager as they were found."""
        with self._turn.taken():
            self._change((), [each for each in self._in_order() if self._is_on(each)], is_strict=True)
            self._weaver.undo()
            self._unwatch()

    @contextmanager
    def trace(self) -> Iterator[Trace]:
        """Record which plugin gave, changed or vetoed what, in all calls that begin in here, of every thread."""
        from .tracing import Trace

        trace = Trace()
        with self._turn.taken():
            before = self._weaver.record(trace)
        try:
            yield trace
        finally:
            with self._turn.taken():
                self._weaver.record(before)

    def arrived(self, point: Point) -> None:
        """Put what is in place into a point that comes later, such as one of a module that is imported only now."""

        known = weakref.ref(point)

        def welcome() -> None:
            with suppress(ProductError):  # whoever marks a function knows nothing of us: the next arrangement says it
                if here := known():
                    self._weaver.welcome(here)

        self._turn.soon(welcome)

    # What a weaver asks

    def plugin(self, name: str) -> Plugin:
        """What is known of the plugin; of a stranger its name."""
        record = self._records.get(name)
        return record.plugin if record else Plugin(name)

    def is_in_place(self, name: str) -> bool:
        """Whether the plugin's variants count; those of a stranger do."""
        record = self._records.get(name)
        return record is None or (name in self._on and not record.problem)

    def guard(self, name: str) -> Failed | None:
        """What is told of the failures of the plugin's calls; None where they are the caller's."""
        if name not in self._records and self._policy.on_failure != "fail":
            self.watch([Plugin(name)])
        record = self._records.get(name)
        if record is None or record.policy.on_failure == "fail":
            return None
        return lambda error: self._failed(record, error)

    def tick(self, name: str) -> Callable[[], object] | None:
        """What is called with each call of the plugin's variants; None where they are not counted."""
        feature = self.plugin(name).feature
        return self._recorder.tick(feature) if self._recorder and feature else None

    def reach(self, hook: str) -> Callable[[], object] | None:
        """What is called with each call of the point; None where nobody counts these."""
        recorder = self._recorder
        return recorder.point(hook, lambda name: self._enabled is None or name in self._enabled) if recorder else None

    # Changing what is in place

    def _change(self, coming: Sequence[Record], going: Sequence[Record] = (), *, is_strict: bool) -> None:
        """All of ``coming`` appear and all of ``going`` disappear in the chains, or nothing changes."""
        here: list[Record] = []
        try:
            here = self._steps.appeared(coming, is_strict)
            before = self._on
            self._on = before.union(names_of(here)).difference(names_of(going))
            try:
                self._weaver.weave({*names_of(here), *names_of(going)})
            except BaseException:
                self._on = before
                raise
        except BaseException:
            self._steps.put_out(here)
            raise
        self._steps.put_out(going)

    def _failed(self, record: Record, error: BaseException) -> None:
        """A call of the plugin has failed, and goes on without it; where that was one too many, so do all others."""
        is_last = record.count()
        if record.problem:
            return
        words = f"fails in a call: {error_words(error)}"
        self._tell(f"{record.plugin} {words}" + ("; it is off until the next start" if is_last else ""))
        if is_last:
            record.problem = words
            self._turn.soon(lambda: self._give_up(record.plugin.name))

    def _give_up(self, name: str) -> None:
        self._weaver.weave([name])
        self._settle()

    def failed_features(self) -> dict[str, str]:
        """The features with a plugin that has failed, and what was wrong."""
        records = self._in_order()
        return {
            each.plugin.feature: f"{each.plugin} {each.problem}"
            for each in records
            if each.problem and each.plugin.feature
        }

    def _settle(self, *, is_new: bool = False) -> None:
        """Where features have failed since, put out what is left of them and what cannot be without them."""
        failed = self.failed_features()
        if self._fall is None or not failed or (failed.keys() == self._settled and not is_new):
            return
        before, self._settled = self._settled, frozenset(failed)
        found = self._fall(failed)
        if found.obstacle and failed.keys() != before:
            names = " and ".join(f"'{name}'" for name in failed)
            self._tell(f"this product cannot be without {names}, and goes on as it is: {found.obstacle}")
        for name, why in found.off.items():
            if name not in self._fallen:
                self._tell(f"feature '{name}' is off, too: {why}")
        self._fallen = self._fallen | found.off
        gone = {*found.off, *(failed if not found.obstacle else ())}
        going = [each for each in self._in_order() if self._is_on(each) and each.plugin.feature in gone]
        for record in going:
            record.reason = found.off.get(record.plugin.feature, "") or "another plugin of its feature has failed"
        self._change((), going, is_strict=True)

    def _policy_of(self, plugin: Plugin) -> Policy:
        return self._policies.get(plugin.feature or plugin.name, self._policy)

    def _is_on(self, record: Record) -> bool:
        return record.plugin.name in self._on

    def _in_order(self) -> list[Record]:
        return sorted(self._records.values(), key=lambda record: self._places.of(record.plugin))


def _say(sentence: str) -> None:
    print(sentence, file=sys.stderr)
