"""The plugin manager: which plugins take part, which are left out, and what they add together."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from fnmatch import fnmatchcase
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import pluggy

from ..errors import SartoError, did_you_mean
from ..model.cosmetics import languages_in_order
from ..model.quote_language import ENGLISH
from . import specs
from .builtin import BuiltIn
from .discovery import find_entry_points
from .faults import failure_in_hook, reason_to_leave_out, refuse_misfits
from .joining import files_of, items_of, joined, refuse_clashes
from .plugin import BrokenPlugin, Contribution, Plugin
from .types import (
    BuildFormat,
    Counter,
    Executor,
    FactSource,
    ModelFormat,
    Optimiser,
    OrderBooks,
    QuoteFormat,
    QuoteLanguage,
    Signer,
)

if TYPE_CHECKING:
    import click

    from ..derive.plan import Plan
    from ..order_book import OrderBook
    from ..solve.problem import Solve

__all__ = ["BUILT_IN", "GROUP", "PluginManager"]

GROUP = "sarto"
BUILT_IN = Plugin("built-in")
_BUILD_FILES = "sarto_build_files"
T = TypeVar("T")


def _say_nothing(plugin: BrokenPlugin) -> None:
    """What happens to a broken plugin where nobody asked to hear of it: it stands in ``broken``."""


class PluginManager:
    """The plugins that take part in one run of Sarto, the built-in implementations first, then by name.

    ``PluginManager()`` has the built-in ones only, :meth:`discover` all that are installed. A plugin that cannot be
    imported or registered, or that fails to say what it adds, is left out: it stands in ``broken``,
    ``on_broken`` hears of it once, and the rest goes on.
    """

    def __init__(self, on_broken: Callable[[BrokenPlugin], None] = _say_nothing) -> None:
        self._pluggy = pluggy.PluginManager(specs.HOST)
        self._pluggy.add_hookspecs(specs)
        self._plugins: dict[str, Plugin] = {}
        self._broken: list[BrokenPlugin] = []
        self._on_broken = on_broken
        self._answers: dict[str, list[tuple[Plugin, Any]]] = {}
        self.register(BuiltIn(self), BUILT_IN)

    @classmethod
    def discover(
        cls, on_broken: Callable[[BrokenPlugin], None] = _say_nothing, path: Sequence[str] | None = None
    ) -> PluginManager:
        """The plugins of the distributions on ``path`` (``sys.path``) that have entry points in the group ``sarto``."""
        manager = cls(on_broken)
        for point in find_entry_points(GROUP, path):
            plugin = Plugin(point.name, point.distribution, point.version)
            try:
                manager.register(point.load(), plugin)
            except (Exception, SystemExit) as error:
                manager._leave_out(plugin, error)
        return manager

    def register(self, implementations: object, plugin: Plugin) -> None:
        """Let a plugin take part: a module or object with functions marked ``@hookimpl``.

        Raises SartoError where it does not fit the hook specs or its name is taken.
        """
        taken = self._plugins.get(plugin.name)
        if taken:
            raise SartoError(f"plugin {plugin} has the same name as plugin {taken}", hint="uninstall one of the two")
        refuse_misfits(plugin, implementations)
        self._pluggy.register(implementations, plugin.name)
        self._plugins[plugin.name] = plugin
        self._answers.clear()

    @property
    def plugins(self) -> tuple[Plugin, ...]:
        """The plugins that take part, in the order in which they are called."""
        return tuple(sorted(self._plugins.values(), key=lambda plugin: (plugin is not BUILT_IN, plugin.name)))

    @property
    def broken(self) -> tuple[BrokenPlugin, ...]:
        """The plugins that were left out so far, by name."""
        return tuple(sorted(self._broken, key=lambda broken: (broken.plugin.name, broken.plugin.distribution)))

    def model_formats(self) -> tuple[ModelFormat, ...]:
        """The formats in which models can be read or written. Raises SartoError where two have one name or suffix."""
        given = self._declared("sarto_model_formats", ModelFormat)
        joined("suffix", given, lambda each: each.suffixes)
        joined("file name", given, lambda each: each.file_names)
        return joined("model format", given, lambda each: [each.name])

    def model_format(self, path: Path) -> ModelFormat:
        """The model format for a file, by its suffix or else its name. Raises SartoError where no plugin has one."""
        formats = self.model_formats()
        for format in formats:
            if path.suffix.lower() in format.suffixes:
                return format
        for format in formats:
            if any(fnmatchcase(path.name, name) for name in format.file_names):
                return format
        known = ", ".join(suffix for format in formats for suffix in format.suffixes)
        names = ", ".join(name for format in formats for name in format.file_names)
        ending = f"that end in '{path.suffix}'" if path.suffix else "without a suffix"
        hint = self._and_broken(f"the suffixes that are known: {known}" + (f"; the names: {names}" if names else ""))
        raise SartoError(f"no plugin reads files {ending}", where=str(path), hint=hint)

    def build_formats(self) -> tuple[BuildFormat, ...]:
        """The forms in which builds can be handed out. Raises SartoError where two have the same name."""
        return joined("build format", self._declared("sarto_build_formats", BuildFormat), lambda each: [each.name])

    def build_format(self, name: str) -> BuildFormat:
        """The build format of that name. Raises SartoError where no plugin has it."""
        return self._of_name("build format", name, {each.name: each for each in self.build_formats()})

    def file_format(self, file: Path) -> BuildFormat:
        """The build format of a file that was handed out, by its ending. Raises SartoError where none has it."""
        formats = {f".{format.name}": format for format in self.build_formats() if format.unpack}
        found = [ending for ending in formats if file.name.endswith(ending)]
        if found:
            return formats[max(found, key=len)]
        known = ", ".join(formats) or "none"
        hint = self._and_broken(f"a build is a folder, or a file with one of these endings: {known}")
        raise SartoError(f"'{file}' is not a build that an installed plugin opens", hint=hint)

    def build_files(self, plan: Plan) -> dict[str, bytes]:
        """The files that plugins add to a build, by path. Raises SartoError where one fails or two write the same."""
        implementing = {impl.plugin_name for impl in self._pluggy.hook.sarto_build_files.get_hookimpls()}
        given = [
            (plugin, files_of(answer, plugin, _BUILD_FILES))
            for plugin in self.plugins
            if plugin.name in implementing
            for answer in self._call(plugin, _BUILD_FILES, plan=plan)
        ]
        refuse_clashes("file", [(plugin, path) for plugin, files in given for path in files])
        return {path: files[path] for _, files in given for path in sorted(files)}

    def counters(self) -> tuple[Counter, ...]:
        """What counts solutions where that is hard. Raises SartoError where two have the same name."""
        return joined("counter", self._declared("sarto_counters", Counter), lambda each: [each.name])

    def optimisers(self) -> tuple[Optimiser, ...]:
        """What finds the best and decides hard arithmetic. Raises SartoError where two have the same name."""
        return joined("optimiser", self._declared("sarto_optimisers", Optimiser), lambda each: [each.name])

    def solver(self) -> Solve | None:
        """What the first optimiser solves with; None where there is none."""
        optimisers = self.optimisers()
        return optimisers[0].solve if optimisers else None

    def signers(self) -> tuple[Signer, ...]:
        """What signs builds and checks signatures. Raises SartoError where two have the same name."""
        return joined("signer", self._declared("sarto_signers", Signer), lambda each: [each.name])

    def signer(self) -> Signer:
        """The first signer. Raises SartoError where no plugin has one."""
        signers = self.signers()
        if signers:
            return signers[0]
        hint = self._and_broken("install the plugin 'sarto-sign'")
        raise SartoError("no plugin is installed that signs builds and checks signatures", hint=hint)

    def quote_formats(self) -> tuple[QuoteFormat, ...]:
        """The forms in which quotes are shown. Raises SartoError where two have the same name or suffix."""
        given = self._declared("sarto_quote_formats", QuoteFormat)
        joined("suffix of quotes", given, lambda each: {f".{each.name}", *each.suffixes})
        return joined("quote format", given, lambda each: [each.name])

    def quote_format_of(self, file: Path) -> QuoteFormat:
        """The form of a file, by its suffix. Raises SartoError where no plugin has one."""
        formats = {suffix: each for each in self.quote_formats() for suffix in (f".{each.name}", *each.suffixes)}
        if file.suffix.lower() in formats:
            return formats[file.suffix.lower()]
        what = f"no installed plugin shows quotes in files that end in '{file.suffix}'"
        raise SartoError(
            what, where=str(file), hint=self._and_broken(f"the endings that are known: {', '.join(formats)}")
        )

    def quote_format(self, name: str) -> QuoteFormat:
        """The form of that name. Raises SartoError where no plugin has it."""
        return self._of_name("quote format", name, {each.name: each for each in self.quote_formats()})

    def quote_languages(self) -> tuple[QuoteLanguage, ...]:
        """The languages in which quotes are written. Raises SartoError where two have the same tag."""
        given = self._declared("sarto_quote_languages", QuoteLanguage)
        return joined("quote language", given, lambda each: [each.tag])

    def quote_language(self, *tags: str) -> QuoteLanguage:
        """The language of the first tag, such as ``it-CH`` or only ``it``, that a plugin has; else English."""
        languages = {each.tag: each for each in self.quote_languages()}
        tried = (each for tag in tags for each in languages_in_order(tag, ()))
        return next((languages[each] for each in tried if each in languages), ENGLISH)

    def executor(self, address: str) -> Executor:
        """What works at an address such as ``dask://host:port``. Raises SartoError where no plugin knows its scheme."""
        executors = joined("executor", self._declared("sarto_executors", Executor), lambda each: [each.name])
        known = {each.name: each for each in executors}
        scheme, separator, _ = address.partition("://")
        if separator and scheme in known:
            return known[scheme]
        hint = f"the schemes that are known: {', '.join(known)}" if known else "install a plugin, such as sarto-dask"
        raise SartoError(f"nothing is known that works on '{address}'", hint=self._and_broken(hint))

    def fact_sources(self) -> tuple[FactSource, ...]:
        """Where facts come from. Raises SartoError where two sources have the same name, scheme or suffix."""
        given = self._declared("sarto_fact_sources", FactSource)
        joined("scheme of facts", given, lambda each: each.schemes)
        joined("suffix of facts", given, lambda each: each.suffixes)
        return joined("source of facts", given, lambda each: [each.name])

    def fact_source(self, address: str) -> FactSource:
        """What reads facts at an address, or in a file or folder. Raises SartoError where no plugin does."""
        from .fact_files import source_of

        source = source_of(address, self.fact_sources())
        if isinstance(source, SartoError):
            raise SartoError(source.what, where=source.where, hint=self._and_broken(source.hint))
        return source

    def order_book(self, url: str) -> OrderBook:
        """Open the order book at a URL. Raises SartoError where no plugin knows its scheme, or there is none."""
        kinds = self._declared("sarto_order_books", OrderBooks)
        joined("kind of order books", kinds, lambda each: [each.name])
        books = joined("scheme of order books", kinds, lambda each: each.schemes)
        known = {scheme: each for each in books for scheme in each.schemes}
        scheme, separator, _ = url.partition("://")
        if separator and (found := known.get(scheme.partition("+")[0])):
            return found.open(url)
        shown = f"'{scheme}://…'" if separator else f"'{url}'"  # what stands behind the scheme may have a password
        hint = f"the schemes that are known: {', '.join(known)}" if known else "install the plugin 'sarto-orders'"
        raise SartoError(f"nothing is known that keeps an order book at {shown}", hint=self._and_broken(hint))

    def commands(self, reserved: Collection[str] = ()) -> tuple[click.Command, ...]:
        """The commands that plugins add. Raises SartoError where two have one name or one has a ``reserved`` name."""
        import click

        given = self._declared("sarto_commands", click.Command)
        own = [(BUILT_IN, name) for name in reserved]
        refuse_clashes("command", [*own, *((plugin, command.name or "") for plugin, command in given)])
        return tuple(command for _, command in given)

    def contributions(self) -> tuple[Contribution, ...]:
        """Everything that the plugins add, plugin by plugin."""
        import click

        told: tuple[tuple[str, str, type[Any]], ...] = (
            ("model format", "sarto_model_formats", ModelFormat),
            ("build format", "sarto_build_formats", BuildFormat),
            ("command", "sarto_commands", click.Command),
            ("counter", "sarto_counters", Counter),
            ("optimiser", "sarto_optimisers", Optimiser),
            ("signer", "sarto_signers", Signer),
            ("executor", "sarto_executors", Executor),
            ("source of facts", "sarto_fact_sources", FactSource),
            ("quote format", "sarto_quote_formats", QuoteFormat),
            ("order books", "sarto_order_books", OrderBooks),
        )
        found = [
            (plugin, kind, str(each.name)) for kind, hook, type_ in told for plugin, each in self._declared(hook, type_)
        ]
        languages = self._declared("sarto_quote_languages", QuoteLanguage)
        found += [(plugin, "quote language", each.tag) for plugin, each in languages]
        found += [(plugin, "files in every build", "") for plugin in self.plugins if self._has(plugin, _BUILD_FILES)]
        return tuple(Contribution(*each) for plugin in self.plugins for each in found if each[0] == plugin)

    def _declared(self, hook: str, type_: type[T]) -> list[tuple[Plugin, T]]:
        """What the plugins answer to a hook without arguments, asked once; one that fails is left out from here on."""
        if hook not in self._answers:
            self._answers[hook] = [
                (plugin, item) for plugin in self.plugins for item in self._items(plugin, hook, type_)
            ]
        return self._answers[hook]

    def _items(self, plugin: Plugin, hook: str, type_: type[T]) -> tuple[T, ...]:
        try:
            return tuple(item for answer in self._call(plugin, hook) for item in items_of(answer, type_, plugin, hook))
        except SartoError as error:
            self._pluggy.unregister(name=plugin.name)
            del self._plugins[plugin.name]
            self._leave_out(plugin, error)
            return ()

    def _call(self, plugin: Plugin, hook: str, **arguments: object) -> list[object]:
        """One plugin's answer to a hook: none or one. Raises SartoError naming the plugin where it fails."""
        others = [implementations for name, implementations in self._pluggy.list_name_plugin() if name != plugin.name]
        try:
            answers: list[object] = self._pluggy.subset_hook_caller(hook, others)(**arguments)
        except SartoError:
            raise
        except Exception as error:
            raise failure_in_hook(plugin, hook, error) from error
        return answers

    def _of_name(self, kind: str, name: str, formats: Mapping[str, T]) -> T:
        if name in formats:
            return formats[name]
        hint = did_you_mean(name, formats) or f"the formats that are known: {', '.join(formats)}"
        raise SartoError(f"unknown {kind} '{name}'", hint=self._and_broken(hint))

    def _has(self, plugin: Plugin, hook: str) -> bool:
        return any(impl.plugin_name == plugin.name for impl in getattr(self._pluggy.hook, hook).get_hookimpls())

    def _leave_out(self, plugin: Plugin, error: BaseException) -> None:
        self._broken.append(BrokenPlugin(plugin, reason_to_leave_out(plugin, error)))
        self._on_broken(self._broken[-1])

    def _and_broken(self, hint: str) -> str:
        """A hint, with what is missing because its plugin is broken."""
        return "; ".join([hint, *(f"plugin '{broken.plugin.name}' is broken and left out" for broken in self.broken)])
