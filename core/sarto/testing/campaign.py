"""A suite over a sample of products: what fails where, and the interaction of features behind each failure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, replace
from threading import Lock
from typing import TypeVar

from ..derive.progress import Progress, one_at_a_time, quiet
from ..errors import SartoError
from ..line import ProductLine
from ..model.expression import Value
from ..model.selection import Selection, Wish
from ..solve.sampling.covering import covering_sample
from ..solve.sampling.space import Configuration
from .running import BUILD, SUITE, ProductRun, SuiteRunner, Verdict
from .shrinking import Completions, Decisions, decisions_of, explanations, smallest

__all__ = ["Campaign", "Failure", "Interaction", "run_campaign"]

A = TypeVar("A")
B = TypeVar("B")
MOST_RUNS = 300
"""Further products that one failure may take before its interaction stays as small as it is."""


@dataclass(frozen=True, slots=True)
class Interaction:
    """Decisions with which a test fails, whatever else is chosen as far as that was tried.

    ``is_minimal`` says that none of them can be spared. ``selection`` is the smallest selection that was seen to fail:
    its wishes are the decisions alone, unless what the line's defaults add to them makes the test pass.
    """

    decisions: tuple[tuple[str, bool], ...]
    is_minimal: bool
    selection: Selection


@dataclass(frozen=True, slots=True)
class Failure:
    """Tests that fail in the same products of the sample, by their numbers, and what is behind it.

    ``candidates`` are the smallest sets of at most t decisions that all those products have and none in which the
    tests pass, in the sample and in what was run to shrink the failure.
    """

    tests: tuple[str, ...]
    message: str
    products: tuple[int, ...]
    candidates: tuple[Decisions, ...]
    interactions: tuple[Interaction, ...]


@dataclass(frozen=True, slots=True)
class Campaign:
    """What came of it. ``is_complete`` says that the sample covers all interactions of its strength."""

    strength: int
    is_complete: bool
    runs: tuple[ProductRun, ...]
    failures: tuple[Failure, ...]
    further: int

    @property
    def tests(self) -> tuple[str, ...]:
        """The tests that ran in some product, in the order in which they came."""
        names = (name for run in self.runs for name, verdict in run.verdicts.items() if verdict is not Verdict.SKIPPED)
        return tuple(name for name in dict.fromkeys(names) if name not in (BUILD, SUITE))


def run_campaign(
    line: ProductLine, runner: SuiteRunner, strength: int = 2, *, jobs: int = 1, seed: int = 0, seconds: float = 300,
    shrink: bool = True, progress: Progress = quiet,
) -> Campaign:  # fmt: skip
    """Run the suite over a covering sample, ``jobs`` products at a time, and find the interactions behind failures.

    ``seconds`` is what the sample may take. Raises SartoError for a void model and where no test is in any product.
    """
    sample = covering_sample(line.model, strength, seed=seed, seconds=seconds, report=progress)
    if not sample.configurations:
        raise SartoError("the model is void: it has no configuration", where=line.description.file)
    progress("preparing the line")
    runner.prepare(Selection(line=line.description.file, customer="Product"))
    say = one_at_a_time(progress)
    done = 0

    def one(configuration: Configuration) -> ProductRun:
        nonlocal done
        found = runner.run(configuration)
        done += 1
        say(f"{done} of {len(sample.configurations)} products")
        return found

    runs = _at_the_same_time(one, sample.configurations, jobs, runner)
    groups = _groups(runs)
    with closing(Completions(line.model)) as completions:
        search = _Search(line, runner, completions, runs, strength, shrink, say)
        failures = _at_the_same_time(search.explained, groups, jobs, runner)
    return Campaign(strength, sample.is_complete, tuple(runs), tuple(failures), search.further)


def _at_the_same_time(work: Callable[[A], B], given: Sequence[A], jobs: int, runner: SuiteRunner) -> list[B]:
    """The results in order; whatever ends this early ends what runs, too."""
    pool = ThreadPoolExecutor(jobs)
    try:
        return list(pool.map(work, given))
    except BaseException:
        runner.stop()
        raise
    finally:
        pool.shutdown(cancel_futures=True)


def _groups(runs: Sequence[ProductRun]) -> list[tuple[str, ...]]:
    """The tests that fail, those together that have the same verdict in each product."""
    names = dict.fromkeys(name for run in runs for name, verdict in run.verdicts.items() if verdict is Verdict.FAILED)
    groups: dict[tuple[Verdict | None, ...], list[str]] = {}
    for name in names:
        groups.setdefault(tuple(run.verdicts.get(name) for run in runs), []).append(name)
    return [tuple(group) for group in groups.values()]


class _Search:
    """Looks for what is behind failures. Products that were run for one failure are not run again for it."""

    def __init__(
        self, line: ProductLine, runner: SuiteRunner, completions: Completions, runs: Sequence[ProductRun],
        strength: int, shrink: bool, say: Progress,
    ) -> None:  # fmt: skip
        self.line = line
        self.runner = runner
        self.completions = completions
        self.runs = runs
        self.strength = strength
        self.shrink = shrink
        self.say = say
        self.further = 0
        self._lock = Lock()

    def explained(self, tests: tuple[str, ...]) -> Failure:
        """The failure of these tests, with its interactions."""
        case = _Case(self, tests[0])
        products = tuple(
            place for place, run in enumerate(self.runs, 1) if run.verdicts.get(tests[0]) is Verdict.FAILED
        )
        message = self.runs[products[0] - 1].messages.get(tests[0], "")
        interactions = tuple(case.interactions([self.runs[place - 1] for place in products])) if self.shrink else ()
        failing = [self.decisions(self.runs[place - 1].configuration) for place in products]
        return Failure(tests, message, products, explanations(failing, case.passing, self.strength), interactions)

    def decisions(self, configuration: Mapping[str, Value]) -> Decisions:
        """What is in and out, as far as it can be both."""
        return decisions_of(configuration, self.completions.names)

    def unlike(self, configuration: Mapping[str, Value], kept: Iterable[tuple[str, bool]]) -> Configuration:
        """As :meth:`Completions.unlike`, for one thread at a time."""
        with self._lock:
            return self.completions.unlike(configuration, kept)

    def count(self) -> None:
        """One more product is run."""
        with self._lock:
            self.further += 1
            number = self.further
        self.say(f"shrinking failures, {number} further products")


class _Enough(Exception):
    """So many products were run for one failure."""


class _Case:
    """One failing test, with what is known of it: verdicts by configuration, and the products in which it passes."""

    def __init__(self, search: _Search, test: str) -> None:
        self.search = search
        self.test = test
        self.left = MOST_RUNS
        self.known: dict[tuple[tuple[str, Value], ...], Verdict | None] = {}
        self.passing: list[Decisions] = []
        for run in search.runs:
            self._learn(run)

    def interactions(self, failing: Sequence[ProductRun]) -> list[Interaction]:
        """One for each kind of failing product: each of these has the decisions of one."""
        found: list[Interaction] = []
        for run in failing:
            decisions = self.search.decisions(run.configuration)
            if not any(frozenset(each.decisions) <= decisions for each in found):
                found.append(self._shrunk(run.configuration))
        return found

    def _shrunk(self, configuration: Mapping[str, Value]) -> Interaction:
        order = {name: place for place, name in enumerate(self.search.completions.names)}
        decisions = sorted(self.search.decisions(configuration), key=lambda each: order[each[0]])
        best: list[Sequence[tuple[str, bool]]] = [decisions]

        def is_enough(kept: Sequence[tuple[str, bool]]) -> bool:
            if not self._holds(kept):
                return False
            is_failing = self._verdict(self.search.unlike(configuration, kept)) is Verdict.FAILED
            if is_failing:
                best.append(kept)
            return is_failing

        is_minimal = self._holds(decisions)  # else it is the values that differ, or the test is not the same each time
        try:
            found = self._guess(decisions, is_enough) or smallest(decisions, is_enough)
            while is_minimal and not self._holds(found):  # a product that was run later has shown it
                found = smallest(decisions, is_enough)
                is_minimal = self._holds(decisions)
        except _Enough:
            is_minimal = False
            found = min([tuple(each) for each in best if self._holds(each)] or [tuple(decisions)], key=len)
        return Interaction(tuple(found), is_minimal, self._selection(configuration, found))

    def _holds(self, kept: Sequence[tuple[str, bool]]) -> bool:
        return not any(frozenset(kept) <= product for product in self.passing)

    def _guess(
        self, decisions: Sequence[tuple[str, bool]], is_enough: Callable[[Sequence[tuple[str, bool]]], bool]
    ) -> tuple[tuple[str, bool], ...]:
        """The one set of decisions that the sample leaves, if there is one and it is enough: it is minimal then."""
        left = explanations([frozenset(decisions)], self.passing, self.search.strength)
        kept = tuple(each for each in decisions if len(left) == 1 and each in left[0])
        return kept if is_enough(kept) else ()

    def _verdict(self, configuration: Mapping[str, Value]) -> Verdict | None:
        key = tuple(configuration.items())
        if key not in self.known:
            if not self.left:
                raise _Enough
            self.left -= 1
            self.search.count()
            tests = [] if self.test in (BUILD, SUITE) else [self.test]
            self._learn(self.search.runner.run(configuration, tests))
        return self.known[key]

    def _learn(self, run: ProductRun) -> None:
        verdict = run.verdicts.get(self.test)
        self.known[tuple(run.configuration.items())] = verdict
        is_silent = verdict is None and run.verdicts.get(SUITE) is Verdict.PASSED
        if verdict is Verdict.PASSED or (is_silent and "::" not in self.test):  # a file that could be read says nothing
            self.passing.append(self.search.decisions(run.configuration))

    def _selection(self, configuration: Mapping[str, Value], decisions: Iterable[tuple[str, bool]]) -> Selection:
        """The decisions as a selection, if its product fails, too; else all of the configuration."""
        line = self.search.line
        wishes = {name: Wish(name, configuration[name] if is_in else False) for name, is_in in decisions}
        selection = Selection(line=line.description.file, customer="Failing", wishes=wishes)
        whole = {name: Wish(name, value) for name, value in configuration.items()}
        try:
            resolved = line.resolve(selection).configuration
            if self._verdict({name: resolved[name] for name in configuration}) is Verdict.FAILED:
                return selection
        except (SartoError, _Enough):
            pass
        return replace(selection, wishes=whole)
