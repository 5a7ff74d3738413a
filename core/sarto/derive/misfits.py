"""What is wrong with parts that were tried, and the words for it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ..errors import did_you_mean
from ..solve.soundness import Severity
from .trial import Implementation, Kind, Outcome, Specs, Step, Tried

__all__ = ["Misfit", "misfits"]

OPTIONAL = "if that is meant, mark it with optionalhook=True"


@dataclass(frozen=True, slots=True)
class Misfit:
    """One thing that is wrong with what ``step`` tried, and where in a part that is written, if it is known."""

    severity: Severity
    step: Step
    what: str
    hint: str = ""
    at: str = ""


def misfits(outcome: Outcome, specs: Specs, others: Specs) -> Iterator[Misfit]:
    """Everything by which the plugins that were tried do not fit the core.

    ``specs`` are the hook specs of the core, empty where they are not known; ``others`` those that parts of the line
    add to them. Where a plugin fails, the core's own failure with it is not told: hosts import their plugins.
    """
    failed = [tried for tried in outcome.tried if tried.failure]
    plugins = [tried for tried in failed if tried.step.kind is Kind.PLUGIN]
    for tried in plugins or failed:
        yield Misfit(
            Severity.ERROR, tried.step, f"{_subject(tried.step)} cannot be imported: {tried.failure}", at=tried.at
        )
    for tried in outcome.tried:
        if tried.step.kind is Kind.PLUGIN and specs:
            yield from _of_plugin(tried, specs, others)


def _of_plugin(tried: Tried, specs: Specs, others: Specs) -> Iterator[Misfit]:
    known = {**others, **specs}
    if tried.patches:
        what = f"{_subject(tried.step)} changes pluggy itself: {', '.join(tried.patches)}"
        yield Misfit(Severity.ERROR, tried.step, what, "use pluggy's hooks; what all plugins share is not one plugin's")
        return
    found = [misfit for each in tried.implementations for misfit in _of_hook(tried.step, each, known, sorted(specs))]
    yield from found
    if tried.refusal and not any(misfit.severity is Severity.ERROR for misfit in found):
        yield Misfit(Severity.ERROR, tried.step, f"{_subject(tried.step)} is refused by pluggy: {tried.refusal}")


def _of_hook(step: Step, implementation: Implementation, known: Specs, hooks: list[str]) -> Iterator[Misfit]:
    hook = implementation.hook
    if hook in known:
        for argument in implementation.arguments:
            if argument not in known[hook]:
                what = f"{_subject(step)} takes '{argument}' in the hook '{hook}', which gives no such argument"
                yield Misfit(Severity.ERROR, step, what, _meant(argument, known[hook]), implementation.at)
    elif not implementation.is_optional:
        # It does nothing, but no harm either: plugins on the index have hooks for parts that a line need not have.
        # One of the line's own sources is the vendor's to mend.
        severity = Severity.WARNING if step.part.url else Severity.ERROR
        what = f"{_subject(step)} implements '{hook}', which is no hook of the core or of another part"
        yield Misfit(severity, step, what, did_you_mean(hook, hooks) or OPTIONAL, implementation.at)


def _meant(argument: str, given: tuple[str, ...]) -> str:
    there = "it gives " + ", ".join(f"'{each}'" for each in given) if given else "it gives none at all"
    return did_you_mean(argument, given) or there


def _subject(step: Step) -> str:
    match step.kind:
        case Kind.CORE:
            return f"what the core's command runs, '{step.value}',"
        case Kind.HOOKS:
            return f"the module of the core's hook specs, '{step.value}',"
        case Kind.PLUGIN:
            return f"the entry point '{step.name} = {step.value}' of part '{step.part.name}' {step.part.version}"
