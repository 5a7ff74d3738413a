"""Sarto's own hook specs: the variation points of the configurator."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import pluggy

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

__all__ = ["HOST", "hookimpl", "hookspec"]

HOST = "sarto"
hookspec = pluggy.HookspecMarker(HOST)
hookimpl = pluggy.HookimplMarker(HOST)


@hookspec
def sarto_model_formats() -> Sequence[ModelFormat]:  # type: ignore[empty-body]  # a spec has no body
    """The file formats in which a plugin reads and writes feature models.

    Called once, when a model is first opened or converted. All results are joined in the order of the plugins'
    names; two formats with the same name, suffix or file name are an error that names both plugins. A plugin that
    fails here is left out of the whole run, with a warning.

    Example::

        @hookimpl
        def sarto_model_formats():
            return [ModelFormat(name="uvl", suffixes=(".uvl",), read=read, write=write)]
    """


@hookspec
def sarto_build_formats() -> Sequence[BuildFormat]:  # type: ignore[empty-body]  # a spec has no body
    """The formats in which a plugin hands out builds (``sarto build --format NAME``).

    Called once for each ``sarto build``. All results are joined in the order of the plugins' names; two formats
    with the same name are an error that names both plugins. A plugin that fails here is left out of the
    whole run, with a warning.

    Example::

        @hookimpl
        def sarto_build_formats():
            return [BuildFormat(name="pyz", summary="one executable file", pack=pack)]
    """


@hookspec
def sarto_build_files(plan: Plan) -> Mapping[str, bytes]:  # type: ignore[empty-body]  # a spec has no body
    """Small files that a plugin adds to every build.

    Called once for each build, when its plan is made and before anything is written.

    :param plan: everything about the build; its parts are verified and in the store.
    :return: relative POSIX paths below the build's folder, and the files' contents. The same plan
        must give the same bytes.

    All results are joined in the order of the plugins' names; two plugins that write the same path are an
    error that names both. Where a plugin fails, the build fails with an error that names it.

    Example::

        @hookimpl
        def sarto_build_files(plan):
            return {"sbom.cdx.json": bill_of_materials(plan)}
    """


@hookspec
def sarto_commands() -> Sequence[click.Command]:  # type: ignore[empty-body]  # a spec has no body
    """Commands that a plugin adds to ``sarto``.

    Called when the command line is not one of Sarto's own commands, and for ``sarto --help``, which keeps the names and
    first lines of the help until a module of the plugin changes. All results are joined in the order of
    the plugins' names; two commands with the same name, or one of Sarto's own, are an error that names
    both. A plugin that fails here is left out of the whole run, with a warning. Keep the plugin's module
    light: import what a command needs when the command runs. ``click.Context.obj`` has the run's plugins
    as ``plugins``; a :class:`SartoError` that a command raises becomes its message and the exit code 1.
    ``sarto.commands`` has what a command may use so that it looks as the others do.

    Example::

        @hookimpl
        def sarto_commands():
            return [diagram]
    """


@hookspec
def sarto_counters() -> Sequence[Counter]:  # type: ignore[empty-body]  # a spec has no body
    """What counts configurations where that is hard.

    Called once for each ``sarto analyse --count``; Sarto counts what is easy by itself. All results are joined in
    the order of the plugins' names, and the first is asked; two counters with the same name are an error
    that names both plugins. A plugin that fails here is left out of the whole run, with a warning.

    Example::

        @hookimpl
        def sarto_counters():
            return [Counter(name="ganak", count=count)]
    """


@hookspec
def sarto_optimisers() -> Sequence[Optimiser]:  # type: ignore[empty-body]  # a spec has no body
    """What finds the best configurations, and decides arithmetic that is beyond Sarto's own means.

    Called once, when a model needs it: for ``sarto optimise``, and where ``sarto analyse`` or ``sarto check``
    meet such arithmetic. All results are joined in the order of the plugins' names, and the first
    is asked; two optimisers with the same name are an error that names both plugins. A plugin that fails
    here is left out of the whole run, with a warning.

    Example::

        @hookimpl
        def sarto_optimisers():
            return [Optimiser(name="cp-sat", solve=solve)]
    """


@hookspec
def sarto_signers() -> Sequence[Signer]:  # type: ignore[empty-body]  # a spec has no body
    """What signs builds (``sarto build --sign KEY``) and checks signatures (``sarto verify --key PUBLIC``).

    Called once, where one of these options is used. All results are joined in the order of the plugins' names, and
    the first is asked; two signers with the same name are an error that names both plugins. A plugin that fails
    here is left out of the whole run, with a warning.

    Example::

        @hookimpl
        def sarto_signers():
            return [Signer(name="ed25519", private=open_private, public=open_public)]
    """


@hookspec
def sarto_executors() -> Sequence[Executor]:  # type: ignore[empty-body]  # a spec has no body
    """Other machines on which work can be done (``--on SCHEME://HOST:PORT``).

    Called once, when a command is asked to work elsewhere. All results are joined in the order of the plugins'
    names; two executors with the same name are an error that names both plugins. A plugin that fails here is left
    out of the whole run, with a warning.

    Example::

        @hookimpl
        def sarto_executors():
            return [Executor(name="dask", run=run)]
    """


@hookspec
def sarto_quote_formats() -> Sequence[QuoteFormat]:  # type: ignore[empty-body]  # a spec has no body
    """The forms in which a plugin shows quotes (``sarto quote --format NAME``, and in the web).

    Called once, when a quote is first asked for in a form. All results are joined in the order of the plugins' names;
    two formats with the same name or suffix are an error that names both plugins. A plugin that fails here is left out
    of the whole run, with a warning. ``text`` is built in.

    Example::

        @hookimpl
        def sarto_quote_formats():
            return [QuoteFormat(name="pdf", media_type="application/pdf", render=render)]
    """


@hookspec
def sarto_quote_languages() -> Sequence[QuoteLanguage]:  # type: ignore[empty-body]  # a spec has no body
    """The languages in which a plugin writes quotes (``sarto quote --language TAG``, and in the web).

    Called once, when a quote is first asked for in a language. All results are joined in the order of the plugins'
    names; two languages with the same tag are an error that names both plugins. A plugin that fails here is left out of
    the whole run, with a warning. English is built in.

    Example::

        @hookimpl
        def sarto_quote_languages():
            return [GERMAN]
    """


@hookspec
def sarto_fact_sources() -> Sequence[FactSource]:  # type: ignore[empty-body]  # a spec has no body
    """Where facts about customers come from (``sarto tailor FACTS``).

    Called once, when facts are read. All results are joined in the order of the plugins' names; two sources with the
    same name, scheme or suffix are an error that names both plugins. A plugin that fails here is left out of the whole
    run, with a warning.

    Example::

        @hookimpl
        def sarto_fact_sources():
            return [FactSource(name="sql", schemes=("sqlite", "postgresql"), read=read)]
    """


@hookspec
def sarto_order_books() -> Sequence[OrderBooks]:  # type: ignore[empty-body]  # a spec has no body
    """Where orders can be kept, from wish to delivery (``SCHEME://…``).

    Called once, when a book is opened. All results are joined in the order of the plugins' names; two kinds of books
    with the same name or scheme are an error that names both plugins. A plugin that fails here is left out of the
    whole run, with a warning.

    Example::

        @hookimpl
        def sarto_order_books():
            return [OrderBooks(name="sql", schemes=("sqlite", "postgresql"), open=open_book)]
    """
