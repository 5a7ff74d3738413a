"""Answers a first argument that begins with ``@``: reads the words, asks the library, prints."""

from __future__ import annotations

import io
import json
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from . import reports
from .build import Build, read_build
from .errors import ProductError, did_you_mean
from .paths import switches_file
from .sheet import sheet_of
from .state import State
from .switching import Refusal, current_state, switch_stored

__all__ = ["answer"]

SWITCHES = ("@enable", "@disable")
NONE, ONE, SOME = range(1), range(1, 2), range(1, sys.maxsize)


@dataclass(frozen=True, slots=True)
class Request:
    """One command line: the build's ``folder``, how the launcher was called, the ``words`` after that."""

    folder: str
    program: str
    words: tuple[str, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """The words that are neither a command nor an option."""
        return tuple(word for word in self.words if not word.startswith(("@", "--")))

    @property
    def is_json(self) -> bool:
        return "--json" in self.words

    def line(self, words: Sequence[str]) -> str:
        """The command line that would ask this product for ``words``, to be copied into a shell."""
        whole = [sys.orig_argv[0], self.program, *words]
        if sys.platform == "win32":
            import subprocess

            return subprocess.list2cmdline(whole)
        import shlex

        return shlex.join(whole)


@dataclass(frozen=True, slots=True)
class Command:
    """One of the runtime's commands; ``takes`` has the numbers of names that it can have."""

    run: Callable[[Request], int]
    usage: str
    summary: str
    takes: range = NONE
    reports: bool = False
    options: tuple[str, ...] = ()


class UsageError(Exception):
    """The words make no command."""


def answer(folder: str, argv: Sequence[str]) -> int:
    """Do what ``argv`` asks of the runtime. Returns the exit code: 0, 1 where it cannot be done, 2 for wrong usage."""
    request = Request(folder, argv[0], tuple(argv[1:]))
    label = os.path.basename(argv[0])
    try:
        return _command(request).run(request)
    except UsageError as error:
        print(f"{label}: {error}", file=sys.stderr)
        return 2
    except ProductError as error:
        print(f"{label}: {error}", file=sys.stderr)
        return 1
    except OSError as error:
        print(f"{label}: {error.strerror or error}{f': {error.filename}' if error.filename else ''}", file=sys.stderr)
        return 1


def _command(request: Request) -> Command:
    """The command that is asked for, its words checked. Raises :class:`UsageError`."""
    commands = _commands()
    name = request.words[0]
    if name not in commands:
        hint = did_you_mean(name, list(commands)) or "@help lists what there is"
        raise UsageError(f"there is no {name}; {hint}")
    command = commands[name]
    known = SWITCHES if name in SWITCHES else (name, *command.options, *(["--json"] if command.reports else []))
    strange = [word for word in request.words if word.startswith(("@", "--")) and word not in known]
    if strange or len(request.names) not in command.takes:
        raise UsageError(f"usage: {request.program} {command.usage}")
    return command


def _commands() -> dict[str, Command]:
    return {
        "@features": Command(
            _features,
            "@features [--json|--web [--no-browser]]",
            "every feature: state, who decides it, why; or a page to switch them",
            reports=True,
            options=("--web", "--no-browser"),
        ),
        "@explain": Command(
            _explain,
            "@explain FEATURE|HOOK [--json]",
            "why a feature is as it is; who changes a hook",
            takes=ONE,
            reports=True,
        ),
        "@enable": Command(_switch, "@enable FEATURE… [@disable FEATURE…]", "switch on, all or none", takes=SOME),
        "@disable": Command(_switch, "@disable FEATURE… [@enable FEATURE…]", "switch off, all or none", takes=SOME),
        "@licence": Command(
            _licence,
            "@licence [FILE] [--json]",
            "what is licensed until when; FILE is kept",
            takes=range(2),
            reports=True,
        ),
        "@history": Command(_history, "@history [--json]", "who switched what when", reports=True),
        "@usage": Command(
            _usage,
            "@usage [--forget|--export FILE]",
            "what is recorded of its use; delete it, hand it out",
            takes=range(2),
            reports=True,
            options=("--forget", "--export"),
        ),
        "@about": Command(_about, "@about [--json]", "what this product is and where it keeps its files", reports=True),
        "@verify": Command(_verify, "@verify [--json]", "check every file against what was handed out", reports=True),
        "@upgrade": Command(_upgrade, "@upgrade FILE", "go on to the build that a delta leads to", takes=ONE),
        "@rollback": Command(_rollback, "@rollback", "go back to the build before"),
        "@help": Command(_help, "@help", "this list"),
    }


def _features(request: Request) -> int:
    is_web, is_opened = "--web" in request.words, "--no-browser" not in request.words
    if (is_web and request.is_json) or not (is_web or is_opened):
        raise UsageError(f"usage: {request.program} {_commands()['@features'].usage}")
    build = read_build(request.folder)
    if is_web:
        from .features_page import serve

        return serve(build, _write, is_opened=is_opened)
    report = reports.features(build, current_state(build))
    return _print(request, report, reports.features_text(report, sheet_of(sys.stdout)))


def _explain(request: Request) -> int:
    build = read_build(request.folder)
    state, name = current_state(build), request.names[0]
    if name not in build.features:
        _put_on_path(build, state)
        from .hook_reports import hook_report, hook_text

        report = hook_report(build, state, name)
        return _print(request, report, hook_text(report))
    report = reports.explanation(build, state, name) | {"hooks": _hooks(build, state, name)}
    return _print(request, report, reports.explanation_text(report, sheet_of(sys.stdout)))


def _licence(request: Request) -> int:
    from .licence import install_licence

    build = read_build(request.folder)
    if request.names:
        if not build.licensed:
            raise ProductError("no feature of this product needs a licence")
        install_licence(request.names[0], build)
    report = reports.licence(build)
    return _print(request, report, reports.licence_text(report))


def _history(request: Request) -> int:
    from .history import history_file, read_history

    build = read_build(request.folder)
    path = history_file(switches_file(build.line.name, build.name))
    entries, broken = read_history(path)
    report = {"file": path, "entries": [entry._asdict() for entry in entries], "broken": broken}
    return _print(request, report, reports.history_text(entries, broken))


def _hooks(build: Build, state: State, feature: str) -> list[dict[str, str]]:
    """What the feature's plugins change; the explanation does without, where the parts cannot be had."""
    if not any(plugin.feature == feature for plugin in build.plugins):
        return []
    try:
        _put_on_path(build, state)
    except ProductError:
        return []
    from .hook_reports import feature_hooks

    return feature_hooks(build, state, feature)


def _put_on_path(build: Build, state: State) -> None:
    from .start import put_on_path
    from .state import parts_in_use

    put_on_path(build, parts_in_use(build, state))


def _about(request: Request) -> int:
    build = read_build(request.folder)
    report = reports.about(build, current_state(build), request.folder)
    return _print(request, report, reports.about_text(report))


def _usage(request: Request) -> int:
    from .usage_reports import usage_answer

    forget, export = "--forget" in request.words, "--export" in request.words
    if (forget and export) or export is not bool(request.names):
        raise UsageError(f"usage: {request.program} {_commands()['@usage'].usage}")
    build = read_build(request.folder)
    return _print(request, *usage_answer(build, current_state(build), forget=forget, export="".join(request.names)))


def _verify(request: Request) -> int:
    from .verify import verify

    faults = verify(request.folder)
    report = {"ok": not faults, "faults": [{"file": fault.file, "problem": fault.problem} for fault in faults]}
    _print(request, report, "\n".join(map(str, faults)) or "every file is as it was handed out")
    return 1 if faults else 0


def _help(request: Request) -> int:
    rows = [(command.usage, command.summary) for command in _commands().values()]
    width = max(len(usage) for usage, _ in rows)
    lines = [f"  {usage:<{width}}  {summary}" for usage, summary in rows]
    _write("\n".join([f"{request.program} also answers:", *lines, "Everything else goes to the product itself."]))
    return 0


def _upgrade(request: Request) -> int:
    from .upgrade import upgrade

    _write(reports.moved_text(upgrade(request.folder, request.names[0])))
    return 0


def _rollback(request: Request) -> int:
    from .upgrade import rollback

    _write(reports.moved_text(rollback(request.folder)))
    return 0


def _switch(request: Request) -> int:
    wanted = _wanted(request)
    build = read_build(request.folder)
    state = current_state(build)
    if refusal := switch_stored(build, state, wanted):
        raise _refused(request, wanted, refusal)
    _write(reports.switched_text(build, state, wanted))
    return 0


def _wanted(request: Request) -> dict[str, bool]:
    wanted: dict[str, bool] = {}
    value = True
    for word in request.words:
        if word in SWITCHES:
            value = word == "@enable"
        elif wanted.setdefault(word, value) is not value:
            raise UsageError(f"'{word}' can be switched on or off, not both")
    return wanted


def _refused(request: Request, wanted: Mapping[str, bool], refusal: Refusal) -> ProductError:
    names = ", ".join(f"'{name}' {reports.state_word(value)}" for name, value in wanted.items())
    reasons = "".join(f"\n  {sentence}" for sentence in refusal.sentences)
    if refusal.repair is None:
        return ProductError(f"{names} would break this product's rules:{reasons}")
    both = {**wanted, **refusal.repair}
    on, off = ([name for name, value in both.items() if value is wish] for wish in (True, False))
    words = [*(["@enable", *on] if on else []), *(["@disable", *off] if off else [])]
    return ProductError(f"{names} would break this product's rules:{reasons}", hint=request.line(words))


def _print(request: Request, report: Mapping[str, Any], text: str) -> int:
    _write(json.dumps(report, indent=2, ensure_ascii=False) if request.is_json else text)
    return 0


def _write(text: str) -> None:
    """Print ``text`` also where the terminal lacks a letter of it, or nobody reads to the end."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")
    try:
        print(text, flush=True)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
